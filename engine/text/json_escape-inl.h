// Copies a vector at a time and looks for what must be escaped among its bytes.
// Between two escapes it copies whole vectors again, from memory: no step waits
// for the place of an escape that it does not need.

// Included once per target.
#if defined(THRESH_TEXT_JSON_ESCAPE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef THRESH_TEXT_JSON_ESCAPE_INL_H_
#undef THRESH_TEXT_JSON_ESCAPE_INL_H_
#else
#define THRESH_TEXT_JSON_ESCAPE_INL_H_
#endif

#include <bit>
#include <cstddef>
#include <cstdint>

#include "hwy/highway.h"
#include "text/json_escape.h"
#include "thresh/bytes.h"

HWY_BEFORE_NAMESPACE();
namespace thresh::json {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Wider vectors would leave more of a short text to the plain code.
constexpr size_t kWidest = HWY_TARGET <= HWY_AVX2 ? 32 : 16;

// A bit for each byte, set if it must be escaped; the first byte's is lowest.
template <size_t kBytes>
HWY_INLINE uint32_t BytesToEscape(hn::Vec<hn::FixedTag<uint8_t, kBytes>> v) {
  const hn::FixedTag<uint8_t, kBytes> bytes;
  const auto control = hn::Eq(v, hn::Min(v, hn::Set(bytes, 0x1f)));
  const auto quote = hn::Eq(v, hn::Set(bytes, '"'));
  const auto backslash = hn::Eq(v, hn::Set(bytes, '\\'));
  uint8_t bits[8] = {};
  hn::StoreMaskBits(bytes, hn::Or(control, hn::Or(quote, backslash)), bits);
  uint32_t mask = 0;
  for (size_t i = 0; i < kBytes / 8; ++i) mask |= uint32_t{bits[i]} << 8 * i;
  return mask;
}

// Escapes kBytes bytes at `in`, of which twice as many can be read, and returns
// the end of what it wrote.
template <size_t kBytes>
HWY_INLINE uint8_t* EscapeVector(const uint8_t* in, uint8_t* out) {
  const hn::FixedTag<uint8_t, kBytes> bytes;
  const auto first = hn::LoadU(bytes, in);
  hn::StoreU(first, bytes, out);
  size_t done = 0;
  for (uint32_t left = BytesToEscape<kBytes>(first); left != 0;
       left &= left - 1) {
    const auto place = static_cast<size_t>(std::countr_zero(left));
    out = PutEscape(in[place], out + (place - done));
    done = place + 1;
    hn::StoreU(hn::LoadU(bytes, in + done), bytes, out);
  }
  return out + (kBytes - done);
}

// Escapes vectors from text[*done] on while there are enough bytes.
template <size_t kBytes>
HWY_INLINE uint8_t* EscapeVectors(Bytes text, size_t* done, uint8_t* out) {
  for (; text.size() - *done >= 2 * kBytes; *done += kBytes) {
    out = EscapeVector<kBytes>(text.data() + *done, out);
  }
  return out;
}

// See EscapeJson.
uint8_t* EscapeInVectors(Bytes text, uint8_t* out) {
  size_t done = 0;
  if (kWidest > 16) out = EscapeVectors<kWidest>(text, &done, out);
  out = EscapeVectors<16>(text, &done, out);
  return EscapeRest(text, done, out);
}

}  // namespace HWY_NAMESPACE
}  // namespace thresh::json
HWY_AFTER_NAMESPACE();

#endif  // THRESH_TEXT_JSON_ESCAPE_INL_H_
