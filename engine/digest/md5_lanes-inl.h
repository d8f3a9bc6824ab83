// MD5's compression function for several vectors of lanes at once, one message
// in each lane. The throughput of a core allows a step about every three cycles
// per vector, but a step has a latency of four to six: only several vectors in
// parallel keep the core busy, and the transposition of the next block is
// interleaved with their steps.
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

#include "digest/block_transpose-inl.h"
#include "digest/md5_block.h"
#include "hwy/highway.h"

#define THRESH_MD5_BYTE_SHUFFLE \
  (HWY_TARGET == HWY_SSSE3 || HWY_TARGET == HWY_SSE4 || HWY_TARGET == HWY_AVX2)

#define THRESH_MD5_BROADCASTS (HWY_TARGET <= HWY_AVX2)

HWY_BEFORE_NAMESPACE();
namespace thresh::md5 {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
namespace transpose = blocks::HWY_NAMESPACE;

using Words = transpose::Words;
using Word = transpose::Word;

template <int kBits>
HWY_INLINE Word RotateLeft(Word v) {
#if THRESH_MD5_BYTE_SHUFFLE
  // Without a rotate instruction, this rotation is still a single shuffle.
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

template <size_t kStep>
HWY_INLINE Word Addend() {
#if THRESH_MD5_BROADCASTS
  return hn::Set(Words(), kAddends[kStep]);
#else
  return hn::Set(Words(), AddendOf(kStep));
#endif
}

// a + sine + (the round's function of b, c and d), where b arrives last.
#if THRESH_BLOCK_AVX3
template <size_t kStep>
HWY_INLINE Word Mixed(Word a, Word b, Word c, Word d) {
  // One instruction for any function of three bits: bit 4b + 2c + d of its
  // constant is the result.
  constexpr int kFunction[] = {0xca,   // b ? c : d
                               0xe4,   // d ? b : c
                               0x96,   // b ^ c ^ d
                               0xc6};  // the complement of c ^ (b | ~d)
  const Word mixed{
      _mm512_ternarylogic_epi32(b.raw, c.raw, d.raw, kFunction[kStep / 16])};
  const Word sum = hn::Add(a, Addend<kStep>());
  return kStep < 48 ? hn::Add(sum, mixed) : hn::Sub(sum, mixed);
}

#else

template <size_t kStep>
HWY_INLINE Word Mixed(Word a, Word b, Word c, Word d) {
  const Word sum = hn::Add(a, Addend<kStep>());
  if constexpr (kStep < 16) {
    return hn::Add(sum, hn::Xor(d, hn::And(b, hn::Xor(c, d))));
  } else if constexpr (kStep < 32) {
    // The halves share no bit: a sum equals an or, and has a shorter chain.
    return hn::Add(hn::Add(sum, hn::AndNot(d, c)), hn::And(d, b));
  } else if constexpr (kStep < 48 && kStep % 2 == 0) {
    return hn::Add(sum, hn::Xor(hn::Xor(b, c), d));
  } else if constexpr (kStep < 48) {
    // This c ^ d is the b ^ c of the step before: computed once, used twice.
    return hn::Add(sum, hn::Xor(b, hn::Xor(c, d)));
  } else {
    return hn::Sub(sum, hn::Xor(c, hn::AndNot(b, d)));
  }
}
#endif  // THRESH_BLOCK_AVX3

template <size_t kStep>
HWY_INLINE void Step(const uint32_t* HWY_RESTRICT words, Word& a, Word b,
                     Word c, Word d) {
  const Words tag;
  const Word word = hn::Load(tag, words + WordOf(kStep) * hn::Lanes(tag));
  a = hn::Add(
      b, RotateLeft<ShiftOf(kStep)>(Mixed<kStep>(hn::Add(a, word), b, c, d)));
}

// One step of every vector: a, b, c, d are the state of the first vector, and
// `others`, four by four, those of the others. The roles rotate by one each
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

// Adds the result of the steps to the previous state.
template <class... V>
HWY_INLINE void AddTo(uint32_t* HWY_RESTRICT state, const Word& first,
                      const V&... others) {
  const Words d;
  hn::Store(hn::Add(hn::Load(d, state), first), d, state);
  if constexpr (sizeof...(others) > 0) AddTo(state + hn::Lanes(d), others...);
}

// The lanes' next block, and the destination of its transposition.
struct Next {
  const uint8_t* const* lanes;
  size_t offset;
  uint32_t* HWY_RESTRICT words;
};

// Step kStep of all vectors, and the due piece of the next block's
// transposition, if any: they are spread evenly over the steps.
template <size_t kStep, class... V>
HWY_INLINE void StepAndTranspose(const uint32_t* HWY_RESTRICT words,
                                 const Next& next, V&... state) {
  StepAll<kStep>(words, state...);
  constexpr size_t kAll = transpose::kPieces * sizeof...(state) / 4;
  constexpr size_t kPiece = kStep * kAll / kSteps;
  if constexpr (kStep == 0 || (kStep - 1) * kAll / kSteps < kPiece) {
    transpose::TransposeNth<kPiece>(next.lanes, next.offset, next.words);
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
  transpose::TransposeAll(
      std::make_index_sequence<kVectors * transpose::kPieces>(), lanes,
      words[0]);
  for (size_t block = 0; block < blocks; ++block) {
    // There is no block after the last: it is transposed again, without use,
    // which costs less than a second copy of the steps.
    const size_t following = block + 1 < blocks ? block + 1 : block;
    const Next next = {lanes, following * kBlockSize, words[(block + 1) % 2]};
    FoldBlock<kVectors>(words[block % 2], next, state);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace thresh::md5
HWY_AFTER_NAMESPACE();

#undef THRESH_MD5_BYTE_SHUFFLE

#endif  // THRESH_DIGEST_MD5_LANES_INL_H_
