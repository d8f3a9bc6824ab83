// The part of a shell pattern between two "*".
#ifndef THRESH_FILTER_GLOB_PIECE_H_
#define THRESH_FILTER_GLOB_PIECE_H_

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace thresh {

using ByteSet = std::bitset<256>;

// A sequence of sets, each of which matches one byte that is in it. Without "?"
// and "[" it is a text, which is searched in time linear in the key. Otherwise
// each set has a bit in words of 64, and each byte of the key shifts these:
// time grows with the key's size times the number of words, for any key.
class GlobPiece {
 public:
  explicit GlobPiece(const std::vector<ByteSet>& sets);

  [[nodiscard]] size_t size() const { return size_; }

  // Whether it matches the bytes of `text` from `at` on, which must be long
  // enough.
  [[nodiscard]] bool MatchesAt(std::string_view text, size_t at) const;

  // The offset in `text` after the first match that begins at `from` or later;
  // npos if there is none.
  [[nodiscard]] size_t FindEnd(std::string_view text, size_t from) const;

 private:
  [[nodiscard]] size_t FindEndInWords(std::string_view text, size_t from) const;
  // The bits of the sets that have `byte`.
  [[nodiscard]] const uint64_t* MaskOf(char byte) const {
    return masks_.data() + static_cast<uint8_t>(byte) * words_;
  }

  size_t size_;
  size_t words_;
  bool is_text_;
  std::string text_;             // if it is one
  std::vector<uint64_t> masks_;  // otherwise words_ for each byte
};

}  // namespace thresh

#endif  // THRESH_FILTER_GLOB_PIECE_H_
