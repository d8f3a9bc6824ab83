// `thresh stats` as users see it: the three forms of output, the shards, and
// keys that are crafted to attack the viewer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/archives.h"
#include "cli/options/shard_map.h"
#include "cli/report/stats_report.h"
#include "cli/report/svg_plot.h"
#include "cli/run_program.h"

namespace thresh {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string BlobWithKey(std::string_view key) {
  BlobMaker maker;
  maker.Add({key, AsBytes("data")});
  return maker.Take();
}

class StatsCommand : public testing::Test {
 protected:
  StatsCommand() : archive_(directory_ / "archive") {}

  Outcome Run(const std::vector<std::string>& records,
              const std::vector<std::string>& options = {}) {
    WriteFile(archive_, U32Le(records));
    std::vector<std::string> arguments = {"stats", archive_, "--container",
                                          "u32le"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return RunProgram(arguments);
  }

  TemporaryDirectory directory_;
  std::string archive_;
};

TEST_F(StatsCommand, TellsInText) {
  const Outcome outcome = Run({MakeBlob({"1", "22", "333"}), "plain"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.err, IsEmpty());
  EXPECT_THAT(outcome.out,
              HasSubstr("user records                                4"));
  EXPECT_THAT(outcome.out, HasSubstr("not_aggregated"));
  EXPECT_THAT(outcome.out, HasSubstr("in 16 equal ranges"));
  EXPECT_THAT(outcome.out, HasSubstr("\"a\""));
  EXPECT_THAT(outcome.out, Not(HasSubstr("digest_mismatch")));
}

TEST_F(StatsCommand, TellsInJson) {
  const Outcome outcome =
      Run({MakeBlob({"1", "22", "333"}), "plain", MakeDamagedBlob()},
          {"--json", "--top", "2", "--shards", "4"});
  EXPECT_EQ(outcome.status, 1) << "a suspect";
  const nlohmann::json json = ParseJson(outcome.out);
  EXPECT_EQ(json["verdicts"]["aggregated"], 1);
  EXPECT_EQ(json["verdicts"]["digest_mismatch"], 1);
  EXPECT_EQ(json["summary"]["user_records"], 4);
  EXPECT_EQ(json["records_per_aggregate"]["p50"], 3);
  EXPECT_EQ(json["data_bytes"]["sum"], 11);
  EXPECT_EQ(json["partition_keys"]["distinct"], 3);
  EXPECT_EQ(json["partition_keys"]["by_records"][0],
            (nlohmann::json{{"key", "a"}, {"records", 1}, {"bytes", 1}}));
  EXPECT_EQ(json["partition_keys"]["by_bytes"][0]["key"], "c");
  EXPECT_EQ(json["partition_keys"]["by_bytes"].size(), 2U);
  // MD5: a 0cc1..., b 92eb..., c 4a8a...
  const nlohmann::json& shards = json["hash_keys"]["shards"];
  ASSERT_EQ(shards.size(), 4U);
  EXPECT_EQ(shards[0]["records"], 1);
  EXPECT_EQ(shards[1]["records"], 1);
  EXPECT_EQ(shards[2]["records"], 1);
  EXPECT_EQ(shards[2]["first"], "170141183460469231731687303715884105728");
  EXPECT_EQ(json["hash_keys"]["without_hash_key"], 1);
  EXPECT_TRUE(json["arrivals"]["first"].is_null());
  EXPECT_EQ(json["arrivals"]["unknown"], 4);
  EXPECT_EQ(json["aggregation"]["bytes_saved_by_key_table"], 0);
}

// More keys than the sketch is exact for, and windows that end at arbitrary
// positions.
TEST_F(StatsCommand, AreTheSameForAnyNumberOfJobs) {
  generator::GeneratorOptions options;
  options.records = 250'000;
  options.record_size = {1, 200};
  options.keys = 150'000;
  options.explicit_hash_keys = 0.1;
  options.container = ContainerKind::kJson;
  options.plain = 0.1;
  WriteFile(archive_, Generated(options));
  const Outcome one = RunProgram({"stats", archive_, "--json", "-j", "1"});
  ASSERT_EQ(one.status, 0) << one.err;
  const nlohmann::json json = ParseJson(one.out);
  EXPECT_GT(json["partition_keys"]["records_error"], 0);
  EXPECT_EQ(json["told_shards"]["records_error"], 0);
  EXPECT_GT(json["arrivals"]["buckets"].size(), 1U);
  for (const char* jobs : {"2", "4"}) {
    EXPECT_EQ(RunProgram({"stats", archive_, "--json", "-j", jobs}).out,
              one.out)
        << jobs;
  }
  EXPECT_EQ(RunProgram({"stats", "-", "--json"}, {.pipe = ReadFile(archive_),
                                                  .stdout_path = {},
                                                  .directory = {}})
                .out,
            one.out);
}

TEST_F(StatsCommand, PageHoldsKeysAsText) {
  const std::string page = directory_ / "page.html";
  const Outcome outcome =
      Run({BlobWithKey("</td><script>alert(1)</script>"), BlobWithKey("\xFF<"),
           BlobWithKey("a&b\"c'\x1b"), BlobWithKey("caf\u00e9")},
          {"--html", page});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("partition keys")) << "text as well";
  const std::string html = ReadFile(page);
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, HasSubstr("&lt;/td&gt;&lt;script&gt;alert(1)"));
  EXPECT_THAT(html, HasSubstr(">/zw=</bdi> <span class=\"mark\">base64<"));
  EXPECT_THAT(html, HasSubstr("a&amp;b&quot;c&#39;\\x1b"));
  EXPECT_THAT(html, HasSubstr("caf\u00e9"));
  EXPECT_THAT(html, Not(HasSubstr("http://"))) << "nothing from elsewhere";
  EXPECT_THAT(html, Not(HasSubstr("https://")));
}

TEST_F(StatsCommand, PageMayTakeStandardOutput) {
  const Outcome page = Run({MakeBlob({"1"})}, {"--html", "-"});
  EXPECT_EQ(page.status, 0) << page.err;
  EXPECT_THAT(page.out, testing::StartsWith("<!DOCTYPE html>"));
  EXPECT_TRUE(page.out.ends_with("</html>\n"));
  EXPECT_EQ(Run({MakeBlob({"1"})}, {"--html", "-", "--json"}).status, 2);
}

TEST_F(StatsCommand, PageIsNotWrittenOverTheArchive) {
  const Outcome outcome = Run({MakeBlob({"1"})}, {"--html", archive_});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(ReadFile(archive_), U32Le({MakeBlob({"1"})}));
  EXPECT_EQ(Run({"1"}, {"--html", directory_ / "none/page"}).status, 3);
}

TEST_F(StatsCommand, RefusesWhatMakesNoSense) {
  for (const std::vector<std::string>& options :
       std::vector<std::vector<std::string>>{
           {"--shards", "0"},
           {"--shards", "20001"},
           {"--top", "0"},
           {"--top", "-1"},
           {"--shards", "2", "--shard-map", archive_}}) {
    EXPECT_EQ(Run({"x"}, options).status, 2) << options[0] << options[1];
  }
  EXPECT_EQ(Run({"x"}, {"--shard-map", directory_ / "none"}).status, 3);
  EXPECT_EQ(Run({"x"}, {"--shard-map", directory_.path()}).status, 3);
  const Outcome missing = RunProgram({"stats", directory_ / "none"});
  EXPECT_EQ(missing.status, 3);
  EXPECT_THAT(missing.err, HasSubstr("none"));
}

constexpr char kShardMap[] = R"({"StreamDescription": {"Shards": [
  {"ShardId": "shardId-000000000003", "HashKeyRange": {
    "StartingHashKey": "170141183460469231731687303715884105728",
    "EndingHashKey": "340282366920938463463374607431768211455"},
   "SequenceNumberRange": {"StartingSequenceNumber": "49"}},
  {"ShardId": "shardId-000000000000", "HashKeyRange": {
    "StartingHashKey": "0",
    "EndingHashKey": "340282366920938463463374607431768211455"},
   "SequenceNumberRange": {"StartingSequenceNumber": "49",
                           "EndingSequenceNumber": "50"}},
  {"ShardId": "shardId-000000000002", "HashKeyRange": {
    "StartingHashKey": "0", "EndingHashKey": "99"},
   "SequenceNumberRange": {"EndingSequenceNumber": null}}],
  "StreamName": "s"}})";

TEST_F(StatsCommand, CountsInTheShardsOfAMap) {
  WriteFile(directory_ / "map", kShardMap);
  const Outcome outcome = Run({MakeBlob({"1", "22", "333"})},
                              {"--json", "--shard-map", directory_ / "map"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const nlohmann::json hash_keys = ParseJson(outcome.out)["hash_keys"];
  ASSERT_EQ(hash_keys["shards"].size(), 2U);
  EXPECT_EQ(hash_keys["shards"][0]["shard"], "shardId-000000000002");
  EXPECT_EQ(hash_keys["shards"][0]["last"], "99");
  EXPECT_EQ(hash_keys["shards"][0]["records"], 0);
  EXPECT_EQ(hash_keys["shards"][1]["records"], 1);
  EXPECT_EQ(hash_keys["outside_shards"], 2);
}

TEST(ShardMap, TakesBothCommands) {
  const std::string shards =
      R"({"Shards": [{"ShardId": "a", "HashKeyRange":
         {"StartingHashKey": "5", "EndingHashKey": "7"}}]})";
  const auto map = cli::ParseShardMap(shards, "m");
  ASSERT_TRUE(map) << map.error().ToString();
  ASSERT_EQ(map->size(), 1U);
  EXPECT_EQ(map->front().first, (HashKey{0, 5}));
}

TEST(ShardMap, RefusesWhatIsNone) {
  const auto shard = [](const char* id, const char* first, const char* last) {
    return std::string(R"({"ShardId": ")") + id +
           R"(", "HashKeyRange": {"StartingHashKey": ")" + first +
           R"(", "EndingHashKey": ")" + last + "\"}}";
  };
  const auto expect = [](const std::string& json, const char* message) {
    const auto map = cli::ParseShardMap(json, "m");
    ASSERT_FALSE(map) << json;
    EXPECT_THAT(map.error().ToString(), HasSubstr(message)) << json;
    EXPECT_THAT(map.error().ToString(), testing::StartsWith("m: "));
  };
  expect("", "not JSON");
  expect("{", "not JSON");
  expect("[]", "no list");
  expect(R"({"Shards": 1})", "no list");
  expect(R"({"Shards": []})", "no open shard");
  expect(R"({"Shards": [1]})", "lacks");
  expect(R"({"Shards": [{"ShardId": 1}]})", "lacks");
  expect("{\"Shards\": [" + shard("a", "x", "2") + "]}", "lacks");
  expect("{\"Shards\": [" + shard("a", "3", "2") + "]}", "ends before");
  expect("{\"Shards\": [" + shard("a", "1", "5") + "," + shard("b", "5", "9") +
             "]}",
         "overlap");
}

TEST(StatsReport, ToldTimes) {
  EXPECT_EQ(cli::UtcText(0), "1970-01-01 00:00:00");
  EXPECT_EQ(cli::UtcText(-1), "1969-12-31 23:59:59.999999");
  EXPECT_EQ(cli::UtcText(1'709'251'199'123'000), "2024-02-29 23:59:59.123");
  EXPECT_EQ(cli::UtcText(INT64_MAX), "9223372036854 s");
  EXPECT_EQ(cli::UtcText(INT64_MIN), "-9223372036854 s");
  EXPECT_EQ(cli::WidthText(10'000), "10 ms");
  EXPECT_EQ(cli::WidthText(int64_t{6 * 3600} * 1'000'000), "6 h");
  EXPECT_EQ(cli::SignedText(-1234), "-1,234");
  EXPECT_EQ(cli::SignedText(INT64_MIN), "-9,223,372,036,854,775,808");
}

TEST(StatsReport, BarsHoldAllSizes) {
  SizeDistribution sizes;
  for (uint64_t size = 0; size < uint64_t{1} << 40; size += 1 + size / 3) {
    sizes.Add(size);
  }
  for (const size_t most : {2U, 10U, 48U, 2000U}) {
    const std::vector<cli::Bar> bars = cli::SizeBars(sizes, most);
    EXPECT_LE(bars.size(), most);
    uint64_t count = 0;
    for (const cli::Bar& bar : bars) count += bar.count;
    EXPECT_EQ(count, sizes.count()) << most;
  }
  EXPECT_THAT(cli::SizeBars({}, 10), IsEmpty());
}

TEST(SvgPlot, EscapesEverything) {
  const std::string svg = cli::SvgBars(
      {.title = "<b>", .x_axis = "&", .y_axis = "\"", .bars = {{"<", ">", 3}}});
  EXPECT_THAT(svg, HasSubstr("aria-label=\"&lt;b&gt;\""));
  EXPECT_THAT(svg, HasSubstr(">&amp;</text>"));
  EXPECT_THAT(svg, HasSubstr(">&quot;</text>"));
  EXPECT_THAT(svg, HasSubstr(">&lt;</text>"));
  EXPECT_THAT(svg, HasSubstr("<title>&gt;: 3</title>"));
}

}  // namespace
}  // namespace thresh
