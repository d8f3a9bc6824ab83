// `thresh aggregate` on handmade NDJSON and lines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/base64.h"
#include "cli/aggregate_run.h"
#include "cli/archives.h"
#include "cli/run_program.h"
#include "oracle/compress.h"

namespace thresh {
namespace {

using testing::HasSubstr;
using testing::Not;

class AggregateText : public AggregateRun {
 protected:
  // Packs `content` and expects exit status `status`.
  Outcome Text(const std::string& content, std::vector<std::string> options,
               int status = 0) {
    options.push_back(Write("in", content));
    Outcome outcome = Run(options);
    EXPECT_EQ(outcome.status, status) << outcome.err;
    return outcome;
  }
  Outcome Ndjson(const std::string& content, int status = 0,
                 std::vector<std::string> options = {}) {
    options.insert(options.end(),
                   {"--from", "ndjson", "--data-encoding", "text"});
    return Text(content, options, status);
  }
  // "KEY=DATA," for each record written.
  [[nodiscard]] std::string Written() const {
    std::string all;
    for (const nlohmann::json& record : RecordsOf(Out())) {
      all += std::string(record["partitionKey"]) + "=" +
             std::string(record["data"]) + ",";
    }
    return all;
  }
};

constexpr char kFirst[] = R"({"partitionKey":"a","data":"1"})";
constexpr char kSecond[] = R"({"partitionKey":"b","data":"2"})";

// Their explicit hash keys would be lost if they were read as an archive.
TEST_F(AggregateText, LinesAreNoArchive) {
  const std::string lines = directory_ / "lines";
  RunProgram({"deaggregate", Write("in", LargeArchive()), "-o", lines, "-q"});
  const Outcome outcome = Run({lines});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_THAT(outcome.err, HasSubstr(lines + ": offset 0: "));
  EXPECT_THAT(outcome.err, HasSubstr("--from ndjson"));
}

TEST_F(AggregateText, LineEndsOfAllKinds) {
  Ndjson("\n" + std::string(kFirst) + "\r\n\n\r\n" + kSecond);
  EXPECT_EQ(Written(), "a=1,b=2,");
}

TEST_F(AggregateText, MembersInAnyOrderOthersIgnored) {
  Ndjson(R"( {"more":{"data":[1]},"data":"1", "partitionKey" : "a"} )");
  EXPECT_EQ(Written(), "a=1,");
}

TEST_F(AggregateText, BadLinesCostNoOtherAnything) {
  for (const std::string bad :
       {"{", "{}", "[]", "null", "17", "no json", R"({"partitionKey":"a"})",
        R"({"partitionKey":1,"data":"x"})", R"({"partitionKey":"a","data":1})",
        R"({"partitionKey":"a","data":null})",
        R"({"partitionKeyBase64":"?","data":"x"})",
        R"({"partitionKey":"a","explicitHashKey":7,"data":"x"})",
        R"({"partitionKey":"a","dataBase64":"x"})",
        R"({"partitionKey":"a","data":"x","more":tru})",
        R"({"partitionKey":"a","data":"x"} {)",
        R"({"partitionKey":"a","data":"x"})"
        "\x01",
        "{\"partitionKey\":\"\xFF\",\"data\":\"x\"}",
        R"({"partitionKey":"a","data":"x)"}) {
    const std::string before = std::string(kFirst) + "\n";
    const Outcome outcome = Ndjson(before + bad + "\n" + kSecond + "\n", 1);
    EXPECT_EQ(Written(), "a=1,b=2,") << bad;
    EXPECT_THAT(
        outcome.err,
        HasSubstr("offset " + std::to_string(before.size()) + ": line 2: "));
    const auto quarantined = ParseLines(ReadFile(Out() + ".quarantine.ndjson"));
    ASSERT_EQ(quarantined.size(), 1U);
    EXPECT_EQ(quarantined[0]["offset"], before.size());
    EXPECT_EQ(quarantined[0]["length"], bad.size());
    EXPECT_EQ(quarantined[0]["verdict"], "opaque_span");
    EXPECT_EQ(quarantined[0]["data"], Base64Text(AsBytes(bad)));
  }
}

TEST_F(AggregateText, BadLinesByPolicy) {
  const std::string content = std::string(kFirst) + "\nbad\n" + kSecond + "\n";
  Outcome outcome = Ndjson(content, 1, {"--on-suspect", "skip"});
  EXPECT_EQ(Written(), "a=1,b=2,");
  EXPECT_FALSE(std::filesystem::exists(Out() + ".quarantine.ndjson"));
  outcome = Ndjson(content, 1, {"--on-suspect", "pass", "--default-key", "k"});
  EXPECT_EQ(Written(), "a=1,k=bad,b=2,");
  std::filesystem::remove(Out());
  outcome = Ndjson(content, 1, {"--on-suspect", "fail"});
  EXPECT_THAT(outcome.err, HasSubstr("offset 32: line 2: no JSON object"));
  EXPECT_FALSE(std::filesystem::exists(Out()));
}

TEST_F(AggregateText, ManyBadLinesAreNotAllTold) {
  std::string content;
  for (int i = 0; i < 100; ++i) content += "bad\n";
  const Outcome outcome = Ndjson(content, 1);
  EXPECT_THAT(outcome.err, HasSubstr("line 10: "));
  EXPECT_THAT(outcome.err, Not(HasSubstr("line 11: ")));
  EXPECT_THAT(outcome.err, HasSubstr("more lines"));
}

TEST_F(AggregateText, AccountsForEveryByte) {
  const std::string content = std::string(kFirst) + "\r\nbad\n\n" + kSecond;
  const nlohmann::json summary =
      ParseJson(Ndjson(content, 1, {"--summary", "json"}).out);
  EXPECT_EQ(summary["inputs"], 1);
  EXPECT_EQ(summary["bytes"], content.size());
  EXPECT_EQ(summary["stored_bytes"], content.size());
  EXPECT_EQ(summary["record_bytes"],
            std::string_view(kFirst).size() + std::string_view(kSecond).size());
  EXPECT_EQ(summary["opaque_bytes"], 3);
  EXPECT_EQ(summary["framing_bytes"], 4);
  EXPECT_EQ(summary["kinesis_records"], 0);
  EXPECT_EQ(summary["user_records"], 2);
  EXPECT_EQ(summary["user_bytes"], 2);
}

TEST_F(AggregateText, RecordsWithoutKey) {
  const std::string content = std::string(kFirst) + "\n" +
                              R"({"partitionKey":null,"data":"x"})" + "\n" +
                              R"({"data":"y"})";
  const Outcome outcome = Ndjson(content, 3);
  EXPECT_THAT(outcome.err, HasSubstr("offset 32: line 2: no partition key"));
  EXPECT_THAT(outcome.err, HasSubstr("--default-key"));
  Ndjson(content, 0, {"--default-key", "k"});
  EXPECT_EQ(Written(), "a=1,k=x,k=y,");
}

TEST_F(AggregateText, LinesWithOneKey) {
  Text("one\ntwo\r\n\n{\"three\"}", {"--from", "lines", "--key", "k"});
  EXPECT_EQ(Written(), "k=one,k=two,k=,k={\"three\"},");
  Text("", {"--from", "lines", "--key", "k"});
  EXPECT_EQ(Written(), "");
}

TEST_F(AggregateText, LinesWithKeysInThem) {
  const auto keys_of = [this](const std::string& pointer,
                              const std::string& line) {
    Text(line + "\n", {"--from", "lines", "--key-pointer", pointer,
                       "--default-key", "none"});
    const auto records = RecordsOf(Out());
    EXPECT_EQ(records.size(), 1U);
    if (records.empty()) return std::string();
    EXPECT_EQ(records[0]["data"], line);
    return std::string(records[0]["partitionKey"]);
  };
  const std::string user = R"({"x":1,"user":{"name":"n","id":"u-1"},"y":[]})";
  EXPECT_EQ(keys_of("/user/id", user), "u-1");
  EXPECT_EQ(keys_of("/x", user), "1");
  EXPECT_EQ(keys_of("/user", user), "none");
  EXPECT_EQ(keys_of("/y", user), "none");
  EXPECT_EQ(keys_of("/y/0", user), "none");
  EXPECT_EQ(keys_of("/x/0", user), "none");
  EXPECT_EQ(keys_of("/z", user), "none");
  EXPECT_EQ(keys_of("/0/1", R"([["a","b"]])"), "b");
  EXPECT_EQ(keys_of("/0/01", R"([["a","b"]])"), "none");
  EXPECT_EQ(keys_of("/0/-", R"([["a","b"]])"), "none");
  EXPECT_EQ(keys_of("/n", R"({"n" : -1.50E+3 })"), "-1.50E+3");
  EXPECT_EQ(keys_of("/n", R"({"n":123456789012345678901234567890})"),
            "123456789012345678901234567890");
  EXPECT_EQ(keys_of("/n", R"({"n":true})"), "none");
  EXPECT_EQ(keys_of("/n", R"({"n":null})"), "none");
  EXPECT_EQ(keys_of("/n", R"({"n":""})"), "none");
  EXPECT_EQ(keys_of("/a~1b/m~0n/~01", R"({"a/b":{"m~n":{"~1":"k"}}})"), "k");
  EXPECT_EQ(keys_of("/", R"({"":"k"})"), "k");
  EXPECT_EQ(keys_of("/\xC3\xA9", R"({"\u00e9":"\u00fc\n"})"), "\xC3\xBC\n");
}

TEST_F(AggregateText, LinesThatAreNoJsonAreSuspects) {
  for (const std::string bad :
       {"text", "17", R"("k")", R"({"k":1.2.3})", R"({"k":01})", R"({"k":1.})",
        R"({"k":tru})", R"({"k":nul})", "{", R"({"a":)", R"({"a":"k)",
        R"({"b":1,"a":tru)", "{]", R"({"k":"x","a")", "{\"k\":\"\xFF\"}",
        R"({"k":1x})"}) {
    Text(R"({"k":"1"})"
         "\n" +
             bad + "\n\n" + R"({"k":2})",
         {"--from", "lines", "--key-pointer", "/k", "--default-key", "d"}, 1);
    EXPECT_EQ(Written(), R"(1={"k":"1"},2={"k":2},)") << bad;
  }
}

TEST_F(AggregateText, LinesWithoutTheKey) {
  const Outcome outcome = Text(R"({"k":1})"
                               "\n"
                               R"({"j":1})",
                               {"--from", "lines", "--key-pointer", "/k"}, 3);
  EXPECT_THAT(outcome.err, HasSubstr("offset 8: line 2: no partition key"));
}

TEST_F(AggregateText, WrongPointers) {
  for (const char* pointer : {"", "a", "/a~", "/a~2"}) {
    const Outcome outcome =
        Text("{}", {"--from", "lines", "--key-pointer", pointer}, 2);
    EXPECT_THAT(outcome.err, HasSubstr("JSON pointer"));
  }
}

TEST_F(AggregateText, LinesAreCountedInEachFile) {
  const std::string one = Write("one", std::string(kFirst) + "\nbad\n");
  const std::string two = Write("two", "bad");
  const Outcome outcome =
      Run({one, two, directory_ / "missing", "--from", "ndjson",
           "--data-encoding", "text", "--keep-going"});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_THAT(outcome.err, HasSubstr(one + ": offset 32: line 2: "));
  EXPECT_THAT(outcome.err, HasSubstr(two + ": offset 0: line 1: "));
  EXPECT_EQ(Written(), "a=1,");
}

// A line is not a record if a checksum, or its absence, shows that it is cut
// off, even if the line looks complete.
TEST_F(AggregateText, HalfALineIsNone) {
  std::string content;
  for (int i = 0; i < 5000; ++i) content += std::to_string(i * 7919) + "\n";
  std::string packed = oracle::Gzip(content);
  packed.resize(packed.size() / 2);
  const Outcome outcome =
      Text(packed, {"--from", "lines", "--key", "k", "-j", "1"}, 3);
  EXPECT_THAT(outcome.err, HasSubstr("offset"));
  const std::string lines = LinesOf(Out());
  ASSERT_FALSE(lines.empty());
  EXPECT_EQ(lines, content.substr(0, lines.size()));
}

TEST_F(AggregateText, TooLargeLine) {
  const Outcome outcome =
      Text("short\n" + std::string(3000, 'x') + "\n",
           {"--from", "lines", "--key", "k", "--blob-size", "2KiB"}, 3);
  EXPECT_THAT(outcome.err, HasSubstr("offset 6: "));
  EXPECT_THAT(outcome.err, HasSubstr("--too-large plain"));
}

}  // namespace
}  // namespace thresh
