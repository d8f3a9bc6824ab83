// Lanes advance in step, so a lane that ends long after the others is alone
// with its vector. Messages are therefore assigned longest first, each to the
// lane that is free first. A message is folded in place, except for blocks that
// two pieces of it share and the one or two with the padding, which are
// assembled in the lane's own memory; so are short messages as a whole.
#include "digest/sha256_schedule.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>
#include <vector>

#include "digest/sha256_block.h"

namespace thresh::sha256 {
namespace {

constexpr size_t kNone = SIZE_MAX;

// The most blocks of a short message.
constexpr uint64_t kShortBlocks = 8;

using Staging = std::array<uint8_t, kShortBlocks * kBlockSize>;

// Copies `size` bytes of `message` from `position` on to `to`.
void CopyOut(const Sha256Message& message, uint64_t position, size_t size,
             uint8_t* to) {
  if (position < message.head.size()) {
    const Bytes from = message.head.subspan(position);
    const size_t part = std::min(from.size(), size);
    to = std::ranges::copy(from.first(part), to).out;
    position += part;
    size -= part;
  }
  if (size == 0) return;
  std::ranges::copy(message.body.subspan(position - message.head.size(), size),
                    to);
}

// Iterates over the blocks of a message in runs.
class Runs {
 public:
  struct Run {
    const uint8_t* data;
    uint64_t blocks;  // at least 1
  };

  Runs() = default;
  // `message` must outlive this.
  explicit Runs(const Sha256Message& message) : message_(&message) {}

  // Whether the last run has been returned.
  [[nodiscard]] bool done() const { return done_; }

  // The next run, which may be in `staging` until it has been folded.
  Run Next(Staging* staging) {
    const uint64_t size = message_->size();
    const uint64_t rest = size - position_;
    const uint64_t blocks = BlockCount(rest);
    const size_t head = message_->head.size();
    if ((position_ == 0 && blocks <= kShortBlocks) || rest < kBlockSize) {
      CopyOut(*message_, position_, rest, staging->data());
      Pad(size, rest, staging->data());
      done_ = true;
      return {staging->data(), blocks};
    }
    Run run = {staging->data(), 1};
    if (position_ + kBlockSize <= head) {
      run = {message_->head.data() + position_,
             (head - position_) / kBlockSize};
    } else if (position_ < head) {
      CopyOut(*message_, position_, kBlockSize, staging->data());
    } else {
      run = {message_->body.data() + (position_ - head), rest / kBlockSize};
    }
    position_ += run.blocks * kBlockSize;
    return run;
  }

 private:
  const Sha256Message* message_ = nullptr;
  uint64_t position_ = 0;  // in bytes, a multiple of a block's size
  bool done_ = false;
};

struct Lane {
  size_t message = kNone;
  Runs runs;
  Staging staging;
};

class MessageLanes {
 public:
  MessageLanes(const Kernel& kernel, std::span<const Sha256Message> messages,
               std::span<State> digests)
      : kernel_(kernel), messages_(messages), digests_(digests) {}

  void HashAll();

 private:
  void OrderMessages();
  bool Refill();
  void Advance(size_t lane);
  void FoldAlone(size_t lane);

  [[nodiscard]] State StateOf(size_t lane) const {
    State state;
    for (size_t i = 0; i < kStateWords; ++i) {
      state[i] = state_[i * kernel_.lanes + lane];
    }
    return state;
  }
  void SetState(size_t lane, const State& state) {
    for (size_t i = 0; i < kStateWords; ++i) {
      state_[i * kernel_.lanes + lane] = state[i];
    }
  }

  const Kernel& kernel_;
  const std::span<const Sha256Message> messages_;
  const std::span<State> digests_;
  std::vector<size_t> order_;  // of the messages, longest first
  size_t next_ = 0;            // in order_

  // Lane i folds the left_[i] blocks from data_[i] on before it needs a new
  // run.
  std::array<const uint8_t*, kMaxLanes> data_ = {};
  std::array<uint64_t, kMaxLanes> left_ = {};
  alignas(64) std::array<uint32_t, kStateWords * kMaxLanes> state_ = {};
  std::array<Lane, kMaxLanes> lanes_;
};

void MessageLanes::OrderMessages() {
  order_.resize(messages_.size());
  std::iota(order_.begin(), order_.end(), size_t{0});
  std::ranges::sort(order_, [this](size_t a, size_t b) {
    return BlockCount(messages_[a].size()) > BlockCount(messages_[b].size());
  });
}

void MessageLanes::HashAll() {
  OrderMessages();
  while (Refill()) {
    uint64_t run = UINT64_MAX;
    size_t busy = 0;
    size_t last_busy = 0;
    for (size_t lane = 0; lane < kernel_.lanes; ++lane) {
      if (left_[lane] == 0) continue;
      run = std::min(run, left_[lane]);
      last_busy = lane;
      ++busy;
    }
    if (busy == 1) {
      FoldAlone(last_busy);
      continue;
    }
    kernel_.fold(data_.data(), run, state_.data());
    for (size_t lane = 0; lane < kernel_.lanes; ++lane) {
      if (left_[lane] == 0) continue;
      data_[lane] += run * kBlockSize;
      left_[lane] -= run;
    }
  }
}

// Folds the rest of the only lane with work, which takes less time in plain
// code than in the vector.
void MessageLanes::FoldAlone(size_t lane) {
  State state = StateOf(lane);
  Fold(data_[lane], left_[lane], state);
  SetState(lane, state);
  left_[lane] = 0;
}

// Assigns work to every lane that has none left; false if there is no more. A
// lane that gets none folds another's blocks, without effect.
bool MessageLanes::Refill() {
  const uint8_t* any = nullptr;
  for (size_t lane = 0; lane < kernel_.lanes; ++lane) {
    if (left_[lane] == 0) Advance(lane);
    if (left_[lane] > 0) any = data_[lane];
  }
  if (any == nullptr) return false;
  for (size_t lane = 0; lane < kernel_.lanes; ++lane) {
    if (left_[lane] == 0) data_[lane] = any;
  }
  return true;
}

// Stores the digest of the lane's message if it is complete, and starts the
// next run of this or of the next message.
void MessageLanes::Advance(size_t lane) {
  Lane& self = lanes_[lane];
  if (self.message != kNone && self.runs.done()) {
    digests_[self.message] = StateOf(lane);
    self.message = kNone;
  }
  if (self.message == kNone) {
    if (next_ == order_.size()) return;
    self.message = order_[next_++];
    self.runs = Runs(messages_[self.message]);
    SetState(lane, kInitialState);
  }
  const Runs::Run run = self.runs.Next(&self.staging);
  data_[lane] = run.data;
  left_[lane] = run.blocks;
}

// The mask whose 32-bit words, the most significant first, are word(0), ...
template <typename Word>
Mask MaskOf(const Word& word) {
  Mask mask;
  for (size_t i = 0; i < mask.size(); ++i) {
    mask[mask.size() - 1 - i] = uint64_t{word(2 * i)} << 32 | word(2 * i + 1);
  }
  return mask;
}

static_assert(sizeof(Mask) == kMaskBlocks * sizeof(Sha256Digest));

}  // namespace

void HashInLanes(const Kernel& kernel, std::span<const Sha256Message> messages,
                 std::span<State> digests) {
  MessageLanes(kernel, messages, digests).HashAll();
}

void HashPlainly(std::span<const Sha256Message> messages,
                 std::span<State> digests) {
  Staging staging;
  for (size_t i = 0; i < messages.size(); ++i) {
    digests[i] = kInitialState;
    Runs runs(messages[i]);
    while (!runs.done()) {
      const Runs::Run run = runs.Next(&staging);
      Fold(run.data, run.blocks, digests[i]);
    }
  }
}

void ExpandInLanes(const Kernel& kernel, std::span<const State> seeds,
                   std::span<Mask> masks) {
  const size_t lanes = kernel.lanes;
  alignas(64) std::array<uint32_t, kStateWords * kMaxLanes> seed_words = {};
  alignas(64) std::array<uint32_t, kMaskBlocks * kStateWords * kMaxLanes>
      mask_words;
  for (size_t first = 0; first < seeds.size(); first += lanes) {
    const size_t count = std::min(lanes, seeds.size() - first);
    for (size_t lane = 0; lane < count; ++lane) {
      for (size_t i = 0; i < kStateWords; ++i) {
        seed_words[i * lanes + lane] = seeds[first + lane][i];
      }
    }
    kernel.expand(seed_words.data(), mask_words.data());
    for (size_t lane = 0; lane < count; ++lane) {
      masks[first + lane] = MaskOf([&mask_words, lanes, lane](size_t i) {
        return mask_words[i * lanes + lane];
      });
    }
  }
}

void ExpandPlainly(std::span<const State> seeds, std::span<Mask> masks) {
  constexpr size_t kSize = sizeof(Sha256Digest) + 4;
  for (size_t i = 0; i < seeds.size(); ++i) {
    const Sha256Digest seed = ToDigest(seeds[i]);
    std::array<uint8_t, kBlockSize> block;
    std::array<State, kMaskBlocks> made;
    for (uint8_t counter = 0; counter < kMaskBlocks; ++counter) {
      std::ranges::copy(seed, block.begin());
      std::memset(block.data() + seed.size(), 0, 3);
      block[kSize - 1] = counter;
      Pad(kSize, kSize, block.data());
      made[counter] = kInitialState;
      Fold(block.data(), 1, made[counter]);
    }
    masks[i] = MaskOf([&made](size_t word) {
      return made[word / kStateWords][word % kStateWords];
    });
  }
}

}  // namespace thresh::sha256
