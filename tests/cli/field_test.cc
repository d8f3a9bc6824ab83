// Inputs as reported by users: tests/vectors/field has one for each kind of
// problem, with the required result.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <ostream>

#include "base/base64.h"
#include "cli/archives.h"
#include "cli/run_program.h"
#include "oracle/reference.h"
#include "vector_files.h"

namespace thresh {
namespace {

using Json = nlohmann::json;
using testing::Contains;
using testing::HasSubstr;

struct FieldCase {
  Json expected;
};

void PrintTo(const FieldCase& field, std::ostream* out) {
  *out << field.expected["file"].get<std::string>();
}

std::vector<FieldCase> FieldCases() {
  std::vector<FieldCase> cases;
  for (const Json& line : ParseLines(ReadVector("field/expected.jsonl"))) {
    cases.push_back({line});
  }
  return cases;
}

std::string NameOf(const testing::TestParamInfo<FieldCase>& info) {
  std::string name = info.param.expected["file"];
  std::ranges::replace_if(
      name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

class Field : public testing::TestWithParam<FieldCase> {
 protected:
  static std::string FileOf(const Json& expected) {
    return kVectors / "field" / expected["file"].get<std::string>();
  }
};

TEST_P(Field, ComesOutAsItsUserNeedsIt) {
  const Json& expected = GetParam().expected;
  std::vector<std::string> arguments = {"deaggregate", FileOf(expected),
                                        "--data-encoding", "text"};
  for (const std::string argument : expected["args"]) {
    arguments.push_back(argument);
  }
  const Outcome outcome = RunProgram(arguments);
  EXPECT_THAT(expected["status"], Contains(outcome.status)) << outcome.err;
  for (const std::string text : expected["says"]) {
    EXPECT_THAT(outcome.err, HasSubstr(text));
  }
  if (expected["data"].is_null()) return;
  Json data = Json::array();
  for (const Json& line : ParseLines(outcome.out)) data.push_back(line["data"]);
  EXPECT_EQ(data, expected["data"]);
}

INSTANTIATE_TEST_SUITE_P(All, Field, testing::ValuesIn(FieldCases()), NameOf);

// The summary in JSON, among lines of text.
Json SummaryIn(const std::string& err) {
  const size_t begin = err.find('{');
  return ParseJson(err.substr(begin, err.rfind('}') + 1 - begin));
}

// Positions of records that another program extracted from their aggregates.
class Positions : public testing::Test {
 protected:
  // One record of a Firehose transformation event. `told` is its
  // subsequenceNumber in JSON, or empty.
  static std::string Event(const std::string& sequence_number,
                           const std::string& told, const std::string& data) {
    return R"({"records":[{"recordId":"r","data":")" +
           Base64Text(AsBytes(data)) +
           R"(","kinesisRecordMetadata":{"shardId":"shardId-1","sequenceNumber":")" +
           sequence_number + "\"" +
           (told.empty() ? "" : R"(,"subsequenceNumber":)" + told) + "}}]}\n";
  }

  [[nodiscard]] Json Dedupe(const std::string& archive) const {
    const std::string path = directory_ / "archive";
    WriteFile(path, archive);
    const Outcome outcome = RunProgram(
        {"deaggregate", path, "--dedupe", "sequence", "--summary", "json"});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return SummaryIn(outcome.err);
  }

  TemporaryDirectory directory_;
};

TEST_F(Positions, AreToldOfRecordsThatAreNotAggregated) {
  const std::string path = directory_ / "archive";
  WriteFile(path, Event("7", "3", "a") + Event("7", "\"4\"", "b") +
                      Event("7", "", "c") + Event("7", "-1", "d") +
                      Event("7", "4294967296", "e") + Event("7", "5.0", "f") +
                      Event("7", "5.5", "g") + Event("7", "\"3.1\"", "h"));
  const auto lines = ParseLines(RunProgram({"deaggregate", path}).out);
  std::vector<int> told;
  for (const Json& line : lines) told.push_back(line["subSequenceNumber"]);
  EXPECT_THAT(told, testing::ElementsAre(3, 4, 0, 0, 0, 5, 0, 0));
}

TEST_F(Positions, WithEqualContentRepeat) {
  const Json summary = Dedupe(Event("7", "3", "a") + Event("7", "3", "a") +
                              Event("7", "4", "a") + Event("8", "3", "a"));
  EXPECT_EQ(summary["user_records"], 3);
  EXPECT_EQ(summary["filtered_records"], 1);
  EXPECT_EQ(summary["sequence_conflicts"], 0);
}

TEST_F(Positions, WithOtherContentAreConflictsAndAllComeOut) {
  const Json summary =
      Dedupe(Event("7", "3", "a") + Event("7", "3", "b") +
             Event("7", "3", "a") + Event("7", "", "x") + Event("7", "", "y"));
  EXPECT_EQ(summary["user_records"], 4);
  EXPECT_EQ(summary["filtered_records"], 1);
  EXPECT_EQ(summary["sequence_conflicts"], 2);
}

// In pandas, a column of integers with gaps has floating-point values.
TEST_F(Positions, MayBeWrittenAsFloatingPointNumbers) {
  const Json summary = Dedupe(Event("7", "0.0", "a") + Event("7", "1.0", "a") +
                              Event("7", "2.00", "a") + Event("7", "1", "a"));
  EXPECT_EQ(summary["user_records"], 3);
  EXPECT_EQ(summary["filtered_records"], 1);
  EXPECT_EQ(summary["unreadable_metadata"], 0);
}

TEST_F(Positions, ThatCannotBeReadCostNoRecord) {
  std::string archive;
  for (const std::string told : {"-1", "1.5", "1e0", "\"0.0\"", "\"0.1\"",
                                 "4294967296", "true", "[1]", "{}", "\"x\""}) {
    archive += Event("7", told, "a");
  }
  const Json unread = Dedupe(archive);
  EXPECT_EQ(unread["user_records"], 10);
  EXPECT_EQ(unread["filtered_records"], 0);
  EXPECT_EQ(unread["without_sequence_number"], 10);
  EXPECT_EQ(unread["unreadable_metadata"], 10);
  // A missing number is not an unreadable one.
  const Json absent = Dedupe(Event("7", "null", "a") + Event("7", "", "a") +
                             Event("7", "\"\"", "a"));
  EXPECT_EQ(absent["user_records"], 1);
  EXPECT_EQ(absent["without_sequence_number"], 0);
  // Sequence numbers that were floating-point numbers, or are empty.
  const Json lossy = Dedupe(Event("4.9590338271490256e+55", "", "a") +
                            Event("4.9590338271490256e+55", "", "a") +
                            Event("", "", "a") + Event("", "", "a"));
  EXPECT_EQ(lossy["user_records"], 4);
  EXPECT_EQ(lossy["without_sequence_number"], 4);
}

TEST_F(Positions, AreOfTheStreamThatARowNames) {
  std::string archive;
  for (const std::string stream :
       {R"("stream":"A")", R"("stream":"B")", R"("Stream":"B")",
        R"("streamName":"C")", R"("stream":null)", R"("eventSourceARN":"D")",
        R"("stream":"A","eventSourceARN":"D")",
        R"("stream":"arn:aws:kinesis:x:y:stream/E")",
        R"("stream":"arn:aws:kinesis:x:y:stream/E/consumer/c:1")"}) {
    archive += R"({"sequenceNumber":"7","data":"YQ==",)" + stream + "}\n";
  }
  EXPECT_EQ(Dedupe(archive)["user_records"], 6);
}

// What thresh writes for records in aggregates, read as JSON.
TEST_F(Positions, OfNestedRecordsAreNotHeldWhenReadBack) {
  const Outcome written =
      RunProgram({"deaggregate", kVectors / "field/nested.json", "--nested",
                  "--metadata"});
  const std::string path = directory_ / "rows";
  WriteFile(path, written.out);
  const Outcome again = RunProgram({"deaggregate", path, "--container", "json",
                                    "--metadata", "--dedupe", "sequence"});
  const auto before = ParseLines(written.out);
  const auto after = ParseLines(again.out);
  ASSERT_EQ(after.size(), before.size());
  for (size_t i = 0; i < after.size(); ++i) {
    for (const char* name :
         {"partitionKey", "outerPartitionKey", "stream", "shardId",
          "sequenceNumber", "approximateArrivalTimestamp", "data"}) {
      EXPECT_EQ(after[i][name], before[i][name]) << name;
    }
  }
}

// The archive of one record with a nested aggregate.
class NestedField : public testing::Test {
 protected:
  static Outcome Run(const std::string& command,
                     const std::vector<std::string>& options) {
    std::vector<std::string> arguments = {command,
                                          kVectors / "field/nested.json"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return RunProgram(arguments);
  }
};

TEST_F(NestedField, IsToldAndTakenApartOnDemand) {
  const Outcome whole = Run("deaggregate", {});
  EXPECT_EQ(whole.status, 0);
  EXPECT_EQ(ParseLines(whole.out).size(), 2U);
  EXPECT_THAT(whole.err, HasSubstr("nested aggregates left whole"));
  EXPECT_THAT(whole.err, HasSubstr("--nested"));

  const Outcome apart = Run("deaggregate", {"--nested", "--summary", "json",
                                            "--data-encoding", "json"});
  const auto lines = ParseLines(apart.out);
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[0]["subSequenceNumber"], 0);
  for (int i = 0; i < 3; ++i) {
    const Json& line = lines[static_cast<size_t>(i) + 1];
    EXPECT_EQ(line["subSequenceNumber"], "0." + std::to_string(i));
    EXPECT_EQ(line["data"]["n"], i);
    EXPECT_EQ(line["partitionKey"], i == 1 ? "u-1" : "u-0");
  }
  const Json summary = ParseJson(apart.err);
  EXPECT_EQ(summary["nested_aggregates"], 1);
  EXPECT_EQ(summary["nested_left_whole"], 0);
}

TEST_F(NestedField, IsInspected) {
  EXPECT_THAT(Run("inspect", {"--nested"}).out, HasSubstr("  0.1  key \"u-"));
  const auto lines = ParseLines(Run("inspect", {"--nested", "--json"}).out);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[1]["userRecords"].size(), 3U);
  EXPECT_EQ(lines[1]["userRecords"][2]["subSequenceNumber"], "0.2");
}

TEST_F(NestedField, IsPackedOnceMore) {
  const TemporaryDirectory directory;
  const std::string out = directory / "out";
  EXPECT_EQ(Run("aggregate", {"--nested", "-o", out}).status, 0);
  EXPECT_EQ(ParseLines(RunProgram({"deaggregate", out}).out).size(), 4U);
}

// Data in the forms that programs write in JSON.
class DataInJson : public testing::Test {
 protected:
  // The data of the records of one get-records response, and the summary's
  // counts, for records with these values as "Data".
  static std::vector<std::string> DataOf(const std::vector<std::string>& values,
                                         uint64_t lenient, uint64_t spans) {
    std::string archive = "{\"Records\":[";
    for (size_t i = 0; i < values.size(); ++i) {
      archive += (i == 0 ? "" : ",\n") +
                 std::string(R"({"SequenceNumber":"1","Data":)") + values[i] +
                 "}";
    }
    const TemporaryDirectory directory;
    WriteFile(directory / "archive", archive + "]}");
    const Outcome outcome =
        RunProgram({"deaggregate", directory / "archive", "--data-encoding",
                    "text", "--on-suspect", "skip", "--summary", "json"});
    const Json summary = ParseJson(outcome.err);
    EXPECT_EQ(summary["lenient_data"], lenient);
    EXPECT_EQ(summary["opaque_spans"], spans);
    std::vector<std::string> data;
    for (const Json& line : ParseLines(outcome.out)) {
      data.push_back(line["data"]);
    }
    return data;
  }
};

TEST_F(DataInJson, IsReadInEachForm) {
  EXPECT_THAT(
      DataOf(
          {R"("YWI=")", R"("YWI")", R"("YW\r\nI=")", R"("YW\u0049=")",
           R"("data:text/plain;base64,YWI=")", R"("data:;base64,YWI")",
           "[97, 98]", R"({"type":"Buffer","data":[97,98]})",
           R"({"data":[97,98],"type":"Buffer"})", R"({"0":97,"1":98})",
           R"({"1":98,"0":97})", R"({"Type":"Buffer","Data":[97,98]})",
           R"({"type":"Buffer","data":"YWI="})", "[97.0,98.00]",
           R"({"0":97.0,"1":98.0})", R"("DATA:text/plain;BASE64,YWI=")", "[]"},
          /*lenient=*/15, /*spans=*/0),
      testing::ElementsAre("ab", "ab", "ab", "ab", "ab", "ab", "ab", "ab", "ab",
                           "ab", "ab", "ab", "ab", "ab", "ab", "ab", ""));
}

// The bytes of an aggregate as Java represents them, and in the order of their
// text.
TEST_F(DataInJson, MayBeSignedOrSorted) {
  EXPECT_THAT(DataOf({"[-61,-92]", "[97,-61.0,-92]", "[-129]", "[-1,128]"},
                     /*lenient=*/2, /*spans=*/2),
              testing::ElementsAre("\u00e4", "a\u00e4"));
  Json sorted = Json::object();
  std::string expected;
  for (int i = 0; i < 120; ++i) {
    sorted[std::to_string(i)] = 'a' + i % 26;
    expected += static_cast<char>('a' + i % 26);
  }
  EXPECT_THAT(DataOf({sorted.dump()}, /*lenient=*/1, /*spans=*/0),
              testing::ElementsAre(expected));
}

// Data that was no longer base64 of an aggregate when it was archived.
TEST(SuspiciousData, IsCountedAndToldAndComesOut) {
  const std::string aggregate("\xF3\x89\x9A\xC2\x0A\x01k", 7);
  const std::string base64 = Base64Text(AsBytes(aggregate));
  const std::string latin1 = "\xC3\xB3\xC2\x89\xC2\x9A\xC3\x82\x0A\x01k";
  const std::string windows = "\xC3\xB3\xE2\x80\xB0\xC5\xA1\xC3\x82\x0A\x01k";
  const std::string mark = "\xEF\xBF\xBD";
  std::string archive;
  for (const std::string& data : std::vector<std::string>{
           base64, "f3899ac20a016b", "F3899AC2", "\\xf3899ac20a", latin1,
           windows, mark + mark + "\x0A\x01k",
           mark + mark + mark + mark + "\x1A", Base64Text(AsBytes(base64))}) {
    archive += R"({"sequenceNumber":"1","data":")" + Base64Text(AsBytes(data)) +
               "\"}\n";
  }
  // Digits are also base64 if their number is a multiple of 4.
  archive += R"({"sequenceNumber":"1","data":"f3899ac20a01"})";
  archive += R"({"sequenceNumber":"1","data":"F3899AC20A01"})";
  for (const std::string& plain :
       {std::string("text"), mark + "\n", mark + mark + "x", std::string()}) {
    archive += R"({"sequenceNumber":"1","data":")" +
               Base64Text(AsBytes(plain)) + "\"}\n";
  }
  const TemporaryDirectory directory;
  WriteFile(directory / "archive", archive);
  const Outcome outcome =
      RunProgram({"deaggregate", directory / "archive", "--summary", "json"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(ParseLines(outcome.out).size(), 15U);
  EXPECT_EQ(SummaryIn(outcome.err)["suspicious_data"], 11);
  const Outcome text = RunProgram({"verify", directory / "archive"});
  EXPECT_EQ(text.status, 0);
  EXPECT_THAT(text.err, HasSubstr("11 Kinesis records"));
}

// A record with damage in its magic, as one line of base64.
TEST(SuspiciousData, TheFrontWasDamaged) {
  const std::string sound = oracle::Seal(std::string("\x0A\x01k", 3));
  const auto is_suspicious = [&sound](const std::string& record) {
    const TemporaryDirectory directory;
    WriteFile(directory / "archive", Base64Text(AsBytes(record)) + "\n" +
                                         Base64Text(AsBytes(sound)) + "\n");
    const Outcome outcome =
        RunProgram({"deaggregate", directory / "archive", "--container",
                    "base64-lines", "--summary", "json"});
    EXPECT_EQ(outcome.status, 0);
    const Json summary = SummaryIn(outcome.err);
    EXPECT_EQ(summary["not_aggregated"], 1);
    return summary["suspicious_data"] == 1;
  };
  const auto suspicious = [&](const std::string& front, char last) {
    std::string record = sound;
    record.replace(0, front.size(), front);
    record.back() = static_cast<char>(record.back() ^ last);
    return is_suspicious(record);
  };
  // One byte, and two that share a base64 character.
  EXPECT_TRUE(suspicious("\xF3\x89\x9A\xC6", 0));
  EXPECT_TRUE(suspicious("\xF1\x99\x9A\xC2", 0));
  EXPECT_FALSE(suspicious("\xF1\x99\x9B\xC2", 0));
  // The digest must match,
  EXPECT_FALSE(suspicious("\xF3\x89\x9A\xC6", 1));
  EXPECT_FALSE(suspicious("\xF1\x99\x9A\xC2", 1));
  // unless only bits in the character shared with the message are wrong.
  EXPECT_TRUE(suspicious("\xF3\x89\x9A\xC1\xFA", 0));
  EXPECT_FALSE(suspicious("\xF3\x89\x9A\xC1\xF8", 0));
  EXPECT_FALSE(suspicious("\xF3\x89\x9A\xC6\xFA", 0));
  // It ends before the minimum size of an aggregate.
  EXPECT_TRUE(is_suspicious(sound.substr(0, 20)));
  EXPECT_TRUE(is_suspicious(sound.substr(0, 4)));
  EXPECT_FALSE(is_suspicious(sound.substr(0, 3)));
}

TEST_F(DataInJson, IsASuspectInAnyOther) {
  EXPECT_THAT(DataOf({R"("YWI=")", "[97,256]", "[200,-1]", "[97,9.5]",
                      "[\"97\"]", R"("YWI=")", R"({"type":"Buffer"})",
                      R"({"0":97,"0":98})", R"({"0":97,"2":98})", "{}",
                      R"("YWI=")", R"({"type":"Other","data":[97]})",
                      R"({"0":97,"type":"Buffer","data":[97]})", "null", "true",
                      "97", R"("a+-b")", R"("data:text/plain,YWI=")"},
                     /*lenient=*/0, /*spans=*/15),
              testing::ElementsAre("ab", "ab", "ab"));
}

}  // namespace
}  // namespace thresh
