// The two commands that only read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/archives.h"
#include "cli/report/record_printer.h"
#include "cli/run_program.h"

namespace thresh {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Look : public testing::Test {
 protected:
  Look() : archive_(directory_ / "archive") {}

  // Runs `command` on an archive of these records.
  Outcome Run(const std::string& command,
              const std::vector<std::string>& records,
              const std::vector<std::string>& options = {}) {
    WriteFile(archive_, U32Le(records));
    std::vector<std::string> arguments = {command, archive_, "--container",
                                          "u32le"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return RunProgram(arguments);
  }

  TemporaryDirectory directory_;
  std::string archive_;
};

TEST_F(Look, VerifySoundArchive) {
  const Outcome outcome = Run("verify", {MakeBlob({"1"}), "plain"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.out, IsEmpty());
  EXPECT_THAT(outcome.err, HasSubstr("user records"));
  EXPECT_THAT(outcome.err, Not(HasSubstr("content"))) << "unasked";
}

TEST_F(Look, VerifyTellsEachSuspect) {
  const std::string damaged = MakeDamagedBlob();
  const Outcome outcome = Run("verify", {"plain", damaged});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.out, archive_ +
                             ": offset 13: " + std::to_string(damaged.size()) +
                             " bytes: digest_mismatch: digest: no MD5 that "
                             "matches follows the message\n");
}

TEST_F(Look, VerifyStopsTellingAtTheLimit) {
  const std::vector<std::string> records(1030, MakeDamagedBlob());
  const Outcome usual = Run("verify", records);
  EXPECT_EQ(std::count(usual.out.begin(), usual.out.end(), '\n'), 21);
  EXPECT_THAT(usual.out, testing::EndsWith("\nand 1,010 more\n"));
  const Outcome none = Run("verify", records, {"--limit", "0"});
  EXPECT_EQ(none.out, "and 1,030 more\n");
  const Outcome all = Run("verify", records, {"--limit", "1030"});
  EXPECT_EQ(std::count(all.out.begin(), all.out.end(), '\n'), 1030);
  EXPECT_THAT(all.out, Not(HasSubstr("more")));
}

TEST_F(Look, InspectShowsKeysAndData) {
  const std::string blob = MakeBlob({"hello", "tab\there \xC3\xA9"});
  const Outcome outcome = Run("inspect", {blob, "plain"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(
      outcome.out,
      HasSubstr(archive_ + ": offset 4: " + std::to_string(blob.size()) +
                " bytes: aggregated, 2 user records, 2 partition keys, "
                "0 explicit hash keys\n"));
  EXPECT_THAT(outcome.out, HasSubstr("0  key \"a\"  5 bytes  \"hello\"\n"));
  EXPECT_THAT(outcome.out,
              HasSubstr("1  key \"b\"  11 bytes  \"tab\\there \u00e9\"\n"));
  EXPECT_THAT(outcome.out, HasSubstr("bytes: not_aggregated\n"));
  EXPECT_THAT(outcome.out, HasSubstr("0  5 bytes  \"plain\"\n"));
}

TEST_F(Look, InspectJson) {
  const Outcome outcome = Run(
      "inspect", {MakeBlob({"hello"}), "plain", MakeDamagedBlob()}, {"--json"});
  EXPECT_EQ(outcome.status, 1);
  const auto lines = ParseLines(outcome.out);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0]["source"], archive_);
  EXPECT_EQ(lines[0]["offset"], 4);
  EXPECT_EQ(lines[0]["verdict"], "aggregated");
  EXPECT_EQ(lines[0]["partitionKeys"], 1);
  EXPECT_EQ(lines[0]["explicitHashKeys"], 0);
  EXPECT_EQ(lines[0]["userRecords"], nlohmann::json::array({{
                                         {"subSequenceNumber", 0},
                                         {"partitionKey", "a"},
                                         {"explicitHashKey", nullptr},
                                         {"data", "aGVsbG8="},
                                     }}));
  EXPECT_EQ(lines[1]["verdict"], "not_aggregated");
  EXPECT_TRUE(lines[1]["userRecords"][0]["partitionKey"].is_null());
  EXPECT_EQ(lines[2]["verdict"], "digest_mismatch");
  EXPECT_TRUE(lines[2]["userRecords"].empty());
}

TEST_F(Look, InspectKeepsKeysThatAreNotText) {
  BlobMaker maker;
  maker.Add({"\xFF\xFE", AsBytes("x"), "17"});
  const auto lines = ParseLines(Run("inspect", {maker.Take()}, {"--json"}).out);
  ASSERT_EQ(lines.size(), 1U);
  const nlohmann::json& user = lines[0]["userRecords"][0];
  EXPECT_EQ(user["partitionKeyBase64"], "//4=");
  EXPECT_FALSE(user.contains("partitionKey"));
  EXPECT_EQ(user["explicitHashKey"], "17");
}

TEST_F(Look, InspectLimit) {
  const std::vector<std::string> records = {MakeBlob({"1"}), MakeBlob({"2"}),
                                            MakeDamagedBlob()};
  const Outcome two = Run("inspect", records, {"--json", "--limit", "2"});
  EXPECT_EQ(ParseLines(two.out).size(), 2U);
  EXPECT_EQ(two.status, 0) << "the suspect was not shown";
  EXPECT_EQ(Run("inspect", records, {"--limit", "3"}).status, 1);
  const Outcome none = Run("inspect", records, {"--limit", "0"});
  EXPECT_THAT(none.out, IsEmpty());
  EXPECT_EQ(none.status, 0);
}

TEST_F(Look, InspectMarksNestedAggregates) {
  const std::string inner = MakeBlob({"x", "y", MakeBlob({"z", "z"})});
  std::string damaged = MakeBlob({"x"});
  damaged.back() ^= 1;
  const std::vector<std::string> records = {MakeBlob({"1", inner, damaged})};
  const Outcome text = Run("inspect", records);
  const std::string size = std::to_string(inner.size());
  EXPECT_THAT(text.out, HasSubstr("1  key \"b\"  " + size +
                                  " bytes, an aggregate of 3 user records  "));
  EXPECT_THAT(text.out, HasSubstr("0  key \"a\"  1 bytes  \"1\"\n"));
  const auto count = [](const std::string& out) {
    size_t marks = 0;
    for (size_t at = out.find("an aggregate of"); at != out.npos;
         at = out.find("an aggregate of", at + 1)) {
      ++marks;
    }
    return marks;
  };
  EXPECT_EQ(count(text.out), 1U) << text.out;

  const auto lines = ParseLines(Run("inspect", records, {"--json"}).out);
  const nlohmann::json& users = lines[0]["userRecords"];
  ASSERT_EQ(users.size(), 3U);
  EXPECT_EQ(users[1]["nestedUserRecords"], 3);
  for (const size_t other : {size_t{0}, size_t{2}}) {
    EXPECT_FALSE(users[other].contains("nestedUserRecords"));
  }
  // Nested aggregates that were deaggregated are not counted any more.
  const Outcome apart = Run("inspect", records, {"--nested"});
  EXPECT_EQ(count(apart.out), 0U) << apart.out;
  EXPECT_THAT(apart.out, HasSubstr("1.2.1"));
}

// What follows the last record that is shown is not reported.
TEST_F(Look, InspectLimitEndsWhatIsReported) {
  const std::string report = R"({"KinesisBatchInfo":{"batchSize":3}})";
  const std::string record = R"({"data":"eA==","sequenceNumber":"1"})";
  WriteFile(archive_, record + "\n" + report + "\n" + record + "\n");
  const Outcome one =
      RunProgram({"inspect", archive_, "--json", "--limit", "1"});
  EXPECT_EQ(ParseLines(one.out).size(), 1U);
  EXPECT_EQ(one.status, 0) << one.err;
  EXPECT_THAT(one.err, IsEmpty());
  const Outcome two =
      RunProgram({"inspect", archive_, "--json", "--limit", "2"});
  EXPECT_EQ(ParseLines(two.out).size(), 2U);
  EXPECT_EQ(two.status, 1);
  EXPECT_THAT(two.err, HasSubstr("report"));
}

TEST_F(Look, InspectShowsWhatFiltersLeave) {
  const std::vector<std::string> records = {MakeBlob({"1", "2", "3"}),
                                            MakeBlob({"4"}), MakeDamagedBlob(),
                                            MakeBlob({"5", "6"})};
  const Outcome text =
      Run("inspect", records, {"--partition-key-glob", "[bc]"});
  EXPECT_THAT(text.out, HasSubstr("aggregated, 2 of 3 user records, 3 part"));
  EXPECT_THAT(text.out, HasSubstr("1  key \"b\"  1 bytes  \"2\"\n"));
  EXPECT_THAT(text.out, HasSubstr("2  key \"c\"  1 bytes  \"3\"\n"));
  EXPECT_THAT(text.out, Not(HasSubstr("key \"a\"")));
  EXPECT_EQ(text.status, 1) << "a suspect is not filtered";

  const auto lines = ParseLines(
      Run("inspect", records, {"--partition-key", "b", "--json"}).out);
  ASSERT_EQ(lines.size(), 3U);
  ASSERT_EQ(lines[0]["userRecords"].size(), 1U);
  EXPECT_EQ(lines[0]["userRecords"][0]["subSequenceNumber"], 1);
  EXPECT_EQ(lines[0]["userRecords"][0]["partitionKey"], "b");
  EXPECT_EQ(lines[1]["verdict"], "digest_mismatch");
  EXPECT_EQ(lines[2]["userRecords"].size(), 1U);

  // The limit counts the Kinesis records that are shown.
  const Outcome limited =
      Run("inspect", records, {"--partition-key", "b", "--limit", "1"});
  EXPECT_THAT(limited.out, HasSubstr("\"2\""));
  EXPECT_EQ(limited.status, 0);
}

TEST_F(Look, InspectWithDedupe) {
  const std::string blob = MakeBlob({"1", "2"});
  const auto lines =
      ParseLines(Run("inspect", {blob, blob, MakeBlob({"1", "3"})},
                     {"--dedupe", "content", "--json"})
                     .out);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0]["userRecords"].size(), 2U);
  ASSERT_EQ(lines[1]["userRecords"].size(), 1U);
  EXPECT_EQ(lines[1]["userRecords"][0]["subSequenceNumber"], 1);
}

TEST_F(Look, InspectNamesWrongFilters) {
  const Outcome alone =
      Run("inspect", {"x"}, {"--hash-range-mode", "aggregate"});
  EXPECT_EQ(alone.status, 2);
  EXPECT_THAT(alone.err, HasSubstr("--hash-range-mode needs --hash-range"));
  EXPECT_EQ(
      Run("inspect", {"x"}, {"--partition-key-regex", "("}).status,
      RunProgram({"deaggregate", "--partition-key-regex", "(", archive_}, {})
          .status);
  const Outcome unknown = Run("inspect", {"x"}, {"--shard", "1"});
  EXPECT_THAT(unknown.out, IsEmpty());
  EXPECT_THAT(unknown.err, HasSubstr("1 Kinesis records are left out"));
}

TEST(Preview, EscapesWhatTerminalsWouldObey) {
  EXPECT_EQ(cli::Preview(AsBytes("a\x1b[31m\"\\\n"), 64),
            R"("a\x1b[31m\"\\\n")");
  EXPECT_EQ(cli::Preview(AsBytes("abcdef"), 3), R"("abc"...)");
  EXPECT_EQ(cli::Preview(AsBytes("abc"), 3), R"("abc")");
  EXPECT_EQ(cli::Preview({}, 3), R"("")");
  EXPECT_EQ(cli::Preview(AsBytes("\xC2\x9Bx"), 64), R"("\xc2\x9bx")");
}

TEST(Preview, ShowsUtf8AndCutsItBetweenCharacters) {
  EXPECT_EQ(cli::Preview(AsBytes("\u00e9\u20ac"), 64), "\"\u00e9\u20ac\"");
  EXPECT_EQ(cli::Preview(AsBytes("\u00e9\u20ac"), 4), "\"\u00e9\"...");
  EXPECT_EQ(cli::Preview(AsBytes("\u00e9\xff"), 64), R"("\xc3\xa9\xff")");
  EXPECT_EQ(cli::Preview(AsBytes("\x80\x80\x80\x80\x80\x80"), 5),
            R"("\x80\x80\x80\x80\x80"...)");
}

}  // namespace
}  // namespace thresh
