// Partition keys listed in a file, one per line. A list may have a hundred
// million keys, so it takes the file's size and only 11 bytes more per key.
#ifndef THRESH_KEY_FILE_H_
#define THRESH_KEY_FILE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "thresh/column.h"
#include "thresh/export.h"
#include "thresh/result.h"

namespace thresh {

class KeyFile {
 public:
  // The lines of the file at `path`, without their ends (LF or CRLF); empty
  // lines are left out. Fails if there are no others. Lists are shared, not
  // copied.
  [[nodiscard]] THRESH_EXPORT static Result<std::shared_ptr<const KeyFile>>
  Read(const std::string& path);

  // Whether `key` is in the list. Thread-safe.
  [[nodiscard]] THRESH_EXPORT bool Contains(std::string_view key) const;

  // The number of distinct keys.
  [[nodiscard]] size_t size() const { return size_; }

  // All keys in the file's order, each with a line feed after it.
  [[nodiscard]] std::string_view lines() const {
    return {lines_.data(), lines_.size()};
  }

 private:
  KeyFile() = default;

  // Inserts the key at `place` of lines_ unless it is present, and returns its
  // size.
  size_t Insert(size_t place);
  // The slot that has `key`, or the empty one where it would be.
  [[nodiscard]] size_t SlotOf(std::string_view key, uint64_t hash) const;
  // Whether `slot`, one in use, has `key`.
  [[nodiscard]] bool IsAt(uint64_t slot, std::string_view key) const;

  Column<char> lines_;
  // A table with open addressing. A slot in use holds the offset of a key in
  // lines_, plus one, in its low 48 bits, and bits of its hash above.
  Column<uint64_t> slots_;
  size_t size_ = 0;
};

}  // namespace thresh

#endif  // THRESH_KEY_FILE_H_
