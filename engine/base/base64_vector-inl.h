// The vectors of both directions of base64. A block of sixteen bytes is the
// unit: it holds twelve bytes of data or their sixteen characters, and every
// byte shuffle stays within it. Wider vectors are two or four such blocks.

// Included once per target.
#if defined(THRESH_BASE_BASE64_VECTOR_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef THRESH_BASE_BASE64_VECTOR_INL_H_
#undef THRESH_BASE_BASE64_VECTOR_INL_H_
#else
#define THRESH_BASE_BASE64_VECTOR_INL_H_
#endif

#include <cstddef>
#include <cstdint>

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace thresh::base64 {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Bytes of the widest vector. Scalable ones are used as if they were short.
constexpr size_t kWidest = HWY_TARGET <= HWY_AVX3   ? 64
                           : HWY_TARGET == HWY_AVX2 ? 32
                                                    : 16;

template <size_t kBytes>
using ByteTag = hn::FixedTag<uint8_t, kBytes>;
template <size_t kBytes>
using ByteVector = hn::Vec<ByteTag<kBytes>>;

// The sixteen bytes at `table` in every block.
template <size_t kBytes>
HWY_INLINE ByteVector<kBytes> Repeated(const uint8_t* table) {
  return hn::LoadDup128(ByteTag<kBytes>(), table);
}

}  // namespace HWY_NAMESPACE
}  // namespace thresh::base64
HWY_AFTER_NAMESPACE();

#endif  // THRESH_BASE_BASE64_VECTOR_INL_H_
