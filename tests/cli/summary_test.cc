// The summary of a run: complete, on the right stream, silent on request.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/archives.h"
#include "cli/report/summary_printer.h"
#include "cli/run_program.h"

namespace thresh {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kCounts[] = {"inputs",
                                   "stored_bytes",
                                   "bytes",
                                   "record_bytes",
                                   "framing_bytes",
                                   "opaque_bytes",
                                   "unread_bytes",
                                   "kinesis_records",
                                   "aggregated",
                                   "not_aggregated",
                                   "empty_aggregates",
                                   "digest_mismatch",
                                   "malformed",
                                   "key_index_out_of_range",
                                   "opaque_spans",
                                   "user_records",
                                   "user_bytes",
                                   "explicit_hash_keys_without_table"};

class SummaryTest : public testing::Test {
 protected:
  SummaryTest() : archive_(directory_ / "archive") {
    WriteFile(archive_,
              U32Le({MakeBlob({"one", "two"}), MakeDamagedBlob(), "plain"}));
  }

  Outcome Run(std::vector<std::string> options) {
    options.insert(options.end(), {archive_, "--container", "u32le"});
    return RunProgram(
        options,
        {.pipe = {}, .stdout_path = {}, .directory = directory_.path()});
  }

  TemporaryDirectory directory_;
  std::string archive_;
};

void ExpectAccount(const nlohmann::json& summary) {
  for (const char* name : kCounts) {
    ASSERT_TRUE(summary.contains(name)) << name;
    EXPECT_TRUE(summary[name].is_number_unsigned()) << name;
  }
  EXPECT_EQ(summary["inputs"], 1);
  EXPECT_EQ(summary["kinesis_records"], 3);
  EXPECT_EQ(summary["aggregated"], 1);
  EXPECT_EQ(summary["not_aggregated"], 1);
  EXPECT_EQ(summary["digest_mismatch"], 1);
  EXPECT_EQ(summary["user_records"], 3);
  EXPECT_EQ(summary["user_bytes"], 11);
  EXPECT_EQ(summary["framing_bytes"], 12);
  EXPECT_EQ(summary["bytes"].get<uint64_t>(),
            summary["record_bytes"].get<uint64_t>() +
                summary["framing_bytes"].get<uint64_t>() +
                summary["opaque_bytes"].get<uint64_t>() +
                summary["unread_bytes"].get<uint64_t>());
  EXPECT_TRUE(summary["content_checksum"].is_null());
  EXPECT_TRUE(summary["content_digest"].is_null());
  EXPECT_TRUE(summary["seconds"].is_number_float());
  EXPECT_EQ(summary["errors"], nlohmann::json::array());
}

TEST_F(SummaryTest, JsonGoesWhereTheRecordsDoNot) {
  const Outcome records_out =
      Run({"deaggregate", "--summary", "json", "--format", "lines"});
  EXPECT_EQ(records_out.out, "one\ntwo\nplain\n");
  ExpectAccount(ParseJson(records_out.err));

  const Outcome records_elsewhere =
      Run({"deaggregate", "--summary", "json", "-o", "out"});
  EXPECT_THAT(records_elsewhere.err, IsEmpty());
  ExpectAccount(ParseJson(records_elsewhere.out));
  EXPECT_EQ(ParseJson(records_elsewhere.out)["quarantine"],
            "out.quarantine.ndjson");
}

TEST_F(SummaryTest, VerifyWritesJsonToStandardOutput) {
  const Outcome outcome = Run({"verify", "--summary", "json"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, IsEmpty());
  const nlohmann::json summary = ParseJson(outcome.out);
  ExpectAccount(summary);
  ASSERT_EQ(summary["first_suspects"].size(), 1U);
  EXPECT_EQ(summary["first_suspects"][0]["verdict"], "digest_mismatch");
}

TEST_F(SummaryTest, VerifyAndDeaggregateAgree) {
  nlohmann::json verified =
      ParseJson(Run({"verify", "--content-checksum", "--summary", "json"}).out);
  nlohmann::json taken = ParseJson(Run({"deaggregate", "--content-checksum",
                                        "--summary", "json", "-o", "out"})
                                       .out);
  for (const char* name : kCounts) EXPECT_EQ(verified[name], taken[name]);
  EXPECT_EQ(verified["content_checksum"].get<std::string>().size(), 32U);
  EXPECT_EQ(verified["content_checksum"], taken["content_checksum"]);
}

TEST_F(SummaryTest, JsonHoldsTheErrors) {
  std::string cut = ReadFile(archive_);
  cut.pop_back();
  WriteFile(archive_, cut);
  const Outcome outcome = Run({"verify", "--summary", "json"});
  EXPECT_EQ(outcome.status, 3);
  const nlohmann::json summary = ParseJson(outcome.out);
  ASSERT_EQ(summary["errors"].size(), 1U);
  const nlohmann::json& error = summary["errors"][0];
  EXPECT_EQ(error["file"], archive_);
  EXPECT_EQ(error["offset"], cut.size() - 8);
  EXPECT_FALSE(error["message"].get<std::string>().empty());
  EXPECT_TRUE(error["remedy"].is_string());
  EXPECT_EQ(summary["unread_bytes"], 8);
  EXPECT_THAT(outcome.err, HasSubstr(archive_)) << "for people too";
}

TEST_F(SummaryTest, JsonEvenForARunThatEndedEarly) {
  const Outcome failed = Run({"deaggregate", "--summary", "json", "-o", "out",
                              "--on-suspect", "fail"});
  EXPECT_EQ(failed.status, 1);
  EXPECT_EQ(ParseJson(failed.out)["errors"].size(), 1U);
  const Outcome absent = RunProgram({"verify", "--summary", "json", "absent"});
  EXPECT_EQ(absent.status, 3);
  EXPECT_EQ(ParseJson(absent.out)["errors"].size(), 1U);
}

TEST_F(SummaryTest, TextGoesToStandardError) {
  const Outcome outcome =
      Run({"deaggregate", "--format", "lines", "--content-checksum"});
  EXPECT_EQ(outcome.out, "one\ntwo\nplain\n");
  for (const char* told :
       {"inputs", "Kinesis records", "user records", "digest mismatch",
        "not aggregated", "content checksum", "thresh.quarantine.ndjson"}) {
    EXPECT_THAT(outcome.err, HasSubstr(told));
  }
  EXPECT_THAT(outcome.err, Not(HasSubstr("malformed"))) << "there are none";
  EXPECT_THAT(outcome.err, Not(HasSubstr("\r"))) << "no bar: not a terminal";
}

TEST_F(SummaryTest, QuietSilencesTextButNeitherJsonNorErrors) {
  EXPECT_THAT(Run({"deaggregate", "--quiet"}).err, IsEmpty());
  EXPECT_THAT(Run({"verify", "-q"}).err, IsEmpty());
  ExpectAccount(
      ParseJson(Run({"deaggregate", "--quiet", "--summary", "json"}).err));
  std::string cut = ReadFile(archive_);
  cut.pop_back();
  WriteFile(archive_, cut);
  EXPECT_THAT(Run({"deaggregate", "--quiet"}).err, HasSubstr(archive_));
}

TEST(SummaryText, GroupsDigitsAndAligns) {
  Summary summary;
  summary.inputs = 2;
  summary.bytes = summary.stored_bytes = 1'234'567'890;
  summary.kinesis_records = 12'345;
  summary.user_records = 1'000'000;
  summary.opaque_spans = 3;
  summary.opaque_bytes = 4'096;
  summary.seconds = 0.5;
  const std::string text = cli::SummaryText(summary, "side.ndjson");
  EXPECT_THAT(text, HasSubstr("1,234,567,890"));
  EXPECT_THAT(text, HasSubstr("2.47 GB/s"));
  EXPECT_THAT(text, HasSubstr("2.00 M/s"));
  EXPECT_THAT(text, HasSubstr("4,096 bytes"));
  EXPECT_THAT(text, HasSubstr("side.ndjson"));
  EXPECT_THAT(text, Not(HasSubstr("malformed")));
  // All counts end in the same column.
  const auto column = [&text](const std::string& number) {
    const size_t at = text.find(" " + number) + number.size();
    return at - text.rfind('\n', at);
  };
  EXPECT_EQ(column("12,345"), column("1,000,000"));
}

}  // namespace
}  // namespace thresh
