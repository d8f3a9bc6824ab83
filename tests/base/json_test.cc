// JSON strings and inline values, read back by an independent parser.
#include "base/json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <string>

namespace thresh {
namespace {

std::string JsonString(std::string_view text) {
  // Appends to existing content, as the sinks do.
  Column<uint8_t> out;
  out.Append('>');
  AppendJsonString(AsBytes(text), &out);
  EXPECT_EQ(out[0], '>');
  return std::string(AsText({out.data() + 1, out.size() - 1}));
}

std::optional<std::string> InlineJson(std::string_view text) {
  Column<uint8_t> out;
  out.Append('>');
  JsonChecker checker;
  const bool accepted = AppendInlineJson(AsBytes(text), &checker, &out);
  EXPECT_EQ(out[0], '>');
  EXPECT_TRUE(accepted || out.size() == 1) << text;
  if (!accepted) return std::nullopt;
  return std::string(AsText({out.data() + 1, out.size() - 1}));
}

std::string Utf8(uint32_t code_point) {
  const auto byte = [](uint32_t value) { return static_cast<char>(value); };
  const auto trailing = [&](int shift) {
    return byte(0x80 | (code_point >> shift & 0x3f));
  };
  if (code_point < 0x80) return {byte(code_point)};
  if (code_point < 0x800) return {byte(0xc0 | code_point >> 6), trailing(0)};
  if (code_point < 0x10000) {
    return {byte(0xe0 | code_point >> 12), trailing(6), trailing(0)};
  }
  return {byte(0xf0 | code_point >> 18), trailing(12), trailing(6),
          trailing(0)};
}

TEST(JsonStringTest, ExactBytes) {
  EXPECT_EQ(JsonString(""), R"("")");
  EXPECT_EQ(JsonString("plain"), R"("plain")");
  EXPECT_EQ(JsonString("a/b"), R"("a/b")");
  EXPECT_EQ(JsonString("\"\\"), R"("\"\\")");
  EXPECT_EQ(JsonString("\b\f\n\r\t"), R"("\b\f\n\r\t")");
  EXPECT_EQ(JsonString(std::string_view("\0\x01\x0b\x1f", 4)),
            R"("\u0000\u0001\u000b\u001f")");
  EXPECT_EQ(JsonString("\x7f\u0080\u009f"), R"("\u007f\u0080\u009f")");
  EXPECT_EQ(JsonString("\u00a0\u00bf\u00c0\u2028"),
            "\"\u00a0\u00bf\u00c0\u2028\"");
}

// The last control character of C0, and the first character after it.
TEST(JsonStringTest, TheBorderOfTheControlCharacters) {
  for (const size_t before : {0U, 3U, 40U, 5000U}) {
    const std::string fill(before, 'x');
    EXPECT_EQ(JsonString(fill + "\x1f"), '"' + fill + R"(\u001f")");
    EXPECT_EQ(JsonString(fill + "\x20"), '"' + fill + " \"");
    EXPECT_FALSE(InlineJson('"' + fill + "\x1f\""));
    EXPECT_TRUE(InlineJson('"' + fill + "\x20\""));
  }
}

// Every single-byte UTF-8 character, at every position of a word and of the
// rest after whole words.
TEST(JsonStringTest, EveryAsciiByteAtEveryPlace) {
  for (int byte = 0; byte < 0x80; ++byte) {
    for (size_t size = 1; size <= 25; ++size) {
      for (size_t place = 0; place < size; ++place) {
        std::string text(size, 'x');
        text[place] = static_cast<char>(byte);
        const std::string json = JsonString(text);
        ASSERT_EQ(nlohmann::json::parse(json).get<std::string>(), text);
        const bool escaped =
            byte < 0x20 || byte == '"' || byte == '\\' || byte == 0x7f;
        ASSERT_EQ(json == '"' + text + '"', !escaped) << byte;
      }
    }
  }
}

// Adjacent characters of escaped ones, whose borrows could carry into each
// other.
TEST(JsonStringTest, EveryPairOfBytesInOneWord) {
  for (int first = 0; first < 0x80; ++first) {
    for (int second = 0; second < 0x80; ++second) {
      const std::string text = {'a',
                                static_cast<char>(first),
                                static_cast<char>(second),
                                '\xc3',
                                '\xa9',
                                '!',
                                '#',
                                '['};
      ASSERT_EQ(nlohmann::json::parse(JsonString(text)).get<std::string>(),
                text);
    }
  }
}

TEST(JsonStringTest, EveryCodePoint) {
  std::string all;
  for (uint32_t code_point = 0; code_point <= 0x10ffff; ++code_point) {
    if (code_point >= 0xd800 && code_point < 0xe000) continue;
    all += Utf8(code_point);
  }
  ASSERT_TRUE(IsUtf8(AsBytes(all)));
  EXPECT_EQ(nlohmann::json::parse(JsonString(all)).get<std::string>(), all);
}

TEST(JsonStringTest, NothingButEscapes) {
  for (size_t size = 0; size < 300; ++size) {
    const std::string text(size, '\x01');
    const std::string json = JsonString(text);
    ASSERT_EQ(json.size(), 6 * size + 2);
    ASSERT_EQ(nlohmann::json::parse(json).get<std::string>(), text);
  }
}

TEST(JsonStringTest, RandomMixtures) {
  std::mt19937 random(1);
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    const size_t escapes_in_16 = random() % 16;
    for (size_t left = random() % 100; left > 0; --left) {
      const bool escape = random() % 16 < escapes_in_16;
      text += escape ? "\"\\\n\x01"[random() % 4]
                     : static_cast<char>(' ' + random() % 95);
    }
    ASSERT_EQ(nlohmann::json::parse(JsonString(text)).get<std::string>(), text);
  }
}

TEST(IsUtf8Test, Cases) {
  for (const std::string_view text :
       {"", "a", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf",
        "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80",
        "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(IsUtf8(AsBytes(text))) << text;
  }
  for (const std::string_view text :
       {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2g", "\xe0\x80\x80",
        "\xe0\x9f\xbf", "\xe2\x82", "\xed\xa0\x80", "\xed\xbf\xbf",
        "\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf", "\xf0\x9f\x98",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xfe", "\xff"}) {
    EXPECT_FALSE(IsUtf8(AsBytes(text))) << text;
  }
  EXPECT_TRUE(IsUtf8(AsBytes(std::string_view("\0", 1))));
}

// One bad byte anywhere, for sizes below and above the limit between the two
// implementations.
TEST(IsUtf8Test, FindsABadByteAnywhere) {
  for (size_t size = 1; size <= 140; ++size) {
    std::string text(size, 'k');
    EXPECT_TRUE(IsUtf8(AsBytes(text)));
    for (size_t place = 0; place < size; ++place) {
      text[place] = '\x80';
      ASSERT_FALSE(IsUtf8(AsBytes(text))) << size << ' ' << place;
      text[place] = 'k';
    }
  }
}

TEST(InlineJsonTest, KeepsTokensAndDropsWhiteSpace) {
  EXPECT_EQ(InlineJson(R"({"a":1})"), R"({"a":1})");
  EXPECT_EQ(InlineJson(" {\r\n\t\"a\" : [ 1 , 2.50e+1 ,\n null, true ] }\n"),
            R"({"a":[1,2.50e+1,null,true]})");
  EXPECT_EQ(InlineJson(R"({"b":1,"a":2,"b":3})"), R"({"b":1,"a":2,"b":3})");
  EXPECT_EQ(InlineJson(R"(["two  spaces","\n\/\u0041\ud83d\ude00"])"),
            R"(["two  spaces","\n\/\u0041\ud83d\ude00"])");
  EXPECT_EQ(InlineJson("[\"\u2028\u00a0\u00e9\"]"), "[\"\u2028\u00a0\u00e9\"]");
  EXPECT_EQ(InlineJson(R"("\u0000")"), R"("\u0000")");
}

TEST(InlineJsonTest, EscapesControlsThatJsonAllows) {
  EXPECT_EQ(InlineJson("{\"a\x7f\" : [\"\u00a0\u0080b\", \"\u009f\"]}"),
            "{\"a\\u007f\":[\"\u00a0\\u0080b\",\"\\u009f\"]}");
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "\x7f\u0090\u00a0";
  const std::optional<std::string> json = InlineJson('"' + many + '"');
  ASSERT_TRUE(json);
  EXPECT_EQ(json->size(), 2 + 1000 * 14);
  EXPECT_EQ(nlohmann::json::parse(*json).get<std::string>(), many);
}

TEST(InlineJsonTest, AcceptsScalars) {
  for (const std::string_view text :
       {"0", "-0", "-1", "12", "0.5", "1E5", "1e-999", "true", "false", "null",
        "\"\"", "\"x\"", "18446744073709551615", "-9223372036854775808",
        "1.7976931348623157e308"}) {
    EXPECT_EQ(InlineJson(text), text);
    EXPECT_EQ(InlineJson(std::string(" \t").append(text).append(" \n")), text);
  }
}

TEST(InlineJsonTest, RefusesWhatIsNotOneValue) {
  for (const std::string_view text : {"",
                                      " ",
                                      "\n",
                                      "{",
                                      "}",
                                      "[",
                                      "]",
                                      "[1,]",
                                      "[,1]",
                                      "{\"a\":1,}",
                                      "{\"a\"}",
                                      "{\"a\":}",
                                      "{a:1}",
                                      "{'a':1}",
                                      "{1:1}",
                                      "[1 2]",
                                      "[1}",
                                      "{} {}",
                                      "{}{}",
                                      "1 2",
                                      "\"a\" \"b\"",
                                      "{}x",
                                      "{},",
                                      "nul",
                                      "nulll",
                                      "True",
                                      "NaN",
                                      "Infinity",
                                      "-",
                                      "+1",
                                      "01",
                                      "-01",
                                      "1.",
                                      ".5",
                                      "1e",
                                      "0x10",
                                      "\"",
                                      "\"\\\"",
                                      "\"\\x\"",
                                      "\"\\u12g4\"",
                                      "\"\t\"",
                                      "\"a\nb\"",
                                      "[\"\n\"]",
                                      "// c\n1",
                                      "/**/1",
                                      "\\",
                                      "\"\\ud800\"",
                                      "\"\\udc00\"",
                                      "\"\\ud800\\u0041\""}) {
    EXPECT_EQ(InlineJson(text), std::nullopt) << text;
  }
}

TEST(InlineJsonTest, RefusesNumbersThatAReaderWouldNotGetBack) {
  for (const std::string_view text :
       {"18446744073709551616", "-9223372036854775809", "99999999999999999999",
        "1e999", "-1e999", "1.7976931348623159e308"}) {
    EXPECT_EQ(InlineJson(text), std::nullopt) << text;
    EXPECT_EQ(InlineJson(std::string("[").append(text).append("]")),
              std::nullopt);
  }
}

TEST(InlineJsonTest, RefusesBytesThatAreNoText) {
  using namespace std::string_literals;
  for (const std::string& text :
       {"\xef\xbb\xbf{}"s, "{}\0"s, "\0{}"s, "1\0"s, "\0"s, "[\"\0\"]"s,
        "\"\xff\""s, "\"\xc0\x80\""s, "\"\xed\xa0\x80\""s, "\"\xc3\""s,
        "{\"\x80\":1}"s, "\xc2\xa0{}"s, "{}\xff"s, "\x1f\x8b\x08"s}) {
    EXPECT_EQ(InlineJson(text), std::nullopt) << text;
  }
}

TEST(InlineJsonTest, DepthIsLimitedAndHarmless) {
  const auto nested = [](size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_EQ(InlineJson(nested(1024)), nested(1024));
  EXPECT_EQ(InlineJson(nested(1025)), std::nullopt);
  EXPECT_EQ(InlineJson(nested(2000)), std::nullopt);
  EXPECT_EQ(InlineJson(nested(4000000)), std::nullopt);
  EXPECT_EQ(InlineJson(std::string(4000000, '[')), std::nullopt);
  std::string objects;
  for (int i = 0; i < 2000; ++i) objects += R"({"a":)";
  EXPECT_EQ(InlineJson(objects + "1" + std::string(2000, '}')), std::nullopt);
  // The refused value leaves no state.
  EXPECT_EQ(InlineJson(nested(3)), nested(3));
}

// White space and tokens across the boundaries of simdjson's 64-byte blocks,
// and a small document after a large one.
TEST(InlineJsonTest, EverySizeAroundABlock) {
  for (size_t size = 0; size < 200; ++size) {
    const std::string text = '"' + std::string(size, 'x') + '"';
    EXPECT_EQ(InlineJson(text), text);
    EXPECT_EQ(
        InlineJson(std::string(size, ' ') + text + std::string(size, '\n')),
        text);
    EXPECT_EQ(InlineJson(text.substr(1)), std::nullopt);
    EXPECT_EQ(InlineJson(text + "x"), std::nullopt);
  }
}

// For sizes below and above the size from which the parser is not kept.
TEST(InlineJsonTest, LargeDocuments) {
  for (const size_t elements : {size_t{100000}, size_t{2000000}}) {
    std::string pretty = "[\n";
    std::string compact = "[";
    for (size_t i = 0; i < elements; ++i) {
      pretty += "1 ,\n";
      compact += "1,";
    }
    EXPECT_EQ(InlineJson(pretty + "2]"), compact + "2]");
    EXPECT_EQ(InlineJson(pretty + "2] 3"), std::nullopt);
    EXPECT_EQ(InlineJson(pretty), std::nullopt);
  }
}

}  // namespace
}  // namespace thresh
