// MD5's compression function for several vectors of lanes at once, one message
// in each lane. The throughput of a core allows a step about every three cycles
// and vector, but a step takes four to six from end to end: only several
// vectors side by side keep the core busy, and the transposition of the next
// block goes in between their steps.
//
// Vectors are named or passed as packs of references, never kept in arrays or
// classes, which scalable vectors cannot be.

// Included once per target.
#if defined(THRESH_DIGEST_MD5_LANES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef THRESH_DIGEST_MD5_LANES_INL_H_
#undef THRESH_DIGEST_MD5_LANES_INL_H_
#else
#define THRESH_DIGEST_MD5_LANES_INL_H_
#endif

#include <cstddef>
#include <cstdint>
#include <utility>

#include "digest/md5_block.h"
#include "digest/md5_kernel.h"
#include "hwy/cache_control.h"
#include "hwy/highway.h"

#define THRESH_MD5_AVX3 (HWY_TARGET <= HWY_AVX3)
#define THRESH_MD5_BYTE_SHUFFLE \
  (HWY_TARGET == HWY_SSSE3 || HWY_TARGET == HWY_SSE4 || HWY_TARGET == HWY_AVX2)

HWY_BEFORE_NAMESPACE();
namespace thresh::md5 {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Words = hn::CappedTag<uint32_t, kMaxLanesPerVector>;
using Word = hn::Vec<Words>;

// Many streams at once are more than the processor's own prefetching follows.
HWY_INLINE void PrefetchAhead(const uint8_t* from) {
  hwy::Prefetch(from + 256);
}

// ---------------------------------------------------------------- transposing
//
// A block comes as sixteen words of one lane; a step wants one word of all
// lanes. words[w * lanes + i] shall be word w of lane i. A block is transposed
// in kPieces pieces of 64 / kPieces bytes.

#if HWY_HAVE_SCALABLE
// Loads and stores run beside the vector units' arithmetic, and nothing here
// depends on how long a vector is.
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

#if THRESH_MD5_AVX3
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
#endif  // THRESH_MD5_AVX3
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
  TransposePiece(from, offset + kPart * (kBlockSize / kPieces),
                 words + (kVector * 16 + kPart * (16 / kPieces)) * stride);
}

template <size_t... kPiece>
HWY_INLINE void TransposeAll(std::index_sequence<kPiece...> /*pieces*/,
                             const uint8_t* const* lanes,
                             uint32_t* HWY_RESTRICT words) {
  (TransposeNth<kPiece>(lanes, 0, words), ...);
}

// ------------------------------------------------------------------- the steps

template <int kBits>
HWY_INLINE Word RotateLeft(Word v) {
#if THRESH_MD5_BYTE_SHUFFLE
  // Without a rotate instruction, this one is a single shuffle all the same.
  if constexpr (kBits == 16) {
    const hn::Repartition<uint8_t, Words> bytes;
    alignas(16) static constexpr uint8_t kSwapped[16] = {
        2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13};
    return hn::BitCast(Words(),
                       hn::TableLookupBytes(hn::BitCast(bytes, v),
                                            hn::LoadDup128(bytes, kSwapped)));
  }
#endif
  return hn::RotateRight<32 - kBits>(v);
}

// a + sine + (the round's function of b, c and d), where b comes last.
#if THRESH_MD5_AVX3
template <size_t kStep>
HWY_INLINE Word Mixed(Word a, Word b, Word c, Word d) {
  // One instruction for any function of three bits: bit 4b + 2c + d of its
  // constant is the result.
  constexpr int kFunction[] = {0xca,   // b ? c : d
                               0xe4,   // d ? b : c
                               0x96,   // b ^ c ^ d
                               0x39};  // c ^ (b | ~d)
  const Word mixed{
      _mm512_ternarylogic_epi32(b.raw, c.raw, d.raw, kFunction[kStep / 16])};
  return hn::Add(hn::Add(a, hn::Set(Words(), kSines[kStep])), mixed);
}

#else

template <size_t kStep>
HWY_INLINE Word Mixed(Word a, Word b, Word c, Word d) {
  // c ^ (b | ~d) is the complement of c ^ (~b & d), and a + ~x = a - 1 - x.
  constexpr uint32_t kSine = kSines[kStep] - (kStep < 48 ? 0 : 1);
  const Word sum = hn::Add(a, hn::Set(Words(), kSine));
  if constexpr (kStep < 16) {
    return hn::Add(sum, hn::Xor(d, hn::And(b, hn::Xor(c, d))));
  } else if constexpr (kStep < 32) {
    // The halves share no bit: a sum is as good as an or, and waits less.
    return hn::Add(hn::Add(sum, hn::AndNot(d, c)), hn::And(d, b));
  } else if constexpr (kStep < 48 && kStep % 2 == 0) {
    return hn::Add(sum, hn::Xor(hn::Xor(b, c), d));
  } else if constexpr (kStep < 48) {
    // This c ^ d is the b ^ c of the step before: made once, used twice.
    return hn::Add(sum, hn::Xor(b, hn::Xor(c, d)));
  } else {
    return hn::Sub(sum, hn::Xor(c, hn::AndNot(b, d)));
  }
}
#endif  // THRESH_MD5_AVX3

template <size_t kStep>
HWY_INLINE void Step(const uint32_t* HWY_RESTRICT words, Word& a, Word b,
                     Word c, Word d) {
  const Words tag;
  const Word word = hn::Load(tag, words + WordOf(kStep) * hn::Lanes(tag));
  a = hn::Add(
      b, RotateLeft<ShiftOf(kStep)>(Mixed<kStep>(hn::Add(a, word), b, c, d)));
}

// One step of every vector: a, b, c, d are the state of the first vector, and
// `others`, four by four, those of the others. The roles go round by one each
// step.
template <size_t kStep, class... V>
HWY_INLINE void StepAll(const uint32_t* HWY_RESTRICT words, Word& a, Word& b,
                        Word& c, Word& d, V&... others) {
  if constexpr (kStep % 4 == 0) Step<kStep>(words, a, b, c, d);
  if constexpr (kStep % 4 == 1) Step<kStep>(words, d, a, b, c);
  if constexpr (kStep % 4 == 2) Step<kStep>(words, c, d, a, b);
  if constexpr (kStep % 4 == 3) Step<kStep>(words, b, c, d, a);
  if constexpr (sizeof...(others) > 0) {
    StepAll<kStep>(words + 16 * hn::Lanes(Words()), others...);
  }
}

// Adds what the steps made of the state to what it was.
template <class... V>
HWY_INLINE void AddTo(uint32_t* HWY_RESTRICT state, const Word& first,
                      const V&... others) {
  const Words d;
  hn::Store(hn::Add(hn::Load(d, state), first), d, state);
  if constexpr (sizeof...(others) > 0) AddTo(state + hn::Lanes(d), others...);
}

// Where the lanes' next block is, and where its transposition goes.
struct Next {
  const uint8_t* const* lanes;
  size_t offset;
  uint32_t* HWY_RESTRICT words;
};

// Step kStep of all vectors, and the piece of the next block's transposition
// that is due, if any: they are spread evenly over the steps.
template <size_t kStep, class... V>
HWY_INLINE void StepAndTranspose(const uint32_t* HWY_RESTRICT words,
                                 const Next& next, V&... state) {
  StepAll<kStep>(words, state...);
  constexpr size_t kAll = kPieces * sizeof...(state) / 4;
  constexpr size_t kPiece = kStep * kAll / kSteps;
  if constexpr (kStep == 0 || (kStep - 1) * kAll / kSteps < kPiece) {
    TransposeNth<kPiece>(next.lanes, next.offset, next.words);
  }
}

template <size_t... kStep, class... V>
HWY_INLINE void AllSteps(std::index_sequence<kStep...> /*steps*/,
                         const uint32_t* HWY_RESTRICT words, const Next& next,
                         V&... state) {
  (StepAndTranspose<kStep>(words, next, state...), ...);
}

// Folds one block, already transposed, of kVectors vectors. Calls itself with
// four more words of state loaded until it has them all.
template <size_t kVectors, class... V>
HWY_INLINE void FoldBlock(const uint32_t* HWY_RESTRICT words, const Next& next,
                          uint32_t* HWY_RESTRICT state, V&... loaded) {
  if constexpr (sizeof...(loaded) < 4 * kVectors) {
    const Words tag;
    const size_t stride = hn::Lanes(tag);
    const uint32_t* from = state + sizeof...(loaded) * stride;
    Word a = hn::Load(tag, from);
    Word b = hn::Load(tag, from + stride);
    Word c = hn::Load(tag, from + 2 * stride);
    Word d = hn::Load(tag, from + 3 * stride);
    FoldBlock<kVectors>(words, next, state, loaded..., a, b, c, d);
  } else {
    AllSteps(std::make_index_sequence<kSteps>(), words, next, loaded...);
    AddTo(state, loaded...);
  }
}

// See md5::FoldLanes.
template <size_t kVectors>
void FoldVectors(const uint8_t* const* lanes, size_t blocks, uint32_t* state) {
  constexpr size_t kWords = 16 * kVectors * hn::MaxLanes(Words());
  HWY_ALIGN uint32_t words[2][kWords];
  TransposeAll(std::make_index_sequence<kVectors * kPieces>(), lanes, words[0]);
  for (size_t block = 0; block < blocks; ++block) {
    // There is no block after the last: it is transposed again, for nothing,
    // which costs less than a second copy of the steps.
    const size_t following = block + 1 < blocks ? block + 1 : block;
    const Next next = {lanes, following * kBlockSize, words[(block + 1) % 2]};
    FoldBlock<kVectors>(words[block % 2], next, state);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace thresh::md5
HWY_AFTER_NAMESPACE();

#undef THRESH_MD5_AVX3
#undef THRESH_MD5_BYTE_SHUFFLE

#endif  // THRESH_DIGEST_MD5_LANES_INL_H_
