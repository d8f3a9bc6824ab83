// Escaping on every target, against a simple loop.
#include "base/json_escape.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "guarded_bytes.h"
#include "simd/targets.h"
#include "thresh/simd_target.h"

namespace thresh {
namespace {

std::string Expected(std::string_view text) {
  std::string escaped;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    auto byte = static_cast<uint8_t>(c);
    const size_t shorthand = std::string_view("\"\\\b\f\n\r\t").find(c);
    const bool is_c1 = c == '\xC2' && i + 1 < text.size() &&
                       static_cast<uint8_t>(text[i + 1]) / 0x20 == 4;
    if (is_c1) byte = static_cast<uint8_t>(text[++i]);
    if (shorthand != std::string_view::npos) {
      escaped += {'\\', "\"\\bfnrt"[shorthand]};
    } else if (byte < 0x20 || byte == 0x7F || is_c1) {
      escaped += "\\u00";
      escaped += "0123456789abcdef"[byte >> 4];
      escaped += "0123456789abcdef"[byte & 15];
    } else {
      escaped += c;
    }
  }
  return escaped;
}

// Writes into exactly the space that the contract requires.
std::string Escaped(std::string_view text) {
  std::vector<uint8_t> out(text.size() * kLongestJsonEscape + kJsonEscapeSlack);
  const uint8_t* const end = EscapeJson(AsBytes(text), out.data());
  return std::string(
      AsText({out.data(), static_cast<size_t>(end - out.data())}));
}

class JsonEscapeTest : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { ASSERT_TRUE(ForceSimdTarget(GetParam())); }
  void TearDown() override { ASSERT_TRUE(ForceSimdTarget("")); }
};

INSTANTIATE_TEST_SUITE_P(EveryTarget, JsonEscapeTest,
                         testing::ValuesIn(SimdTargets()),
                         [](const auto& target) { return target.param; });

TEST_P(JsonEscapeTest, EveryByteAtEveryPlace) {
  for (const size_t size : {1U, 7U, 8U, 15U, 31U, 32U, 64U, 65U, 100U, 135U}) {
    std::string text(size, 'x');
    for (size_t place = 0; place < size; ++place) {
      for (int byte = 0; byte < 256; ++byte) {
        text[place] = static_cast<char>(byte);
        ASSERT_EQ(Escaped(text), Expected(text)) << size << ' ' << place;
      }
      text[place] = 'x';
    }
  }
}

// Each character whose first byte is 0xC2, of which the lower half are C1
// controls; and that byte before one that is not a continuation.
TEST_P(JsonEscapeTest, EveryC1ControlAtEveryPlace) {
  for (const size_t size : {2U, 8U, 9U, 33U, 34U, 65U, 66U, 100U, 135U}) {
    std::string text(size, 'x');
    for (size_t place = 0; place + 1 < size; ++place) {
      text[place] = '\xC2';
      for (int byte = 0; byte < 256; ++byte) {
        text[place + 1] = static_cast<char>(byte);
        ASSERT_EQ(Escaped(text), Expected(text)) << size << ' ' << place;
      }
      text[place] = 'x';
      text[place + 1] = 'x';
    }
  }
}

TEST_P(JsonEscapeTest, NothingButC1Controls) {
  for (size_t size = 0; size <= 300; ++size) {
    for (const size_t before : {0U, 1U}) {
      std::string text(before, 'x');
      for (size_t i = 0; i < size; ++i) text += "\u0085\u009F"[i % 4];
      ASSERT_EQ(Escaped(text), Expected(text)) << size;
    }
  }
}

TEST_P(JsonEscapeTest, EveryPairOfPlaces) {
  for (size_t first = 0; first < 100; ++first) {
    for (size_t second = first; second < 100; ++second) {
      std::string text(100, '\xc3');
      text[first] = '"';
      text[second] = '\x01';
      ASSERT_EQ(Escaped(text), Expected(text)) << first << ' ' << second;
    }
  }
}

TEST_P(JsonEscapeTest, RandomMixturesOfEveryLength) {
  std::mt19937 random(1);
  for (size_t size = 0; size <= 300; ++size) {
    for (unsigned escapes_in_16 = 0; escapes_in_16 <= 16; ++escapes_in_16) {
      std::string text(size, ' ');
      for (char& c : text) {
        c = random() % 16 < escapes_in_16
                ? "\"\\\n\x01\x1f\x7f\xC2\xC2\x80\x9f\xA0"[random() % 11]
                : static_cast<char>(0x20 + random() % 0xe0);
      }
      ASSERT_EQ(Escaped(text), Expected(text)) << size;
    }
  }
}

// With an inaccessible page after or before both.
TEST_P(JsonEscapeTest, TouchesNothingOutsideTheSpans) {
  std::mt19937 random(2);
  GuardedBytes in_pages(1);
  GuardedBytes out_pages(1);
  for (size_t size = 0; size <= 300; ++size) {
    const size_t room = size * kLongestJsonEscape + kJsonEscapeSlack;
    for (const unsigned escapes_in_16 : {0U, 1U, 16U}) {
      std::string text(size, ' ');
      for (char& c : text) c = random() % 16 < escapes_in_16 ? '\x02' : '#';
      for (const bool last : {false, true}) {
        const Bytes in =
            last ? in_pages.Last(AsBytes(text)) : in_pages.First(AsBytes(text));
        uint8_t* const out = last ? out_pages.Last(room) : out_pages.First();
        const uint8_t* const end = EscapeJson(in, out);
        ASSERT_EQ(AsText({out, static_cast<size_t>(end - out)}),
                  Expected(text));
      }
    }
  }
}

// Strings are written in pieces; an escape on each side of every boundary.
TEST_P(JsonEscapeTest, LongStrings) {
  std::mt19937 random(3);
  for (size_t size = 4090; size <= 4100; ++size) {
    for (const size_t pieces : {1U, 2U, 3U}) {
      std::string text(size * pieces, 'y');
      for (size_t i = 0; i < 50; ++i) text[random() % text.size()] = '\\';
      text.back() = '\x1f';
      // A C1 control across the boundary of two pieces, or at it.
      for (size_t border = 4096; border < text.size(); border += 4096) {
        text.replace(border - 1 + random() % 2, 2, "\u0090");
      }
      Column<uint8_t> out;
      AppendJsonString(AsBytes(text), &out);
      ASSERT_EQ(AsText({out.data(), out.size()}), '"' + Expected(text) + '"');
    }
  }
}

}  // namespace
}  // namespace thresh
