// Computes the cost of all plans and selects the cheapest: there are only as
// many as a kernel has vectors.
#include "digest/md5_plan.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "digest/md5_block.h"

namespace thresh::md5 {
namespace {

// The most messages that are left to plain code.
constexpr size_t kMaxLongest = 8;

// The cost of lanes besides their kernel, in blocks of plain code: once per
// call, and for each message.
constexpr double kCallCost = 4;
constexpr double kMessageCost = 0.5;

struct Sizes {
  uint64_t blocks = 0;                             // of all messages
  std::array<uint64_t, kMaxLongest> longest = {};  // in blocks, longest first
};

Sizes Measure(std::span<const Bytes> messages) {
  Sizes sizes;
  for (const Bytes message : messages) {
    uint64_t blocks = BlockCount(message.size());
    sizes.blocks += blocks;
    for (uint64_t& longest : sizes.longest) {
      if (blocks > longest) std::swap(blocks, longest);
    }
  }
  return sizes;
}

// The number of blocks past the first `limit` ones of their message.
uint64_t BlocksBeyond(uint64_t limit, const Sizes& sizes) {
  uint64_t beyond = 0;
  for (const uint64_t blocks : sizes.longest) {
    if (blocks > limit) beyond += blocks - limit;
  }
  return beyond;
}

// The best length of stretches for `lanes` lanes, if one more block in each
// costs as much as `cost` blocks in plain code.
uint64_t StretchFor(size_t lanes, double cost, const Sizes& sizes) {
  // While more than `cost` messages are longer, longer stretches are cheaper.
  const size_t beyond =
      std::min(static_cast<size_t>(std::floor(cost)), kMaxLongest - 1);
  const uint64_t least = std::max<uint64_t>(sizes.longest[beyond], 1);
  const auto stretch = [&](uint64_t blocks) {
    return std::max(least, (blocks + lanes - 1) / lanes);
  };
  const uint64_t all = stretch(sizes.blocks);
  return stretch(sizes.blocks - BlocksBeyond(all, sizes));
}

}  // namespace

Plan MakePlan(const Kernel& kernel, std::span<const Bytes> messages) {
  const Sizes sizes = Measure(messages);
  Plan best;
  auto best_cost = static_cast<double>(sizes.blocks);
  for (size_t vectors = 1; vectors <= kMaxVectors; ++vectors) {
    const double block_cost = kernel.cost[vectors - 1];
    const uint64_t stretch =
        StretchFor(vectors * kernel.lanes_per_vector, block_cost, sizes);
    const double cost = kCallCost +
                        kMessageCost * static_cast<double>(messages.size()) +
                        block_cost * static_cast<double>(stretch) +
                        static_cast<double>(BlocksBeyond(stretch, sizes));
    if (cost < best_cost) {
      best = {vectors, stretch};
      best_cost = cost;
    }
  }
  return best;
}

}  // namespace thresh::md5
