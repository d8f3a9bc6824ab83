// Ranges of a file's bytes, as splits are read.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>

#include "input/open.h"
#include "input/testing.h"
#include "oracle/compress.h"

namespace thresh {
namespace {

using input_testing::RandomText;
using input_testing::ReadAll;
using input_testing::Reading;
using input_testing::TempDir;
using input_testing::WholeWindow;
using oracle::Gzip;

Result<Input> OpenRange(const std::string& path, bool use_mmap,
                        const ByteRange& range) {
  return OpenInput(path, use_mmap, 0, {}, std::make_shared<BufferPool>(),
                   NameFilter(), {}, range);
}

TEST(RangeTest, ReadsARangeAtItsOffset) {
  const TempDir dir;
  const std::string content = RandomText(1, 300'000);
  const std::string path = dir.Write("file", content);
  for (const bool use_mmap : {true, false}) {
    for (const ByteRange& range :
         {ByteRange{0, 10}, ByteRange{10, 70'000}, ByteRange{70'000, 300'000},
          ByteRange{200'000, UINT64_MAX}, ByteRange{10, 10}}) {
      auto input = OpenRange(path, use_mmap, range).value();
      const Reading reading =
          ReadAll(*input.source, 5000, 1 << 20, WholeWindow, range.begin);
      const std::string expected =
          content.substr(range.begin, range.end - range.begin);
      EXPECT_EQ(reading.content, expected);
      EXPECT_EQ(reading.pieces.front().offset, range.begin);
      EXPECT_EQ(reading.pieces.size(),
                std::max<size_t>(1, (expected.size() + 4999) / 5000));
      EXPECT_EQ(reading.error, std::nullopt);
    }
  }
}

// Only the start of a file shows that it is compressed.
TEST(RangeTest, ReadsARangeFromTheMiddleAsItIs) {
  const TempDir dir;
  const std::string zipped = Gzip("content");
  const std::string path = dir.Write("file", "text" + zipped);
  for (const bool use_mmap : {true, false}) {
    auto input = OpenRange(path, use_mmap, {4, 4 + zipped.size()}).value();
    EXPECT_FALSE(input.compressed);
    EXPECT_EQ(ReadAll(*input.source, 5000, 1 << 20, WholeWindow, 4).content,
              zipped);
  }
  EXPECT_TRUE(OpenInput(dir.Write("zipped", zipped), true)->compressed);
}

TEST(RangeTest, ReportsWhereARangeEndsEarly) {
  const TempDir dir;
  const std::string path = dir.Write("file", RandomText(1, 300'000));
  auto input = OpenRange(path, /*use_mmap=*/false, {100'000, 250'000}).value();
  std::filesystem::resize_file(path, 200'000);
  const Reading reading =
      ReadAll(*input.source, 5000, 1 << 20, WholeWindow, 100'000);
  EXPECT_EQ(reading.content.size(), 100'000);
  ASSERT_TRUE(reading.error.has_value());
  EXPECT_EQ(reading.error->offset, 200'000);
  const auto later = OpenRange(path, /*use_mmap=*/false, {100'000, 250'000});
  ASSERT_FALSE(later.has_value());
  EXPECT_EQ(later.error().offset, 200'000);
  EXPECT_EQ(later.error().code, ErrorCode::kIo);
}

}  // namespace
}  // namespace thresh
