// What is sent, when, and again, against a service that does as it is told.
#include "kinesis/sender.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "kinesis/fakes.h"

namespace thresh::kinesis {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

constexpr const char* kThrottled = "ProvisionedThroughputExceededException";

class SenderTest : public testing::Test {
 protected:
  // Runs a sender over `source` with two shards.
  Result<SendEnd> Run() {
    ServicePutter putter(&service);
    Sender sender(TestStream(), options, std::vector<Acknowledged>(2), &source,
                  &putter, &clock);
    SendEvents events;
    events.acknowledged = [this](const std::vector<Acknowledged>& done) {
      saved.push_back(done);
      return saving;
    };
    events.failed = [this](const Error& why, Time pause) {
      EXPECT_GT(pause.count(), 0);
      failures.push_back(why.message);
    };
    Result<SendEnd> end = sender.Run(events);
    report = sender.report();
    done_ = sender.done();
    return end;
  }

  void ExpectAllSent() {
    const Result<SendEnd> end = Run();
    ASSERT_TRUE(end) << end.error().ToString();
    EXPECT_EQ(*end, SendEnd::kAllSent);
    EXPECT_EQ(report.waiting, 0U);
  }

  FakeClock clock;
  FakeService service;
  ListSource source;
  SendOptions options;
  SendReport report;
  Result<void> saving;
  std::vector<std::vector<Acknowledged>> saved;
  std::vector<Acknowledged> done_;
  std::vector<std::string> failures;  // that were told
};

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

// 1,000 at once, 1,000 in each second behind; requests of a fifth of a second.
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

TEST_F(SenderTest, SendsAgainOnlyWhatWasRefused) {
  int times = 0;
  service.refuse = [&times](const Received& record) {
    return record.data == "b" && ++times <= 2 ? kThrottled : "";
  };
  for (const char* data : {"a", "b", "c"}) source.Add(0, data);
  source.Add(1, "d");
  ExpectAllSent();
  EXPECT_THAT(service.taken, ElementsAre("a", "c", "d", "b"));
  ASSERT_THAT(service.requests, SizeIs(3));
  EXPECT_THAT(service.requests[1], SizeIs(1));
  EXPECT_EQ(report.refused, 2U);
  EXPECT_EQ(report.failed_requests, 0U);
  EXPECT_GT(clock.Seconds(), 1000.1) << "with pauses";
  // What a killed run would have gone on with: "a" and "c", and not "b".
  ASSERT_THAT(saved, SizeIs(2));
  EXPECT_EQ(saved[0][0].prefix(), 1U);
  EXPECT_TRUE(saved[0][0].Contains(2));
  EXPECT_FALSE(saved[0][0].Contains(1));
  EXPECT_EQ(saved[1][0].prefix(), 3U);
}

// What comes behind in the shard waits, so that the order is kept as far as it
// can be; the other shard goes on.
TEST_F(SenderTest, ARefusedRecordHoldsUpItsShardAlone) {
  options.limits.request_records = 2;
  int times = 0;
  service.refuse = [&times](const Received& record) {
    return record.data == "a1" && ++times <= 3 ? "InternalFailure" : "";
  };
  for (const char* data : {"a1", "a2", "a3"}) source.Add(0, data);
  for (const char* data : {"b1", "b2", "b3"}) source.Add(1, data);
  ExpectAllSent();
  EXPECT_EQ(times, 4);
  EXPECT_THAT(service.taken, ElementsAre("a2", "b1", "b2", "b3", "a1", "a3"));
}

TEST_F(SenderTest, GivesUpOnARecordAfterTheAttempts) {
  options.attempts = 3;
  service.refuse = [](const Received& record) {
    return record.data == "b" ? kThrottled : "";
  };
  source.Add(0, "a");
  source.Add(0, "b");
  source.Add(1, "c");
  const Result<SendEnd> end = Run();
  ASSERT_FALSE(end);
  EXPECT_THAT(end.error().ToString(), HasSubstr("after 3 attempts"));
  EXPECT_THAT(end.error().ToString(), HasSubstr(kThrottled));
  EXPECT_THAT(end.error().remedy, HasSubstr("--rate"));
  EXPECT_THAT(service.requests, SizeIs(3));
  EXPECT_EQ(report.kinesis_records, 2U);
  EXPECT_EQ(report.waiting, 1U);
}

TEST_F(SenderTest, EndsAtARecordThatWillNeverBeTaken) {
  service.refuse = [](const Received& record) {
    return record.data == "b" ? "KMSDisabledException" : "";
  };
  for (const char* data : {"a", "b", "c"}) source.Add(0, data);
  const Result<SendEnd> end = Run();
  ASSERT_FALSE(end);
  EXPECT_THAT(end.error().message, HasSubstr("KMSDisabledException"));
  EXPECT_THAT(service.requests, SizeIs(1));
  // What was taken in the same request is known nevertheless.
  ASSERT_THAT(saved, SizeIs(1));
  EXPECT_EQ(saved[0][0].count(), 2U);
}

class Passing : public SenderTest,
                public testing::WithParamInterface<Result<HttpReply>> {};

TEST_P(Passing, IsTriedAgainWithPauses) {
  service.replies = {GetParam(), GetParam()};
  source.Add(0, "a");
  ExpectAllSent();
  EXPECT_THAT(service.actions, SizeIs(3));
  EXPECT_EQ(report.requests, 3U);
  EXPECT_EQ(report.failed_requests, 2U);
  EXPECT_THAT(failures, SizeIs(2));
  EXPECT_GE(clock.Seconds(), 1000.15);
  EXPECT_LE(clock.Seconds(), 1000.7);
}

TEST_P(Passing, IsGivenUpAfterTheAttempts) {
  options.attempts = 4;
  service.replies.assign(4, GetParam());
  source.Add(0, "a");
  const Result<SendEnd> end = Run();
  ASSERT_FALSE(end);
  EXPECT_THAT(end.error().message, HasSubstr("given up after 4 attempts"));
  EXPECT_THAT(service.actions, SizeIs(4));
  EXPECT_EQ(report.waiting, 1U);
  EXPECT_THAT(saved, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Failures, Passing,
    testing::Values(
        Result<HttpReply>(Failed(ErrorCode::kIo, "Timeout was reached")),
        HttpReply{500, ""}, HttpReply{503, "<html>"}, HttpReply{429, "{}"},
        ServiceError(400, kThrottled),
        ServiceError(400, "com.amazonaws.kinesis#LimitExceededException"),
        ServiceError(400, "ThrottlingException")));

TEST_F(SenderTest, AttemptsAreCountedFromTheLastSuccess) {
  options.attempts = 2;
  options.limits.request_records = 1;
  service.after = [this] { service.replies = {HttpReply{500, ""}}; };
  service.replies = {HttpReply{500, ""}};
  for (const char* data : {"a", "b", "c"}) source.Add(0, data);
  ExpectAllSent();
  EXPECT_EQ(report.failed_requests, 3U);
}

struct EndingCase {
  const char* type;
  const char* remedy;
};
class Ending : public SenderTest,
               public testing::WithParamInterface<EndingCase> {};

TEST_P(Ending, EndsAtOnceWithMessageAndRemedy) {
  service.replies = {ServiceError(400, GetParam().type)};
  source.Add(0, "a");
  const Result<SendEnd> end = Run();
  ASSERT_FALSE(end);
  EXPECT_THAT(end.error().message, HasSubstr(GetParam().type));
  EXPECT_THAT(end.error().message, HasSubstr("it says"));
  EXPECT_THAT(end.error().remedy, HasSubstr(GetParam().remedy));
  EXPECT_THAT(service.actions, SizeIs(1));
  EXPECT_EQ(clock.sleeps, 0);
}

INSTANTIATE_TEST_SUITE_P(
    Errors, Ending,
    testing::Values(EndingCase{"ResourceNotFoundException", "name"},
                    EndingCase{"AccessDeniedException", "kinesis:PutRecords"},
                    EndingCase{"ValidationException", "--max-record-size"},
                    EndingCase{"ExpiredTokenException", "renew"},
                    EndingCase{"SomethingNewException", ""}));

TEST_F(SenderTest, EndsAtAnEndpointThatIsNone) {
  service.replies = {
      Failed(ErrorCode::kInvalidArgument, "certificate", "check it")};
  source.Add(0, "a");
  const Result<SendEnd> end = Run();
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().code, ErrorCode::kIo) << "it is no wrong usage";
  EXPECT_THAT(service.actions, SizeIs(1));
}

TEST_F(SenderTest, BelievesNoReplyThatDoesNotTellOfEachRecord) {
  for (const char* body :
       {"", "[]", "{}", R"({"Records": 3})", R"({"Records": []})",
        R"({"Records": [{"SequenceNumber": "1"}, {"SequenceNumber": "2"}]})",
        R"({"Records": [{}]})", R"({"Records": [null]})"}) {
    service.replies = {HttpReply{200, body}};
    source.Add(0, "a");
    const Result<SendEnd> end = Run();
    ASSERT_FALSE(end) << body;
    EXPECT_THAT(end.error().message, HasSubstr("what became of each record"));
    EXPECT_EQ(report.kinesis_records, 0U);
  }
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
  source.Add(0, "b");
  source.Add(0, "c");
  options.limits.request_records = 1;
  const Result<SendEnd> end = Run();
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

// A copy of it would recurse to the end of the stack.
TEST(ListShards, TakesNoMoreOfAShardThanIsNeeded) {
  const std::string nested =
      std::string(300'000, '[') + std::string(300'000, ']');
  FakeService service;
  service.replies = {HttpReply{
      200, R"({"Shards": [{"ShardId": "a", "HashKeyRange": {"EndingHashKey":
          "9"}, "More": )" +
               nested + "}, " + nested + "]}"}};
  FakeClock clock;
  Backoff backoff(1);
  const Result<std::string> shards = ListShards(
      TestStream(),
      {.attempts = 1, .backoff = &backoff, .clock = &clock, .failed = {}},
      &service);
  ASSERT_TRUE(shards);
  EXPECT_THAT(
      *shards,
      StartsWith(
          R"({"Shards":[{"HashKeyRange":{"EndingHashKey":"9"},"SequenceNumberRange":{},"ShardId":"a"},)"));
}

TEST(ListShards, JoinsPagesAndTriesAgain) {
  FakeService service;
  service.replies = {
      HttpReply{500, ""},
      HttpReply{200, R"({"Shards": [{"ShardId": "a"}], "NextToken": "t"})"},
      HttpReply{200, R"({"Shards": [{"ShardId": "b"}], "NextToken": null})"}};
  FakeClock clock;
  Backoff backoff(1);
  const Patience patience{
      .attempts = 2, .backoff = &backoff, .clock = &clock, .failed = {}};
  const Result<std::string> shards =
      ListShards(TestStream(), patience, &service);
  ASSERT_TRUE(shards) << shards.error().ToString();
  EXPECT_THAT(*shards, HasSubstr(R"("ShardId":"a")"));
  EXPECT_THAT(*shards, HasSubstr(R"("ShardId":"b")"));
  EXPECT_THAT(service.actions, SizeIs(3));
  service.replies.assign(2, HttpReply{500, ""});
  EXPECT_FALSE(ListShards(TestStream(), patience, &service));
  service.replies = {ServiceError(400, "ResourceNotFoundException")};
  const Result<std::string> none = ListShards(TestStream(), patience, &service);
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().message, HasSubstr("ResourceNotFoundException"));
}

}  // namespace
}  // namespace thresh::kinesis
