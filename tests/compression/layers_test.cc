// Tests that apply to every layer: all content is returned, however it is read;
// from a damaged file, everything before the damage, and an error.
#include <gmock/gmock.h>

#include "compression/layer_cases.h"
#include "compression/layers.h"
#include "input/testing.h"

namespace thresh {
namespace {

using input_testing::kPieceSize;
using input_testing::LayerCase;
using input_testing::RandomText;
using input_testing::Unpack;
using input_testing::Unpacked;
using input_testing::UnpackPipe;
using ::testing::HasSubstr;

class LayersTest : public ::testing::TestWithParam<LayerCase> {
 protected:
  [[nodiscard]] static std::string Write(const std::string& content,
                                         size_t piece = kPieceSize) {
    return GetParam().write(content, piece);
  }
  static const Layer& layer() { return *GetParam().layer; }
};

// Some parts compress well and some badly.
std::string Content(uint64_t seed, size_t size) {
  std::string content;
  while (content.size() < size) {
    ++seed;
    content += RandomText(seed, 50 + seed * 37 % 200);
    content += std::string(seed * 61 % 300, 'x');
    content += content.substr(content.size() / 2, 100);
  }
  return content.substr(0, size);
}

TEST_P(LayersTest, AllOfTheContentComesOut) {
  for (const size_t size : {1U, 2U, 10U, 199U, 200U, 201U, 5000U, 1'000'000U}) {
    const std::string content = Content(size, size);
    for (const size_t piece : {kPieceSize, size_t{7919}, size_t{2'000'000}}) {
      SCOPED_TRACE(std::to_string(size) + " in " + std::to_string(piece));
      const std::string stored = Write(content, piece);
      EXPECT_EQ(FindLayer(AsBytes(stored)), &layer());
      const Unpacked unpacked = Unpack(stored, layer());
      EXPECT_EQ(unpacked.Problem(), "");
      EXPECT_EQ(unpacked.content == content, true);
      EXPECT_EQ(unpacked.consumed, stored.size());
    }
  }
}

TEST_P(LayersTest, AnEmptyContentIsNone) {
  const Unpacked unpacked = Unpack(Write(""), layer());
  EXPECT_EQ(unpacked.Problem(), "");
  EXPECT_EQ(unpacked.content, "");
}

TEST_P(LayersTest, SizesOfReadsDoNotMatter) {
  const std::string content = Content(1, 20'000);
  for (const size_t piece : {kPieceSize, size_t{50'000}}) {
    const std::string stored = Write(content, piece);
    for (const size_t size : {1U, 2U, 3U, 7U, 199U, 200U, 4096U, 19'999U}) {
      SCOPED_TRACE(size);
      EXPECT_EQ(Unpack(stored, layer(), size).content == content, true);
      EXPECT_EQ(UnpackPipe(stored, layer(), 1, size).content == content, true);
      EXPECT_EQ(UnpackPipe(stored, layer(), size).content == content, true);
    }
  }
}

TEST_P(LayersTest, CutAnywhereYieldsWhatPrecedesAndAnError) {
  const std::string content = Content(2, 1900);
  const std::string stored = Write(content);
  size_t clean_ends = 0;
  size_t most = 0;
  for (size_t cut = 0; cut < stored.size(); ++cut) {
    SCOPED_TRACE(cut);
    const std::string head = stored.substr(0, cut);
    const Unpacked unpacked = Unpack(head, layer());
    EXPECT_TRUE(content.starts_with(unpacked.content));
    EXPECT_GE(unpacked.content.size(), most);
    most = unpacked.content.size();
    if (unpacked.error.has_value()) {
      EXPECT_THAT(unpacked.error->message, HasSubstr(std::string(layer().name) +
                                                     " data is cut off (at"));
      EXPECT_EQ(unpacked.error->code, ErrorCode::kContainer);
      EXPECT_THAT(unpacked.error->remedy, HasSubstr("not complete"));
    } else {
      ++clean_ends;
      EXPECT_EQ(most % kPieceSize, 0);
    }
    const Unpacked piped = UnpackPipe(head, layer(), 5, 11);
    EXPECT_EQ(piped.content, unpacked.content);
    EXPECT_EQ(piped.Problem(), unpacked.Problem());
    EXPECT_EQ(piped.consumed, unpacked.consumed);
  }
  EXPECT_GT(most, 1700);
  EXPECT_GE(clean_ends, GetParam().ends_anywhere ? 9U : 0U);
  EXPECT_LE(clean_ends, GetParam().ends_anywhere ? 11U : 0U);
}

TEST_P(LayersTest, AFlippedBitNeverPassesUnseenWhereThereAreChecksums) {
  const std::string content = Content(3, 500);
  const std::string stored = Write(content);
  size_t unseen = 0;
  for (size_t bit = 0; bit < stored.size() * 8; ++bit) {
    SCOPED_TRACE(bit);
    std::string flipped = stored;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    const Unpacked unpacked = Unpack(flipped, layer());
    if (!unpacked.error.has_value() && unpacked.content != content) ++unseen;
    const Unpacked piped = UnpackPipe(flipped, layer(), 3, 64);
    EXPECT_EQ(piped.content, unpacked.content);
    EXPECT_EQ(piped.Problem(), unpacked.Problem());
  }
  if (!GetParam().has_checksums) return;
  // A chunk of framed snappy becomes a skippable one.
  EXPECT_EQ(unseen, &layer() == &kFramedSnappyLayer ? 3U : 0U);
}

TEST_P(LayersTest, BytesBehindItAreAnError) {
  const std::string content = Content(4, 450);
  for (const std::string& rest :
       {std::string("garbage that is longer"), std::string(1000, '\xEE')}) {
    const Unpacked unpacked = Unpack(Write(content) + rest, layer());
    EXPECT_EQ(unpacked.content, content);
    ASSERT_TRUE(unpacked.error.has_value());
    EXPECT_EQ(unpacked.error->code, ErrorCode::kContainer);
  }
}

TEST_P(LayersTest, AnErrorOfWhatItIsReadFromIsPassedOn) {
  const Error broken = {.code = ErrorCode::kIo,
                        .file = "file",
                        .offset = 0,
                        .message = "broken",
                        .remedy = "mend"};
  const Unpacked unpacked =
      Unpack(std::make_unique<oracle::FailedStream>(broken), layer(), 100);
  ASSERT_TRUE(unpacked.error.has_value());
  EXPECT_EQ(unpacked.error->code, ErrorCode::kIo);
  EXPECT_EQ(unpacked.error->message,
            "broken (at byte 0 of the compressed data)");
  EXPECT_EQ(unpacked.error->remedy, "mend");
}

TEST_P(LayersTest, ExpandsToTheLimitAndNotBeyond) {
  const std::string content = Content(5, 5000);
  const std::string stored = Write(content);
  EXPECT_EQ(Unpack(stored, layer(), 999, {.bytes = 5000}).Problem(), "");
  for (const size_t limit : {1U, 200U, 1000U, 4999U}) {
    for (const size_t size : {1U, 64U, 10'000U}) {
      const Unpacked unpacked = Unpack(stored, layer(), size, {.bytes = limit});
      EXPECT_EQ(unpacked.content, content.substr(0, limit));
      EXPECT_EQ(unpacked.Problem(),
                "expands to more than " + std::to_string(limit) + " bytes");
      EXPECT_EQ(unpacked.error->detail, ErrorDetail::kExpandedBytes);
    }
  }
}

TEST_P(LayersTest, ABombEndsAtTheRatio) {
  constexpr size_t kFloor = ExpansionLimits::kRatioFloor;
  const std::string content(kFloor + (size_t{8} << 20), '\0');
  const std::string stored = Write(content, 1 << 20);
  const Unpacked bomb = Unpack(stored, layer(), 1 << 20, {.ratio = 2});
  EXPECT_EQ(bomb.Problem(), "expands to more than 2 times its size");
  EXPECT_EQ(bomb.error->detail, ErrorDetail::kExpansionRatio);
  EXPECT_GT(bomb.content.size(), kFloor);
  EXPECT_LE(bomb.content.size(), kFloor + (2U << 20));
  const Unpacked meant = Unpack(stored, layer(), 1 << 20, {.ratio = 100'000});
  EXPECT_EQ(meant.Problem(), "");
  EXPECT_EQ(meant.content == content, true);
  const std::string small = Write(content.substr(kFloor / 2), 1 << 20);
  EXPECT_EQ(Unpack(small, layer(), 1 << 20, {.ratio = 1}).Problem(), "");
}

TEST(ExpansionLimitsTest, TheRatioIsExactBeyondTheFloor) {
  constexpr uint64_t kFloor = ExpansionLimits::kRatioFloor;
  const ExpansionLimits limits = {.ratio = 3};
  EXPECT_FALSE(limits.ExceedsRatio(3 * kFloor, kFloor));
  EXPECT_TRUE(limits.ExceedsRatio(3 * kFloor + 1, kFloor));
  EXPECT_FALSE(limits.ExceedsRatio(kFloor, 1));
  EXPECT_TRUE(limits.ExceedsRatio(kFloor + 1, 1));
}

INSTANTIATE_TEST_SUITE_P(All, LayersTest,
                         ::testing::ValuesIn(input_testing::LayerCases()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace thresh
