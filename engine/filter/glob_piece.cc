// See glob_piece.h.
#include "filter/glob_piece.h"

#include <algorithm>
#include <cstring>

namespace thresh {
namespace {

constexpr size_t kWordBits = 64;

char OnlyByteOf(const ByteSet& set) {
  size_t byte = 0;
  while (!set[byte]) ++byte;
  return static_cast<char>(byte);
}

}  // namespace

GlobPiece::GlobPiece(const std::vector<ByteSet>& sets)
    : size_(sets.size()),
      words_((sets.size() + kWordBits - 1) / kWordBits),
      is_text_(std::ranges::all_of(
          sets, [](const ByteSet& set) { return set.count() == 1; })) {
  if (is_text_) {
    for (const ByteSet& set : sets) text_ += OnlyByteOf(set);
    return;
  }
  masks_.resize(words_ * ByteSet().size());
  for (size_t i = 0; i < size_; ++i) {
    for (size_t byte = 0; byte < sets[i].size(); ++byte) {
      if (!sets[i][byte]) continue;
      masks_[byte * words_ + i / kWordBits] |= uint64_t{1} << i % kWordBits;
    }
  }
}

bool GlobPiece::MatchesAt(std::string_view text, size_t at) const {
  const std::string_view bytes = text.substr(at, size_);
  if (is_text_) return bytes == text_;
  for (size_t i = 0; i < size_; ++i) {
    const uint64_t bits = MaskOf(bytes[i])[i / kWordBits];
    if ((bits >> i % kWordBits & 1) == 0) return false;
  }
  return true;
}

size_t GlobPiece::FindEnd(std::string_view text, size_t from) const {
  if (!is_text_) return FindEndInWords(text, from);
  const void* const found = memmem(text.data() + from, text.size() - from,
                                   text_.data(), text_.size());
  if (found == nullptr) return std::string_view::npos;
  return static_cast<size_t>(static_cast<const char*>(found) - text.data()) +
         size_;
}

// Bit i of `matched` is set if the first i + 1 sets match the bytes up to here.
size_t GlobPiece::FindEndInWords(std::string_view text, size_t from) const {
  std::vector<uint64_t> matched(words_);
  const uint64_t last = uint64_t{1} << (size_ - 1) % kWordBits;
  for (size_t at = from; at < text.size(); ++at) {
    const uint64_t* const mask = MaskOf(text[at]);
    uint64_t carry = 1;  // a match may begin anywhere
    for (size_t i = 0; i < words_; ++i) {
      const uint64_t shifted = matched[i] << 1 | carry;
      carry = matched[i] >> (kWordBits - 1);
      matched[i] = shifted & mask[i];
    }
    if ((matched.back() & last) != 0) return at + 1;
  }
  return std::string_view::npos;
}

}  // namespace thresh
