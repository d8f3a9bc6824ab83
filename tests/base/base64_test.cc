// Base64 on every target against OpenSSL's, for all short lengths and many
// invalid texts.
#include "base/base64.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <initializer_list>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "guarded_bytes.h"
#include "simd/targets.h"
#include "thresh/simd_target.h"

namespace thresh {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// Memory of exactly the requested size, so that a sanitizer detects any access
// beyond it.
struct Exact {
  explicit Exact(size_t n) : bytes(new uint8_t[n]), size(n) {}
  std::unique_ptr<uint8_t[]> bytes;
  size_t size;
};

std::string Encode(std::string_view data) {
  const Exact in(data.size());
  std::copy(data.begin(), data.end(), in.bytes.get());
  const Exact out(Base64EncodedSize(data.size()));
  Base64Encode({in.bytes.get(), in.size}, out.bytes.get());
  return {reinterpret_cast<const char*>(out.bytes.get()), out.size};
}

std::optional<std::string> Decode(std::string_view text) {
  const Exact in(text.size());
  std::copy(text.begin(), text.end(), in.bytes.get());
  const Exact out(Base64DecodedBound(text.size()));
  const std::optional<size_t> size =
      Base64Decode({in.bytes.get(), in.size}, out.bytes.get());
  if (!size) return std::nullopt;
  EXPECT_LE(*size, out.size);
  return std::string(reinterpret_cast<const char*>(out.bytes.get()), *size);
}

std::string OracleEncode(std::string_view data) {
  std::string text((data.size() + 2) / 3 * 4 + 1, '\0');
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(data.data()),
                      static_cast<int>(data.size()));
  text.resize(static_cast<size_t>(size));
  return text;
}

// Implements the header's rule: text is valid if some bytes encode to it.
// OpenSSL is lenient, so its result counts only if it encodes to the same text.
std::optional<std::string> OracleDecode(std::string_view text) {
  std::string data(text.size() + 1, '\0');
  const int size =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(data.data()),
                      reinterpret_cast<const unsigned char*>(text.data()),
                      static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  size_t padding = 0;
  while (padding < 2 && padding < text.size() &&
         text[text.size() - 1 - padding] == '=') {
    ++padding;
  }
  if (padding > static_cast<size_t>(size)) return std::nullopt;
  data.resize(static_cast<size_t>(size) - padding);
  if (OracleEncode(data) != text) return std::nullopt;
  return data;
}

std::string RandomBytes(size_t size, std::mt19937_64& random) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

class Base64Test : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { ASSERT_TRUE(ForceSimdTarget(GetParam())); }
  void TearDown() override { ASSERT_TRUE(ForceSimdTarget("")); }
};

INSTANTIATE_TEST_SUITE_P(EveryTarget, Base64Test,
                         testing::ValuesIn(SimdTargets()),
                         [](const auto& target) { return target.param; });

TEST_P(Base64Test, KnownAnswers) {
  const std::pair<std::string_view, std::string_view> kAnswers[] = {
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"},
      {"\xfb\xff\xbf", "+/+/"},
  };
  for (const auto& [data, text] : kAnswers) {
    EXPECT_EQ(Encode(data), text);
    EXPECT_EQ(Decode(text), data);
  }
}

TEST_P(Base64Test, AgreesWithOpenSslAtEveryLength) {
  std::mt19937_64 random(1);
  for (size_t size = 0; size <= 300; ++size) {
    for (int round = 0; round < 4; ++round) {
      const std::string data = RandomBytes(size, random);
      const std::string text = Encode(data);
      ASSERT_EQ(text, OracleEncode(data));
      ASSERT_EQ(Decode(text), data);
    }
  }
}

TEST_P(Base64Test, AllPairsOfCharactersStandForTwelveBits) {
  std::string data;
  for (uint32_t i = 0; i < 4096; i += 2) {
    const uint32_t bits = i << 12 | (i + 1);
    data += static_cast<char>(bits >> 16);
    data += static_cast<char>(bits >> 8);
    data += static_cast<char>(bits);
  }
  EXPECT_EQ(Encode(data), OracleEncode(data));
  EXPECT_EQ(Decode(Encode(data)), data);
}

TEST_P(Base64Test, LargeInput) {
  std::mt19937_64 random(2);
  std::vector<size_t> sizes = {(size_t{1} << 20) + 1};
  for (int i = 0; i < 50; ++i) sizes.push_back(random() % 20000);
  for (const size_t size : sizes) {
    const std::string data = RandomBytes(size, random);
    const std::string text = Encode(data);
    EXPECT_EQ(text, OracleEncode(data));
    EXPECT_EQ(Decode(text), data);
  }
}

// With an inaccessible page after or before them.
TEST_P(Base64Test, TouchesNothingOutsideTheSpans) {
  std::mt19937_64 random(4);
  GuardedBytes data_pages(1);
  GuardedBytes text_pages(1);
  for (size_t size = 0; size <= 400; ++size) {
    const std::string data = RandomBytes(size, random);
    const std::string text = OracleEncode(data);
    for (const bool last : {false, true}) {
      const Bytes in = last ? data_pages.Last(AsBytes(data))
                            : data_pages.First(AsBytes(data));
      uint8_t* const out =
          last ? text_pages.Last(text.size()) : text_pages.First();
      Base64Encode(in, out);
      ASSERT_EQ(AsText({out, text.size()}), text);
    }
    for (const bool last : {false, true}) {
      const Bytes in = last ? text_pages.Last(AsBytes(text))
                            : text_pages.First(AsBytes(text));
      const size_t bound = Base64DecodedBound(text.size());
      uint8_t* const out = last ? data_pages.Last(bound) : data_pages.First();
      ASSERT_EQ(Base64Decode(in, out), size);
      ASSERT_EQ(AsText({out, size}), data);
    }
  }
}

// An access to adjacent memory in the same mapping does not fault, so check
// that the bytes around the output do not change.
TEST_P(Base64Test, WritesNothingAroundTheOutput) {
  std::mt19937_64 random(5);
  for (size_t size = 0; size <= 300; ++size) {
    const std::string data = RandomBytes(size, random);
    const std::string text = OracleEncode(data);
    const std::string margin(80, '~');
    std::string out = margin + std::string(text.size(), ' ') + margin;
    Base64Encode(AsBytes(data), reinterpret_cast<uint8_t*>(&out[80]));
    ASSERT_EQ(out, margin + text + margin);
    const size_t bound = Base64DecodedBound(text.size());
    out = margin + std::string(bound, ' ') + margin;
    Base64Decode(AsBytes(text), reinterpret_cast<uint8_t*>(&out[80]));
    ASSERT_EQ(out.substr(0, 80 + size), margin + data);
    ASSERT_EQ(out.substr(80 + bound), margin);
  }
}

// Every text that differs from a canonical one in one character.
TEST_P(Base64Test, EverySingleCharacterCorruption) {
  std::mt19937_64 random(3);
  size_t accepted = 0;
  size_t refused = 0;
  for (const size_t size :
       std::initializer_list<size_t>{1, 2, 3, 4, 5, 6, 7, 9, 11, 12, 13, 25, 26,
                                     36, 48, 50, 64, 97, 130}) {
    const std::string text = Encode(RandomBytes(size, random));
    for (size_t place = 0; place < text.size(); ++place) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string corrupt = text;
        corrupt[place] = static_cast<char>(byte);
        const std::optional<std::string> decoded = Decode(corrupt);
        ASSERT_EQ(decoded, OracleDecode(corrupt)) << corrupt;
        ++(decoded ? accepted : refused);
      }
    }
  }
  EXPECT_GT(accepted, 1000U);
  EXPECT_GT(refused, 1000U);
}

TEST_P(Base64Test, EveryLastGroupOverTheEdgesOfTheAlphabet) {
  // Characters around the ends of its ranges, the padding, and adjacent ones.
  constexpr std::string_view kEdges = "AZaz09+/=@[`{:.-_BQgw\n";
  for (const std::string prefix : {"", "Zm9v", "Zm9vYmFy", "Zm9vYmFyZm9v"}) {
    for (const char a : kEdges) {
      for (const char b : kEdges) {
        for (const char c : kEdges) {
          for (const char d : kEdges) {
            const std::string text = prefix + std::string{a, b, c, d};
            ASSERT_EQ(Decode(text), OracleDecode(text)) << text;
          }
        }
      }
    }
  }
}

TEST_P(Base64Test, RefusesWhatIsNotCanonical) {
  for (const std::string_view text :
       {"Zg", "Zg=", "Zh==", "Zm9=", "Zm8", "Zm9v\n", " Zm9v",
        "Zm9vYg==\n\n\n\n", "====", "=AAA", "A===", "AA=A", "Zg==Zm9v", "Zm9-",
        "Zm9_", "Z", "Zm9vY", "Zm9vYm", "Zm9vYmF"}) {
    EXPECT_EQ(Decode(text), std::nullopt) << text;
  }
  EXPECT_EQ(Decode(std::string_view("Zm9\0", 4)), std::nullopt);
}

TEST_P(Base64Test, TruncationIsRefusedUnlessItEndsAGroup) {
  const std::string text = Encode("The quick brown fox jumps over the lazy d");
  for (size_t size = 0; size < text.size(); ++size) {
    EXPECT_EQ(Decode(text.substr(0, size)).has_value(), size % 4 == 0) << size;
  }
}

// At every position of the widest vectors, their overlapping last ones, and the
// rest for the plain code.
TEST_P(Base64Test, EveryByteThatIsNoCharacterIsRefusedEverywhere) {
  std::mt19937_64 random(6);
  for (const size_t size : {16U, 200U, 300U}) {
    const std::string text = OracleEncode(RandomBytes(size, random));
    for (size_t place = 0; place < text.size(); ++place) {
      for (int byte = 0; byte < 256; ++byte) {
        const bool allowed =
            kAlphabet.find(static_cast<char>(byte)) != std::string_view::npos;
        // Padding is allowed in the last group and is tested above.
        if (allowed || (byte == '=' && place + 4 >= text.size())) continue;
        std::string corrupt = text;
        corrupt[place] = static_cast<char>(byte);
        ASSERT_EQ(Decode(corrupt), std::nullopt) << place << ' ' << byte;
      }
    }
  }
}

}  // namespace
}  // namespace thresh
