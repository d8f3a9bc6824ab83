// The progress that a run reports.
#include <gtest/gtest.h>

#include "sink/scratch_dir.h"
#include "thresh/batch_reader.h"

namespace thresh {
namespace {

TEST(ProgressTest, TellsTheTotalIfItIsAskedFor) {
  const ScratchDir dir;
  const std::vector<std::string> inputs = {dir.File("a"), dir.File("b")};
  WriteFile(inputs[0],
            "\x03"
            "abc");
  WriteFile(inputs[1],
            "\x01"
            "a");
  for (const bool total : {true, false}) {
    Progress last;
    Options options;
    options.container = ContainerKind::kVarint;
    options.progress_total = total;
    options.progress = [&last](const Progress& progress) { last = progress; };
    Result<BatchReader> reader = BatchReader::Open(inputs, options);
    ASSERT_TRUE(reader.has_value());
    while (reader->Next().value_or(nullptr) != nullptr) {
    }
    EXPECT_EQ(last.so_far.stored_bytes, 6U);
    EXPECT_EQ(last.stored_bytes_total, total ? 6U : 0U);
  }
}

}  // namespace
}  // namespace thresh
