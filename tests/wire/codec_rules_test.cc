// The rules by which the codec takes bytes for fields or refuses them, one test
// for each.
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
    ExpectField(kOk, VarintField(number, UINT64_MAX));
    ExpectField(kOk, Tag(number, kFixed64) + std::string(8, '\xFF'));
    ExpectField(kOk, Tag(number, kFixed32) + std::string(4, '\xFF'));
    ExpectField(kOk, BytesField(number, ""));
    ExpectField(kOk, BytesField(number, std::string(200, '\xFF')));
    ExpectField(kOk, Group(number, ""));
    ExpectField(kOk, Group(number, VarintField(1, 1) + Group(2, "") +
                                       BytesField(3, "\x0B")));
  }
}

TEST(CodecRules, TakesKnownNumbersOfOtherTypesForUnknown) {
  for (const uint32_t number : {1u, 2u, 3u, 4u}) {
    SCOPED_TRACE(number);
    ExpectField(kOk, Tag(number, kFixed64) + std::string(8, 'x'));
    ExpectField(kOk, Tag(number, kFixed32) + std::string(4, 'x'));
    ExpectField(kOk, Group(number, ""));
  }
  const std::string record = Record(KeyIndex(0) + Data("d"));
  Expect(kOk, Key("k") + record + VarintField(1, 7) + VarintField(3, 7));
  Expect(kOk, Key("k") +
                  Record(KeyIndex(0) + BytesField(1, "x") + BytesField(2, "x") +
                         VarintField(3, 9) + VarintField(4, 9) + Data("d")));
  // They do not stand in for the required field.
  Expect(kMalformed, Key("k") + Record(BytesField(1, "") + Data("d")));
  Expect(kMalformed, Key("k") + Record(KeyIndex(0) + VarintField(3, 9)));
}

TEST(CodecRules, RefusesWhatIsNoField) {
  for (const uint32_t number : {0u, 1u, 3u, 9u, 536870911u}) {
    SCOPED_TRACE(number);
    ExpectField(kMalformed, Tag(number, kEndGroup));
    for (const uint32_t type : {6u, 7u}) {
      ExpectField(kMalformed, Tag(number, type));
      ExpectField(kMalformed, Tag(number, type) + std::string(8, '\0'));
    }
  }
  for (const uint32_t type : {0u, 1u, 2u, 3u, 4u, 5u}) {
    SCOPED_TRACE(type);
    ExpectField(kMalformed, Tag(0, type) + std::string(8, '\0'));
    ExpectField(kMalformed, Tag(0, type, 5) + std::string(8, '\0'));
  }
  ExpectField(kMalformed, Raw({0x00}));
  ExpectField(kMalformed, Group(0, ""));
}

TEST(CodecRules, MatchesEndGroups) {
  const auto group = [](uint32_t start, uint32_t end) {
    return Tag(start, kStartGroup) + Tag(end, kEndGroup);
  };
  ExpectField(kMalformed, group(5, 6));
  ExpectField(kMalformed, group(5, 5 + (1u << 25)));
  ExpectField(kMalformed, Tag(5, kStartGroup));
  ExpectField(kMalformed,
              Tag(5, kStartGroup) + group(6, 5) + Tag(6, kEndGroup));
  ExpectField(kMalformed, Tag(5, kStartGroup) + Raw({0}) + Tag(5, kEndGroup));
  ExpectField(kOk, Tag(5, kStartGroup, 5) + Tag(5, kEndGroup, 3));
  // A group may not end behind the message that it began in.
  Expect(kMalformed, Key("k") +
                         Record(KeyIndex(0) + Data("") + Tag(5, kStartGroup)) +
                         Tag(5, kEndGroup));
}

TEST(CodecRules, LimitsDepthTo100) {
  const std::string good = Key("k") + Record(KeyIndex(0) + Data("d"));
  Expect(kOk, good + NestedGroups(99));
  Expect(kOk, good + NestedGroups(100));
  Expect(kMalformed, good + NestedGroups(101));
  Expect(kOk, good + NestedGroups(100) + NestedGroups(100));

  const auto in_record = [](int depth) {
    return Key("k") + Record(KeyIndex(0) + Data("d") + NestedGroups(depth));
  };
  Expect(kOk, in_record(98));
  Expect(kOk, in_record(99));
  Expect(kMalformed, in_record(100));
  Expect(kMalformed, in_record(101));

  const auto in_tag = [](int depth) {
    return Key("k") +
           Record(KeyIndex(0) + Data("d") +
                  RecordTag(BytesField(1, "t") + NestedGroups(depth)));
  };
  Expect(kOk, in_tag(97));
  Expect(kOk, in_tag(98));
  Expect(kMalformed, in_tag(99));
  Expect(kMalformed, in_tag(100));
}

TEST(CodecRules, TakesVarintsOfUpToTenBytes) {
  for (size_t size = 1; size <= 11; ++size) {
    SCOPED_TRACE(size);
    const WireStatus status = size <= 10 ? kOk : kMalformed;
    Expect(status, Key("k") + HashKey("h") +
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
  Expect(kOk, tenth(0x00));
  Expect(kOutOfRange, tenth(0x01));
  Expect(kOk, tenth(0x02));
  Expect(kOk, tenth(0x7E));
  Expect(kOutOfRange, tenth(0x7F));
  Expect(kMalformed, tenth(0x80));
}

TEST(CodecRules, TakesTagsOfUpToFiveBytes) {
  for (size_t size = 1; size <= 6; ++size) {
    SCOPED_TRACE(size);
    const WireStatus status = size <= 5 ? kOk : kMalformed;
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
  Expect(kOk, Key("k") + Record(KeyIndex(0) + data + "d"));
  // And this is field number 0.
  ExpectField(kMalformed, Raw({0x80, 0x80, 0x80, 0x80, 0x10, 0x00}));
  ExpectField(kOk, Raw({0x80, 0x80, 0x80, 0x80, 0x18, 0x00}));
}

TEST(CodecRules, TakesLengthsOfUpToFiveBytes) {
  for (size_t size = 1; size <= 6; ++size) {
    SCOPED_TRACE(size);
    const WireStatus status = size <= 5 ? kOk : kMalformed;
    Expect(status, Tag(1, kDelimited) + Varint(1, size) + "k" +
                       Tag(3, kDelimited) + Varint(5, size) + KeyIndex(0) +
                       Data("d"));
    Expect(status, Key("k") + Record(KeyIndex(0) + Tag(3, kDelimited) +
                                     Varint(1, size) + "d"));
    ExpectField(status, Tag(9, kDelimited) + Varint(1, size) + "x");
  }
  for (const int fifth : {0x01, 0x07, 0x08, 0x10, 0x70, 0x7F, 0x80}) {
    SCOPED_TRACE(fifth);
    ExpectField(kMalformed,
                Tag(9, kDelimited) + Raw({0x80, 0x80, 0x80, 0x80, fifth}));
    ExpectField(kMalformed, Tag(1, kDelimited) +
                                Raw({0x81, 0x80, 0x80, 0x80, fifth}) + "x");
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
    Expect(kMalformed, Key("k") + Tag(3, kDelimited) + longer(record));
    Expect(kMalformed, Tag(1, kDelimited) + longer("k"));
    for (const std::string& rest : {std::string(), tail}) {
      Expect(kMalformed,
             Key("k") + Record(KeyIndex(0) + Tag(3, kDelimited) + longer("d")) +
                 rest);
      Expect(kMalformed, Key("k") +
                             Record(record + Tag(4, kDelimited) +
                                    longer(BytesField(1, "t"))) +
                             rest);
      Expect(kMalformed,
             Key("k") +
                 Record(record + RecordTag(Tag(1, kDelimited) + longer("t"))) +
                 rest);
      Expect(
          kMalformed,
          Key("k") + Record(record + Tag(9, kDelimited) + longer("")) + rest);
    }
  }
}

}  // namespace
}  // namespace thresh
