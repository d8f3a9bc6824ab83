// Which changes of a file invalidate what was read from it.
#include "storage/input_watch.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "input/testing.h"

namespace thresh {
namespace {

class InputWatchTest : public testing::Test {
 protected:
  InputWatchTest() {
    // A change in the same tick of the clock would not be detected.
    std::filesystem::last_write_time(
        path_,
        std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
  }

  input_testing::TempDir dir_;
  const std::string path_ = dir_.Write("input", "0123456789");
};

TEST_F(InputWatchTest, FindsWhatWasOverwrittenOrCut) {
  for (const bool cut : {false, true}) {
    const InputWatch watch({path_, "-", "/dev/null", path_ + ".absent"});
    std::vector<Error> errors;
    watch.Check(&errors);
    EXPECT_TRUE(errors.empty());
    if (cut) {
      std::filesystem::resize_file(path_, 5);
    } else {
      std::fstream(path_, std::ios::in | std::ios::out) << "x";
    }
    watch.Check(&errors);
    ASSERT_EQ(errors.size(), 1U);
    EXPECT_EQ(errors[0].file, path_);
    EXPECT_EQ(errors[0].code, ErrorCode::kIo);
    watch.Check(&errors);
    EXPECT_EQ(errors.size(), 1U) << "one error for each file";
    std::filesystem::last_write_time(
        path_,
        std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
  }
}

TEST_F(InputWatchTest, LeavesWhatWasAppendedToOrReplaced) {
  const InputWatch watch({path_});
  std::vector<Error> errors;
  std::ofstream(path_, std::ios::app) << "more";
  watch.Check(&errors);
  dir_.Write("other", "x");
  std::filesystem::rename(dir_.Write("other", "x"), path_);
  watch.Check(&errors);
  EXPECT_TRUE(errors.empty());
}

}  // namespace
}  // namespace thresh
