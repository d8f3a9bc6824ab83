// SHA-256's compression function with one message in each lane of a vector. The
// rounds of one vector keep a core's vector units busy: unlike those of MD5
// they have much work besides the chain of dependent steps.
//
// The sixteen message words of the rounds are in memory, where each round
// replaces the one that it has used by the one for sixteen rounds later.

// Included once per target.
#if defined(THRESH_DIGEST_SHA256_LANES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef THRESH_DIGEST_SHA256_LANES_INL_H_
#undef THRESH_DIGEST_SHA256_LANES_INL_H_
#else
#define THRESH_DIGEST_SHA256_LANES_INL_H_
#endif

#include <cstddef>
#include <cstdint>
#include <utility>

#include "digest/block_transpose-inl.h"
#include "digest/sha256_block.h"
#include "digest/sha256_kernel.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace thresh::sha256 {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
namespace transpose = blocks::HWY_NAMESPACE;

using Words = transpose::Words;
using Word = transpose::Word;

#if THRESH_BLOCK_AVX3
// One instruction for any function of three bits: bit 4x + 2y + z of its
// constant is the result.
template <int kFunction>
HWY_INLINE Word Ternary(Word x, Word y, Word z) {
  return Word{_mm512_ternarylogic_epi32(x.raw, y.raw, z.raw, kFunction)};
}
HWY_INLINE Word Xor3(Word x, Word y, Word z) { return Ternary<0x96>(x, y, z); }
HWY_INLINE Word Choose(Word x, Word y, Word z) {
  return Ternary<0xca>(x, y, z);
}
HWY_INLINE Word Majority(Word x, Word y, Word z) {
  return Ternary<0xe8>(x, y, z);
}
#else
HWY_INLINE Word Xor3(Word x, Word y, Word z) {
  return hn::Xor(x, hn::Xor(y, z));
}
HWY_INLINE Word Choose(Word x, Word y, Word z) {
  return hn::Xor(z, hn::And(x, hn::Xor(y, z)));
}
// The y ^ z of a round is the x ^ y of the round before, which compilers
// detect.
HWY_INLINE Word Majority(Word x, Word y, Word z) {
  return hn::Xor(y, hn::And(hn::Xor(x, y), hn::Xor(y, z)));
}
#endif  // THRESH_BLOCK_AVX3

template <int kFirst, int kSecond, int kThird>
HWY_INLINE Word Rotations(Word x) {
  return Xor3(hn::RotateRight<kFirst>(x), hn::RotateRight<kSecond>(x),
              hn::RotateRight<kThird>(x));
}

template <int kFirst, int kSecond, int kShift>
HWY_INLINE Word RotationsAndShift(Word x) {
  return Xor3(hn::RotateRight<kFirst>(x), hn::RotateRight<kSecond>(x),
              hn::ShiftRight<kShift>(x));
}

template <size_t kIndex>
HWY_INLINE uint32_t* WordAt(uint32_t* words) {
  return words + kIndex % kBlockWords * hn::Lanes(Words());
}

// The round that uses the word at kIndex. All but the last sixteen rounds
// replace it.
template <size_t kIndex, bool kReplaces>
HWY_INLINE void Round(const uint32_t* HWY_RESTRICT constants,
                      uint32_t* HWY_RESTRICT words, Word a, Word b, Word c,
                      Word& d, Word e, Word f, Word g, Word& h) {
  const Words tag;
  const Word word = hn::Load(tag, WordAt<kIndex>(words));
  const Word fed = hn::Add(h, hn::Add(word, hn::Set(tag, constants[kIndex])));
  const Word sum =
      hn::Add(hn::Add(fed, Choose(e, f, g)), Rotations<6, 11, 25>(e));
  d = hn::Add(d, sum);
  h = hn::Add(sum, hn::Add(Majority(a, b, c), Rotations<2, 13, 22>(a)));
  if constexpr (kReplaces) {
    const Word before = hn::Load(tag, WordAt<kIndex + 1>(words));
    const Word middle = hn::Load(tag, WordAt<kIndex + 9>(words));
    const Word last = hn::Load(tag, WordAt<kIndex + 14>(words));
    hn::Store(hn::Add(hn::Add(word, RotationsAndShift<7, 18, 3>(before)),
                      hn::Add(middle, RotationsAndShift<17, 19, 10>(last))),
              tag, WordAt<kIndex>(words));
  }
}

// Eight rounds, after which each word of the state is back in its variable.
template <size_t kIndex, bool kReplaces>
HWY_INLINE void EightRounds(const uint32_t* HWY_RESTRICT constants,
                            uint32_t* HWY_RESTRICT words, Word& a, Word& b,
                            Word& c, Word& d, Word& e, Word& f, Word& g,
                            Word& h) {
  Round<kIndex + 0, kReplaces>(constants, words, a, b, c, d, e, f, g, h);
  Round<kIndex + 1, kReplaces>(constants, words, h, a, b, c, d, e, f, g);
  Round<kIndex + 2, kReplaces>(constants, words, g, h, a, b, c, d, e, f);
  Round<kIndex + 3, kReplaces>(constants, words, f, g, h, a, b, c, d, e);
  Round<kIndex + 4, kReplaces>(constants, words, e, f, g, h, a, b, c, d);
  Round<kIndex + 5, kReplaces>(constants, words, d, e, f, g, h, a, b, c);
  Round<kIndex + 6, kReplaces>(constants, words, c, d, e, f, g, h, a, b);
  Round<kIndex + 7, kReplaces>(constants, words, b, c, d, e, f, g, h, a);
}

// Folds one block of every lane, transposed and in the machine's byte order.
// The block is overwritten.
HWY_INLINE void FoldWords(uint32_t* HWY_RESTRICT words,
                          uint32_t* HWY_RESTRICT state) {
  const Words tag;
  const size_t stride = hn::Lanes(tag);
  Word a = hn::Load(tag, state);
  Word b = hn::Load(tag, state + stride);
  Word c = hn::Load(tag, state + 2 * stride);
  Word d = hn::Load(tag, state + 3 * stride);
  Word e = hn::Load(tag, state + 4 * stride);
  Word f = hn::Load(tag, state + 5 * stride);
  Word g = hn::Load(tag, state + 6 * stride);
  Word h = hn::Load(tag, state + 7 * stride);
  const uint32_t* constants = kRoundConstants.data();
  for (size_t round = 0; round < kRounds - kBlockWords; round += kBlockWords) {
    EightRounds<0, true>(constants, words, a, b, c, d, e, f, g, h);
    EightRounds<8, true>(constants, words, a, b, c, d, e, f, g, h);
    constants += kBlockWords;
  }
  EightRounds<0, false>(constants, words, a, b, c, d, e, f, g, h);
  EightRounds<8, false>(constants, words, a, b, c, d, e, f, g, h);
  const auto add = [&tag, stride, state](size_t index, Word made) {
    uint32_t* const at = state + index * stride;
    hn::Store(hn::Add(hn::Load(tag, at), made), tag, at);
  };
  add(0, a);
  add(1, b);
  add(2, c);
  add(3, d);
  add(4, e);
  add(5, f);
  add(6, g);
  add(7, h);
}

// Words are big-endian in a message.
HWY_INLINE void SwapBytes(uint32_t* words) {
  const Words tag;
  const hn::Repartition<uint8_t, Words> bytes;
  alignas(16) static constexpr uint8_t kSwapped[16] = {
      3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12};
  const auto order = hn::LoadDup128(bytes, kSwapped);
  for (size_t i = 0; i < kBlockWords; ++i) {
    uint32_t* const at = words + i * hn::Lanes(tag);
    const auto loaded = hn::BitCast(bytes, hn::Load(tag, at));
    hn::Store(hn::BitCast(tag, hn::TableLookupBytes(loaded, order)), tag, at);
  }
}

// See Kernel::fold.
void FoldLanes(const uint8_t* const* lanes, size_t blocks, uint32_t* state) {
  HWY_ALIGN uint32_t words[kBlockWords * hn::MaxLanes(Words())];
  const uint8_t* at[kMaxLanes];
  for (size_t i = 0; i < hn::Lanes(Words()); ++i) at[i] = lanes[i];
  for (size_t block = 0; block < blocks; ++block) {
    transpose::TransposeAll(std::make_index_sequence<transpose::kPieces>(), at,
                            words);
    SwapBytes(words);
    FoldWords(words, state);
    for (size_t i = 0; i < hn::Lanes(Words()); ++i) at[i] += kBlockSize;
  }
}

// See Kernel::expand. A seed and its counter are one block:
//
//   words 0 to 7  8        9           10 to 14  15
//   seed          counter  0x80000000  0         288, the size in bits
void ExpandLanes(const uint32_t* seeds, uint32_t* masks) {
  const Words tag;
  const size_t stride = hn::Lanes(tag);
  HWY_ALIGN uint32_t words[kBlockWords * hn::MaxLanes(Words())];
  constexpr uint32_t kSizeInBits = 8 * (4 * kStateWords + 4);
  for (uint32_t counter = 0; counter < kMaskBlocks; ++counter) {
    uint32_t* const state = masks + counter * kStateWords * stride;
    for (size_t i = 0; i < kStateWords; ++i) {
      hn::Store(hn::Load(tag, seeds + i * stride), tag, words + i * stride);
      hn::Store(hn::Set(tag, kInitialState[i]), tag, state + i * stride);
    }
    hn::Store(hn::Set(tag, counter), tag, words + 8 * stride);
    hn::Store(hn::Set(tag, 0x80000000U), tag, words + 9 * stride);
    for (size_t i = 10; i < 15; ++i) {
      hn::Store(hn::Zero(tag), tag, words + i * stride);
    }
    hn::Store(hn::Set(tag, kSizeInBits), tag, words + 15 * stride);
    FoldWords(words, state);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace thresh::sha256
HWY_AFTER_NAMESPACE();

#endif  // THRESH_DIGEST_SHA256_LANES_INL_H_
