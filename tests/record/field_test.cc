// MeasureField against a simple definition: a field is what the codec accepts
// as a message by itself, and bytes are the beginning of one exactly if some
// continuation makes them a field.
#include "record/field.h"
#include "sanitized.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "base/varint.h"
#include "oracle/message_oracle.h"
#include "wire_bytes.h"

namespace thresh {
namespace {

using namespace wire_bytes;

// Whether the codec reads `bytes` to their end.
bool CodecReads(const std::string& bytes) {
  return oracle::AggregatedRecord().ParsePartialFromString(bytes);
}

// Checks `field` complete, followed by something else, and cut off anywhere.
// The field must not be one of the schema's messages, which the codec parses.
void ExpectField(const std::string& field) {
  ASSERT_TRUE(CodecReads(field));
  for (const std::string& rest : {std::string(), Raw({0x00}), Raw({0xFF})}) {
    const FieldExtent extent = MeasureField(AsBytes(field + rest));
    EXPECT_EQ(extent.status, FieldStatus::kOk);
    EXPECT_EQ(extent.size, field.size());
  }
  for (size_t size = 0; size < field.size(); ++size) {
    const FieldExtent extent = MeasureField(AsBytes(field).first(size));
    EXPECT_EQ(extent.status, FieldStatus::kTruncated) << "after " << size;
    EXPECT_GT(extent.size, size);
    EXPECT_LE(extent.size, field.size());
  }
}

void ExpectMalformed(const std::string& bytes) {
  EXPECT_FALSE(CodecReads(bytes));
  for (const std::string& rest :
       {std::string(), std::string(20, '\0'), Raw({0x01}), Raw({0x7F})}) {
    EXPECT_EQ(MeasureField(AsBytes(bytes + rest)).status,
              FieldStatus::kMalformed);
  }
}

TEST(MeasureField, MeasuresEveryType) {
  for (const uint32_t number : {1u, 2u, 9u, 15u, 16u, 536870911u}) {
    SCOPED_TRACE(number);
    ExpectField(VarintField(number, 0));
    ExpectField(VarintField(number, UINT64_MAX));
    ExpectField(Tag(number, kFixed64) + std::string(8, '\xFF'));
    ExpectField(Tag(number, kFixed32) + std::string(4, '\0'));
    ExpectField(BytesField(number, ""));
    ExpectField(BytesField(number, std::string(300, '\x04')));
    ExpectField(Group(number, ""));
    ExpectField(Group(number, VarintField(1, 300) + Group(7, Key("x")) +
                                  Tag(3, kFixed64) + "12345678"));
  }
  ExpectField(Tag(1, kDelimited, 5) + Varint(3, 5) + "abc");
  ExpectField(Tag(1, kVarint, 5) + Varint(3, 10));
}

TEST(MeasureField, TellsMalformedFromTruncatedAtOnce) {
  ExpectMalformed(Raw({0x00}));
  ExpectMalformed(Tag(0, kDelimited) + Raw({0x00}));
  for (const uint32_t type : {4u, 6u, 7u}) {
    ExpectMalformed(Tag(1, type));
    ExpectMalformed(Tag(1000, type));
    // The type is in the first byte; the rest of the tag does not matter.
    ExpectMalformed(Tag(1000, type).substr(0, 1));
  }
  ExpectMalformed(Raw({0x88, 0x80, 0x80, 0x80, 0x80}));
  ExpectMalformed(Raw({0x80, 0x80, 0x80, 0x80, 0x70}));
  ExpectMalformed(Raw({0x08}) + std::string(10, '\x80'));
  ExpectMalformed(Raw({0x0A}) + std::string(5, '\x80'));
  ExpectMalformed(Raw({0x0A, 0x80, 0x80, 0x80, 0x80, 0x08}));
}

TEST(MeasureField, TakesLengthsAsFarAsTheCodecDoes) {
  const std::string longest = Tag(9, kDelimited) + Varint(INT32_MAX - 16);
  const FieldExtent extent = MeasureField(AsBytes(longest));
  EXPECT_EQ(extent.status, FieldStatus::kTruncated);
  EXPECT_EQ(extent.size, longest.size() + INT32_MAX - 16);
  ExpectMalformed(Tag(9, kDelimited) + Varint(INT32_MAX - 15));
  ExpectMalformed(Tag(9, kDelimited) + Varint(INT32_MAX));
  ExpectMalformed(Tag(9, kDelimited) + Varint(UINT32_MAX));
}

TEST(MeasureField, JudgesEndGroupsByTheBytesThereAre) {
  const std::string start = Tag(1000, kStartGroup);
  const std::string end = Tag(1000, kEndGroup, 5);
  ExpectField(start + end);
  for (size_t size = 1; size < end.size(); ++size) {
    std::string other = end.substr(0, size);
    other.back() = static_cast<char>(other.back() ^ 0x40);
    EXPECT_EQ(MeasureField(AsBytes(start + other)).status,
              FieldStatus::kMalformed)
        << size;
  }
  ExpectMalformed(start + Tag(1001, kEndGroup));
  ExpectMalformed(start + Raw({0x00}));
}

TEST(MeasureField, LimitsDepth) {
  ExpectField(NestedGroups(99));
  ExpectField(NestedGroups(100));
  ExpectMalformed(NestedGroups(101));
  // The first byte of one group too many is enough.
  const std::string too_deep = NestedGroups(101, 1000).substr(0, 201);
  EXPECT_EQ(MeasureField(AsBytes(too_deep)).status, FieldStatus::kMalformed);
  EXPECT_EQ(MeasureField(AsBytes(too_deep).first(200)).status,
            FieldStatus::kTruncated);

  for (const size_t depth : {size_t{1}, size_t{2}, size_t{100}}) {
    const auto allowed = static_cast<int>(kMaxDepth - depth);
    EXPECT_EQ(MeasureField(AsBytes(NestedGroups(allowed + 1)), depth).status,
              FieldStatus::kMalformed);
    if (allowed == 0) continue;
    EXPECT_EQ(MeasureField(AsBytes(NestedGroups(allowed)), depth).status,
              FieldStatus::kOk);
  }
}

// Every message is a sequence of fields: walking them must end where the
// message does exactly if the codec accepts it. No piece forms a tag of field
// 3, which the codec would parse.
TEST(MeasureField, WalksRandomBytesAsTheCodecDoes) {
  std::mt19937 random(7);
  const std::vector<std::string> pieces = {
      Raw({0x08}),       Raw({0x0A}), Raw({0x0B}), Raw({0x0C}),
      Raw({0x09}),       Raw({0x0D}), Raw({0x12}), Raw({0x13}),
      Raw({0x14}),       Raw({0x80}), Raw({0x00}), Raw({0x01}),
      Raw({0x02}),       Raw({0x04}), Raw({0x0F}), Raw({0x8B, 0x80, 0x00}),
      Raw({0x8C, 0x00}), "aaaa",      "bbbbbbbb"};
  int accepted = 0;
  for (int round = 0; round < 200000; ++round) {
    std::string bytes;
    for (size_t count = random() % 8; count > 0; --count) {
      bytes += pieces[random() % pieces.size()];
    }
    Bytes rest = AsBytes(bytes);
    FieldExtent extent = {FieldStatus::kOk, 0};
    while (!rest.empty() && extent.status == FieldStatus::kOk) {
      extent = MeasureField(rest);
      if (extent.status == FieldStatus::kOk) rest = rest.subspan(extent.size);
    }
    ASSERT_EQ(extent.status == FieldStatus::kOk, CodecReads(bytes));
    if (extent.status == FieldStatus::kTruncated) {
      ASSERT_GT(extent.size, rest.size());
    }
    accepted += extent.status == FieldStatus::kOk ? 1 : 0;
  }
  EXPECT_GT(accepted, 1000);
}

// Truncated must mean that a continuation exists: from every such state some
// next byte is valid, and always choosing the one that needs least ends the
// field.
TEST(MeasureField, CallsTruncatedOnlyWhatCanBeContinued) {
  const auto next_byte = [](std::string* bytes) {
    FieldExtent best = {FieldStatus::kMalformed, UINT64_MAX};
    bytes->push_back('\0');
    char best_byte = 0;
    for (int byte = 0; byte < 256 && best.status != FieldStatus::kOk; ++byte) {
      bytes->back() = static_cast<char>(byte);
      const FieldExtent extent = MeasureField(AsBytes(*bytes));
      if (extent.status == FieldStatus::kMalformed) continue;
      if (extent.status == FieldStatus::kOk || extent.size < best.size) {
        best = extent;
        best_byte = bytes->back();
      }
    }
    bytes->back() = best_byte;
    return best;
  };
  std::mt19937 random(11);
  size_t completed = 0;
  for (size_t round = 0; round < RoundsOf(3000); ++round) {
    std::string bytes;
    for (size_t count = 1 + random() % 5; count > 0; --count) {
      const char choices[] = {'\x0B', static_cast<char>(random() & 0xFF),
                              static_cast<char>(random() & 0x0F),
                              static_cast<char>(0x80 | (random() & 0x0F))};
      bytes.push_back(choices[random() % 4]);
    }
    FieldExtent extent = MeasureField(AsBytes(bytes));
    // Above some size it is only a length that waits for its data.
    while (extent.status == FieldStatus::kTruncated && extent.size < 100) {
      extent = next_byte(&bytes);
      ASSERT_NE(extent.status, FieldStatus::kMalformed);
    }
    completed += extent.status == FieldStatus::kOk ? 1 : 0;
  }
  EXPECT_GT(completed, RoundsOf(1000));
}

TEST(VarintSize, IsThatOfTheShortestEncoding) {
  EXPECT_EQ(VarintSize(0), 1u);
  EXPECT_EQ(VarintSize(UINT64_MAX), 10u);
  for (size_t bits = 1; bits < 64; ++bits) {
    for (const uint64_t value :
         {(uint64_t{1} << bits) - 1, uint64_t{1} << bits}) {
      EXPECT_EQ(VarintSize(value), Varint(value).size()) << value;
    }
  }
}

}  // namespace
}  // namespace thresh
