// In a build without libarchive.
#include "base/errors.h"
#include "input/archive_reader.h"

namespace thresh {

ArchiveReader::~ArchiveReader() = default;

std::optional<ArchiveEntry> ArchiveReader::Next() {
  error_ = InputError(file_, std::nullopt,
                      "the " + std::string(format_.name) +
                          " archive cannot be read: this build of thresh has "
                          "no libarchive",
                      "extract its members");
  return std::nullopt;
}

// NOLINTNEXTLINE(readability-convert-member-functions-to-static)
size_t ArchiveReader::Read(std::span<uint8_t> /*out*/) { return 0; }

// NOLINTNEXTLINE(readability-convert-member-functions-to-static)
uint64_t ArchiveReader::stored_bytes() const { return 0; }

}  // namespace thresh
