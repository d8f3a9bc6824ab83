// The program's remedies, which replace the engine's: the engine does not know
// the program's options.
#include "cli/report/advice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <string>
#include <vector>

#include "cli/archives.h"
#include "cli/run_program.h"

namespace thresh {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

constexpr char kLines[] = "; lines are read with --from ndjson or lines\n";

std::vector<Error> OneOfEach() {
  std::vector<Error> errors;
  for (int i = 0; i <= static_cast<int>(ErrorDetail::kColumns); ++i) {
    errors.push_back({.code = ErrorCode::kContainer,
                      .detail = static_cast<ErrorDetail>(i),
                      .file = "file",
                      .offset = 7,
                      .message = "message",
                      .remedy = "do {0} as --engine says"});
  }
  return errors;
}

TEST(AdviceTest, OnlyTheRemedyChanges) {
  size_t advised = 0;
  for (const Error& error : OneOfEach()) {
    const Error said = cli::Advised(error);
    EXPECT_EQ(said.code, error.code);
    EXPECT_EQ(said.file, "file");
    EXPECT_EQ(said.offset, 7U);
    EXPECT_EQ(said.message, "message");
    EXPECT_NE(said.remedy, "");
    advised += said.remedy != error.remedy ? 1 : 0;
  }
  // All except kNone, kLoggedJson and kColumns, whose remedies are commands.
  EXPECT_EQ(advised, OneOfEach().size() - 3);
}

TEST(AdviceTest, OptionsThatAreNamedExist) {
  std::string help;
  for (const char* command : {"deaggregate", "aggregate", "replay"}) {
    help += RunProgram({command, "--help"}).out;
  }
  std::set<std::string> named;
  for (const Error& error : OneOfEach()) {
    const std::string remedy = cli::Advised(error).remedy;
    const std::regex option("--[a-z][a-z-]*");
    for (std::sregex_iterator at(remedy.begin(), remedy.end(), option), end;
         at != end; ++at) {
      if (at->str() != "--engine") named.insert(at->str());
    }
  }
  EXPECT_GE(named.size(), 8U);
  for (const std::string& option : named) EXPECT_THAT(help, HasSubstr(option));
}

TEST(AdviceTest, CommandsHaveOptionsOfTheirOwn) {
  const Error error = {.code = ErrorCode::kContainer,
                       .detail = ErrorDetail::kUnknownText,
                       .file = {},
                       .offset = 0,
                       .message = "message",
                       .remedy = {}};
  EXPECT_EQ(cli::Advised(error).remedy,
            "if it does hold Kinesis records, name their container with "
            "--container");
  EXPECT_EQ(cli::Advised(error, {.container_option = "--from"}).remedy,
            "if it does hold Kinesis records, name their container with "
            "--from");
}

class AdviceRun : public testing::Test {
 protected:
  // What `command` prints on standard error for a file with this content.
  std::string Said(std::string_view content,
                   std::vector<std::string> command = {"aggregate"}) {
    WriteFile(directory_ / "in", content);
    command.push_back(directory_ / "in");
    if (command[0] != "verify") {
      command.insert(command.end(), {"-q", "-o", directory_ / "out"});
    }
    const Outcome outcome = RunProgram(command);
    EXPECT_NE(outcome.status, 0);
    return outcome.err;
  }

  TemporaryDirectory directory_;
};

TEST_F(AdviceRun, LinesAreOfferedForTextAlone) {
  for (const std::string& text :
       {std::string("hello\nworld\n"), std::string("{\"a\":1}\n{\"a\":2}\n"),
        std::string("# log\n{\"Records\":[]}\n"), std::string("a,b\n1,2\n"),
        std::string("gr\xFC\xDF\x65\n"),
        std::string("INFO {\"Records\":[{\"SequenceNumber\":\"1\","
                    "\"Data\":\"YQ==\"}]}\n")}) {
    EXPECT_THAT(Said(text), EndsWith(kLines)) << text;
    EXPECT_THAT(Said(text, {"aggregate", "--from", "json"}),
                Not(HasSubstr("lines are read")));
    EXPECT_THAT(Said(text, {"deaggregate"}), Not(HasSubstr("lines are read")));
  }
}

// Most of these are errors at the first byte.
TEST_F(AdviceRun, LinesAreNotOfferedForOtherFiles) {
  for (const std::string& other :
       {std::string("PAR1\x15"), std::string("BZh9"),
        std::string("\0\0\0\0\0\0\0\0", 8),
        std::string("\x1F\x8B\x08\0\0\0\0\0\0\x03\xFF\xFF\xFF\xFF", 14),
        std::string("PK\x03\x04\xFF what is this?"),
        std::string("b'\\xf3\\x89\\x9a\\xc2'\n"),
        std::string("00000000: f389 9ac2 0a03 752d  ......u-\n"),
        std::string("{\"Records\":[{\"Data\":\"YQ==\",\"PartitionKey\":\"k\"}],"
                    "\"StreamName\":\"s\"}"),
        "?\1" + MakeDamagedBlob()}) {
    const std::string said = Said(other);
    EXPECT_THAT(said, HasSubstr(directory_ / "in"));
    EXPECT_THAT(said, Not(HasSubstr("lines are read"))) << said;
  }
}

TEST_F(AdviceRun, SummariesAdviseAsMessagesDo) {
  WriteFile(directory_ / "in", "hello\nworld\n");
  const Outcome outcome =
      RunProgram({"verify", directory_ / "in", "--summary", "json"});
  EXPECT_EQ(ParseJson(outcome.out)["errors"][0]["remedy"],
            "if it does hold Kinesis records, name their container with "
            "--container");
  const Outcome other = RunProgram({"aggregate", directory_ / "in", "--summary",
                                    "json", "-o", directory_ / "out"});
  EXPECT_EQ(ParseJson(other.out)["errors"][0]["remedy"],
            "if it does hold Kinesis records, name their container with "
            "--from; lines are read with --from ndjson or lines");
}

}  // namespace
}  // namespace thresh
