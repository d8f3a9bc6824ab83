// Times, strings and telltale names in JSON.
#include <gmock/gmock.h>

#include <array>
#include <string>
#include <vector>

#include "container/container.h"
#include "container/json.h"
#include "container/json_string.h"
#include "container/json_time.h"

namespace thresh {
namespace {

TEST(JsonTimeTest, SecondsAreReadToTheMicrosecond) {
  EXPECT_EQ(ParseEpoch("0"), 0);
  EXPECT_EQ(ParseEpoch("1607497475.000"), 1607497475000000);
  EXPECT_EQ(ParseEpoch("1607497475.123456"), 1607497475123456);
  EXPECT_EQ(ParseEpoch("1607497475.1234569"), 1607497475123456);
  EXPECT_EQ(ParseEpoch("1.607497475123456E9"), 1607497475123456);
  EXPECT_EQ(ParseEpoch("16074974751234.56e-4"), 1607497475123456);
  EXPECT_EQ(ParseEpoch("1.6e+9"), 1600000000000000);
  EXPECT_EQ(ParseEpoch("-1.5"), -1500000);
  EXPECT_EQ(ParseEpoch("99999999999.999999"), 99999999999999999);
}

TEST(JsonTimeTest, LargeNumbersAreMilliseconds) {
  EXPECT_EQ(ParseEpoch("100000000000"), 100000000000000);
  EXPECT_EQ(ParseEpoch("1750000000123"), 1750000000123000);
  EXPECT_EQ(ParseEpoch("1750000000123.4567"), 1750000000123456);
  EXPECT_EQ(ParseEpoch("-1750000000123"), -1750000000123000);
}

TEST(JsonTimeTest, NumbersThatAreNoTimesAreNull) {
  for (const std::string& number :
       {std::string("1e30"), std::string("1e99999999999"),
        std::string(500, '1'), std::string("1e400"), std::string("9e18"),
        std::string("x"), std::string("1x")}) {
    EXPECT_EQ(ParseEpoch(number), std::nullopt) << number;
  }
  EXPECT_EQ(ParseEpoch("1e-300"), 0);
  EXPECT_EQ(ParseEpoch("0." + std::string(500, '0')), 0);
}

TEST(JsonTimeTest, IsoTimesHaveAZone) {
  EXPECT_EQ(ParseIsoTime("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(ParseIsoTime("2025-06-15T15:06:40.123+00:00"), 1750000000123000);
  EXPECT_EQ(ParseIsoTime("2025-06-15 17:06:40.1234567+0200"), 1750000000123456);
  EXPECT_EQ(ParseIsoTime("2025-06-15T09:36:40.000001-05:30"), 1750000000000001);
  EXPECT_EQ(ParseIsoTime("2025-06-15T16:06:40+01"), 1750000000000000);
  EXPECT_EQ(ParseIsoTime("1969-12-31T23:59:59.5Z"), -500000);
  EXPECT_EQ(ParseIsoTime("2024-02-29T00:00:00Z"), 1709164800000000);
  for (const char* text :
       {"", "2025", "2025-06-15", "2025-06-15T15:06:40", "2025-06-15T15:06Z",
        "2025-02-29T00:00:00Z", "2025-13-01T00:00:00Z", "2025-06-15T24:00:00Z",
        "2025-06-15T00:60:00Z", "2025-06-15T00:00:60Z", "2025-06-15T00:00:00.Z",
        "2025-06-15T00:00:00+1",
        "2025-06-15T00:00:00+01:", "25-06-15T00:00:00Z",
        "2025-06-15T00:00:00Z ", "2025-06-15T00:00:00+24:00",
        "2025-06-15t00:00:00Z", "+025-06-15T00:00:00Z"}) {
    EXPECT_EQ(ParseIsoTime(text), std::nullopt) << text;
  }
}

std::optional<std::string> Unescaped(std::string_view text) {
  std::string out(text.size(), '?');
  const std::optional<size_t> size =
      UnescapeJson(AsBytes(text), reinterpret_cast<uint8_t*>(out.data()));
  if (!size) return std::nullopt;
  return out.substr(0, *size);
}

TEST(JsonStringTest, EveryEscapeStandsForItsCharacter) {
  EXPECT_EQ(Unescaped(R"(a\"\\\/\b\f\n\r\tz)"), "a\"\\/\b\f\n\r\tz");
  EXPECT_EQ(Unescaped(R"(\u0041\u00e4\u20AC\ud83d\ude00)"),
            "A\u00e4\u20ac\U0001F600");
  EXPECT_EQ(Unescaped(R"(\u0000)"), std::string(1, '\0'));
  EXPECT_EQ(Unescaped("plain \xFF"), "plain \xFF");
  for (const char* text :
       {R"(\x)", R"(\)", R"(\u)", R"(\u12)", R"(\u12g4)", R"(\ud83d)",
        R"(\ude00)", R"(\ud83d\u0041)", R"(\ud83dxxxxxx)", R"(\U0041)"}) {
    EXPECT_EQ(Unescaped(text), std::nullopt) << text;
  }
}

TEST(JsonStringTest, PlacesAreFoundAgain) {
  const std::string text = R"(ab\n\u00e4c\ud83d\ude00\\d)";
  // The places of: a b \n (two bytes of ä) c (four of the emoji) \ d, end.
  EscapeMap map(AsBytes(text));
  const std::vector<std::pair<size_t, size_t>> places = {
      {0, 0},  {1, 1},   {2, 2},   {3, 4},  {5, 10},
      {6, 11}, {10, 23}, {11, 25}, {12, 26}};
  for (const auto& [unescaped, escaped] : places) {
    EXPECT_EQ(map.Find(unescaped), escaped) << unescaped;
    EXPECT_EQ(EscapeMap(AsBytes(text)).Find(unescaped), escaped);
  }
}

TEST(SniffJsonTest, IsToldByTheNamesOfMembers) {
  const auto kind = [](std::string_view head, bool whole = true) {
    const Result<ContainerKind> sniffed = SniffContainer(AsBytes(head), whole);
    return sniffed.has_value() && *sniffed == ContainerKind::kJson;
  };
  EXPECT_TRUE(kind(R"({"Records":[{"kinesis":{)"));
  EXPECT_TRUE(kind(
      "\xEF\xBB\xBF \r\n [ {\"eventID\" : 1, \"kinesisSchemaVersion\"\n:"));
  EXPECT_TRUE(kind(R"({"Records":[],"NextShardIterator":"A"})"));
  EXPECT_TRUE(kind(R"({"records":[{"recordId":"1","data":"YQ=="}]})"));
  EXPECT_TRUE(kind(R"({"attemptsMade":4,"rawData":"YQ=="})"));
  EXPECT_TRUE(kind("{\"broken\" \n{\"SequenceNumber\":1"));
  // A value as long as the head.
  const std::string long_value = "{\"Data\":\"" + std::string(1000, 'A');
  EXPECT_TRUE(kind(long_value, false));
  EXPECT_FALSE(kind(long_value, true));
  EXPECT_FALSE(kind("{\"Body\":\"" + std::string(1000, 'A'), false));
  EXPECT_FALSE(kind(R"({"Records":[]})"));
  EXPECT_FALSE(kind(R"({"Records":[{"eventSource":"aws:s3","s3":{}}]})"));
  EXPECT_FALSE(kind(R"({"data":"YQ=="})"));
  EXPECT_FALSE(kind(R"({"a":"kinesis","b":"\"SequenceNumber\":"})"));
  EXPECT_FALSE(kind("x {\"kinesis\":1}"));
  EXPECT_FALSE(kind("{"));
}

}  // namespace
}  // namespace thresh
