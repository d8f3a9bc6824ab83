// Both directions use tables: encoding maps twelve bits to two characters at a
// time, decoding four characters to 24 bits, with validity as a bit above them
// that is tested once at the end.
#include "base/base64_plain.h"

#include <array>
#include <bit>
#include <cstring>

#include "base/byte_order.h"

namespace thresh::base64 {
namespace {

constexpr char kAlphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr uint8_t kPad = '=';

// The two characters of every 12-bit value.
using Pair = std::array<uint8_t, 2>;
constexpr auto kPairs = [] {
  std::array<Pair, 4096> pairs{};
  for (size_t i = 0; i < pairs.size(); ++i) {
    pairs[i] = {static_cast<uint8_t>(kAlphabet[i >> 6]),
                static_cast<uint8_t>(kAlphabet[i & 63])};
  }
  return pairs;
}();

// Set instead of six bits for a byte outside the alphabet.
constexpr uint32_t kInvalid = uint32_t{1} << 24;

// The six bits of a character, shifted to their place in a group of four.
constexpr auto kSextets = [] {
  std::array<std::array<uint32_t, 256>, 4> tables{};
  for (uint32_t place = 0; place < 4; ++place) {
    tables[place].fill(kInvalid);
    for (uint32_t i = 0; i < 64; ++i) {
      tables[place][static_cast<uint8_t>(kAlphabet[i])] = i << (18 - 6 * place);
    }
  }
  return tables;
}();

void PutPair(uint64_t value, uint8_t* out) {
  std::memcpy(out, kPairs[value & 4095].data(), sizeof(Pair));
}

// The 24 bits of four characters, with kInvalid if one is not in the alphabet.
uint32_t Sextets(const uint8_t* text) {
  return kSextets[0][text[0]] | kSextets[1][text[1]] | kSextets[2][text[2]] |
         kSextets[3][text[3]];
}

void PutBytes(uint32_t bits, size_t count, uint8_t* out) {
  for (size_t i = 0; i < count; ++i, bits <<= 8) {
    out[i] = static_cast<uint8_t>(bits >> 16);
  }
}

// See EncodeLast.
void PutLast(const uint8_t* in, size_t size, uint8_t* out) {
  const uint32_t bits =
      uint32_t{in[0]} << 16 | (size == 2 ? uint32_t{in[1]} << 8 : 0);
  PutPair(bits >> 12, out);
  PutPair(bits, out + 2);
  out[3] = kPad;
  if (size == 1) out[2] = kPad;
}

}  // namespace

void EncodePlain(Bytes data, uint8_t* out) {
  const uint8_t* in = data.data();
  size_t left = data.size();
  // Six bytes become eight characters; the load reads two bytes more.
  for (; left >= sizeof(uint64_t); left -= 6, in += 6, out += 8) {
    uint64_t bits;
    std::memcpy(&bits, in, sizeof(bits));
    bits = AsBe(bits);
    PutPair(bits >> 52, out);
    PutPair(bits >> 40, out + 2);
    PutPair(bits >> 28, out + 4);
    PutPair(bits >> 16, out + 6);
  }
  for (; left >= 3; left -= 3, in += 3, out += 4) {
    const uint32_t bits = uint32_t{in[0]} << 16 | uint32_t{in[1]} << 8 | in[2];
    PutPair(bits >> 12, out);
    PutPair(bits, out + 2);
  }
  if (left != 0) PutLast(in, left, out);
}

void EncodeLast(const uint8_t* in, size_t size, uint8_t* out) {
  PutLast(in, size, out);
}

std::optional<size_t> DecodeLast(const uint8_t* text, uint8_t* out) {
  const size_t padding = text[3] != kPad ? 0 : text[2] != kPad ? 1 : 2;
  std::array<uint8_t, 4> group = {text[0], text[1], text[2], text[3]};
  // The padding is decoded as zeros ...
  for (size_t i = 4 - padding; i < 4; ++i) group[i] = kAlphabet[0];
  const uint32_t bits = Sextets(group.data());
  // ... and the unused bits of the last character must be zero too.
  const uint32_t spare = (uint32_t{1} << (8 * padding)) - 1;
  if ((bits & (kInvalid | spare)) != 0) return std::nullopt;
  PutBytes(bits, 3 - padding, out);
  return 3 - padding;
}

std::optional<size_t> DecodePlain(Bytes text, uint8_t* out) {
  const uint8_t* in = text.data();
  size_t left = text.size();
  uint8_t* const begin = out;
  uint32_t seen = 0;
  // Eight characters become six bytes; the store writes two bytes more, which
  // the group after the next overwrites, so at least one must follow.
  for (; left > 8; left -= 8, in += 8, out += 6) {
    const uint32_t high = Sextets(in);
    const uint32_t low = Sextets(in + 4);
    seen |= high | low;
    const uint64_t bits = AsBe(uint64_t{high} << 40 | uint64_t{low} << 16);
    std::memcpy(out, &bits, sizeof(bits));
  }
  if (left == 8) {
    const uint32_t bits = Sextets(in);
    seen |= bits;
    PutBytes(bits, 3, out);
    in += 4;
    out += 3;
  }
  const std::optional<size_t> last = DecodeLast(in, out);
  if ((seen & kInvalid) != 0 || !last) return std::nullopt;
  return static_cast<size_t>(out - begin) + *last;
}

}  // namespace thresh::base64
