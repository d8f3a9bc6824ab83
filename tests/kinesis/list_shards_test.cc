// The map of a stream's shards, as a service returns it.
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

// A copy of it would recurse until the stack overflows.
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
  const auto shards = ListShards(
      TestStream(),
      {.attempts = 1, .backoff = &backoff, .clock = &clock, .failed = {}},
      &service);
  ASSERT_TRUE(shards);
  ASSERT_THAT(*shards, SizeIs(2));
  const ListedShard& first = shards->front();
  EXPECT_EQ(first.id, "a");
  EXPECT_EQ(first.first_hash_key, "");
  EXPECT_EQ(first.last_hash_key, "9");
  EXPECT_FALSE(first.is_closed);
  EXPECT_EQ(shards->back().id, "");
  EXPECT_THAT(OpenShards(*shards, "list").error().message, HasSubstr("lacks"));
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
  const auto shards = ListShards(TestStream(), patience, &service);
  ASSERT_TRUE(shards) << shards.error().ToString();
  ASSERT_THAT(*shards, SizeIs(2));
  EXPECT_EQ(shards->front().id, "a");
  EXPECT_EQ(shards->back().id, "b");
  EXPECT_THAT(service.actions, SizeIs(3));
  service.replies.assign(2, HttpReply{500, ""});
  EXPECT_FALSE(ListShards(TestStream(), patience, &service));
  service.replies = {ServiceError(400, "ResourceNotFoundException")};
  const auto none = ListShards(TestStream(), patience, &service);
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().message, HasSubstr("ResourceNotFoundException"));
}

TEST(ListShards, OpenShardsAreInOrder) {
  const std::vector<ListedShard> listed = {
      {"b", "5", "9"}, {"closed", "0", "9", true}, {"a", "0", "4"}};
  const auto open = OpenShards(listed, "list");
  ASSERT_TRUE(open) << open.error().ToString();
  ASSERT_THAT(*open, SizeIs(2));
  EXPECT_EQ(open->front().name, "a");
  EXPECT_EQ(open->back().first, (HashKey{0, 5}));
}

}  // namespace
}  // namespace thresh::kinesis
