// See stored_stream.h.
#include "storage/stored_stream.h"

#include <algorithm>

#include "base/errors.h"
#include "io/system_error.h"
#include "storage/stored_error.h"

namespace thresh {

Result<size_t> ReadStored(StoredFile* file, const std::string& name,
                          uint64_t offset, std::span<uint8_t> out) {
  const uint64_t rest = file->size() - offset;
  out = out.first(static_cast<size_t>(std::min<uint64_t>(out.size(), rest)));
  Result<size_t> read = file->ReadAt(offset, out);
  if (read && *read > 0 && *read <= out.size()) return read;
  Error error;
  if (!read) {
    error = StoredError(std::move(read.error()), name).value();
  } else if (*read == 0) {
    error = ShrunkError(name);
  } else {
    error = IoError(name, "its storage returned more bytes than requested",
                    "report this to the author of the storage");
  }
  error.offset = offset;
  return tl::unexpected(std::move(error));
}

size_t StoredStream::Read(std::span<uint8_t> out) {
  if (error_.has_value() || offset_ == end_) return 0;
  const uint64_t rest = end_ - offset_;
  out = out.first(static_cast<size_t>(std::min<uint64_t>(out.size(), rest)));
  Result<size_t> read = ReadStored(file_.get(), name_, offset_, out);
  if (!read) {
    error_ = std::move(read.error());
    return 0;
  }
  offset_ += *read;
  return *read;
}

}  // namespace thresh
