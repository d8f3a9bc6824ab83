// Rare, so a plain loop: one character at a time.
#include "base/lenient_base64.h"

namespace thresh {
namespace {

constexpr unsigned kBitsOfCharacter = 6;
constexpr size_t kGroup = 4;

enum class Alphabet : uint8_t { kEither, kStandard, kUrl };

struct Character {
  uint32_t value;
  Alphabet alphabet;
};

std::optional<Character> ValueOf(uint8_t c) {
  constexpr uint32_t kLetters = 26;
  if (c >= 'A' && c <= 'Z') return Character{c - 'A' + 0U, Alphabet::kEither};
  if (c >= 'a' && c <= 'z') {
    return Character{c - 'a' + kLetters, Alphabet::kEither};
  }
  if (c >= '0' && c <= '9') {
    return Character{c - '0' + 2 * kLetters, Alphabet::kEither};
  }
  if (c == '+') return Character{62, Alphabet::kStandard};
  if (c == '/') return Character{63, Alphabet::kStandard};
  if (c == '-') return Character{62, Alphabet::kUrl};
  if (c == '_') return Character{63, Alphabet::kUrl};
  return std::nullopt;
}

bool IsSpace(uint8_t c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

}  // namespace

std::optional<size_t> LenientBase64Decode(Bytes text, uint8_t* out) {
  Alphabet alphabet = Alphabet::kEither;
  uint32_t bits = 0;   // those not yet written, at the low end
  unsigned count = 0;  // of them
  size_t characters = 0;
  size_t padding = 0;
  size_t size = 0;
  for (const uint8_t c : text) {
    if (IsSpace(c)) continue;
    if (c == '=') {
      ++padding;
      continue;
    }
    const std::optional<Character> character = ValueOf(c);
    if (!character.has_value() || padding > 0) return std::nullopt;
    if (character->alphabet != Alphabet::kEither) {
      if (alphabet != Alphabet::kEither && alphabet != character->alphabet) {
        return std::nullopt;
      }
      alphabet = character->alphabet;
    }
    ++characters;
    bits = bits << kBitsOfCharacter | character->value;
    count += kBitsOfCharacter;
    if (count < 8) continue;
    count -= 8;
    out[size++] = static_cast<uint8_t>(bits >> count);
    bits &= (1U << count) - 1;
  }
  // A group's last character has 0, 2 or 4 unused bits: with 6 it would encode
  // nothing.
  if (characters == 0 || count == kBitsOfCharacter || bits != 0) {
    return std::nullopt;
  }
  if (padding != 0 && (characters + padding) % kGroup != 0) return std::nullopt;
  if (padding >= kGroup) return std::nullopt;
  return size;
}

}  // namespace thresh
