// Strings and distinctive names in JSON.
#include <gmock/gmock.h>

#include <array>
#include <string>
#include <vector>

#include "container/container.h"
#include "container/json.h"
#include "container/json_string.h"

namespace thresh {
namespace {

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
        R"(\ude00)", R"(\ud83d\u0041)", R"(\ud83d\udbff)", R"(\ud83d\ue000)",
        R"(\ud83dxxxxxx)", R"(\U0041)"}) {
    EXPECT_EQ(Unescaped(text), std::nullopt) << text;
  }
}

TEST(JsonStringTest, PlacesAreFoundAgain) {
  const std::string text = R"(ab\n\u00e4c\ud83d\ude00\\d)";
  // The positions of: a b \n (two bytes of ä) c (four of the emoji) \ d, end.
  EscapeMap map(AsBytes(text));
  const std::vector<std::pair<size_t, size_t>> places = {
      {0, 0},  {1, 1},   {2, 2},   {3, 4},  {5, 10},
      {6, 11}, {10, 23}, {11, 25}, {12, 26}};
  for (const auto& [unescaped, escaped] : places) {
    EXPECT_EQ(map.Find(unescaped), escaped) << unescaped;
    EXPECT_EQ(EscapeMap(AsBytes(text)).Find(unescaped), escaped);
  }
}

TEST(SniffJsonTest, IsToldByWhatCanBeRead) {
  const auto kind = [](std::string_view head, bool whole = true) {
    const Result<ContainerKind> sniffed = SniffContainer(AsBytes(head), whole);
    return sniffed.has_value() && *sniffed == ContainerKind::kJson;
  };
  EXPECT_TRUE(kind(R"({"Records":[{"kinesis":{)"));
  EXPECT_TRUE(kind(
      "\xEF\xBB\xBF \r\n [ {\"eventID\" : 1, \"kinesisSchemaVersion\"\n:1"));
  EXPECT_TRUE(kind(R"({"Records":[],"NextShardIterator":"A"})"));
  EXPECT_TRUE(kind(R"({"records":[{"recordId":"1","data":"YQ=="}]})"));
  EXPECT_TRUE(kind(R"({"attemptsMade":4,"rawData":"YQ=="})"));
  EXPECT_TRUE(kind("{\"broken\" \n{\"SequenceNumber\":1"));
  // A value as long as the examined head.
  const std::string long_value = "{\"Data\":\"" + std::string(1000, 'A');
  EXPECT_EQ(SniffContainer(AsBytes(long_value), false), ContainerKind::kAuto);
  EXPECT_FALSE(kind(long_value, true));
  // Records before it would have been recognized.
  EXPECT_FALSE(kind("{\"Data\":\"YQ==\"}\n" + long_value, false));
  EXPECT_TRUE(
      kind("{\"Data\":\"YQ==\",\"SequenceNumber\":1}\n" + long_value, false));
  EXPECT_FALSE(kind("{\"Body\":\"" + std::string(1000, 'A'), false));
  EXPECT_TRUE(kind(R"({"Records":[]})"));
  EXPECT_FALSE(kind(R"({"Records":[{"eventSource":"aws:s3","s3":{}}]})"));
  EXPECT_FALSE(kind(R"({"data":"YQ=="})"));
  EXPECT_FALSE(kind(R"({"a":"kinesis","b":"\"SequenceNumber\":"})"));
  EXPECT_FALSE(kind("x {\"kinesis\":1}"));
  EXPECT_FALSE(kind("{"));
}

// What may separate documents may precede the first.
TEST(SniffJsonTest, IsNotPutOffByWhatPrecedesTheFirstDocument) {
  const auto kind = [](std::string_view head, bool whole = true) {
    const Result<ContainerKind> sniffed = SniffContainer(AsBytes(head), whole);
    return sniffed.has_value() ? *sniffed : ContainerKind::kRecord;
  };
  const std::string record = R"({"SequenceNumber":"1","Data":"YQ=="})";
  const std::string mark = "\xEF\xBB\xBF";
  for (const std::string& before :
       {std::string("]\n"), std::string(","), std::string("[]\n"), mark + mark,
        " \n" + mark, "[" + mark, std::string("{\"a\":\n")}) {
    EXPECT_EQ(kind(before + record), ContainerKind::kJson) << before;
  }
  for (const std::string& nothing :
       {std::string("[]"), std::string("[\n]"), std::string(" \n\t"), mark,
        mark + "\r\n"}) {
    EXPECT_EQ(kind(nothing), ContainerKind::kJson) << nothing;
    EXPECT_EQ(kind(nothing, false), ContainerKind::kAuto) << nothing;
  }
  const Result<ContainerKind> other =
      SniffContainer(AsBytes("{\"a\":1}\n"), false);
  ASSERT_FALSE(other.has_value());
  EXPECT_EQ(other.error().detail, ErrorDetail::kJsonWithoutRecords);
}

}  // namespace
}  // namespace thresh
