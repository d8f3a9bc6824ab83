// The properties of a plan that the scheduler relies on, and that plans are
// faster.
#include "digest/md5_plan.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

#include "digest/md5_block.h"

namespace thresh::md5 {
namespace {

using ::testing::Ge;
using ::testing::Le;

constexpr Kernel kKernel = {16, {}, {1.2, 2.0, 2.9}};

// Plans never read the bytes: null messages of these sizes.
Plan PlanFor(const std::vector<uint64_t>& sizes) {
  std::vector<Bytes> messages;
  for (const uint64_t size : sizes) {
    messages.emplace_back(static_cast<const uint8_t*>(nullptr), size);
  }
  return MakePlan(kKernel, messages);
}

// The time that the plan takes, in blocks of plain code.
double CostOf(const Plan& plan, const std::vector<uint64_t>& sizes) {
  double cost = plan.vectors == 0
                    ? 0
                    : kKernel.cost[plan.vectors - 1] *
                          static_cast<double>(plan.blocks_per_lane);
  for (const uint64_t size : sizes) {
    const uint64_t blocks = BlockCount(size);
    const uint64_t in_lanes = plan.vectors == 0 ? 0 : plan.blocks_per_lane;
    cost += static_cast<double>(blocks - std::min(blocks, in_lanes));
  }
  return cost;
}

uint64_t BlocksInLanes(const Plan& plan, const std::vector<uint64_t>& sizes) {
  uint64_t blocks = 0;
  for (const uint64_t size : sizes) {
    blocks += std::min(BlockCount(size), plan.blocks_per_lane);
  }
  return blocks;
}

TEST(Md5Plan, LeavesSingleMessagesToPlainCode) {
  EXPECT_EQ(PlanFor({}).vectors, 0U);
  EXPECT_EQ(PlanFor({0}).vectors, 0U);
  EXPECT_EQ(PlanFor({10'000'000}).vectors, 0U);
  EXPECT_EQ(PlanFor({100, 100}).vectors, 0U);
}

TEST(Md5Plan, TakesOneVectorForAFewMessages) {
  EXPECT_EQ(PlanFor({1'000'000, 1'000'000, 1'000'000}).vectors, 1U);
  EXPECT_EQ(PlanFor(std::vector<uint64_t>(16, 50'000)).vectors, 1U);
}

TEST(Md5Plan, TakesAllVectorsForManyMessages) {
  EXPECT_EQ(PlanFor(std::vector<uint64_t>(1000, 50'000)).vectors, 3U);
}

TEST(Md5Plan, SharesOneMessageTooManyAmongAllLanes) {
  const std::vector<uint64_t> sizes(65, 50'000);
  const Plan plan = PlanFor(sizes);
  EXPECT_LT(CostOf(plan, sizes), 65.0 * 782 / 48 * 2.9 * 1.05);
}

TEST(Md5Plan, LeavesTheEndOfAMuchLongerMessageToPlainCode) {
  std::vector<uint64_t> sizes(64, 50'000);
  sizes.push_back(5'000'000);
  const Plan plan = PlanFor(sizes);
  ASSERT_GE(plan.vectors, 1U);
  EXPECT_LT(plan.blocks_per_lane, BlockCount(5'000'000));
}

TEST(Md5Plan, HasRoomForItsBlocksAndNeverCostsMoreThanPlainCode) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 20'000; ++round) {
    std::vector<uint64_t> sizes(random() % 150);
    const uint64_t limit = uint64_t{1} << random() % 24;
    for (uint64_t& size : sizes) size = random() % (limit >> random() % 8 | 1);
    const Plan plan = PlanFor(sizes);
    EXPECT_THAT(CostOf(plan, sizes), Le(CostOf(Plan(), sizes)));
    if (plan.vectors == 0) continue;
    EXPECT_THAT(plan.vectors, Le(kMaxVectors));
    EXPECT_THAT(plan.vectors * kKernel.lanes_per_vector * plan.blocks_per_lane,
                Ge(BlocksInLanes(plan, sizes)));
  }
}

}  // namespace
}  // namespace thresh::md5
