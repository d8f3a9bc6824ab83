// What is sent and when, and what ends a run, against a service that the test
// controls.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "kinesis/sender_run.h"

namespace thresh::kinesis {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST_F(SenderTest, NothingNeedsNoRequest) {
  ExpectAllSent();
  EXPECT_THAT(service.actions, IsEmpty());
  EXPECT_EQ(clock.sleeps, 0);
}

TEST_F(SenderTest, SendsAllInOneRequestIfItMay) {
  source.Add(0, "a", 3);
  source.Add(1, "b");
  source.Add(0, "c", 2);
  ExpectAllSent();
  EXPECT_THAT(service.requests, SizeIs(1));
  EXPECT_THAT(service.actions, ElementsAre("PutRecords"));
  EXPECT_THAT(service.taken, ElementsAre("a", "c", "b"));
  EXPECT_EQ(report.kinesis_records, 3U);
  EXPECT_EQ(report.user_records, 6U);
  EXPECT_EQ(report.bytes, 6U);
  EXPECT_EQ(done_[0].prefix(), 5U);
  EXPECT_EQ(done_[1].prefix(), 1U);
  EXPECT_EQ(clock.sleeps, 0);
}

TEST_F(SenderTest, FillsRequestsToTheNumberOfRecords) {
  for (size_t i = 0; i < 501; ++i) source.Add(i % 2, std::to_string(i));
  ExpectAllSent();
  ASSERT_THAT(service.requests, SizeIs(2));
  EXPECT_THAT(service.requests[0], SizeIs(500));
  EXPECT_EQ(clock.sleeps, 0) << "what the rate allows goes at once";
}

// 1,000 at once, then 1,000 in each second; requests of a fifth of a second.
TEST_F(SenderTest, KeepsToTheRateOfRecords) {
  for (int i = 0; i < 3000; ++i) source.Add(0, std::to_string(i));
  ExpectAllSent();
  EXPECT_NEAR(clock.Seconds(), 1002, 0.25);
  EXPECT_LE(service.requests.size(), 14U);
  std::vector<std::string> in_order;
  for (int i = 0; i < 3000; ++i) in_order.push_back(std::to_string(i));
  EXPECT_EQ(service.taken, in_order);
}

TEST_F(SenderTest, KeepsToTheRateOfBytesOfEachShard) {
  const std::string half((512 << 10) - 1, 'x');  // with its key
  for (int i = 0; i < 8; ++i) source.Add(0, half);
  for (int i = 0; i < 4; ++i) source.Add(1, half);
  ExpectAllSent();
  EXPECT_NEAR(clock.Seconds(), 1003, 0.25);
  EXPECT_EQ(report.bytes, 6U << 20);
  // The second shard does not wait for the first one's records before it.
  std::map<size_t, int> sizes;
  for (const auto& request : service.requests) ++sizes[request.size()];
  EXPECT_GE(sizes[4] + sizes[2], 2);
}

TEST_F(SenderTest, AFactorLowersTheRate) {
  options.rate = 0.5;
  for (int i = 0; i < 1500; ++i) source.Add(0, "x");
  ExpectAllSent();
  EXPECT_NEAR(clock.Seconds(), 1002, 0.25);
}

TEST_F(SenderTest, AnInterruptionEndsBehindTheRequest) {
  options.limits.request_records = 1;
  service.after = [this] { clock.interrupted = true; };
  source.Add(0, "a");
  source.Add(0, "b");
  const Result<SendEnd> end = Run();
  ASSERT_TRUE(end);
  EXPECT_EQ(*end, SendEnd::kInterrupted);
  EXPECT_THAT(service.taken, ElementsAre("a"));
  ASSERT_THAT(saved, SizeIs(1));
  EXPECT_EQ(saved[0][0].prefix(), 1U);
  EXPECT_EQ(report.waiting, 1U);
}

TEST_F(SenderTest, WhatCannotBeSavedEndsTheRun) {
  saving = Failed(ErrorCode::kIo, "No space left");
  options.limits.request_records = 1;
  source.Add(0, "a");
  source.Add(0, "b");
  const Result<SendEnd> end = Run();
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().message, "No space left");
  EXPECT_THAT(service.requests, SizeIs(1));
}

TEST_F(SenderTest, TheSourcesErrorEndsTheRun) {
  source.error = Failed(ErrorCode::kContainer, "broken").value();
  const Result<SendEnd> end = Run();
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().message, "broken");
}

TEST_F(SenderTest, ReadsAheadOnlySoFar) {
  options.look_ahead_bytes = 10'000;
  options.limits.request_records = 1;
  service.after = [this] { clock.interrupted = true; };
  for (int i = 0; i < 100; ++i) source.Add(0, std::string(1999, 'x'));
  ASSERT_TRUE(Run());
  EXPECT_EQ(source.handed_out, 5U);
}

// An empty record takes memory as well.
TEST_F(SenderTest, ReadsAheadOnlySoManySmallRecords) {
  options.look_ahead_bytes = 10'000;
  service.after = [this] { clock.interrupted = true; };
  for (int i = 0; i < 1000; ++i) source.Add(0, "");
  ASSERT_TRUE(Run());
  EXPECT_LE(source.handed_out, 10'000 / sizeof(OutgoingRecord));
  EXPECT_GE(source.handed_out, 10U);
}

TEST_F(SenderTest, AnInterruptionWhileReadingSendsNothingMore) {
  for (int i = 0; i < 3; ++i) source.Add(0, "x");
  source.at_next = [this] {
    clock.now += std::chrono::seconds(2);
    clock.interrupted = true;
  };
  const Result<SendEnd> end = Run();
  ASSERT_TRUE(end);
  EXPECT_EQ(*end, SendEnd::kInterrupted);
  EXPECT_THAT(service.actions, IsEmpty());
  EXPECT_EQ(report.waiting, 1U);
  EXPECT_EQ(report.duration, std::chrono::seconds(2));
}

TEST_F(SenderTest, EndsWhenTheStreamHasOtherShards) {
  options.shard_names = {"0", "1"};
  source.Add(0, "a");
  ExpectAllSent();
  options.shard_names = {"old", "1"};
  ListSource more;
  more.Add(0, "b");
  more.Add(0, "c");
  options.limits.request_records = 1;
  const Result<SendEnd> end = Run(&more);
  ASSERT_FALSE(end);
  EXPECT_THAT(end.error().message,
              HasSubstr("for shard old arrived on shard 0"));
  EXPECT_THAT(service.taken, ElementsAre("a", "b"));
  EXPECT_EQ(report.kinesis_records, 1U) << "it arrived";
}

TEST_F(SenderTest, ADryRunTakesNoTimeAndTellsIt) {
  DryPutter putter;
  VirtualClock dry(&clock);
  for (size_t i = 0; i < 60'000; ++i) source.Add(i % 2, "x");
  Sender sender(TestStream(), options, std::vector<Acknowledged>(2), &source,
                &putter, &dry);
  const Result<SendEnd> end = sender.Run({});
  ASSERT_TRUE(end);
  EXPECT_EQ(*end, SendEnd::kAllSent);
  EXPECT_NEAR(std::chrono::duration<double>(sender.report().duration).count(),
              29, 0.3);
  EXPECT_EQ(sender.report().kinesis_records, 60'000U);
  EXPECT_EQ(clock.sleeps, 0);
}

TEST_F(SenderTest, CutsLongMessagesShort) {
  const std::string book(5000, 'x');
  service.replies = {HttpReply{
      400, nlohmann::json{{"__type", "X"}, {"message", book}}.dump()}};
  source.Add(0, "a");
  const Result<SendEnd> end = Run();
  ASSERT_FALSE(end);
  EXPECT_LT(end.error().message.size(), 1100U);
  EXPECT_THAT(end.error().message, EndsWith("xxx..."));
}

}  // namespace
}  // namespace thresh::kinesis
