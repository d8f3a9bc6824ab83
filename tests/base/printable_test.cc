// Untrusted bytes as they are printed to a terminal.
#include "base/printable.h"

#include <gtest/gtest.h>

namespace thresh {
namespace {

TEST(PrintableTest, TextStaysAsItIs) {
  EXPECT_EQ(Printable(""), "");
  EXPECT_EQ(Printable("dir/file name.gz"), "dir/file name.gz");
  EXPECT_EQ(Printable("\u00e9\u20ac\U0001f600\u00a0"),
            "\u00e9\u20ac\U0001f600\u00a0");
}

TEST(PrintableTest, ControlCharactersAreSpelledOut) {
  EXPECT_EQ(Printable("a\x1b[0m\n\r\t\x7f"), R"(a\x1b[0m\n\r\t\x7f)");
  EXPECT_EQ(Printable(std::string_view("\0", 1)), R"(\x00)");
  EXPECT_EQ(Printable("\u0080 \u009f"), R"(\xc2\x80 \xc2\x9f)");
}

TEST(PrintableTest, WhatIsNotSeenIsSpelledOut) {
  EXPECT_EQ(Printable("a\u202eb"), R"(a\xe2\x80\xaeb)");
  for (const std::string_view text :
       {"\u061c", "\u180e", "\u200b", "\u200e",     "\u200f",    "\u2028",
        "\u2029", "\u202a", "\u202b", "\u202c",     "\u202d",    "\u202e",
        "\u2060", "\u2066", "\u2067", "\u2068",     "\u2069",    "\u206f",
        "\ufeff", "\ufff9", "\ufffb", "\U000e0000", "\U000e007f"}) {
    const std::string shown = Printable(text);
    EXPECT_EQ(shown.size(), 4 * text.size()) << shown;
    EXPECT_TRUE(shown.starts_with("\\x")) << shown;
  }
  // Adjacent characters, and the joiners used in words and emoji.
  for (const std::string_view text :
       {"\u061b", "\u061d", "\u180d", "\u180f", "\u200a", "\u200c", "\u200d",
        "\u2010", "\u2027", "\u202f", "\u205f", "\u2070", "\ufefe", "\uff00",
        "\ufff8", "\ufffc", "\U000dffff", "\U000e0080", "\U0010ffff"}) {
    EXPECT_EQ(Printable(text), text);
  }
}

TEST(PrintableTest, WhatIsNotUtf8IsSpelledOut) {
  EXPECT_EQ(Printable("\u00e9\xff"), R"(\xc3\xa9\xff)");
  EXPECT_EQ(Printable("x\xc2"), R"(x\xc2)");
  // An overlong encoding, a surrogate, past the last code point.
  EXPECT_EQ(Printable("\xc0\x9b"), R"(\xc0\x9b)");
  EXPECT_EQ(Printable("\xe0\x82\x9b"), R"(\xe0\x82\x9b)");
  EXPECT_EQ(Printable("\xed\xa0\x80"), R"(\xed\xa0\x80)");
  EXPECT_EQ(Printable("\xf5\x80\x80\x80"), R"(\xf5\x80\x80\x80)");
}

TEST(PrintableTest, IsTheSameTheSecondTime) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  all += "\u00e9\u202e\u009b\\x";
  EXPECT_EQ(Printable(Printable(all)), Printable(all));
}

TEST(PrintableTest, EscapesWhatIsAskedFor) {
  EXPECT_EQ(Printable(R"(say "\")", R"("\)"), R"(say \"\\\")");
}

}  // namespace
}  // namespace thresh
