// Transposes blocks, the sixteen words of one lane each, into vectors of one
// word of all lanes, which a step of MD5 or SHA-256 adds: word w of lane i goes
// to words[w * lanes + i]. Works in pieces, to be interleaved with the steps.

// Included once per target.
#if defined(THRESH_DIGEST_BLOCK_TRANSPOSE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef THRESH_DIGEST_BLOCK_TRANSPOSE_INL_H_
#undef THRESH_DIGEST_BLOCK_TRANSPOSE_INL_H_
#else
#define THRESH_DIGEST_BLOCK_TRANSPOSE_INL_H_
#endif

#include <cstddef>
#include <cstdint>
#include <utility>

#include "digest/block_lanes.h"
#include "hwy/cache_control.h"
#include "hwy/highway.h"

// AVX-512 and all that Highway ranks above it.
#undef THRESH_BLOCK_AVX3
#define THRESH_BLOCK_AVX3 (HWY_TARGET <= HWY_AVX3)

HWY_BEFORE_NAMESPACE();
namespace thresh::blocks {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Words = hn::CappedTag<uint32_t, kMaxLanesPerVector>;
using Word = hn::Vec<Words>;

// Hardware prefetching does not follow this many streams.
HWY_INLINE void PrefetchAhead(const uint8_t* from) {
  hwy::Prefetch(from + 256);
}

// TransposePiece writes one of the kPieces pieces of the block at `offset` in
// each lane of one vector.

#if HWY_HAVE_SCALABLE
// Loads and stores run in parallel with the vector units' arithmetic, and
// nothing here depends on the vector length.
constexpr size_t kPieces = 4;

HWY_INLINE void TransposePiece(const uint8_t* const* lanes, size_t offset,
                               uint32_t* HWY_RESTRICT words) {
  const size_t stride = hn::Lanes(Words());
  for (size_t lane = 0; lane < stride; ++lane) {
    for (size_t word = 0; word < 16 / kPieces; ++word) {
      hwy::CopyBytes<4>(lanes[lane] + offset + 4 * word,
                        words + word * stride + lane);
    }
  }
}

#else

// Transposes four words by four lanes in each 128-bit part of the vectors:
//
//   v0  a0 a1 a2 a3        to + 0 stride  a0 b0 c0 d0
//   v1  b0 b1 b2 b3   ->   to + 1 stride  a1 b1 c1 d1
//   v2  c0 c1 c2 c3        to + 2 stride  a2 b2 c2 d2
//   v3  d0 d1 d2 d3        to + 3 stride  a3 b3 c3 d3
HWY_INLINE void TransposeFour(Word v0, Word v1, Word v2, Word v3, uint32_t* to0,
                              uint32_t* to1, uint32_t* to2, uint32_t* to3) {
  const Words d;
  const hn::RepartitionToWide<Words> pairs;
  const auto ab01 = hn::BitCast(pairs, hn::InterleaveLower(d, v0, v1));
  const auto ab23 = hn::BitCast(pairs, hn::InterleaveUpper(d, v0, v1));
  const auto cd01 = hn::BitCast(pairs, hn::InterleaveLower(d, v2, v3));
  const auto cd23 = hn::BitCast(pairs, hn::InterleaveUpper(d, v2, v3));
  hn::Store(hn::BitCast(d, hn::InterleaveLower(pairs, ab01, cd01)), d, to0);
  hn::Store(hn::BitCast(d, hn::InterleaveUpper(pairs, ab01, cd01)), d, to1);
  hn::Store(hn::BitCast(d, hn::InterleaveLower(pairs, ab23, cd23)), d, to2);
  hn::Store(hn::BitCast(d, hn::InterleaveUpper(pairs, ab23, cd23)), d, to3);
}

#if THRESH_BLOCK_AVX3
constexpr size_t kPieces = 2;

// Eight words each of the lanes `lane` and `lane + 4`.
HWY_INLINE Word LoadHalves(const uint8_t* const* lanes, size_t offset,
                           size_t lane) {
  const hn::Half<Words> half;
  const hn::Repartition<uint8_t, decltype(half)> bytes;
  return hn::Combine(
      Words(), hn::BitCast(half, hn::LoadU(bytes, lanes[lane + 4] + offset)),
      hn::BitCast(half, hn::LoadU(bytes, lanes[lane] + offset)));
}

// Words 0, 1, 4, 5 (kOdd: 2, 3, 6, 7) of four lanes, from two pairs of lanes:
//
//   low   0 1 2 3 4 5 6 7 of lane i    | 0 1 2 3 4 5 6 7 of lane i + 4
//   high  0 1 2 3 4 5 6 7 of lane i + 8| 0 1 2 3 4 5 6 7 of lane i + 12
//   even  0 1 4 5 of i | 0 1 4 5 of i + 4 | 0 1 4 5 of i + 8 | ... of i + 12
template <bool kOdd>
HWY_INLINE Word PickPairs(Word high, Word low) {
  const hn::RepartitionToWide<Words> pairs;
  const auto h = hn::BitCast(pairs, high);
  const auto l = hn::BitCast(pairs, low);
  if constexpr (kOdd) return hn::BitCast(Words(), hn::ConcatOdd(pairs, h, l));
  return hn::BitCast(Words(), hn::ConcatEven(pairs, h, l));
}

HWY_INLINE void TransposePiece(const uint8_t* const* lanes, size_t offset,
                               uint32_t* HWY_RESTRICT words) {
  constexpr size_t kStride = 16;
  const Word low0 = LoadHalves(lanes, offset, 0);
  const Word high0 = LoadHalves(lanes, offset, 8);
  const Word even0 = PickPairs<false>(high0, low0);
  const Word odd0 = PickPairs<true>(high0, low0);
  const Word low1 = LoadHalves(lanes, offset, 1);
  const Word high1 = LoadHalves(lanes, offset, 9);
  const Word even1 = PickPairs<false>(high1, low1);
  const Word odd1 = PickPairs<true>(high1, low1);
  const Word low2 = LoadHalves(lanes, offset, 2);
  const Word high2 = LoadHalves(lanes, offset, 10);
  const Word even2 = PickPairs<false>(high2, low2);
  const Word odd2 = PickPairs<true>(high2, low2);
  const Word low3 = LoadHalves(lanes, offset, 3);
  const Word high3 = LoadHalves(lanes, offset, 11);
  const Word even3 = PickPairs<false>(high3, low3);
  const Word odd3 = PickPairs<true>(high3, low3);
  TransposeFour(even0, even1, even2, even3, words, words + kStride,
                words + 4 * kStride, words + 5 * kStride);
  TransposeFour(odd0, odd1, odd2, odd3, words + 2 * kStride,
                words + 3 * kStride, words + 6 * kStride, words + 7 * kStride);
}

#else
constexpr size_t kPieces = 4;

// Four words each of the lanes `lane`, `lane + 4`, ... of one vector.
template <class D>
HWY_INLINE hn::Vec<D> LoadQuarters(D d, const uint8_t* const* lanes,
                                   size_t offset) {
  if constexpr (hn::MaxLanes(D()) == 4) {
    const hn::Repartition<uint8_t, D> bytes;
    return hn::BitCast(d, hn::LoadU(bytes, *lanes + offset));
  } else {
    const hn::Half<D> half;
    return hn::Combine(d,
                       LoadQuarters(half, lanes + hn::MaxLanes(half), offset),
                       LoadQuarters(half, lanes, offset));
  }
}

HWY_INLINE void TransposePiece(const uint8_t* const* lanes, size_t offset,
                               uint32_t* HWY_RESTRICT words) {
  const Words d;
  const size_t stride = hn::Lanes(d);
  TransposeFour(
      LoadQuarters(d, lanes, offset), LoadQuarters(d, lanes + 1, offset),
      LoadQuarters(d, lanes + 2, offset), LoadQuarters(d, lanes + 3, offset),
      words, words + stride, words + 2 * stride, words + 3 * stride);
}
#endif  // THRESH_BLOCK_AVX3
#endif  // HWY_HAVE_SCALABLE

// Piece number kPiece of the block at `offset` of all vectors: the pieces of
// the first vector come first.
template <size_t kPiece>
HWY_INLINE void TransposeNth(const uint8_t* const* lanes, size_t offset,
                             uint32_t* HWY_RESTRICT words) {
  constexpr size_t kVector = kPiece / kPieces;
  constexpr size_t kPart = kPiece % kPieces;
  const size_t stride = hn::Lanes(Words());
  const uint8_t* const* const from = lanes + kVector * stride;
  if constexpr (kPart == 0) {
    for (size_t lane = 0; lane < stride; ++lane) {
      PrefetchAhead(from[lane] + offset);
    }
  }
  // Makes the compiler load the lanes' addresses again for each piece. It would
  // keep them all, but there are not enough registers.
  HWY_FENCE;
  TransposePiece(from, offset + kPart * (kBlockSize / kPieces),
                 words + (kVector * 16 + kPart * (16 / kPieces)) * stride);
}

template <size_t... kPiece>
HWY_INLINE void TransposeAll(std::index_sequence<kPiece...> /*pieces*/,
                             const uint8_t* const* lanes,
                             uint32_t* HWY_RESTRICT words) {
  (TransposeNth<kPiece>(lanes, 0, words), ...);
}

}  // namespace HWY_NAMESPACE
}  // namespace thresh::blocks
HWY_AFTER_NAMESPACE();

#endif  // THRESH_DIGEST_BLOCK_TRANSPOSE_INL_H_
