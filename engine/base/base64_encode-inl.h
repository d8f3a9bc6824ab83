// Encoding in vectors. Reads and writes nothing outside the spans: a vector
// that would extend past the end is moved back to end there, and encodes some
// groups a second time.

// Included once per target.
#if defined(THRESH_BASE_BASE64_ENCODE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef THRESH_BASE_BASE64_ENCODE_INL_H_
#undef THRESH_BASE_BASE64_ENCODE_INL_H_
#else
#define THRESH_BASE_BASE64_ENCODE_INL_H_
#endif

#include <cstddef>
#include <cstdint>

#include "base/base64_plain.h"
#include "base/base64_vector-inl.h"
#include "hwy/highway.h"
#include "thresh/bytes.h"

HWY_BEFORE_NAMESPACE();
namespace thresh::base64 {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Where the bytes of data are in a loaded vector: at its front, or at its back.
enum class Side : uint8_t { kFront, kBack };

// Moves the data so that each block has its twelve bytes at its front, as in
// this vector of two blocks (a letter is a word of four bytes):
//
//   front   abcd ef..  ->  abc. def.
//   back    ..ab cdef  ->  abc. def.
template <size_t kBytes, Side kSide>
HWY_INLINE ByteVector<kBytes> Spread(ByteVector<kBytes> data) {
  const ByteTag<kBytes> bytes;
  const hn::Repartition<uint32_t, ByteTag<kBytes>> words;
  const auto from = hn::BitCast(words, data);
  if constexpr (kBytes == 16) {
    if constexpr (kSide == Side::kFront) return data;
    return hn::BitCast(bytes, hn::ShiftRightLanes<1>(words, from));
  } else {
    constexpr uint32_t kFirst = kSide == Side::kFront ? 0 : kBytes / 16;
    alignas(64) static constexpr uint32_t kWords[16] = {
        kFirst + 0, kFirst + 1,  kFirst + 2,  0,
        kFirst + 3, kFirst + 4,  kFirst + 5,  0,
        kFirst + 6, kFirst + 7,  kFirst + 8,  0,
        kFirst + 9, kFirst + 10, kFirst + 11, 0};
    return hn::BitCast(
        bytes, hn::TableLookupLanes(from, hn::SetTableIndices(words, kWords)));
  }
}

// The six bits of each character, one character per byte. A group of data is
// three bytes x y z; its four characters a b c d are the bits
//
//   xxxxxxxx yyyyyyyy zzzzzzzz
//   aaaaaabb bbbbcccc ccdddddd
//
// and the shuffle makes them two 16-bit numbers, highest bit on the left:
//
//   first    xxxxxxxxyyyyyyyy  =  aaaaaabbbbbb----  ->  00bbbbbb00aaaaaa
//   second   yyyyyyyyzzzzzzzz  =  ----ccccccdddddd  ->  00dddddd00cccccc
//
// The high half of a product with a power of two shifts to the right, the low
// half to the left, by different distances in one instruction.
template <size_t kBytes>
HWY_INLINE ByteVector<kBytes> Split(ByteVector<kBytes> data) {
  const ByteTag<kBytes> bytes;
  const hn::Repartition<uint16_t, ByteTag<kBytes>> halves;
  const hn::Repartition<uint32_t, ByteTag<kBytes>> pairs;  // second:first
  const auto both = [&](uint32_t numbers) HWY_ATTR {
    return hn::BitCast(halves, hn::Set(pairs, numbers));
  };
  alignas(16) static constexpr uint8_t kShuffle[16] = {
      1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10};
  const auto numbers = hn::BitCast(
      halves, hn::TableLookupBytes(data, Repeated<kBytes>(kShuffle)));
  const auto right =  // by 10 and by 6
      hn::MulHigh(hn::And(numbers, both(0x0fc0'fc00)), both(0x0400'0040));
  const auto left =  // by 4 and by 8
      hn::Mul(numbers, both(0x0100'0010));
  return hn::BitCast(bytes, hn::OrAnd(right, left, both(0x3f00'3f00)));
}

// The characters for these six bits each. The alphabet has five ranges, each
// with a fixed distance between bits and character:
//
//   bits              0..25  26..51  52..61   62    63
//   characters        A..Z   a..z    0..9     +     /
//   bits - 51, or 0   0      0       1..10    11    12
//   key               13     0       1..10    11    12
template <size_t kBytes>
HWY_INLINE ByteVector<kBytes> ToCharacters(ByteVector<kBytes> bits) {
  const ByteTag<kBytes> bytes;
  const hn::Repartition<int8_t, ByteTag<kBytes>> signed_bytes;
  constexpr auto kDigit = static_cast<uint8_t>('0' - 52);
  constexpr auto kPlus = static_cast<uint8_t>('+' - 62);
  constexpr auto kSlash = static_cast<uint8_t>('/' - 63);
  constexpr uint8_t kSmall = 'a' - 26;
  constexpr uint8_t kCapital = 'A';
  alignas(16) static constexpr uint8_t kDistance[16] = {
      kSmall, kDigit, kDigit, kDigit, kDigit, kDigit,   kDigit, kDigit,
      kDigit, kDigit, kDigit, kPlus,  kSlash, kCapital, 0,      0};
  const auto capital = hn::RebindMask(
      bytes,
      hn::Lt(hn::BitCast(signed_bytes, bits), hn::Set(signed_bytes, 26)));
  const auto key = hn::Or(hn::SaturatedSub(bits, hn::Set(bytes, 51)),
                          hn::IfThenElseZero(capital, hn::Set(bytes, 13)));
  return hn::Add(bits, hn::TableLookupBytes(Repeated<kBytes>(kDistance), key));
}

// Reads a vector at `in`, of which the three quarters on kSide are data, and
// writes one to `out`.
template <size_t kBytes, Side kSide>
HWY_INLINE void EncodeVector(const uint8_t* in, uint8_t* out) {
  const ByteTag<kBytes> bytes;
  const auto data = Spread<kBytes, kSide>(hn::LoadU(bytes, in));
  hn::StoreU(ToCharacters<kBytes>(Split<kBytes>(data)), bytes, out);
}

// Encodes `size` bytes: whole groups, and at least kBytes.
template <size_t kBytes>
HWY_INLINE void EncodeGroups(const uint8_t* in, size_t size, uint8_t* out) {
  constexpr size_t kStep = kBytes / 4 * 3;
  EncodeVector<kBytes, Side::kFront>(in, out);
  // From here on, bytes already encoded fill the front of a vector.
  for (size_t left = size - kStep; left > 0;) {
    in += kStep;
    out += kBytes;
    if (left < kStep) {
      in -= kStep - left;
      out -= (kStep - left) / 3 * 4;
      left = kStep;
    }
    EncodeVector<kBytes, Side::kBack>(in + kStep - kBytes, out);
    left -= kStep;
  }
}

// See Base64Encode; `data` has at least kShortestData bytes.
void Encode(Bytes data, uint8_t* out) {
  const size_t last = data.size() % 3;
  const size_t size = data.size() - last;
  if (kWidest >= 64 && size >= 64) {
    EncodeGroups<kWidest>(data.data(), size, out);
  } else {
    static_assert(kShortestData >= 32 + 2);
    EncodeGroups<HWY_MIN(kWidest, 32)>(data.data(), size, out);
  }
  if (last != 0) {
    EncodeLast(data.data() + size, last, out + size / 3 * 4);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace thresh::base64
HWY_AFTER_NAMESPACE();

#endif  // THRESH_BASE_BASE64_ENCODE_INL_H_
