// Copies a vector at a time and searches its bytes for those that must be
// escaped. Between two escapes it copies whole vectors again, from memory: no
// step waits for the position of an escape that it does not need.

// Included once per target.
#if defined(THRESH_BASE_JSON_ESCAPE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef THRESH_BASE_JSON_ESCAPE_INL_H_
#undef THRESH_BASE_JSON_ESCAPE_INL_H_
#else
#define THRESH_BASE_JSON_ESCAPE_INL_H_
#endif

#include <bit>
#include <cstddef>
#include <cstdint>

#include "base/json_escape.h"
#include "hwy/highway.h"
#include "thresh/bytes.h"

HWY_BEFORE_NAMESPACE();
namespace thresh::json {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Wider vectors would leave more of a short text to the plain code.
constexpr size_t kWidest = HWY_TARGET <= HWY_AVX2 ? 32 : 16;

// A bit for each byte, set if it must be escaped or may begin a C1 control; the
// first byte's is lowest.
template <size_t kBytes>
HWY_INLINE uint32_t BytesToEscape(hn::Vec<hn::FixedTag<uint8_t, kBytes>> v) {
  const hn::FixedTag<uint8_t, kBytes> bytes;
  const auto control = hn::Eq(v, hn::Min(v, hn::Set(bytes, 0x1f)));
  // The others differ in their high halves: there is one candidate for each
  // half.
  const auto could_be = hn::LoadDup128(bytes, kSpecials.data());
  const auto special =
      hn::Eq(v, hn::TableLookupBytes(could_be, hn::ShiftRight<4>(v)));
  uint8_t bits[8] = {};
  hn::StoreMaskBits(bytes, hn::Or(control, special), bits);
  uint32_t mask = 0;
  for (size_t i = 0; i < kBytes / 8; ++i) mask |= uint32_t{bits[i]} << 8 * i;
  return mask;
}

// Escapes the kBytes bytes at *in, or one more if they end within a C1 control,
// moves *in past them, and returns the end of what it wrote. 2 * kBytes + 1
// bytes at *in can be read.
template <size_t kBytes>
HWY_INLINE uint8_t* EscapeVector(const uint8_t** in, uint8_t* out) {
  const hn::FixedTag<uint8_t, kBytes> bytes;
  const uint8_t* const from = *in;
  const auto first = hn::LoadU(bytes, from);
  hn::StoreU(first, bytes, out);
  uint32_t left = BytesToEscape<kBytes>(first);
  *in += kBytes;
  if (HWY_LIKELY(left == 0)) return out + kBytes;
  size_t done = 0;
  for (; left != 0; left &= left - 1) {
    const auto place = static_cast<size_t>(std::countr_zero(left));
    const size_t last = place + (IsC1(from[place], from[place + 1]) ? 1 : 0);
    out = PutEscape(from[last], out + (place - done));
    done = last + 1;
    hn::StoreU(hn::LoadU(bytes, from + done), bytes, out);
  }
  if (done <= kBytes) return out + (kBytes - done);
  ++*in;
  return out;
}

// Escapes vectors from `in` on while more than two vectors are left before
// `end`.
template <size_t kBytes>
HWY_INLINE uint8_t* EscapeVectors(const uint8_t** in, const uint8_t* end,
                                  uint8_t* out) {
  while (end - *in > static_cast<ptrdiff_t>(2 * kBytes)) {
    out = EscapeVector<kBytes>(in, out);
  }
  return out;
}

// See EscapeJson.
uint8_t* EscapeInVectors(Bytes text, uint8_t* out) {
  const uint8_t* in = text.data();
  const uint8_t* const end = in + text.size();
  if (kWidest > 16) out = EscapeVectors<kWidest>(&in, end, out);
  out = EscapeVectors<16>(&in, end, out);
  return EscapeRest(text, static_cast<size_t>(in - text.data()), out);
}

}  // namespace HWY_NAMESPACE
}  // namespace thresh::json
HWY_AFTER_NAMESPACE();

#endif  // THRESH_BASE_JSON_ESCAPE_INL_H_
