#include "base/lenient_base64.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "base/base64.h"

namespace thresh {
namespace {

using testing::Optional;

std::optional<std::string> DecodeLenient(const std::string& text) {
  // Exactly as large as the contract requires, so that sanitizers detect writes
  // beyond it.
  std::vector<uint8_t> out(text.size());
  const std::optional<size_t> size =
      LenientBase64Decode(AsBytes(text), out.data());
  if (!size.has_value()) return std::nullopt;
  return std::string(AsText(Bytes(out).first(*size)));
}

TEST(LenientBase64, TakesBothAlphabets) {
  EXPECT_THAT(DecodeLenient("+/+/"), Optional(std::string("\xFB\xFF\xBF")));
  EXPECT_THAT(DecodeLenient("-_-_"), Optional(std::string("\xFB\xFF\xBF")));
  EXPECT_EQ(DecodeLenient("+/-_"), std::nullopt);
  EXPECT_EQ(DecodeLenient("_AA/"), std::nullopt);
}

TEST(LenientBase64, TakesTextWithoutPadding) {
  EXPECT_THAT(DecodeLenient("YQ"), Optional(std::string("a")));
  EXPECT_THAT(DecodeLenient("YWI"), Optional(std::string("ab")));
  EXPECT_THAT(DecodeLenient("YQ=="), Optional(std::string("a")));
  EXPECT_EQ(DecodeLenient("YQ="), std::nullopt);
  EXPECT_EQ(DecodeLenient("YQ==="), std::nullopt);
  EXPECT_EQ(DecodeLenient("YWJj===="), std::nullopt);
  EXPECT_EQ(DecodeLenient("YQ==YQ=="), std::nullopt);
  EXPECT_EQ(DecodeLenient("Y"), std::nullopt);
  EXPECT_EQ(DecodeLenient("YWJjY"), std::nullopt);
}

TEST(LenientBase64, TakesWhiteSpaceAnywhere) {
  EXPECT_THAT(DecodeLenient(" YW\r\nJj\tZA\n= =\r\n"),
              Optional(std::string("abcd")));
}

TEST(LenientBase64, RefusesWhatEncodesNothing) {
  for (const char* text :
       {"", " ", "=", "====", "YR", "YWJ", "Y*Jj", "Y\xC3J"}) {
    EXPECT_EQ(DecodeLenient(text), std::nullopt) << text;
  }
  EXPECT_EQ(DecodeLenient(std::string("YW\0J", 4)), std::nullopt);
}

TEST(LenientBase64, ReadsWhateverAnEncoderWrote) {
  std::mt19937_64 random(1);
  for (size_t size = 1; size < 300; ++size) {
    std::string data(size, '\0');
    for (char& c : data) c = static_cast<char>(random());
    std::string text = Base64Text(AsBytes(data));
    EXPECT_EQ(DecodeLenient(text), data);
    std::ranges::replace(text, '+', '-');
    std::ranges::replace(text, '/', '_');
    EXPECT_EQ(DecodeLenient(text), data);
    for (size_t at = 76; at < text.size(); at += 77) text.insert(at, "\n");
    EXPECT_EQ(DecodeLenient(text), data);
    std::erase(text, '=');
    EXPECT_EQ(DecodeLenient(text), data);
  }
}

}  // namespace
}  // namespace thresh
