// The files that each way of ending a byte output leaves, through the public
// interface.
#include "thresh/byte_output.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "sink/scratch_dir.h"

namespace thresh {
namespace {

class ByteOutputTest : public testing::Test {
 protected:
  ByteOutputTest() { WriteFile(path_, "earlier"); }

  [[nodiscard]] std::unique_ptr<ByteOutput> Written() const {
    Result<std::unique_ptr<ByteOutput>> output =
        OpenOutput(path_, {.sync = false});
    EXPECT_TRUE(output.has_value());
    EXPECT_FALSE((*output)->has_reader());
    EXPECT_TRUE((*output)->Write(AsBytes("one ")).has_value());
    EXPECT_TRUE((*output)->Write(AsBytes("two")).has_value());
    return *std::move(output);
  }

  [[nodiscard]] size_t Files() const {
    size_t count = 0;
    for ([[maybe_unused]] const auto& entry :
         std::filesystem::directory_iterator(directory_.File(""))) {
      ++count;
    }
    return count;
  }

  const ScratchDir directory_;
  const std::string path_ = directory_.File("out");
  const std::string partial_ = path_ + ".partial";
  const std::string incomplete_ = path_ + ".incomplete";
};

TEST_F(ByteOutputTest, CommittedItReplacesTheFile) {
  const std::unique_ptr<ByteOutput> output = Written();
  EXPECT_EQ(ReadFile(partial_), "one two");
  ASSERT_TRUE(output->Complete().has_value());
  EXPECT_EQ(ReadFile(path_), "earlier");
  ASSERT_TRUE(output->Commit().has_value());
  EXPECT_EQ(ReadFile(path_), "one two");
  EXPECT_EQ(Files(), 1U);
}

TEST_F(ByteOutputTest, CommitCompletesWhatWasNot) {
  ASSERT_TRUE(Written()->Commit().has_value());
  EXPECT_EQ(ReadFile(path_), "one two");
  EXPECT_EQ(Files(), 1U);
}

TEST_F(ByteOutputTest, IncompleteItIsBesideTheFile) {
  const Result<std::string> name = Written()->CommitIncomplete();
  ASSERT_TRUE(name.has_value());
  EXPECT_EQ(*name, incomplete_);
  EXPECT_EQ(ReadFile(incomplete_), "one two");
  EXPECT_EQ(ReadFile(path_), "earlier");
  EXPECT_EQ(Files(), 2U);
}

TEST_F(ByteOutputTest, GivenUpItLeavesTheFileAlone) {
  {
    const std::unique_ptr<ByteOutput> output = Written();
    EXPECT_EQ(Files(), 2U);
  }
  {
    const std::unique_ptr<ByteOutput> output = Written();
    ASSERT_TRUE(output->Complete().has_value());
  }
  EXPECT_EQ(ReadFile(path_), "earlier");
  EXPECT_EQ(Files(), 1U);
}

TEST_F(ByteOutputTest, DevicesHaveNoIncompleteFile) {
  const Result<std::unique_ptr<ByteOutput>> output = OpenOutput("/dev/null");
  ASSERT_TRUE(output.has_value());
  ASSERT_TRUE((*output)->Write(AsBytes("data")).has_value());
  const Result<std::string> name = (*output)->CommitIncomplete();
  ASSERT_TRUE(name.has_value());
  EXPECT_EQ(*name, "");
  EXPECT_FALSE(Exists("/dev/null.incomplete"));
}

TEST_F(ByteOutputTest, SaysWhatCannotBeOpened) {
  const auto output = OpenOutput(directory_.File("missing/out"));
  ASSERT_FALSE(output.has_value());
  EXPECT_EQ(output.error().code, ErrorCode::kIo);
  EXPECT_EQ(output.error().file, directory_.File("missing/out.partial"));
}

}  // namespace
}  // namespace thresh
