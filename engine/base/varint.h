// The numbers of the protobuf wire format: varints, tags and lengths, read and
// written by the reference codec's rules. Inline, because they are the
// innermost step of every reader and writer.
#ifndef THRESH_BASE_VARINT_H_
#define THRESH_BASE_VARINT_H_

#include <bit>
#include <climits>
#include <cstddef>
#include <cstdint>

namespace thresh {

enum class WireType : uint8_t {
  kVarint = 0,
  kFixed64 = 1,
  kLengthDelimited = 2,
  kStartGroup = 3,
  kEndGroup = 4,
  kFixed32 = 5,  // 6 and 7 are undefined
};

constexpr uint32_t MakeTag(uint32_t field_number, WireType type) {
  return field_number << 3 | static_cast<uint32_t>(type);
}

inline constexpr ptrdiff_t kMaxVarintBytes = 10;
inline constexpr ptrdiff_t kMaxTagBytes = 5;
inline constexpr ptrdiff_t kMaxLengthBytes = 5;

// The codec stores positions in an int and needs 16 bytes of slack past any.
inline constexpr uint32_t kMaxLength = INT_MAX - 16;

// Reads a number of at most kMaxBytes bytes, overlong encodings included, that
// starts at `at`; bits that Number does not have are dropped. Accesses no byte
// at or after `end`, and returns the byte after the number. Null, and the
// result unspecified, if the number is longer or does not end before `end`.
template <ptrdiff_t kMaxBytes, typename Number>
inline const uint8_t* ReadBase128(const uint8_t* at, const uint8_t* end,
                                  Number* value) {
  Number result = 0;
  for (int shift = 0; shift < 7 * kMaxBytes && at != end; shift += 7) {
    const Number byte = *at++;
    result |= (byte & 0x7F) << shift;
    if (byte < 0x80) {
      *value = result;
      return at;
    }
  }
  return nullptr;
}

// Bits beyond the 64th are dropped.
inline const uint8_t* ReadVarint(const uint8_t* at, const uint8_t* end,
                                 uint64_t* value) {
  return ReadBase128<kMaxVarintBytes>(at, end, value);
}

// Bits beyond the 32nd are dropped. The caller checks for zero tags and unknown
// wire types.
inline const uint8_t* ReadTag(const uint8_t* at, const uint8_t* end,
                              uint32_t* tag) {
  return ReadBase128<kMaxTagBytes>(at, end, tag);
}

// No bit is dropped here: lengths above kMaxLength are malformed.
inline const uint8_t* ReadLength(const uint8_t* at, const uint8_t* end,
                                 uint32_t* length) {
  uint64_t result = 0;
  const uint8_t* const next = ReadBase128<kMaxLengthBytes>(at, end, &result);
  *length = static_cast<uint32_t>(result);
  return result <= kMaxLength ? next : nullptr;
}

// The size of the shortest encoding of `value`, which writers use.
constexpr size_t VarintSize(uint64_t value) {
  if (value < uint64_t{1} << 14) [[likely]] {
    return 1 + (value >= 0x80 ? 1 : 0);
  }
  return (static_cast<size_t>(std::bit_width(value)) + 6) / 7;
}

// The number of bytes that writers may write past their output.
inline constexpr size_t kWriterSlack = 1;

// Writes `value` at `at`, where VarintSize(value) bytes and the slack must fit,
// and returns the byte after it.
inline uint8_t* WriteVarint(uint64_t value, uint8_t* at) {
  if (value < uint64_t{1} << 14) [[likely]] {
    // Always stores both bytes: the size of indices alternates from record to
    // record, and a branch would be mispredicted.
    const size_t more = value >= 0x80 ? 1 : 0;
    at[0] = static_cast<uint8_t>(value | more << 7);
    at[1] = static_cast<uint8_t>(value >> 7);
    return at + 1 + more;
  }
  for (; value >= 0x80; value >>= 7) *at++ = static_cast<uint8_t>(value | 0x80);
  *at++ = static_cast<uint8_t>(value);
  return at;
}

}  // namespace thresh

#endif  // THRESH_BASE_VARINT_H_
