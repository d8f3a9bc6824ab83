// Lanes advance in step, so a batch is as slow as its busiest lane. MD5 may be
// interrupted after any block and resumed in another lane: so all messages are
// placed end to end on one tape, and the tape is cut into stretches of equal
// length, one for each lane (McNaughton's wrap-around rule):
//
//     tape     |  m0  | m1 |   m2   |  m3  |  m4  |
//     lane 0   |  m0  | m1 |  m2'|
//     lane 1                     |m2"|  m3  |  m4  |
//
// Lane 1 starts with the first blocks of m2 (m2") at once; lane 0 ends with the
// rest (m2'), long after lane 1 has stored the state. That holds as long as no
// message is longer than a stretch. All lanes end together, for any sizes,
// without sorting and without narrowing the vectors.
//
// md5_plan.h decides the length of the stretches.
#include "digest/md5_schedule.h"

#include <algorithm>
#include <array>
#include <utility>

#include "digest/md5_block.h"
#include "digest/md5_plan.h"

namespace thresh::md5 {

constinit const std::array<uint32_t, kSteps> kAddends = [] {
  std::array<uint32_t, kSteps> addends = {};
  for (size_t step = 0; step < kSteps; ++step) addends[step] = AddendOf(step);
  return addends;
}();

namespace {

constexpr size_t kNoMessage = SIZE_MAX;

// Blocks [begin, end) of a message, folded by one lane.
struct Part {
  size_t message = kNoMessage;
  uint64_t begin = 0;
  uint64_t end = 0;
};

struct Lane {
  Part part;                // being folded; begin: first block not yet in a run
  Part head;                // at the stretch's start, of a message begun before
  size_t next_message = 0;  // the first that starts on the stretch
  uint64_t stretch = 0;     // blocks of it that are not in any part yet
  State carry;  // after `head`, for the lane that has the rest of it
  std::array<uint8_t, 2 * kBlockSize>
      tail;  // the output of WriteTail for a message
};

class Lanes {
 public:
  Lanes(const Kernel& kernel, const Plan& plan, std::span<const Bytes> messages,
        std::span<Md5Digest> digests)
      : kernel_(kernel),
        plan_(plan),
        messages_(messages),
        digests_(digests),
        count_(plan.vectors * kernel.lanes_per_vector) {}

  void HashAll();

 private:
  void CutTape();
  bool Refill();
  void Advance(size_t lane);
  void StartPart(size_t lane);
  void StartRun(size_t lane);
  void FinishPart(size_t lane);
  void FinishMessage(size_t index, uint64_t done, State state);
  void FollowActiveLane();

  // Blocks of `message` that lanes fold.
  [[nodiscard]] uint64_t BlocksInLanes(size_t message) const {
    return std::min(BlockCount(messages_[message].size()),
                    plan_.blocks_per_lane);
  }
  // The first word of a lane's state; the others follow a vector apart.
  [[nodiscard]] uint32_t* StateOf(size_t lane) {
    const size_t width = kernel_.lanes_per_vector;
    return state_.data() + lane / width * width * 4 + lane % width;
  }

  const Kernel& kernel_;
  const Plan plan_;
  const std::span<const Bytes> messages_;
  const std::span<Md5Digest> digests_;
  const size_t count_;
  size_t active_ = 0;  // lanes that have a part

  // Lane i folds the left_[i] blocks from data_[i] on before it needs a new
  // run.
  std::array<const uint8_t*, kMaxLanes> data_ = {};
  std::array<uint64_t, kMaxLanes> left_ = {};
  alignas(64) std::array<uint32_t, 4 * kMaxLanes> state_ = {};
  std::array<Lane, kMaxLanes> lanes_;
};

void Lanes::HashAll() {
  CutTape();
  const FoldLanes fold = kernel_.fold[plan_.vectors - 1];
  while (Refill()) {
    const uint64_t run =
        *std::min_element(left_.begin(), left_.begin() + count_);
    fold(data_.data(), run, state_.data());
    for (size_t lane = 0; lane < count_; ++lane) {
      data_[lane] += run * kBlockSize;
      left_[lane] -= run;
    }
  }
}

// Assigns each lane its stretch of the tape.
void Lanes::CutTape() {
  for (size_t lane = 0; lane < count_; ++lane) {
    lanes_[lane].next_message = lane == 0 ? 0 : messages_.size();
    lanes_[lane].stretch = plan_.blocks_per_lane;
  }
  size_t lane = 0;
  uint64_t room = plan_.blocks_per_lane;
  for (size_t message = 0; message < messages_.size(); ++message) {
    const uint64_t blocks = BlocksInLanes(message);
    if (blocks < room) {
      room -= blocks;
      continue;
    }
    // The stretch ends within this message or right after it.
    const uint64_t over = blocks - room;
    room = plan_.blocks_per_lane - over;
    if (++lane == count_) return;
    lanes_[lane].next_message = message + 1;
    if (over > 0) {
      lanes_[lane].head = {message, 0, over};
      lanes_[lane].stretch -= over;
    }
  }
}

// Assigns work to every lane that has none left; false if there is no more.
bool Lanes::Refill() {
  // Backwards, because the rest of a split message may be due just when the
  // next lane has finished its head.
  for (size_t lane = count_; lane-- > 0;) {
    if (left_[lane] == 0) Advance(lane);
  }
  if (active_ > 0 && active_ < count_) FollowActiveLane();
  return active_ > 0;
}

void Lanes::Advance(size_t lane) {
  Part& part = lanes_[lane].part;
  if (part.message != kNoMessage) {
    if (part.begin < part.end) {
      StartRun(lane);
      return;
    }
    FinishPart(lane);
    part.message = kNoMessage;
    --active_;
  }
  StartPart(lane);
}

// Starts the next part of the lane's stretch, if any.
void Lanes::StartPart(size_t lane) {
  Lane& self = lanes_[lane];
  State state = kInitialState;
  if (self.head.begin < self.head.end) {
    self.part = std::exchange(self.head, Part());
  } else if (self.stretch > 0 && self.next_message < messages_.size()) {
    const size_t message = self.next_message++;
    const uint64_t blocks = BlocksInLanes(message);
    self.part = {message, 0, blocks};
    if (blocks > self.stretch) {
      self.part.begin = blocks - self.stretch;
      state = lanes_[lane + 1].carry;
    }
    self.stretch -= self.part.end - self.part.begin;
  } else {
    return;
  }
  ++active_;
  uint32_t* word = StateOf(lane);
  for (size_t i = 0; i < state.size(); ++i, word += kernel_.lanes_per_vector) {
    *word = state[i];
  }
  StartRun(lane);
}

// Points the lane at as many contiguous blocks of its part as possible: the
// whole blocks of the message in place, or its tail.
void Lanes::StartRun(size_t lane) {
  Lane& self = lanes_[lane];
  Part& part = self.part;
  const Bytes message = messages_[part.message];
  const uint64_t whole = message.size() / kBlockSize;
  if (part.begin < whole) {
    data_[lane] = message.data() + part.begin * kBlockSize;
    left_[lane] = std::min(part.end, whole) - part.begin;
  } else {
    // The lane does not need its tail for anything else until it has folded
    // this one.
    WriteTail(message, self.tail.data());
    data_[lane] = self.tail.data() + (part.begin - whole) * kBlockSize;
    left_[lane] = part.end - part.begin;
  }
  part.begin += left_[lane];
}

void Lanes::FinishPart(size_t lane) {
  Lane& self = lanes_[lane];
  State state;
  const uint32_t* word = StateOf(lane);
  for (size_t i = 0; i < state.size(); ++i, word += kernel_.lanes_per_vector) {
    state[i] = *word;
  }
  if (self.part.end == BlocksInLanes(self.part.message)) {
    FinishMessage(self.part.message, self.part.end, state);
  } else {
    self.carry = state;
  }
}

// Folds the blocks past the first `done`, if any.
void Lanes::FinishMessage(size_t index, uint64_t done, State state) {
  const Bytes message = messages_[index];
  if (done < BlockCount(message.size())) {
    const uint64_t whole = message.size() / kBlockSize;
    std::array<uint8_t, 2 * kBlockSize> tail;
    const size_t tail_blocks = WriteTail(message, tail.data());
    if (done < whole) {
      Fold(message.data() + done * kBlockSize, whole - done, state);
      done = whole;
    }
    Fold(tail.data() + (done - whole) * kBlockSize, whole + tail_blocks - done,
         state);
  }
  digests_[index] = ToDigest(state);
}

// A lane without work folds another's blocks, without effect: it must read
// something, and those are in the cache.
void Lanes::FollowActiveLane() {
  size_t guide = 0;
  while (lanes_[guide].part.message == kNoMessage) ++guide;
  for (size_t lane = 0; lane < count_; ++lane) {
    if (left_[lane] > 0) continue;
    data_[lane] = data_[guide];
    left_[lane] = left_[guide];
  }
}

}  // namespace

void HashInLanes(const Kernel& kernel, std::span<const Bytes> messages,
                 std::span<Md5Digest> digests) {
  const Plan plan = MakePlan(kernel, messages);
  if (plan.vectors == 0) {
    for (size_t i = 0; i < messages.size(); ++i) digests[i] = Md5(messages[i]);
    return;
  }
  Lanes(kernel, plan, messages, digests).HashAll();
}

}  // namespace thresh::md5
