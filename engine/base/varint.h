// The numbers of the protobuf wire format: varints, tags and lengths, read
// and written by the reference codec's rules. Inline, for they are the
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
  kFixed32 = 5,  // 6 and 7 mean nothing
};

constexpr uint32_t MakeTag(uint32_t field_number, WireType type) {
  return field_number << 3 | static_cast<uint32_t>(type);
}

inline constexpr ptrdiff_t kMaxVarintBytes = 10;
inline constexpr ptrdiff_t kMaxTagBytes = 5;
inline constexpr ptrdiff_t kMaxLengthBytes = 5;

// The codec keeps positions in an int and wants 16 bytes of slack beyond any.
inline constexpr uint32_t kMaxLength = INT_MAX - 16;

// The three readers below read a number that starts at `at`, touch no byte at
// or after `end`, and return the byte behind the number. They return null, and
// leave the result unspecified, if the number is malformed or does not end
// before `end`. Overlong encodings are accepted up to the size limits above.

// Bits beyond the 64th are dropped.
inline const uint8_t* ReadVarint(const uint8_t* at, const uint8_t* end,
                                 uint64_t* value) {
  uint64_t result = 0;
  for (int shift = 0; shift < 7 * kMaxVarintBytes && at != end; shift += 7) {
    const uint64_t byte = *at++;
    result |= (byte & 0x7F) << shift;
    if (byte < 0x80) {
      *value = result;
      return at;
    }
  }
  return nullptr;
}

// Bits beyond the 32nd are dropped. Zero tags and unknown wire types are the
// caller's to judge.
inline const uint8_t* ReadTag(const uint8_t* at, const uint8_t* end,
                              uint32_t* tag) {
  uint32_t result = 0;
  for (int shift = 0; shift < 7 * kMaxTagBytes && at != end; shift += 7) {
    const uint32_t byte = *at++;
    result |= (byte & 0x7F) << shift;
    if (byte < 0x80) {
      *tag = result;
      return at;
    }
  }
  return nullptr;
}

// Here no bit may be lost: lengths above kMaxLength are malformed.
inline const uint8_t* ReadLength(const uint8_t* at, const uint8_t* end,
                                 uint32_t* length) {
  uint64_t result = 0;
  for (int shift = 0; shift < 7 * kMaxLengthBytes && at != end; shift += 7) {
    const uint64_t byte = *at++;
    result |= (byte & 0x7F) << shift;
    if (byte < 0x80) {
      *length = static_cast<uint32_t>(result);
      return result <= kMaxLength ? at : nullptr;
    }
  }
  return nullptr;
}

// Bytes of the shortest encoding of `value`, which is what writers use.
constexpr size_t VarintSize(uint64_t value) {
  if (value < uint64_t{1} << 14) [[likely]] {
    return 1 + (value >= 0x80 ? 1 : 0);
  }
  return (static_cast<size_t>(std::bit_width(value)) + 6) / 7;
}

}  // namespace thresh

#endif  // THRESH_BASE_VARINT_H_
