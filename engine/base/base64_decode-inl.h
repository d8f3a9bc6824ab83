// Decoding in vectors. Like encoding, it accesses nothing outside the spans and
// ends with a vector that overlaps the one before. Invalid characters are
// accumulated and tested once, at the end.

// Included once per target.
#if defined(THRESH_BASE_BASE64_DECODE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef THRESH_BASE_BASE64_DECODE_INL_H_
#undef THRESH_BASE_BASE64_DECODE_INL_H_
#else
#define THRESH_BASE_BASE64_DECODE_INL_H_
#endif

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/base64_plain.h"
#include "base/base64_vector-inl.h"
#include "hwy/highway.h"
#include "thresh/bytes.h"

HWY_BEFORE_NAMESPACE();
namespace thresh::base64 {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// The six bits of each character; sets bits in `bad` where a byte is not a
// character of the alphabet.
//
// The high half of a character selects a row of sixteen. Each row has its own
// valid low halves, and one distance to the bits, except for '/':
//
//   row        2           3        4        5        6        7       others
//   valid      2B, 2F      30..39   41..4F   50..5A   61..6F   70..7A  none
//   condition  kSigns      kDigits  kAtoO    kPtoZ    kAtoO    kPtoZ   kNever
//   distance   62-2B       52-30    0-41     0-41     26-61    26-61
//
// A byte is bad if its row requires a condition that its low half violates.
template <size_t kBytes>
HWY_INLINE ByteVector<kBytes> ToBits(ByteVector<kBytes> characters,
                                     ByteVector<kBytes>& bad) {
  constexpr uint8_t kSigns = 1;
  constexpr uint8_t kDigits = 2;
  constexpr uint8_t kAtoO = 4;
  constexpr uint8_t kPtoZ = 8;
  constexpr uint8_t kNever = 16;
  alignas(16) static constexpr uint8_t kAsked[16] = {
      kNever, kNever, kSigns, kDigits, kAtoO,  kPtoZ,  kAtoO,  kPtoZ,
      kNever, kNever, kNever, kNever,  kNever, kNever, kNever, kNever};
  // By low half: 1..9 violate the condition of signs, and so on.
  constexpr uint8_t k0 = kNever | kSigns | kAtoO;
  constexpr uint8_t k1 = kNever | kSigns;
  constexpr uint8_t kA = kNever | kSigns | kDigits;
  constexpr uint8_t kB = kNever | kDigits | kPtoZ;
  constexpr uint8_t kC = kNever | kSigns | kDigits | kPtoZ;
  alignas(16) static constexpr uint8_t kBroken[16] = {
      k0, k1, k1, k1, k1, k1, k1, k1, k1, k1, kA, kB, kC, kC, kC, kB};
  // '/' uses row 1, which has no characters.
  constexpr auto kCapital = static_cast<uint8_t>(0 - 'A');
  constexpr auto kSmall = static_cast<uint8_t>(26 - 'a');
  alignas(16) static constexpr uint8_t kDistance[16] = {
      0, 63 - '/', 62 - '+', 52 - '0', kCapital, kCapital, kSmall, kSmall,
      0, 0,        0,        0,        0,        0,        0,      0};
  const ByteTag<kBytes> bytes;
  const auto row = hn::ShiftRight<4>(characters);
  const auto low = hn::And(characters, hn::Set(bytes, 0x0f));
  bad = hn::OrAnd(bad, hn::TableLookupBytes(Repeated<kBytes>(kAsked), row),
                  hn::TableLookupBytes(Repeated<kBytes>(kBroken), low));
  const auto slash =  // -1 or 0
      hn::VecFromMask(bytes, hn::Eq(characters, hn::Set(bytes, '/')));
  const auto distance =
      hn::TableLookupBytes(Repeated<kBytes>(kDistance), hn::Add(row, slash));
  return hn::Add(characters, distance);
}

// Packs the bits of four characters a b c d, one per byte, into three bytes,
// and moves these to the front of the vector. In numbers of 16 and of 32 bits,
// highest on the left:
//
//   00bbbbbb00aaaaaa                  ->  0000aaaaaabbbbbb
//   0000ccccccdddddd0000aaaaaabbbbbb  ->  ........aaaaaabbbbbbccccccdddddd
template <size_t kBytes>
HWY_INLINE ByteVector<kBytes> Join(ByteVector<kBytes> bits) {
  const ByteTag<kBytes> bytes;
  const hn::Repartition<uint16_t, ByteTag<kBytes>> halves;
  const hn::Repartition<uint32_t, ByteTag<kBytes>> words;
  const auto four = hn::BitCast(halves, bits);
  const auto two = hn::BitCast(
      words, hn::OrAnd(hn::ShiftRight<8>(four), hn::ShiftLeft<6>(four),
                       hn::Set(halves, 0x0fc0)));
  const auto one = hn::Or(hn::ShiftLeft<12>(two), hn::ShiftRight<16>(two));
  alignas(16) static constexpr uint8_t kShuffle[16] = {
      2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 0, 0, 0, 0};
  const auto blocks =
      hn::TableLookupBytes(hn::BitCast(bytes, one), Repeated<kBytes>(kShuffle));
  if constexpr (kBytes == 16) {
    return blocks;
  } else {
    // abc. def.  ->  abcd ef..
    constexpr uint32_t kCount = kBytes / 4;
    alignas(64) static constexpr uint32_t kWords[16] = {
        0,           1,          2,           4,
        5,           6,  // and of four blocks, where a vector has them:
        8 % kCount,  9 % kCount, 10 % kCount, 12 % kCount,
        13 % kCount, 14 % kCount};
    return hn::BitCast(
        bytes, hn::TableLookupLanes(hn::BitCast(words, blocks),
                                    hn::SetTableIndices(words, kWords)));
  }
}

// Stores the front three quarters of a vector, and nothing after them.
template <size_t kBytes>
HWY_INLINE void StoreThreeQuarters(ByteVector<kBytes> vector, uint8_t* out) {
  const ByteTag<kBytes / 2> half;
  const ByteTag<kBytes / 4> quarter;
  hn::StoreU(hn::LowerHalf(half, vector), half, out);
  hn::StoreU(hn::LowerHalf(quarter, hn::UpperHalf(half, vector)), quarter,
             out + kBytes / 2);
}

// Decodes `size` characters, which are whole groups and at least kBytes, none
// of them padding. False if one is not in the alphabet.
template <size_t kBytes>
HWY_INLINE bool DecodeGroups(const uint8_t* in, size_t size, uint8_t* out) {
  constexpr size_t kStep = kBytes / 4 * 3;
  const ByteTag<kBytes> bytes;
  auto bad = hn::Zero(bytes);
  const auto decode = [&bad](const uint8_t* from) HWY_ATTR {
    const auto characters = hn::LoadU(ByteTag<kBytes>(), from);
    return Join<kBytes>(ToBits<kBytes>(characters, bad));
  };
  // While that much follows, a whole vector may be stored: the next one
  // overwrites its last quarter.
  size_t left = size;
  for (; left >= 2 * kBytes; left -= kBytes) {
    hn::StoreU(decode(in), bytes, out);
    in += kBytes;
    out += kStep;
  }
  StoreThreeQuarters<kBytes>(decode(in), out);
  left -= kBytes;
  if (left > 0) {
    StoreThreeQuarters<kBytes>(decode(in + left), out + left / 4 * 3);
  }
  return hn::AllTrue(bytes, hn::Eq(bad, hn::Zero(bytes)));
}

// See Base64Decode; `text` has at least kShortestText characters, in whole
// groups.
std::optional<size_t> Decode(Bytes text, uint8_t* out) {
  const size_t size = text.size() - 4;  // the last group may be padded
  bool valid;
  if (kWidest >= 64 && size >= 64) {
    valid = DecodeGroups<kWidest>(text.data(), size, out);
  } else if (kWidest >= 32 && size >= 32) {
    valid = DecodeGroups<HWY_MIN(kWidest, 32)>(text.data(), size, out);
  } else {
    static_assert(kShortestText >= 16 + 4);
    valid = DecodeGroups<16>(text.data(), size, out);
  }
  const size_t decoded = size / 4 * 3;
  const std::optional<size_t> last =
      DecodeLast(text.data() + size, out + decoded);
  if (!valid || !last.has_value()) return std::nullopt;
  return decoded + *last;
}

}  // namespace HWY_NAMESPACE
}  // namespace thresh::base64
HWY_AFTER_NAMESPACE();

#endif  // THRESH_BASE_BASE64_DECODE_INL_H_
