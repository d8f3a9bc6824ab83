// Md5Many on every target that this processor supports, always against OpenSSL.
// The batches are ragged on purpose: the likely faults are that a lane hands a
// message on, or that its tail is overwritten, while it is still being read.
#include "digest/md5_lanes.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "digest/md5_testing.h"
#include "guarded_bytes.h"
#include "sanitized.h"
#include "simd/targets.h"
#include "thresh/simd_target.h"

namespace thresh {
namespace {

using ::testing::Each;
using ::testing::IsEmpty;

class Md5LanesTest : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { ASSERT_TRUE(ForceSimdTarget(GetParam())); }
  void TearDown() override { ASSERT_TRUE(ForceSimdTarget("")); }
};

std::string NameOf(const ::testing::TestParamInfo<std::string>& target) {
  return target.param;
}

INSTANTIATE_TEST_SUITE_P(EveryTarget, Md5LanesTest,
                         ::testing::ValuesIn(SimdTargets()), NameOf);

// Indices of the messages whose digest is wrong.
std::vector<size_t> WrongDigests(const std::vector<Bytes>& messages) {
  std::vector<Md5Digest> digests(messages.size());
  Md5Many(messages, digests);
  std::vector<size_t> wrong;
  for (size_t i = 0; i < messages.size(); ++i) {
    if (digests[i] != OpenSslMd5(messages[i])) wrong.push_back(i);
  }
  return wrong;
}

// Messages of the given sizes, each at its own unaligned position in `noise`.
std::vector<Bytes> Cut(const std::vector<uint8_t>& noise,
                       const std::vector<size_t>& sizes) {
  std::vector<Bytes> messages;
  for (size_t i = 0; i < sizes.size(); ++i) {
    const size_t places = noise.size() - sizes[i] + 1;
    messages.push_back(Bytes(noise).subspan(i * 7919 % places, sizes[i]));
  }
  return messages;
}

const std::vector<uint8_t>& Noise() {
  static const std::vector<uint8_t> kNoise = RandomBytes(1, 3 << 20);
  return kNoise;
}

TEST_P(Md5LanesTest, DoesNothingForNoMessages) { Md5Many({}, {}); }

TEST_P(Md5LanesTest, HashesEveryCountOfMessages) {
  std::mt19937_64 random(1);
  for (size_t count = 0; count <= 200; ++count) {
    std::vector<size_t> sizes(count);
    for (size_t& size : sizes) size = random() % 301;
    EXPECT_THAT(WrongDigests(Cut(Noise(), sizes)), IsEmpty()) << count;
  }
}

TEST_P(Md5LanesTest, HashesEveryCountOfEqualMessages) {
  // 1, N - 1, N, N + 1, 4 N + 1 ... for the N of every target.
  for (size_t count = 1; count <= 130; ++count) {
    for (const size_t size : {0U, 55U, 56U, 64U, 4096U, 5000U}) {
      const std::vector<size_t> sizes(count, size);
      EXPECT_THAT(WrongDigests(Cut(Noise(), sizes)), IsEmpty())
          << count << " of " << size;
    }
  }
}

TEST_P(Md5LanesTest, HashesEveryLengthAtEveryAlignment) {
  for (size_t alignment = 0; alignment < 64; ++alignment) {
    std::vector<Bytes> messages;
    for (size_t size = 0; size <= 300; ++size) {
      messages.push_back(Bytes(Noise()).subspan(alignment, size));
    }
    EXPECT_THAT(WrongDigests(messages), IsEmpty()) << alignment;
  }
}

TEST_P(Md5LanesTest, HashesRaggedBatches) {
  std::mt19937_64 random(2);
  for (size_t round = 0; round < RoundsOf(60); ++round) {
    std::vector<size_t> sizes(1 + random() % 200);
    for (size_t& size : sizes) {
      size = random() % 4 == 0 ? 1000 + random() % 200'000 : random() % 301;
    }
    EXPECT_THAT(WrongDigests(Cut(Noise(), sizes)), IsEmpty()) << round;
  }
}

TEST_P(Md5LanesTest, HashesAFewLongMessagesAmongShortOnes) {
  // Too long for a lane's share of the work, in every number and position.
  std::mt19937_64 random(3);
  for (size_t longer = 0; longer <= 12; longer += kSanitized ? 4 : 1) {
    for (const size_t count : {1U, 5U, 40U, 150U}) {
      std::vector<size_t> sizes(count);
      for (size_t& size : sizes) size = random() % 2000;
      for (size_t i = 0; i < longer; ++i) {
        sizes.push_back(100'000 + random() % 1'000'000);
      }
      std::shuffle(sizes.begin(), sizes.end(), random);
      EXPECT_THAT(WrongDigests(Cut(Noise(), sizes)), IsEmpty())
          << longer << " " << count;
    }
  }
}

TEST_P(Md5LanesTest, SplitsMessagesBetweenLanesAtEveryBlock) {
  // A batch whose shares are cut through bodies, padding blocks and messages
  // as long as a share, depending on the size of the first message.
  for (size_t blocks = 1; blocks <= 70; ++blocks) {
    std::vector<size_t> sizes = {blocks * 64 - 30};
    for (size_t i = 0; i < 64; ++i) sizes.push_back(70 * 64 - 5);
    EXPECT_THAT(WrongDigests(Cut(Noise(), sizes)), IsEmpty()) << blocks;
  }
}

TEST_P(Md5LanesTest, HashesOneMessageInManyLanes) {
  const std::vector<Bytes> messages(150, Bytes(Noise()).subspan(3, 10'001));
  EXPECT_THAT(WrongDigests(messages), IsEmpty());
}

TEST_P(Md5LanesTest, ReadsNothingOutsideTheMessages) {
  std::vector<std::unique_ptr<GuardedBytes>> guards;
  for (const bool last : {true, false}) {
    for (size_t first_size = 0; first_size < 300; first_size += 100) {
      std::vector<Bytes> messages;
      for (size_t size = first_size; size < first_size + 100; ++size) {
        guards.push_back(std::make_unique<GuardedBytes>(2));
        // Some are much longer, so that the short ones are read alongside them.
        const size_t longer = size % 10 == 0 ? size + 5000 : size;
        const std::vector<uint8_t> bytes = RandomBytes(size, longer);
        messages.push_back(last ? guards.back()->Last(bytes)
                                : guards.back()->First(bytes));
      }
      EXPECT_THAT(WrongDigests(messages), IsEmpty()) << first_size;
    }
  }
}

TEST_P(Md5LanesTest, ReadsNothingOutsideMessagesOfOneSize) {
  // All lanes end at the same time, with no message left.
  for (const size_t size : {0U, 1U, 63U, 64U, 128U, 4096U}) {
    std::vector<std::unique_ptr<GuardedBytes>> guards;
    std::vector<Bytes> messages;
    for (size_t i = 0; i < 65; ++i) {
      guards.push_back(std::make_unique<GuardedBytes>(1));
      messages.push_back(guards.back()->Last(RandomBytes(i, size)));
    }
    EXPECT_THAT(WrongDigests(messages), IsEmpty()) << size;
  }
}

TEST_P(Md5LanesTest, WritesNothingOutsideTheDigests) {
  const std::vector<size_t> sizes(70, 1000);
  const std::vector<Bytes> messages = Cut(Noise(), sizes);
  Md5Digest mark;
  mark.fill(0xa5);
  std::vector<Md5Digest> digests(messages.size() + 2, mark);
  Md5Many(messages, std::span(digests).subspan(1, messages.size()));
  EXPECT_EQ(digests.front(), mark);
  EXPECT_EQ(digests.back(), mark);
}

TEST_P(Md5LanesTest, MayBeCalledFromSeveralThreadsAtOnce) {
  std::vector<std::vector<size_t>> wrong(4, {0});
  std::vector<std::thread> threads;
  for (size_t i = 0; i < wrong.size(); ++i) {
    threads.emplace_back([&wrong, i] {
      std::mt19937_64 random(i);
      wrong[i].clear();
      for (size_t round = 0; round < 20; ++round) {
        std::vector<size_t> sizes(1 + random() % 100);
        for (size_t& size : sizes) size = random() % 20'000;
        for (const size_t index : WrongDigests(Cut(Noise(), sizes))) {
          wrong[i].push_back(index);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(wrong, Each(IsEmpty()));
}

}  // namespace
}  // namespace thresh
