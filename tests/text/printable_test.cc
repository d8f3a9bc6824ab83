// What other people's bytes become before a terminal sees them.
#include "text/printable.h"

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

TEST(PrintableTest, WhatIsNotUtf8IsSpelledOut) {
  EXPECT_EQ(Printable("\u00e9\xff"), R"(\xc3\xa9\xff)");
  EXPECT_EQ(Printable("x\xc2"), R"(x\xc2)");
}

TEST(PrintableTest, EscapesWhatIsAskedFor) {
  EXPECT_EQ(Printable(R"(say "\")", R"("\)"), R"(say \"\\\")");
}

}  // namespace
}  // namespace thresh
