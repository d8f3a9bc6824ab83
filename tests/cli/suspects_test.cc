// Damaged archives under each policy.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/base64.h"
#include "cli/archives.h"
#include "cli/run_program.h"

namespace thresh {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Suspects : public testing::Test {
 protected:
  Suspects()
      : first_(MakeBlob({"first"})),
        damaged_(MakeDamagedBlob()),
        archive_(directory_ / "archive") {
    WriteFile(archive_, U32Le({first_, damaged_, MakeBlob({"last"})}));
    damaged_offset_ = 4 + first_.size() + 4;
  }

  // Runs in the temporary directory, for files that are created in the current
  // one.
  Outcome Run(std::vector<std::string> options) {
    options.insert(options.begin(),
                   {"deaggregate", archive_, "--container", "u32le"});
    if (std::find(options.begin(), options.end(), "--format") ==
        options.end()) {
      options.insert(options.end(), {"--format", "lines"});
    }
    return RunProgram(
        options,
        {.pipe = {}, .stdout_path = {}, .directory = directory_.path()});
  }

  void ExpectQuarantined(const std::string& file) {
    const auto lines = ParseLines(ReadFile(file));
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(lines[0]["source"], archive_);
    EXPECT_EQ(lines[0]["offset"], damaged_offset_);
    EXPECT_EQ(lines[0]["length"], damaged_.size());
    EXPECT_EQ(lines[0]["verdict"], "digest_mismatch");
    EXPECT_EQ(lines[0]["data"], Base64Text(AsBytes(damaged_)));
  }

  [[nodiscard]] bool Exists(std::string_view name) const {
    return std::filesystem::exists(directory_ / name);
  }

  TemporaryDirectory directory_;
  std::string first_;
  std::string damaged_;
  std::string archive_;
  size_t damaged_offset_ = 0;
};

TEST_F(Suspects, AreQuarantinedByDefault) {
  const Outcome outcome = Run({});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.out, "first\nlast\n");
  EXPECT_THAT(outcome.err, HasSubstr("digest mismatch"));
  EXPECT_THAT(outcome.err, HasSubstr("thresh.quarantine.ndjson"));
  ExpectQuarantined(directory_ / "thresh.quarantine.ndjson");
}

TEST_F(Suspects, QuarantineLiesBesideTheOutput) {
  const Outcome outcome = Run({"-o", directory_ / "out"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(ReadFile(directory_ / "out"), "first\nlast\n");
  ExpectQuarantined(directory_ / "out.quarantine.ndjson");
  EXPECT_FALSE(Exists("thresh.quarantine.ndjson"));
}

TEST_F(Suspects, QuarantineOfADeviceLiesHere) {
  EXPECT_EQ(Run({"-o", "/dev/null"}).status, 1);
  ExpectQuarantined(directory_ / "thresh.quarantine.ndjson");
}

TEST_F(Suspects, QuarantineWhereAsked) {
  EXPECT_EQ(Run({"--quarantine", directory_ / "side"}).status, 1);
  ExpectQuarantined(directory_ / "side");
  EXPECT_FALSE(Exists("thresh.quarantine.ndjson"));
}

TEST_F(Suspects, SoundRunLeavesNoQuarantine) {
  WriteFile(archive_, U32Le({first_}));
  WriteFile(directory_ / "out.quarantine.ndjson", "of an earlier run\n");
  const Outcome outcome = Run({"-o", directory_ / "out"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_FALSE(Exists("out.quarantine.ndjson"));
  EXPECT_THAT(outcome.err, Not(HasSubstr("quarantine")));
}

// A run that has no such file of its own removes that of an earlier run.
TEST_F(Suspects, AnEarlierQuarantineGoesWhateverThePolicy) {
  for (const std::vector<std::string>& options :
       std::vector<std::vector<std::string>>{
           {"--on-suspect", "skip"},
           {"--on-suspect", "pass"},
           {"--quarantine", directory_ / "side"}}) {
    WriteFile(directory_ / "out.quarantine.ndjson", "of an earlier run\n");
    std::vector<std::string> all = {"-o", directory_ / "out"};
    all.insert(all.end(), options.begin(), options.end());
    EXPECT_LE(Run(all).status, 1) << options.front();
    EXPECT_TRUE(Exists("out"));
    EXPECT_FALSE(Exists("out.quarantine.ndjson")) << options.back();
  }
  ExpectQuarantined(directory_ / "side");
}

TEST_F(Suspects, WhatALinkUnderTheQuarantinesNameLeadsToStays) {
  WriteFile(directory_ / "precious", "somebody's\n");
  const std::string link = directory_ / "out.quarantine.ndjson";
  std::filesystem::create_symlink("precious", link);
  EXPECT_EQ(Run({"-o", directory_ / "out"}).status, 1);
  ExpectQuarantined(link);
  EXPECT_FALSE(std::filesystem::is_symlink(link));
  std::filesystem::remove(link);
  std::filesystem::create_symlink("precious", link);
  WriteFile(archive_, U32Le({first_}));
  EXPECT_EQ(Run({"-o", directory_ / "out"}).status, 0);
  EXPECT_FALSE(std::filesystem::is_symlink(link));
  EXPECT_EQ(ReadFile(directory_ / "precious"), "somebody's\n");
}

TEST_F(Suspects, ALinkToNowhereIsAnotherRunsName) {
  std::filesystem::create_symlink("nowhere",
                                  directory_ / "thresh.quarantine.ndjson");
  EXPECT_EQ(Run({}).status, 1);
  EXPECT_FALSE(Exists("nowhere"));
  ExpectQuarantined(directory_ / "thresh-2.quarantine.ndjson");
}

TEST_F(Suspects, Pass) {
  const Outcome outcome = Run({"--on-suspect", "pass"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.out, "first\n" + damaged_ + "\nlast\n");
  EXPECT_FALSE(Exists("thresh.quarantine.ndjson"));
}

TEST_F(Suspects, Skip) {
  const Outcome outcome = Run({"--on-suspect", "skip"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.out, "first\nlast\n");
  EXPECT_FALSE(Exists("thresh.quarantine.ndjson"));
}

TEST_F(Suspects, FailStopsAtTheFirst) {
  const Outcome outcome =
      Run({"--on-suspect", "fail", "-o", directory_ / "out"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, HasSubstr(archive_ + ": offset " +
                                     std::to_string(damaged_offset_) + ": "));
  EXPECT_FALSE(Exists("out")) << "half a result looks like a whole one";
  EXPECT_FALSE(Exists("out.partial"));
}

TEST_F(Suspects, CountedOnlyWhenNothingIsWritten) {
  const Outcome outcome = Run({"--format", "null"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_FALSE(Exists("thresh.quarantine.ndjson"));
  EXPECT_EQ(Run({"--format", "null", "--quarantine", "side"}).status, 1);
  ExpectQuarantined(directory_ / "side");
}

TEST_F(Suspects, QuarantineThatCannotBeWrittenFailsBeforeTheFirst) {
  WriteFile(archive_, U32Le({first_}));
  const Outcome outcome = Run({"--quarantine", directory_ / "absent/side"});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, HasSubstr("absent/side"));
  EXPECT_THAT(outcome.err,
              HasSubstr("name a file for suspects with --quarantine"));
}

TEST_F(Suspects, NoRunOverwritesTheQuarantineOfAnother) {
  EXPECT_EQ(Run({}).status, 1);
  const Outcome second = Run({"-o", "/dev/stdout"});
  EXPECT_EQ(second.status, 1);
  EXPECT_EQ(second.out, "first\nlast\n");
  EXPECT_THAT(second.err, HasSubstr("thresh-2.quarantine.ndjson"));
  ExpectQuarantined(directory_ / "thresh.quarantine.ndjson");
  ExpectQuarantined(directory_ / "thresh-2.quarantine.ndjson");
}

TEST_F(Suspects, AreQuarantinedWithoutOutputIfAskedFor) {
  EXPECT_EQ(Run({"--format", "null", "--on-suspect", "quarantine"}).status, 1);
  ExpectQuarantined(directory_ / "thresh.quarantine.ndjson");
}

TEST_F(Suspects, FailCountsWhatCameBefore) {
  const Outcome outcome =
      Run({"--on-suspect", "fail", "--summary", "json", "-o", "/dev/fd/1"});
  EXPECT_EQ(outcome.status, 1);
  const auto lines = ParseLines(outcome.err.substr(outcome.err.find('{')));
  ASSERT_EQ(lines.size(), 1U) << "on standard error, as the records are not";
  EXPECT_EQ(lines[0]["errors"][0]["offset"], damaged_offset_);
}

TEST_F(Suspects, InputErrorOutweighsSuspects) {
  std::string cut = U32Le({damaged_, first_});
  cut.pop_back();
  WriteFile(archive_, cut);
  EXPECT_EQ(Run({}).status, 3);
}

TEST_F(Suspects, OpaqueSpanBetweenBlobs) {
  WriteFile(archive_, first_ + "garbage" + MakeBlob({"last"}));
  const Outcome outcome = RunProgram(
      {"deaggregate", archive_, "--format", "lines", "-o", directory_ / "out"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(ReadFile(directory_ / "out"), "first\nlast\n");
  const auto lines = ParseLines(ReadFile(directory_ / "out.quarantine.ndjson"));
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0]["offset"], first_.size());
  EXPECT_EQ(lines[0]["length"], 7);
  EXPECT_EQ(lines[0]["verdict"], "opaque_span");
  EXPECT_EQ(lines[0]["data"], "Z2FyYmFnZQ==");
}

TEST(BadLines, ThatFollowEachOtherShareAnObject) {
  const TemporaryDirectory directory;
  const std::string sound = Base64Text(AsBytes(MakeBlob({"sound"}))) + "\n";
  const std::string archive = sound + "!1\n!2\r\n\n!3\n" + sound + "!4";
  WriteFile(directory / "archive", archive);
  const std::string quarantine = directory / "q";
  const Outcome outcome =
      RunProgram({"deaggregate", directory / "archive", "-o", directory / "out",
                  "--quarantine", quarantine, "--summary", "json"});
  EXPECT_EQ(outcome.status, 1);
  const nlohmann::json summary = ParseJson(outcome.out);
  EXPECT_EQ(summary["opaque_spans"], 4);
  const auto lines = ParseLines(ReadFile(quarantine));
  ASSERT_EQ(lines.size(), 3U);
  const auto expect = [&](size_t i, const std::string& data, int count) {
    EXPECT_EQ(lines[i]["offset"], archive.find(data));
    EXPECT_EQ(lines[i]["length"], data.size());
    EXPECT_EQ(lines[i]["data"], Base64Text(AsBytes(data)));
    EXPECT_EQ(lines[i].value("count", 1), count);
    EXPECT_EQ(lines[i]["reason"], "not_base64");
  };
  expect(0, "!1\n!2", 2);
  expect(1, "!3", 1);
  expect(2, "!4", 1);
}

TEST(BadLines, AreQuarantinedInTheirSizeWhateverTheWindows) {
  const TemporaryDirectory directory;
  std::string archive = Base64Text(AsBytes(MakeBlob({"sound"}))) + "\n";
  for (int i = 0; i < 300'000; ++i) archive += i % 1000 == 0 ? "YQ==\n" : "!\n";
  WriteFile(directory / "archive", archive);
  std::string first;
  for (const std::string jobs : {"1", "3"}) {
    RunProgram({"deaggregate", directory / "archive", "-j", jobs, "-o",
                "/dev/null", "--quarantine", directory / "q"});
    const std::string written = ReadFile(directory / "q");
    EXPECT_LT(written.size(), 2 * archive.size());
    EXPECT_EQ(ParseLines(written).size(), 300U);
    if (first.empty()) first = written;
    EXPECT_EQ(written, first);
  }
}

}  // namespace
}  // namespace thresh
