// Runs that could not read all of their inputs: the result does not get the
// name of a complete one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/archives.h"
#include "cli/run_program.h"

namespace thresh {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Incomplete : public testing::Test {
 protected:
  Incomplete() {
    WriteFile(directory_ / "good",
              U32Le({MakeBlob({"good"}), MakeDamagedBlob()}));
  }

  Outcome Run(const std::vector<std::string>& more,
              const std::string& missing = "missing") {
    std::vector<std::string> all = {"deaggregate",
                                    directory_ / "good",
                                    directory_ / missing,
                                    "--container",
                                    "u32le",
                                    "--format",
                                    "lines",
                                    "-o",
                                    out_};
    all.insert(all.end(), more.begin(), more.end());
    return RunProgram(all);
  }

  [[nodiscard]] bool Exists(const std::string& name) const {
    return std::filesystem::exists(directory_ / name);
  }

  TemporaryDirectory directory_;
  std::string out_ = directory_ / "out";
};

TEST_F(Incomplete, GetsAnotherName) {
  const Outcome outcome = Run({});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_THAT(outcome.err,
              AllOf(HasSubstr(out_ + ": not written"),
                    HasSubstr(out_ + ".incomplete"), HasSubstr("--keep-going"),
                    HasSubstr("out.quarantine.ndjson.incomplete")));
  EXPECT_FALSE(Exists("out"));
  EXPECT_FALSE(Exists("out.partial"));
  EXPECT_FALSE(Exists("out.quarantine.ndjson"));
  EXPECT_EQ(ReadFile(out_ + ".incomplete"), "good\n");
  EXPECT_EQ(ParseLines(ReadFile(out_ + ".quarantine.ndjson.incomplete")).size(),
            1U);
}

TEST_F(Incomplete, LeavesAnEarlierResultWithItsSuspects) {
  WriteFile(out_, "earlier");
  WriteFile(out_ + ".quarantine.ndjson", "its suspects");
  EXPECT_EQ(Run({}).status, 3);
  EXPECT_EQ(ReadFile(out_), "earlier");
  EXPECT_EQ(ReadFile(out_ + ".quarantine.ndjson"), "its suspects");
  EXPECT_TRUE(Exists("out.incomplete"));
  // An earlier incomplete result is removed together with its quarantine.
  EXPECT_EQ(Run({"--on-suspect", "skip"}).status, 3);
  EXPECT_FALSE(Exists("out.quarantine.ndjson.incomplete"));
}

TEST_F(Incomplete, KeepGoingWritesItAsItIs) {
  const Outcome outcome = Run({"--keep-going"});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_THAT(outcome.err, Not(HasSubstr("not written")));
  EXPECT_EQ(ReadFile(out_), "good\n");
  EXPECT_TRUE(Exists("out.quarantine.ndjson"));
  EXPECT_FALSE(Exists("out.incomplete"));
}

// Damage is permanent: a later run would not read more.
TEST_F(Incomplete, DamageDoesNotMakeItSo) {
  std::string cut = U32Le({MakeBlob({"cut"})});
  cut.pop_back();
  WriteFile(directory_ / "cut", cut);
  EXPECT_EQ(Run({}, "cut").status, 3);
  EXPECT_EQ(ReadFile(out_), "good\n");
  EXPECT_FALSE(Exists("out.incomplete"));
}

TEST_F(Incomplete, IsInTheSummary) {
  const Outcome outcome = Run({"--summary", "json"});
  const auto lines = ParseLines(outcome.out);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0]["incomplete"], out_ + ".incomplete");
  EXPECT_EQ(lines[0]["quarantine"], out_ + ".quarantine.ndjson.incomplete");
  EXPECT_FALSE(
      ParseLines(Run({"--keep-going", "--summary", "json"}).out)[0].contains(
          "incomplete"));
}

TEST_F(Incomplete, AggregatesAndPagesToo) {
  WriteFile(directory_ / "line", "line\n");
  for (const std::vector<std::string>& command :
       std::vector<std::vector<std::string>>{
           {"aggregate", directory_ / "good", "--from", "u32le", "-o", out_},
           {"aggregate", directory_ / "line", "--from", "lines", "--key", "k",
            "-o", out_},
           {"stats", directory_ / "good", "--container", "u32le", "--html",
            out_}}) {
    std::vector<std::string> all = command;
    all.push_back(directory_ / "missing");
    const Outcome outcome = RunProgram(all);
    EXPECT_EQ(outcome.status, 3) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr(out_ + ".incomplete"));
    EXPECT_FALSE(Exists("out"));
    EXPECT_TRUE(std::filesystem::remove(out_ + ".incomplete"));
    all.emplace_back("--keep-going");
    EXPECT_EQ(RunProgram(all).status, 3);
    EXPECT_TRUE(std::filesystem::remove(out_));
    EXPECT_FALSE(Exists("out.incomplete"));
  }
}

TEST_F(Incomplete, IsNoInput) {
  WriteFile(out_ + ".incomplete", "");
  const Outcome outcome =
      RunProgram({"deaggregate", directory_.path(), "-o", out_});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("same file"));
}

}  // namespace
}  // namespace thresh
