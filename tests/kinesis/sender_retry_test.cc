// What is sent again, and what is not, when the service refuses records.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "kinesis/sender_run.h"

namespace thresh::kinesis {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kThrottled = "ProvisionedThroughputExceededException";

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
  // A killed run would have continued after "a" and "c", but not "b".
  ASSERT_THAT(saved, SizeIs(2));
  EXPECT_EQ(saved[0][0].prefix(), 1U);
  EXPECT_TRUE(saved[0][0].Contains(2));
  EXPECT_FALSE(saved[0][0].Contains(1));
  EXPECT_EQ(saved[1][0].prefix(), 3U);
}

// The following records of the shard wait, so that the order is kept as far as
// possible; the other shard continues.
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
  // Records that were accepted in the same request are known as such
  // nevertheless.
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
    ListSource one;
    one.Add(0, "a");
    const Result<SendEnd> end = Run(&one);
    ASSERT_FALSE(end) << body;
    EXPECT_THAT(end.error().message, HasSubstr("a result for each record"));
    EXPECT_EQ(report.kinesis_records, 0U);
  }
}

}  // namespace
}  // namespace thresh::kinesis
