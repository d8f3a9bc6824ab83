// The map of a stream's shards, as a service tells it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "kinesis/fakes.h"
#include "kinesis/service.h"

namespace thresh::kinesis {
namespace {

using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

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
