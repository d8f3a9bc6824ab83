// The cursor against a simple scanner, and against a parser.
#include "container/json_cursor.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "container/json.h"
#include "guarded_bytes.h"
#include "oracle/samples.h"

namespace thresh {
namespace {

using oracle::Random;

// Parts of JSON strings, with many that are difficult for scanners.
std::string RandomText(Random* random, size_t tokens) {
  static const std::vector<std::string> kTokens = {
      "{",        "}",        "[",      "]",           ",",
      ":",        " ",        "\n",     "\"a\"",       "\"\"",
      "\"\\\"\"", "\"\\\\\"", "1",      "-2.5",        "true",
      "null",     "\"{\"",    "\"}{\"", "\"\\u0041\"", "\"[\\\\\\\"]\"",
      "\"data\"", "\\",       "\"",     "\t",          "0"};
  std::string text;
  for (size_t i = 0; i < tokens; ++i) {
    text += kTokens[random->Below(kTokens.size())];
  }
  return text;
}

std::string RandomValue(Random* random, int depth) {
  std::string text;
  switch (random->Below(depth > 0 ? 6 : 4)) {
    case 0:
      return random->Below(2) == 0 ? "-0.5E+7" : "12";
    case 1:
      return random->Below(2) == 0 ? "false" : "null";
    case 2:
      return R"("}{\"\\[")";
    case 3:
      return "\"" + std::string(random->Below(80), 'x') + "\"";
    case 4:
      text = "{ ";
      for (size_t i = random->Below(4); i > 0; --i) {
        text += "\"k\\n\" :" + RandomValue(random, depth - 1);
        if (i > 1) text += ",\n";
      }
      return text + "}";
    default:
      text = "[";
      for (size_t i = random->Below(4); i > 0; --i) {
        text += RandomValue(random, depth - 1);
        if (i > 1) text += " , ";
      }
      return text + "]";
  }
}

// The size in bytes of the value at the front of `text`; 0 if it does not end.
// Handles only strings and brackets.
size_t NaiveSize(const std::string& text) {
  int depth = 0;
  bool in_string = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if ((c == '}' || c == ']') && --depth == 0) {
      return i + 1;
    }
  }
  return 0;
}

TEST(JsonCursorTest, CrossesWhatTheNaiveScannerCrosses) {
  GuardedBytes guarded(64);
  Random random(1);
  for (int round = 0; round < 3000; ++round) {
    const std::string value = "[" + RandomValue(&random, 5) + "]";
    const std::string text = value + RandomText(&random, 5);
    JsonCursor cursor(guarded.Last(AsBytes(text)));
    JsonValue read;
    ASSERT_TRUE(cursor.Read(&read)) << text;
    EXPECT_EQ(NaiveSize(text), value.size());
    EXPECT_EQ(AsText(read.text), value);
    const size_t step = 1 + value.size() / 100;
    for (size_t size = 0; size < value.size(); size += step) {
      JsonCursor cut(guarded.Last(AsBytes(value).first(size)));
      EXPECT_FALSE(cut.Read(&read));
      EXPECT_EQ(cut.status(), JsonStatus::kTruncated) << value.substr(0, size);
    }
  }
}

TEST(JsonCursorTest, TakesWhatAParserTakes) {
  Random random(2);
  int taken = 0;
  for (size_t round = 0; round < 50'000; ++round) {
    const std::string text = "[" + RandomText(&random, 1 + round % 7) + "]";
    JsonCursor cursor(AsBytes(text));
    JsonValue value;
    const bool whole = cursor.Read(&value) &&
                       value.text.size() == text.size() &&
                       text.find("\\") == std::string::npos;
    const bool expected =
        text.find("\\") == std::string::npos && nlohmann::json::accept(text);
    EXPECT_EQ(whole, expected) << text;
    taken += expected ? 1 : 0;
  }
  EXPECT_GT(taken, 1000);
}

TEST(JsonCursorTest, AControlCharacterBreaksAString) {
  for (int byte = 0; byte <= 0x20; ++byte) {
    const std::string text =
        "\"abc" + std::string(1, static_cast<char>(byte)) + "d\"";
    JsonCursor cursor(AsBytes(text));
    JsonValue value;
    const bool is_control = byte < 0x20;
    EXPECT_EQ(cursor.Read(&value), !is_control) << byte;
    EXPECT_EQ(cursor.status(),
              is_control ? JsonStatus::kBroken : JsonStatus::kOk);
    EXPECT_EQ(cursor.at() - AsBytes(text).data(), is_control ? 4 : 7) << byte;
  }
}

TEST(JsonCursorTest, TellsABreakFromAnEnd) {
  const auto status = [](std::string_view text) {
    JsonCursor cursor(AsBytes(text));
    JsonValue value;
    cursor.Read(&value);
    return cursor.status();
  };
  for (const char* text :
       {"", " ", "[", "[1", "[1,", "{\"a", "{\"a\"", "{\"a\":", "[tr", "[-",
        "[1.", "[1e", "[1e+", "[\"\\", "[0"}) {
    EXPECT_EQ(status(text), JsonStatus::kTruncated) << text;
  }
  for (const char* text :
       {"]", "[}", "{1", "{\"a\"1", "{\"a\":1,}", "[1,]", "[1 2", "[truf",
        "[-a", "[1.a", "[1ea", "[01", "[\"\n", "[\"a\x1F", "{\"a\":1 \"b\"",
        "[nulL", "[.5", "[+1"}) {
    EXPECT_EQ(status(text), JsonStatus::kBroken) << text;
  }
}

TEST(JsonCursorTest, ReadsMembersAndElementsInTurn) {
  const std::string text = R"( {"a\"": [1, {"x": 2}], "b" : "t"} )";
  JsonCursor cursor(AsBytes(text));
  ASSERT_EQ(cursor.Peek(), '{');
  cursor.Enter();
  JsonValue key;
  JsonValue value;
  ASSERT_TRUE(cursor.NextMember(&key));
  EXPECT_EQ(AsText(key.text), R"(a\")");
  EXPECT_TRUE(key.escaped);
  ASSERT_EQ(cursor.Peek(), '[');
  cursor.Enter();
  ASSERT_TRUE(cursor.NextElement());
  ASSERT_TRUE(cursor.Read(&value));
  EXPECT_EQ(value.type, JsonType::kNumber);
  EXPECT_EQ(AsText(value.text), "1");
  ASSERT_TRUE(cursor.NextElement());
  ASSERT_TRUE(cursor.Read(&value));
  EXPECT_EQ(value.type, JsonType::kObject);
  EXPECT_EQ(AsText(value.text), R"({"x": 2})");
  EXPECT_FALSE(cursor.NextElement());
  ASSERT_TRUE(cursor.NextMember(&key));
  ASSERT_TRUE(cursor.Read(&value));
  EXPECT_EQ(value.type, JsonType::kString);
  EXPECT_EQ(AsText(value.text), "t");
  EXPECT_FALSE(cursor.NextMember(&key));
  EXPECT_EQ(cursor.status(), JsonStatus::kOk);
  EXPECT_EQ(cursor.at(), AsBytes(text).data() + text.size() - 1);
}

TEST(CutJsonTest, CutsBehindTheLastObjectThatAnotherFollows) {
  const auto cut = [](std::string_view text, bool at_end = false) {
    return CutJson(AsBytes(text), at_end);
  };
  EXPECT_EQ(cut("{}{}{"), 4U);
  EXPECT_EQ(cut("{} \r\n {\"a\":"), 2U);
  EXPECT_EQ(cut("{\"a\":{}}"), 0U);
  EXPECT_EQ(cut("{\"a\":[{},{}]"), 0U);
  EXPECT_EQ(cut("{\"a\":[{},{}]", true), 12U);
  // Among the elements of an array, after the last complete one.
  EXPECT_EQ(cut("[{\"}{\": 1}, {"), 4U);  // a guess, and wrong
  EXPECT_EQ(cut("[{\"a\":{}},\n{\"a\":[{}, {}]}, {\"a"), 25U);
  EXPECT_EQ(cut(", {\"a\":1}]"), 9U);
  EXPECT_EQ(cut(", ]\n [ {\"a\":1"), 4U);
}

// What has to be read at once is one document or line, not all lines of a
// format without pairs of objects.
TEST(CutJsonTest, CutsBetweenLinesThatAreNoJson) {
  const auto cut = [](std::string_view text) {
    return CutJson(AsBytes(text), /*at_end=*/false);
  };
  EXPECT_EQ(cut("{}x\n{}x\n{}"), 8U);
  EXPECT_EQ(cut("x\n \ny\n\n"), 4U);
  EXPECT_EQ(cut("{}\n x"), 2U);
  EXPECT_EQ(cut("{}\n\n"), 0U);
  EXPECT_EQ(cut("{\n\"a\":\n1,\n\"b\"\n:[\n2\n,3\n]\n}\n"), 0U);
}

TEST(CutJsonTest, FindsTheLastObjectThatTheNaiveScannerFinds) {
  Random random(3);
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    size_t last = 0;
    for (size_t i = random.Below(5); i > 0; --i) {
      text += random.Below(2) == 0 ? "," : " [\n";
      const std::string object = "{\"a\":" + RandomValue(&random, 4) + "}";
      ASSERT_EQ(NaiveSize(object), object.size());
      text += object;
      last = text.size();
    }
    text += random.Below(2) == 0 ? "" : ", {\"a\":";
    EXPECT_EQ(json::EndOfLastObject(AsBytes(text)), last) << text;
  }
}

}  // namespace
}  // namespace thresh
