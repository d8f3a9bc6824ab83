// Which files a run may not write, where paths have a scheme. Of files of this
// machine the tests of the commands say so.
#include "cli/options/output_files.h"

#include <gmock/gmock.h>

#include "cli/run_program.h"

namespace thresh {
namespace {

using cli::DefaultQuarantine;
using cli::FindOutputConflict;
using testing::HasSubstr;

TEST(OutputFiles, PathsWithASchemeAreComparedAsTheyAreWritten) {
  const std::string out = "s3://b/out";
  EXPECT_THAT(FindOutputConflict(out, "", {"s3://b/in", out}).value_or(""),
              HasSubstr("the same file as input s3://b/out"));
  EXPECT_THAT(FindOutputConflict(out, "", {out + ".incomplete"}).value_or(""),
              HasSubstr("the same file as input"));
  EXPECT_THAT(FindOutputConflict(out, out, {}).value_or(""),
              HasSubstr("both output and quarantine"));
  EXPECT_EQ(FindOutputConflict(out, DefaultQuarantine(out), {"s3://b/out/x"}),
            std::nullopt);
  // Different objects, though they would be one file.
  EXPECT_EQ(FindOutputConflict(out, "s3://b//out", {"s3://b/./out"}),
            std::nullopt);
  EXPECT_EQ(DefaultQuarantine(out), "s3://b/out.quarantine.ndjson");
}

TEST(OutputFiles, ASchemeThatTheProgramLacksIsNamed) {
  const TemporaryDirectory directory;
  const std::string in = directory / "in";
  WriteFile(in, "");
  const auto run = [&](const std::vector<std::string>& arguments) {
    const Outcome outcome = RunProgram(arguments);
    EXPECT_EQ(outcome.status, 3) << outcome.err;
    EXPECT_THAT(outcome.err,
                HasSubstr("no storage is registered for the scheme s3://"));
    EXPECT_THAT(outcome.err, HasSubstr("s3://b/x"));
  };
  run({"deaggregate", "s3://b/x", "-o", directory / "out"});
  run({"deaggregate", in, "-o", "s3://b/x"});
  run({"deaggregate", in, "-o", directory / "out", "--quarantine", "s3://b/x"});
  run({"verify", "s3://b/x"});
  run({"stats", "s3://b/x"});
  run({"inspect", "s3://b/x"});
  run({"aggregate", in, "-o", "s3://b/x"});
  run({"generate", "--records", "1", "-o", "s3://b/x"});
  EXPECT_FALSE(std::filesystem::exists(directory / "out"));
}

}  // namespace
}  // namespace thresh
