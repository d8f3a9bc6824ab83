// The program's help and version, and its messages for wrong usage.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/archives.h"
#include "cli/run_program.h"
#include "thresh/simd_target.h"

namespace thresh {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class Help : public testing::TestWithParam<const char*> {};

TEST_P(Help, SaysWhatThereIs) {
  const Outcome outcome = RunProgram({GetParam(), "--help"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.err, IsEmpty());
  EXPECT_THAT(outcome.out, HasSubstr(std::string("thresh ") + GetParam()));
  EXPECT_THAT(outcome.out, HasSubstr("Examples:"));
  EXPECT_THAT(outcome.out, HasSubstr("Exit status:"));
  EXPECT_THAT(outcome.out, HasSubstr("--container"));
}

INSTANTIATE_TEST_SUITE_P(Commands, Help,
                         testing::Values("deaggregate", "aggregate", "verify",
                                         "inspect", "replay", "generate"));

TEST(Usage, HelpNamesEveryCommand) {
  const Outcome outcome = RunProgram({"--help"});
  EXPECT_EQ(outcome.status, 0);
  for (const char* command : {"deaggregate", "aggregate", "verify", "inspect",
                              "replay", "generate"}) {
    EXPECT_THAT(outcome.out, HasSubstr(command));
  }
}

TEST(Usage, HelpShowsDefaultsAndChoices) {
  const Outcome outcome = RunProgram({"deaggregate", "--help"});
  EXPECT_THAT(outcome.out, HasSubstr("ndjson|lines|delimited|null"));
  EXPECT_THAT(outcome.out, HasSubstr("quarantine|pass|skip|fail"));
  EXPECT_THAT(outcome.out, HasSubstr("[default: ndjson]"));
  EXPECT_THAT(outcome.out, HasSubstr("[default: auto]"));
}

TEST(Usage, Version) {
  const Outcome outcome = RunProgram({"--version"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.out, testing::MatchesRegex("thresh [0-9.]+\n"));
}

TEST(Usage, HelpFitsATerminal) {
  for (const char* command : {"deaggregate", "aggregate", "verify", "inspect",
                              "replay", "generate"}) {
    const std::string help = RunProgram({command, "--help"}).out;
    for (size_t at = 0; at < help.size();) {
      const size_t end = std::min(help.find('\n', at), help.size());
      EXPECT_LE(end - at, 80U) << help.substr(at, end - at);
      at = end + 1;
    }
  }
}

TEST(Usage, HelpToFullDiskFails) {
  const Outcome outcome = RunProgram(
      {"--help"}, {.pipe = {}, .stdout_path = "/dev/full", .directory = {}});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_THAT(outcome.err, HasSubstr("standard output"));
}

struct WrongUse {
  std::vector<std::string> arguments;
  const char* told;  // what the message must name
};

// Keeps the test names the same in every build.
void PrintTo(const WrongUse& use, std::ostream* out) {
  *out << testing::PrintToString(use.arguments);
}

class WrongUsage : public testing::TestWithParam<WrongUse> {};

TEST_P(WrongUsage, EndsWithStatus2AndOneLine) {
  const Outcome outcome = RunProgram(GetParam().arguments);
  EXPECT_EQ(outcome.status, 2) << outcome.err;
  EXPECT_THAT(outcome.out, IsEmpty());
  EXPECT_THAT(outcome.err, StartsWith("thresh: "));
  EXPECT_THAT(outcome.err, HasSubstr(GetParam().told));
  EXPECT_THAT(outcome.err, EndsWith("--help'\n"));
  EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1);
}

std::vector<std::string> Generate(std::vector<std::string> more) {
  std::vector<std::string> all = {"generate", "-o", "-"};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

INSTANTIATE_TEST_SUITE_P(
    Reading, WrongUsage,
    testing::Values(
        WrongUse{{}, "subcommand"}, WrongUse{{"thrash"}, "thrash"},
        WrongUse{{"--wrong"}, "--wrong"}, WrongUse{{"verify"}, "INPUT"},
        WrongUse{{"deaggregate"}, "INPUT"}, WrongUse{{"inspect"}, "INPUT"},
        WrongUse{{"deaggregate", "x", "--format", "xml"}, "'xml'"},
        WrongUse{{"deaggregate", "x", "--container", "u64"}, "'u64'"},
        WrongUse{{"deaggregate", "x", "--on-suspect", "ignore"}, "'ignore'"},
        WrongUse{{"deaggregate", "x", "--data-encoding", "hex"}, "'hex'"},
        WrongUse{{"deaggregate", "x", "--summary", "yaml"}, "'yaml'"},
        WrongUse{{"deaggregate", "x", "--jobs", "many"}, "--jobs"},
        WrongUse{{"deaggregate", "x", "--jobs", "-1"}, "--jobs"},
        WrongUse{{"verify", "x", "--jobs", "99999999999"}, "--jobs"},
        WrongUse{{"verify", "x", "--limit", "-3"}, "'-3'"},
        WrongUse{{"verify", "x", "--max-expansion", "-1"}, "'-1'"},
        WrongUse{{"inspect", "x", "--max-expanded-bytes", "big"}, "'big'"},
        WrongUse{{"inspect", "x", "--limit", ""}, "''"},
        WrongUse{{"deaggregate", "x", "--format", "lines", "--data-encoding",
                  "text"},
                 "--format ndjson"},
        WrongUse{
            {"deaggregate", "x", "--on-suspect", "skip", "--quarantine", "y"},
            "--on-suspect quarantine"},
        WrongUse{{"verify", "x", "-o", "y"}, "-o"},
        WrongUse{{"inspect", "x", "--limit", "some"}, "--limit"},
        WrongUse{{"deaggregate", "x", "-o"}, "--output"}));

std::vector<std::string> AggregateWith(std::vector<std::string> more) {
  std::vector<std::string> all = {"aggregate", "x", "-o", "y"};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

INSTANTIATE_TEST_SUITE_P(
    Aggregating, WrongUsage,
    testing::Values(
        WrongUse{{"aggregate", "x"}, "--output"},
        WrongUse{{"aggregate", "-o", "y"}, "INPUT"},
        WrongUse{AggregateWith({"--from", "xml"}), "'xml'"},
        WrongUse{AggregateWith({"--container", "json"}), "'json'"},
        WrongUse{AggregateWith({"--container", "auto"}), "'auto'"},
        WrongUse{AggregateWith({"--blob-size", "big"}), "'big'"},
        WrongUse{AggregateWith({"--blob-size", "1000"}), "--blob-size"},
        WrongUse{AggregateWith({"--blob-size", "11MiB"}), "--blob-size"},
        WrongUse{AggregateWith({"--max-records", "-1"}), "'-1'"},
        WrongUse{AggregateWith({"--too-large", "split"}), "'split'"},
        WrongUse{AggregateWith({"--too-large", "plain"}), "blobs"},
        WrongUse{AggregateWith({"--format", "json"}), "'json'"},
        WrongUse{AggregateWith({"--format", "put-records"}), "needs --stream"},
        WrongUse{AggregateWith({"--format", "put-records", "--stream", "a b"}),
                 "--stream: 'a b'"},
        WrongUse{AggregateWith({"--format", "put-records", "--stream", "s",
                                "--container", "u32le"}),
                 "--container"},
        WrongUse{AggregateWith({"--stream", "s"}), "--format put-records"},
        WrongUse{AggregateWith({"--on-unsendable", "skip"}),
                 "--on-unsendable is for --format put-records"},
        WrongUse{AggregateWith({"--on-unsendable", "drop"}), "'drop'"},
        WrongUse{AggregateWith({"--max-record-size", "1MiB"}),
                 "--format put-records"},
        WrongUse{AggregateWith({"--format", "put-records", "--stream", "s",
                                "--max-record-size", "1KiB"}),
                 "--max-record-size"},
        WrongUse{AggregateWith({"--format", "put-records", "--stream", "s",
                                "--max-record-size", "11MiB"}),
                 "--max-record-size"},
        WrongUse{AggregateWith({"--format", "put-records", "--stream", "s",
                                "--blob-size", "2MiB"}),
                 "raise that too"},
        WrongUse{AggregateWith({"--key", "k"}), "--from lines"},
        WrongUse{AggregateWith({"--from", "ndjson", "--key-pointer", "/k"}),
                 "--from lines"},
        WrongUse{AggregateWith({"--data-encoding", "text"}), "--from ndjson"},
        WrongUse{AggregateWith({"--from", "lines"}), "--key"},
        WrongUse{AggregateWith({"--from", "lines", "--key", "a",
                                "--key-pointer", "/a"}),
                 "one of"},
        WrongUse{AggregateWith({"--from", "lines", "--key", "a",
                                "--default-key", "b"}),
                 "--default-key"},
        WrongUse{AggregateWith({"--from", "lines", "--key", ""}), "--key"},
        WrongUse{AggregateWith({"--default-key", std::string(257, 'x')}),
                 "--default-key"},
        WrongUse{AggregateWith({"--from", "ndjson", "--limit", "1"}),
                 "--limit"},
        WrongUse{AggregateWith({"--hash-range-mode", "aggregate"}),
                 "--hash-range"},
        WrongUse{AggregateWith({"--on-suspect", "skip", "--quarantine", "q"}),
                 "--on-suspect quarantine"}));

INSTANTIATE_TEST_SUITE_P(
    Generating, WrongUsage,
    testing::Values(
        WrongUse{{"generate", "--records", "1"}, "--output"},
        WrongUse{Generate({}), "--records"},
        WrongUse{Generate({"--records", "0"}), "at least 1"},
        WrongUse{Generate({"--records", "-1"}), "'-1'"},
        WrongUse{Generate({"--records", "1", "--seed", "-1"}), "'-1'"},
        WrongUse{Generate({"--records", "1", "--keys", "-1"}), "'-1'"},
        WrongUse{Generate({"--records", "1", "--record-size", "0"}), "range"},
        WrongUse{Generate({"--records", "1", "--record-size", "9..5"}),
                 "range"},
        WrongUse{Generate({"--records", "1", "--record-size", "5.."}), "''"},
        WrongUse{Generate({"--records", "1", "--record-size", "10 KiB"}),
                 "'10 KiB'"},
        WrongUse{Generate({"--records", "1", "--blob-size", "1EiB"}), "'1EiB'"},
        WrongUse{Generate({"--records", "1", "--blob-size", "99999999999GiB"}),
                 "'99999999999GiB'"},
        WrongUse{Generate({"--records", "1", "--blob-size", "1GiB"}),
                 "a limit of 1073741824 bytes"},
        WrongUse{Generate({"--records", "1", "--record-size", "50KiB"}),
                 "more than the blob size"},
        WrongUse{Generate({"--records", "1", "--keys", "few"}), "'few'"},
        WrongUse{Generate({"--records", "1", "--keys", "unique",
                           "--key-distribution", "zipf"}),
                 "zipf"},
        WrongUse{Generate({"--records", "1", "--plain", "0.5"}), "plain"},
        WrongUse{Generate({"--records", "1", "--explicit-hash-keys", "1.5"}),
                 "share"},
        WrongUse{Generate({"--records", "1", "--explicit-hash-keys", "nan"}),
                 "share"},
        WrongUse{Generate({"--records", "1", "--container", "auto"}),
                 "'auto'"}));

TEST(Usage, ErrorsNameTheCommandsHelp) {
  EXPECT_THAT(RunProgram({"verify"}).err, HasSubstr("'thresh verify --help'"));
  EXPECT_THAT(RunProgram({}).err, HasSubstr("'thresh --help'"));
}

TEST(Usage, AbsurdNumberOfJobs) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"deaggregate"},
        {"verify"},
        {"inspect"},
        {"aggregate", "-o", "/dev/null"},
        {"aggregate", "-o", "/dev/null", "--from", "ndjson"}}) {
    std::vector<std::string> arguments = words;
    arguments.insert(arguments.end(), {"-", "--jobs", "1025"});
    const Outcome outcome = RunProgram(arguments);
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.err, HasSubstr("1025 jobs"));
  }
}

RunOptions OnTarget(const std::string& target) {
  return {.pipe = MakeBlob({"1", "2"}),
          .stdout_path = {},
          .directory = {},
          .target = target};
}

TEST(Usage, EveryTargetDoesTheSame) {
  const std::vector<std::string> arguments = {"deaggregate", "-", "-q"};
  const Outcome usual = RunProgram(arguments, OnTarget(""));
  EXPECT_EQ(usual.status, 0) << usual.err;
  for (const std::string& target : SimdTargets()) {
    const Outcome outcome = RunProgram(arguments, OnTarget(target));
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(outcome.out, usual.out) << target;
  }
}

TEST(Usage, UnknownTarget) {
  const TemporaryDirectory directory;
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"deaggregate", "-", "-o", directory / "out"},
        {"verify", "-"},
        {"inspect", "-"},
        {"generate", "-o", directory / "out", "--records", "1"}}) {
    const Outcome outcome = RunProgram(arguments, OnTarget("avx99"));
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.out, IsEmpty());
    EXPECT_THAT(outcome.err, HasSubstr("'avx99'"));
    for (const std::string& target : SimdTargets()) {
      EXPECT_THAT(outcome.err, HasSubstr(target));
    }
    EXPECT_FALSE(std::filesystem::exists(directory / "out"));
  }
}

TEST(Usage, QuarantineFileNeedsItsPolicy) {
  const Outcome outcome = RunProgram(
      {"deaggregate", "x", "--on-suspect", "skip", "--quarantine", "q"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("--quarantine"));
}

TEST(Usage, FileNamedLikeAnOption) {
  const TemporaryDirectory directory;
  WriteFile(directory / "-x", MakeBlob({"1"}));
  const Outcome outcome = RunProgram(
      {"verify", "--", "-x"},
      {.pipe = {}, .stdout_path = {}, .directory = directory.path()});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
}

}  // namespace
}  // namespace thresh
