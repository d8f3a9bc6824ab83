// SHA-256 and MGF1 in lanes on every target that this processor supports,
// always against OpenSSL. Messages come in two pieces, which meet at any
// position in a block.
#include "digest/sha256_lanes.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "digest/md5_testing.h"
#include "digest/sha256.h"
#include "digest/sha256_testing.h"
#include "guarded_bytes.h"
#include "simd/targets.h"
#include "thresh/simd_target.h"

namespace thresh {
namespace {

using ::testing::Each;
using ::testing::IsEmpty;

class Sha256LanesTest : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { ASSERT_TRUE(ForceSimdTarget(GetParam())); }
  void TearDown() override { ASSERT_TRUE(ForceSimdTarget("")); }
};

INSTANTIATE_TEST_SUITE_P(EveryTarget, Sha256LanesTest,
                         ::testing::ValuesIn(SimdTargets()),
                         [](const auto& target) { return target.param; });

std::string HexOf(const Sha256Digest& digest) {
  std::string hex;
  for (const uint8_t byte : digest) {
    hex += "0123456789abcdef"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  return hex;
}

const std::vector<uint8_t>& NoiseBytes() {
  static const std::vector<uint8_t> kNoise = RandomBytes(5, 2 << 20);
  return kNoise;
}

// Indices of the messages whose digest is wrong.
std::vector<size_t> WrongOf(const std::vector<Sha256Message>& messages) {
  std::vector<sha256::State> digests(messages.size());
  Sha256Many(messages, digests);
  std::vector<size_t> wrong;
  for (size_t i = 0; i < messages.size(); ++i) {
    std::vector<uint8_t> whole(messages[i].head.begin(),
                               messages[i].head.end());
    whole.insert(whole.end(), messages[i].body.begin(), messages[i].body.end());
    if (sha256::ToDigest(digests[i]) != OpenSslSha256(whole)) {
      wrong.push_back(i);
    }
  }
  return wrong;
}

// A message of noise, each at its own unaligned position.
Sha256Message MessageOf(size_t place, size_t head, size_t body) {
  const Bytes noise = NoiseBytes();
  const size_t at = place * 7919 % (noise.size() - head - body);
  return {noise.subspan(at, head), noise.subspan(at + head, body)};
}

TEST(Sha256, KnowsTheVectorsOfNist) {
  // FIPS 180-2, appendix B, and the empty message of the NIST CAVP vectors.
  EXPECT_EQ(HexOf(Sha256({})),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(HexOf(Sha256(AsBytes(std::string("abc")))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(HexOf(Sha256(AsBytes(std::string(
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")))),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(HexOf(Sha256(AsBytes(std::string(1'000'000, 'a')))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, HashesEveryLength) {
  for (size_t size = 0; size <= 300; ++size) {
    const Bytes message = Bytes(NoiseBytes()).subspan(size, size);
    ASSERT_EQ(Sha256(message), OpenSslSha256(message)) << size;
  }
}

TEST_P(Sha256LanesTest, KnowsTheVectorsOfNist) {
  const std::string abc = "abc";
  const std::string two_blocks =
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
  const std::vector<Sha256Message> messages = {
      {}, {AsBytes(abc), {}}, {{}, AsBytes(two_blocks)}};
  std::vector<sha256::State> digests(messages.size());
  Sha256Many(messages, digests);
  EXPECT_EQ(HexOf(sha256::ToDigest(digests[0])),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(HexOf(sha256::ToDigest(digests[1])),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(HexOf(sha256::ToDigest(digests[2])),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST_P(Sha256LanesTest, DoesNothingForNoMessages) {
  Sha256Many({}, {});
  Mgf1Many({}, {});
}

TEST_P(Sha256LanesTest, HashesEveryLengthOfEitherPiece) {
  for (const size_t other : {0U, 1U, 31U, 44U, 63U, 64U, 65U, 600U, 1000U}) {
    std::vector<Sha256Message> messages;
    for (size_t size = 0; size <= 300; ++size) {
      messages.push_back(MessageOf(size, other, size));
      messages.push_back(MessageOf(size, size, other));
    }
    EXPECT_THAT(WrongOf(messages), IsEmpty()) << other;
  }
}

TEST_P(Sha256LanesTest, HashesLongMessagesCutAnywhere) {
  std::vector<Sha256Message> messages;
  for (size_t head = 0; head <= 700; ++head) {
    messages.push_back(MessageOf(head, head, 700 - head));
    messages.push_back(MessageOf(head, head, 1500 - head));
  }
  EXPECT_THAT(WrongOf(messages), IsEmpty());
}

TEST_P(Sha256LanesTest, HashesEveryCountOfMessages) {
  std::mt19937_64 random(1);
  for (size_t count = 0; count <= 70; ++count) {
    std::vector<Sha256Message> messages;
    for (size_t i = 0; i < count; ++i) {
      messages.push_back(MessageOf(i, random() % 60, random() % 301));
    }
    EXPECT_THAT(WrongOf(messages), IsEmpty()) << count;
    messages.assign(count, MessageOf(count, 40, 5000));
    EXPECT_THAT(WrongOf(messages), IsEmpty()) << count << " equal ones";
  }
}

TEST_P(Sha256LanesTest, HashesRaggedBatches) {
  std::mt19937_64 random(2);
  for (size_t round = 0; round < 40; ++round) {
    std::vector<Sha256Message> messages(1 + random() % 200);
    for (Sha256Message& message : messages) {
      const size_t body =
          random() % 4 == 0 ? 1000 + random() % 100'000 : random() % 700;
      message = MessageOf(random(), random() % 300, body);
    }
    EXPECT_THAT(WrongOf(messages), IsEmpty()) << round;
  }
}

TEST_P(Sha256LanesTest, ReadsNothingOutsideTheMessages) {
  for (const bool last : {true, false}) {
    std::vector<std::unique_ptr<GuardedBytes>> guards;
    std::vector<Sha256Message> messages;
    const auto guarded = [&guards, last](size_t size) {
      guards.push_back(std::make_unique<GuardedBytes>(2));
      const std::vector<uint8_t> bytes = RandomBytes(size, size);
      return last ? guards.back()->Last(bytes) : guards.back()->First(bytes);
    };
    for (size_t size = 0; size < 200; ++size) {
      // Some are much longer, so that the short ones are read alongside them.
      const size_t longer = size % 10 == 0 ? size + 5000 : size;
      messages.push_back({guarded(size % 90), guarded(longer)});
      messages.push_back({guarded(longer), guarded(size % 7)});
    }
    EXPECT_THAT(WrongOf(messages), IsEmpty());
  }
}

TEST_P(Sha256LanesTest, WritesNothingOutsideTheDigests) {
  const std::vector<Sha256Message> messages(33, MessageOf(1, 40, 1000));
  sha256::State mark;
  mark.fill(0xa5a5a5a5);
  std::vector<sha256::State> digests(messages.size() + 2, mark);
  Sha256Many(messages, std::span(digests).subspan(1, messages.size()));
  EXPECT_EQ(digests.front(), mark);
  EXPECT_EQ(digests.back(), mark);
  Mask mask_mark;
  mask_mark.fill(7);
  std::vector<Mask> masks(messages.size() + 2, mask_mark);
  Mgf1Many(std::span(digests).subspan(1, messages.size()),
           std::span(masks).subspan(1, messages.size()));
  EXPECT_EQ(masks.front(), mask_mark);
  EXPECT_EQ(masks.back(), mask_mark);
}

TEST_P(Sha256LanesTest, ExpandsEveryCountOfSeeds) {
  for (size_t count = 0; count <= 40; ++count) {
    std::mt19937 random(static_cast<unsigned>(count));
    std::vector<sha256::State> seeds(count);
    for (sha256::State& seed : seeds) std::ranges::generate(seed, random);
    std::vector<Mask> masks(count);
    Mgf1Many(seeds, masks);
    for (size_t i = 0; i < count; ++i) {
      const std::vector<uint8_t> expected =
          OpenSslMgf1(sha256::ToDigest(seeds[i]));
      std::vector<uint8_t> bytes;
      for (size_t at = 0; at < 384; ++at) {
        bytes.push_back(
            static_cast<uint8_t>(masks[i][47 - at / 8] >> (56 - at % 8 * 8)));
      }
      ASSERT_EQ(bytes, expected) << count << " " << i;
    }
  }
}

TEST_P(Sha256LanesTest, MayBeCalledFromSeveralThreadsAtOnce) {
  std::vector<std::vector<size_t>> wrong(4, {0});
  std::vector<std::thread> threads;
  for (size_t i = 0; i < wrong.size(); ++i) {
    threads.emplace_back([&wrong, i] {
      std::mt19937_64 random(i);
      wrong[i].clear();
      for (size_t round = 0; round < 10; ++round) {
        std::vector<Sha256Message> messages(1 + random() % 100);
        for (Sha256Message& message : messages) {
          message = MessageOf(random(), random() % 100, random() % 5000);
        }
        for (const size_t index : WrongOf(messages)) wrong[i].push_back(index);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(wrong, Each(IsEmpty()));
}

}  // namespace
}  // namespace thresh
