// Where records are written, in which format, and what happens when writing
// fails.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/archives.h"
#include "cli/run_program.h"

namespace thresh {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class Output : public testing::Test {
 protected:
  Output() : archive_(directory_ / "archive") {
    WriteFile(archive_, MakeBlob({"{\"a\": 1}", "text", "\xFF"}));
  }

  [[nodiscard]] bool Exists(std::string_view name) const {
    return std::filesystem::exists(directory_ / name);
  }

  TemporaryDirectory directory_;
  std::string archive_;
};

TEST_F(Output, NdjsonIsTheDefault) {
  const Outcome outcome = RunProgram({"deaggregate", archive_});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  const auto lines = ParseLines(outcome.out);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[1]["partitionKey"], "b");
  EXPECT_EQ(lines[1]["subSequenceNumber"], 1);
  EXPECT_EQ(lines[1]["aggregated"], true);
  EXPECT_EQ(lines[1]["data"], "dGV4dA==");
  EXPECT_TRUE(lines[1]["explicitHashKey"].is_null());
}

TEST_F(Output, DataAsText) {
  const auto lines = ParseLines(
      RunProgram({"deaggregate", archive_, "--data-encoding", "text"}).out);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0]["data"], "{\"a\": 1}");
  EXPECT_EQ(lines[1]["data"], "text");
  EXPECT_EQ(lines[2]["dataBase64"], "/w==");
}

TEST_F(Output, DataAsJson) {
  const auto lines = ParseLines(
      RunProgram({"deaggregate", archive_, "--data-encoding", "json"}).out);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0]["data"], nlohmann::json({{"a", 1}}));
  EXPECT_EQ(lines[1]["dataBase64"], "dGV4dA==");
}

TEST_F(Output, Lines) {
  EXPECT_EQ(RunProgram({"deaggregate", archive_, "--format", "lines"}).out,
            "{\"a\": 1}\ntext\n\xFF\n");
}

TEST_F(Output, Delimited) {
  EXPECT_EQ(RunProgram({"deaggregate", archive_, "--format", "delimited"}).out,
            "\x08{\"a\": 1}\x04text\x01\xFF");
}

TEST_F(Output, NullWritesNothing) {
  const Outcome outcome = RunProgram(
      {"deaggregate", archive_, "--format", "null"},
      {.pipe = {}, .stdout_path = {}, .directory = directory_.path()});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.out, IsEmpty());
  EXPECT_THAT(outcome.err, HasSubstr("user records"));
  EXPECT_FALSE(Exists("thresh.quarantine.ndjson"));
}

TEST_F(Output, FileAppearsWhole) {
  const Outcome outcome = RunProgram(
      {"deaggregate", archive_, "--format", "lines", "-o", directory_ / "o"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, IsEmpty());
  EXPECT_EQ(ReadFile(directory_ / "o"), "{\"a\": 1}\ntext\n\xFF\n");
  EXPECT_FALSE(Exists("o.partial"));
}

TEST_F(Output, SameFileAsInputIsRefused) {
  const std::string before = ReadFile(archive_);
  std::filesystem::create_symlink(archive_, directory_ / "link");
  std::filesystem::create_hard_link(archive_, directory_ / "hard");
  for (const std::string& out :
       {archive_, directory_ / "link", directory_ / "hard",
        directory_ / "./archive"}) {
    for (const std::string& input : {archive_, directory_.path()}) {
      const Outcome outcome = RunProgram({"deaggregate", input, "-o", out});
      EXPECT_EQ(outcome.status, 2) << out;
      EXPECT_THAT(outcome.err, HasSubstr("same file"));
    }
  }
  EXPECT_EQ(ReadFile(archive_), before);
}

TEST_F(Output, RedirectedOntoInputIsRefused) {
  const std::string before = ReadFile(archive_);
  const Outcome outcome =
      RunProgram({"deaggregate", archive_},
                 {.pipe = {}, .stdout_path = archive_, .directory = {}});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(ReadFile(archive_), before);
}

TEST_F(Output, QuarantineOntoInputOrOutputIsRefused) {
  for (const std::string& quarantine : {archive_, directory_ / "o"}) {
    const Outcome outcome =
        RunProgram({"deaggregate", archive_, "-o", directory_ / "o",
                    "--quarantine", quarantine});
    EXPECT_EQ(outcome.status, 2) << quarantine;
    EXPECT_FALSE(Exists("o"));
  }
}

TEST_F(Output, DirectoryIsRefused) {
  const Outcome outcome =
      RunProgram({"deaggregate", archive_, "-o", directory_.path()});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("is a directory"));
}

TEST_F(Output, UnwritablePathFails) {
  const std::string out = directory_ / "absent/out";
  const Outcome outcome = RunProgram({"deaggregate", archive_, "-o", out});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_THAT(outcome.err, HasSubstr(out));
}

TEST_F(Output, FullDiskFails) {
  const RunOptions full{
      .pipe = {}, .stdout_path = "/dev/full", .directory = {}};
  for (const std::vector<std::string>& command :
       std::vector<std::vector<std::string>>{
           {"deaggregate", archive_},
           {"inspect", archive_},
           {"inspect", "--json", archive_},
           {"verify", "--summary", "json", archive_},
           {"generate", "--records", "10", "-o", "-"},
           {"deaggregate", "--format", "null", "-o", directory_ / "o",
            "--summary", "json", archive_}}) {
    const Outcome outcome = RunProgram(command, full);
    EXPECT_EQ(outcome.status, 3) << command.front();
    EXPECT_THAT(outcome.err, HasSubstr("No space left")) << command.front();
  }
  EXPECT_EQ(RunProgram({"deaggregate", archive_, "-o", "/dev/full"}).status, 3);
}

TEST_F(Output, ReaderThatLeavesEndsTheProgramQuietly) {
  WriteFile(archive_, LargeArchive());
  const std::string err = directory_ / "err";
  const std::string command = "trap - PIPE; { " THRESH_PROGRAM " deaggregate " +
                              archive_ + " 2>" + err + "; echo $? >" +
                              directory_ / "status" + "; } | head -n 1 >" +
                              directory_ / "first";
  // A shell cannot reset a signal that was ignored when it started.
  std::signal(SIGPIPE, SIG_DFL);
  ASSERT_EQ(std::system(("bash -c '" + command + "'").c_str()), 0);
  EXPECT_EQ(ReadFile(directory_ / "status"), "141\n");
  EXPECT_THAT(ReadFile(err), IsEmpty());
  EXPECT_EQ(ParseLines(ReadFile(directory_ / "first")).size(), 1U);
}

}  // namespace
}  // namespace thresh
