// See stored_stream.h.
#include "storage/stored_stream.h"

#include "io/system_error.h"

namespace thresh {

Result<size_t> StoredStream::ReadStored(StoredFile* file,
                                        const std::string& name,
                                        uint64_t offset,
                                        std::span<uint8_t> out) {
  Result<size_t> read = file->ReadAt(offset, out);
  if (read && *read > 0) return read;
  Error error = read ? ShrunkError(name) : std::move(read.error());
  error.file = name;
  error.offset = offset;
  return tl::unexpected(std::move(error));
}

}  // namespace thresh
