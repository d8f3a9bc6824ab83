// The set that detects repeated records.
#include "filter/hash_set.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <utility>

namespace thresh {
namespace {

using Outcome = HashSet::Outcome;

TEST(HashSetTest, KnowsWhatWasAdded) {
  HashSet hashes(uint64_t{1} << 30);
  std::set<std::pair<uint64_t, uint64_t>> expected;
  std::mt19937_64 random(1);
  for (int i = 0; i < 100'000; ++i) {
    // Few enough for many repeats, in part of the table and all over it.
    const Hash128 hash = {random() % 300, (random() % 256) << 56};
    const bool is_new = expected.insert({hash.low, hash.high}).second;
    // The all-zero hash shares the slot of another.
    if (hash.high == 0 && hash.low <= 1) continue;
    ASSERT_EQ(hashes.Add(hash), is_new ? Outcome::kAdded : Outcome::kPresent);
  }
}

TEST(HashSetTest, ZeroIsAHashToo) {
  HashSet hashes(uint64_t{1} << 20);
  EXPECT_EQ(hashes.Add({0, 0}), Outcome::kAdded);
  EXPECT_EQ(hashes.Add({0, 0}), Outcome::kPresent);
}

TEST(HashSetTest, StopsAtItsBound) {
  constexpr uint64_t kBytes = uint64_t{1} << 20;
  HashSet hashes(kBytes);
  std::mt19937_64 random(2);
  Hash128 last = {0, 0};
  Outcome outcome = Outcome::kAdded;
  while (outcome == Outcome::kAdded) {
    last = {random(), random()};
    outcome = hashes.Add(last);
    ASSERT_LE(hashes.size() * sizeof(Hash128), kBytes);
  }
  EXPECT_EQ(outcome, Outcome::kFull);
  // At least part of the bytes that the options allow.
  EXPECT_GE(hashes.size(), kBytes / 64);
  EXPECT_EQ(hashes.Add(last), Outcome::kFull);
}

}  // namespace
}  // namespace thresh
