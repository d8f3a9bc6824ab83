// Checks whether an archive ends where its end record says, and contains what
// it says. libarchive stops at the first end that it finds, reads nothing after
// it, and skips what it cannot parse.
#ifndef THRESH_INPUT_ARCHIVE_END_H_
#define THRESH_INPUT_ARCHIVE_END_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "input/archive_format.h"
#include "thresh/bytes.h"

namespace thresh {

// What was found in an archive.
struct ArchiveFindings {
  uint64_t entries;
  std::string last_entry;  // its name, printable
  uint64_t end;            // where libarchive ended
};

class ArchiveEnding {
 public:
  explicit ArchiveEnding(ArchiveEndMark mark) : mark_(mark) {}

  // The archive has `bytes` at `offset`. Must be called with its first bytes
  // and, in order, those from Start on.
  void See(uint64_t offset, Bytes bytes);

  // The start of the bytes needed to check an archive of `size` bytes, which
  // libarchive has read to `end`.
  [[nodiscard]] uint64_t Start(uint64_t size, uint64_t end) const;

  // Once all bytes have been seen: what is wrong with the end, to be printed
  // after the archive's name; empty if nothing is.
  [[nodiscard]] std::string Problem(const ArchiveFindings& found) const;

 private:
  [[nodiscard]] uint64_t ContentEnd(uint64_t end) const;
  [[nodiscard]] std::string ZipProblem(const ArchiveFindings& found) const;
  [[nodiscard]] std::string DirectoryProblem(
      size_t end, const ArchiveFindings& found) const;
  [[nodiscard]] uint64_t OffsetOf(size_t at) const {
    return seen_to_ - tail_.size() + at;
  }

  const ArchiveEndMark mark_;
  std::vector<uint8_t> head_;
  std::vector<uint8_t> tail_;   // the last bytes seen
  uint64_t seen_to_ = 0;        // where these end
  uint64_t last_byte_end_ = 0;  // after the last byte seen that is not zero
};

}  // namespace thresh

#endif  // THRESH_INPUT_ARCHIVE_END_H_
