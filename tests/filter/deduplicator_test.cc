// Which positions are equal, and which records at the same position are equal.
#include "filter/deduplicator.h"

#include <gtest/gtest.h>

#include <vector>

#include "digest/keyed_hash.h"

namespace thresh {
namespace {

class DeduplicatorTest : public testing::Test {
 protected:
  using Outcome = Deduplicator::Outcome;

  static void SetUpTestSuite() { ASSERT_TRUE(DrawHashSecret()); }

  static Deduplicator By(Dedupe dedupe) {
    Filter filter;
    filter.dedupe = dedupe;
    return Deduplicator(filter);
  }

  static UserRecord Record(std::string_view data, uint32_t sub_sequence = 0) {
    return {.partition_key = AsBytes("key"),
            .explicit_hash_key = std::nullopt,
            .data = AsBytes(data),
            .sub_sequence_number = sub_sequence,
            .aggregated = true};
  }

  static KinesisMetadata At(std::optional<std::string_view> stream,
                            std::optional<std::string_view> shard,
                            std::string_view number) {
    const auto bytes = [](std::optional<std::string_view> text) {
      return text ? std::optional<Bytes>(AsBytes(*text)) : std::nullopt;
    };
    KinesisMetadata metadata;
    metadata.stream = bytes(stream);
    metadata.shard_id = bytes(shard);
    metadata.sequence_number = AsBytes(number);
    return metadata;
  }
};

TEST_F(DeduplicatorTest, WhatIsNotKnownIsEqualOnlyToWhatIsNotKnown) {
  KinesisMetadata told = At("s", "1", "7");
  told.sub_sequence_number = 0;
  // No two of these are the same position; field boundaries matter.
  const std::vector<KinesisMetadata> positions = {
      At("s", "1", "7"),          At("s", "", "17"),
      At("s1", "", "7"),          At("", "s1", "7"),
      At(std::nullopt, "1", "7"), At("", "1", "7"),
      At("s", std::nullopt, "7"), At("s", "", "7"),
      At("s", "1", "8"),          told};
  Deduplicator deduplicator = By(Dedupe::kSequence);
  for (const Outcome expected : {Outcome::kFirst, Outcome::kRepeated}) {
    for (size_t i = 0; i < positions.size(); ++i) {
      deduplicator.Enter(positions[i]);
      EXPECT_EQ(deduplicator.Look(Record("a")), expected) << "position " << i;
    }
  }
}

TEST_F(DeduplicatorTest, OtherContentAtOnePositionIsAConflict) {
  Deduplicator deduplicator = By(Dedupe::kSequence);
  deduplicator.Enter(At("s", "1", "7"));
  EXPECT_EQ(deduplicator.Look(Record("a", 0)), Outcome::kFirst);
  EXPECT_EQ(deduplicator.Look(Record("a", 1)), Outcome::kFirst);
  EXPECT_EQ(deduplicator.Look(Record("b", 1)), Outcome::kConflict);
  EXPECT_EQ(deduplicator.Look(Record("b", 1)), Outcome::kRepeated);
  EXPECT_EQ(deduplicator.Look(Record("a", 1)), Outcome::kRepeated);
  EXPECT_EQ(deduplicator.Look(Record("b", 0)), Outcome::kConflict);
}

TEST_F(DeduplicatorTest, WithoutANumberNothingIsRepeated) {
  KinesisMetadata unreadable = At("s", "1", "7");
  unreadable.unreadable_position = true;
  for (const KinesisMetadata& metadata :
       {KinesisMetadata(), At("s", "1", "4.9e55"), unreadable}) {
    Deduplicator deduplicator = By(Dedupe::kSequence);
    deduplicator.Enter(metadata);
    EXPECT_EQ(deduplicator.Look(Record("a")), Outcome::kUnnumbered);
    EXPECT_EQ(deduplicator.Look(Record("a")), Outcome::kUnnumbered);
  }
}

TEST_F(DeduplicatorTest, ByContentThePositionDoesNotCount) {
  Deduplicator deduplicator = By(Dedupe::kContent);
  deduplicator.Enter(At("s", "1", "7"));
  EXPECT_EQ(deduplicator.Look(Record("a", 0)), Outcome::kFirst);
  deduplicator.Enter(KinesisMetadata());
  EXPECT_EQ(deduplicator.Look(Record("a", 5)), Outcome::kRepeated);
  UserRecord other = Record("a");
  other.partition_key = std::nullopt;
  EXPECT_EQ(deduplicator.Look(other), Outcome::kFirst);
  other.partition_key = Bytes();
  EXPECT_EQ(deduplicator.Look(other), Outcome::kFirst);
}

TEST_F(DeduplicatorTest, OutOfMemoryIsSaid) {
  Filter filter;
  filter.dedupe = Dedupe::kSequence;
  filter.dedupe_memory = 0;
  Deduplicator deduplicator(filter);
  deduplicator.Enter(At("s", "1", "7"));
  EXPECT_EQ(deduplicator.Look(Record("a")), Outcome::kFull);
}

}  // namespace
}  // namespace thresh
