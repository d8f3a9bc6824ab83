// The rules by which the codec accepts bytes as fields or rejects them, one
// test for each.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "expect_read.h"
#include "oracle/message_oracle.h"
#include "wire_bytes.h"

namespace thresh {
namespace {

using namespace wire_bytes;

TEST(CodecRules, SkipsUnknownFields) {
  for (const uint32_t number : {5u, 15u, 16u, 2047u, 2048u, 536870911u}) {
    SCOPED_TRACE(number);
    ExpectField(WireStatus::kOk, VarintField(number, UINT64_MAX));
    ExpectField(WireStatus::kOk,
                Tag(number, kFixed64) + std::string(8, '\xFF'));
    ExpectField(WireStatus::kOk,
                Tag(number, kFixed32) + std::string(4, '\xFF'));
    ExpectField(WireStatus::kOk, BytesField(number, ""));
    ExpectField(WireStatus::kOk, BytesField(number, std::string(200, '\xFF')));
    ExpectField(WireStatus::kOk, Group(number, ""));
    ExpectField(WireStatus::kOk,
                Group(number, VarintField(1, 1) + Group(2, "") +
                                  BytesField(3, "\x0B")));
  }
}

TEST(CodecRules, TakesKnownNumbersOfOtherTypesForUnknown) {
  for (const uint32_t number : {1u, 2u, 3u, 4u}) {
    SCOPED_TRACE(number);
    ExpectField(WireStatus::kOk, Tag(number, kFixed64) + std::string(8, 'x'));
    ExpectField(WireStatus::kOk, Tag(number, kFixed32) + std::string(4, 'x'));
    ExpectField(WireStatus::kOk, Group(number, ""));
  }
  const std::string record = Record(KeyIndex(0) + Data("d"));
  Expect(WireStatus::kOk,
         Key("k") + record + VarintField(1, 7) + VarintField(3, 7));
  Expect(
      WireStatus::kOk,
      Key("k") + Record(KeyIndex(0) + BytesField(1, "x") + BytesField(2, "x") +
                        VarintField(3, 9) + VarintField(4, 9) + Data("d")));
  // They do not replace the required field.
  Expect(WireStatus::kMalformed,
         Key("k") + Record(BytesField(1, "") + Data("d")));
  Expect(WireStatus::kMalformed,
         Key("k") + Record(KeyIndex(0) + VarintField(3, 9)));
}

TEST(CodecRules, RefusesWhatIsNoField) {
  for (const uint32_t number : {0u, 1u, 3u, 9u, 536870911u}) {
    SCOPED_TRACE(number);
    ExpectField(WireStatus::kMalformed, Tag(number, kEndGroup));
    for (const uint32_t type : {6u, 7u}) {
      ExpectField(WireStatus::kMalformed, Tag(number, type));
      ExpectField(WireStatus::kMalformed,
                  Tag(number, type) + std::string(8, '\0'));
    }
  }
  for (const uint32_t type : {0u, 1u, 2u, 3u, 4u, 5u}) {
    SCOPED_TRACE(type);
    ExpectField(WireStatus::kMalformed, Tag(0, type) + std::string(8, '\0'));
    ExpectField(WireStatus::kMalformed, Tag(0, type, 5) + std::string(8, '\0'));
  }
  ExpectField(WireStatus::kMalformed, Raw({0x00}));
  ExpectField(WireStatus::kMalformed, Group(0, ""));
}

TEST(CodecRules, MatchesEndGroups) {
  const auto group = [](uint32_t start, uint32_t end) {
    return Tag(start, kStartGroup) + Tag(end, kEndGroup);
  };
  ExpectField(WireStatus::kMalformed, group(5, 6));
  ExpectField(WireStatus::kMalformed, group(5, 5 + (1u << 25)));
  ExpectField(WireStatus::kMalformed, Tag(5, kStartGroup));
  ExpectField(WireStatus::kMalformed,
              Tag(5, kStartGroup) + group(6, 5) + Tag(6, kEndGroup));
  ExpectField(WireStatus::kMalformed,
              Tag(5, kStartGroup) + Raw({0}) + Tag(5, kEndGroup));
  ExpectField(WireStatus::kOk, Tag(5, kStartGroup, 5) + Tag(5, kEndGroup, 3));
  // A group may not end after the message that it began in.
  Expect(WireStatus::kMalformed,
         Key("k") + Record(KeyIndex(0) + Data("") + Tag(5, kStartGroup)) +
             Tag(5, kEndGroup));
}

TEST(CodecRules, LimitsDepthTo100) {
  const std::string good = Key("k") + Record(KeyIndex(0) + Data("d"));
  Expect(WireStatus::kOk, good + NestedGroups(99));
  Expect(WireStatus::kOk, good + NestedGroups(100));
  Expect(WireStatus::kMalformed, good + NestedGroups(101));
  Expect(WireStatus::kOk, good + NestedGroups(100) + NestedGroups(100));

  const auto in_record = [](int depth) {
    return Key("k") + Record(KeyIndex(0) + Data("d") + NestedGroups(depth));
  };
  Expect(WireStatus::kOk, in_record(98));
  Expect(WireStatus::kOk, in_record(99));
  Expect(WireStatus::kMalformed, in_record(100));
  Expect(WireStatus::kMalformed, in_record(101));

  const auto in_tag = [](int depth) {
    return Key("k") +
           Record(KeyIndex(0) + Data("d") +
                  RecordTag(BytesField(1, "t") + NestedGroups(depth)));
  };
  Expect(WireStatus::kOk, in_tag(97));
  Expect(WireStatus::kOk, in_tag(98));
  Expect(WireStatus::kMalformed, in_tag(99));
  Expect(WireStatus::kMalformed, in_tag(100));
}

TEST(CodecRules, TakesVarintsOfUpToTenBytes) {
  for (size_t size = 1; size <= 11; ++size) {
    SCOPED_TRACE(size);
    const WireStatus status =
        size <= 10 ? WireStatus::kOk : WireStatus::kMalformed;
    Expect(status, Key("k") + HashKeyField("h") +
                       Record(Tag(1, kVarint) + Varint(0, size) +
                              Tag(2, kVarint) + Varint(0, size) + Data("d")));
    ExpectField(status, Tag(9, kVarint) + Varint(1, size));
  }
  // Bits beyond the 64th are dropped: 1 << 64 is 0, 1 << 63 is not.
  const auto tenth = [](int byte) {
    return Key("k") + Record(Tag(1, kVarint) +
                             Raw({0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
                                  0x80, 0x80, byte}) +
                             Data("d"));
  };
  Expect(WireStatus::kOk, tenth(0x00));
  Expect(WireStatus::kKeyIndexOutOfRange, tenth(0x01));
  Expect(WireStatus::kOk, tenth(0x02));
  Expect(WireStatus::kOk, tenth(0x7E));
  Expect(WireStatus::kKeyIndexOutOfRange, tenth(0x7F));
  Expect(WireStatus::kMalformed, tenth(0x80));
}

TEST(CodecRules, TakesTagsOfUpToFiveBytes) {
  for (size_t size = 1; size <= 6; ++size) {
    SCOPED_TRACE(size);
    const WireStatus status =
        size <= 5 ? WireStatus::kOk : WireStatus::kMalformed;
    Expect(status, Tag(1, kDelimited, size) + Varint(1) + "k" +
                       Tag(3, kDelimited, size) + Varint(5) + KeyIndex(0) +
                       Data("d"));
    Expect(status,
           Key("k") + Record(Tag(1, kVarint, size) + Varint(0) +
                             Tag(3, kDelimited, size) + Varint(1) + "d"));
    ExpectField(status, Tag(9, kVarint, size) + Varint(1));
  }
  // Bits beyond the 32nd are dropped: this is the record's data.
  const std::string data = Raw({0x9A, 0x80, 0x80, 0x80, 0x70}) + Varint(1);
  Expect(WireStatus::kOk, Key("k") + Record(KeyIndex(0) + data + "d"));
  // And this is field number 0.
  ExpectField(WireStatus::kMalformed,
              Raw({0x80, 0x80, 0x80, 0x80, 0x10, 0x00}));
  ExpectField(WireStatus::kOk, Raw({0x80, 0x80, 0x80, 0x80, 0x18, 0x00}));
}

TEST(CodecRules, TakesLengthsOfUpToFiveBytes) {
  for (size_t size = 1; size <= 6; ++size) {
    SCOPED_TRACE(size);
    const WireStatus status =
        size <= 5 ? WireStatus::kOk : WireStatus::kMalformed;
    Expect(status, Tag(1, kDelimited) + Varint(1, size) + "k" +
                       Tag(3, kDelimited) + Varint(5, size) + KeyIndex(0) +
                       Data("d"));
    Expect(status, Key("k") + Record(KeyIndex(0) + Tag(3, kDelimited) +
                                     Varint(1, size) + "d"));
    ExpectField(status, Tag(9, kDelimited) + Varint(1, size) + "x");
  }
  for (const int fifth : {0x01, 0x07, 0x08, 0x10, 0x70, 0x7F, 0x80}) {
    SCOPED_TRACE(fifth);
    ExpectField(WireStatus::kMalformed,
                Tag(9, kDelimited) + Raw({0x80, 0x80, 0x80, 0x80, fifth}));
    ExpectField(
        WireStatus::kMalformed,
        Tag(1, kDelimited) + Raw({0x81, 0x80, 0x80, 0x80, fifth}) + "x");
  }
}

TEST(CodecRules, KeepsLengthsWithinTheEnclosingMessage) {
  const std::string record = KeyIndex(0) + Data("d");
  for (size_t excess = 1; excess < 40; ++excess) {
    SCOPED_TRACE(excess);
    const std::string tail = BytesField(9, std::string(60, 'x'));
    const auto longer = [&](const std::string& body) {
      return Varint(body.size() + excess) + body;
    };
    Expect(WireStatus::kMalformed,
           Key("k") + Tag(3, kDelimited) + longer(record));
    Expect(WireStatus::kMalformed, Tag(1, kDelimited) + longer("k"));
    for (const std::string& rest : {std::string(), tail}) {
      Expect(WireStatus::kMalformed,
             Key("k") + Record(KeyIndex(0) + Tag(3, kDelimited) + longer("d")) +
                 rest);
      Expect(WireStatus::kMalformed, Key("k") +
                                         Record(record + Tag(4, kDelimited) +
                                                longer(BytesField(1, "t"))) +
                                         rest);
      Expect(WireStatus::kMalformed,
             Key("k") +
                 Record(record + RecordTag(Tag(1, kDelimited) + longer("t"))) +
                 rest);
      Expect(
          WireStatus::kMalformed,
          Key("k") + Record(record + Tag(9, kDelimited) + longer("")) + rest);
    }
  }
}

}  // namespace
}  // namespace thresh
