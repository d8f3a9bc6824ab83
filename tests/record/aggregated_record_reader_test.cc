// The reader on messages: golden ones, complete and damaged, and the rules
// about content that go beyond the codec.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "expect_read.h"
#include "guarded_bytes.h"
#include "oracle/message_oracle.h"
#include "record/aggregated_record_reader.h"
#include "vector_files.h"
#include "wire_bytes.h"

namespace thresh {
namespace {

using namespace wire_bytes;
using oracle::DecodedMessage;

std::vector<std::string> GoldenMessages() {
  std::vector<std::string> messages;
  for (const auto& entry :
       std::filesystem::directory_iterator(kVectors / "blobs")) {
    if (entry.path().extension() != ".bin") continue;
    const std::string blob = ReadVector(entry.path());
    messages.push_back(blob.substr(4, blob.size() - 20));
  }
  return messages;
}

TEST(AggregatedRecordReader, ReadsGoldenMessages) {
  const auto messages = GoldenMessages();
  ASSERT_GE(messages.size(), 10u);
  for (const std::string& message : messages) {
    EXPECT_FALSE(Expect(WireStatus::kOk, message).records.empty());
  }
}

TEST(AggregatedRecordReader, AgreesOnGoldenMessagesCutAnywhere) {
  for (const std::string& message : GoldenMessages()) {
    GuardedBytes guarded(message.size() / 4096 + 1);
    for (size_t size = 0; size < message.size(); ++size) {
      const Bytes cut = AsBytes(message).first(size);
      ASSERT_TRUE(oracle::EngineAgrees(cut)) << "after " << size;
      // With an inaccessible page after it.
      UserRecordColumns columns;
      ReadAggregatedRecord(guarded.Last(cut), &columns);
    }
  }
}

TEST(AggregatedRecordReader, AgreesOnGoldenMessagesWithAnyByteChanged) {
  for (const std::string& message : GoldenMessages()) {
    for (size_t i = 0; i < std::min<size_t>(message.size(), 600); ++i) {
      for (const int flip : {0x01, 0x08, 0x80, 0xFF}) {
        std::string changed = message;
        changed[i] = static_cast<char>(changed[i] ^ flip);
        ASSERT_TRUE(oracle::EngineAgrees(AsBytes(changed)))
            << "byte " << i << " ^ " << flip;
      }
    }
  }
}

TEST(AggregatedRecordReader, ReadsWhatIsThere) {
  EXPECT_EQ(Expect(WireStatus::kOk, ""), DecodedMessage{});
  const DecodedMessage read =
      Expect(WireStatus::kOk,
             Key("a") + Key("b") + HashKeyField("7") +
                 Record(KeyIndex(1) + HashKeyIndex(0) + Data("first")) +
                 Record(KeyIndex(0) + Data("")));
  const DecodedMessage expected = {
      .partition_keys = {"a", "b"},
      .explicit_hash_keys = {"7"},
      .records = {{"b", "7", "first"}, {"a", std::nullopt, ""}}};
  EXPECT_EQ(read, expected);
}

TEST(AggregatedRecordReader, TakesFieldsInAnyOrder) {
  std::vector<std::string> fields = {
      Key("a"), Key("bb"), HashKeyField("1"), Record(KeyIndex(1) + Data("x")),
      Record(HashKeyIndex(0) + Data("y") + KeyIndex(0))};
  std::ranges::sort(fields);
  do {
    std::string message;
    for (const std::string& field : fields) message += field;
    EXPECT_EQ(Expect(WireStatus::kOk, message).records.size(), 2u);
  } while (std::ranges::next_permutation(fields).found);
}

TEST(AggregatedRecordReader, LetsTheLastOccurrenceWin) {
  const auto read =
      Expect(WireStatus::kOk,
             Key("a") + Key("b") + HashKeyField("1") + HashKeyField("2") +
                 Record(KeyIndex(9) + Data("long ago") + HashKeyIndex(9) +
                        KeyIndex(1) + HashKeyIndex(1) + Data("now")));
  ASSERT_EQ(read.records.size(), 1u);
  EXPECT_EQ(read.records[0], (oracle::DecodedRecord{"b", "2", "now"}));
  // An overridden occurrence is not checked, the effective one is.
  Expect(WireStatus::kKeyIndexOutOfRange,
         Key("a") + Record(KeyIndex(0) + Data("") + KeyIndex(1)));
}

TEST(AggregatedRecordReader, WantsRequiredFields) {
  Expect(WireStatus::kMalformed, Key("k") + Record(""));
  Expect(WireStatus::kMalformed, Key("k") + Record(KeyIndex(0)));
  Expect(WireStatus::kMalformed, Key("k") + Record(Data("d")));
  Expect(WireStatus::kMalformed,
         Key("k") + Record(HashKeyIndex(0) + Data("d")));
  const auto with_tag = [](const std::string& tag) {
    return Key("k") + Record(KeyIndex(0) + Data("d") + RecordTag(tag));
  };
  Expect(WireStatus::kOk, with_tag(BytesField(1, "")));
  Expect(WireStatus::kOk, with_tag(BytesField(2, "v") + BytesField(1, "k")));
  Expect(WireStatus::kMalformed, with_tag(""));
  Expect(WireStatus::kMalformed, with_tag(BytesField(2, "v")));
  Expect(WireStatus::kMalformed,
         with_tag(BytesField(1, "k")) +
             Record(KeyIndex(0) + Data("d") + RecordTag(BytesField(1, "k")) +
                    RecordTag("")));
  // Malformed takes precedence over out of range.
  Expect(WireStatus::kMalformed, Record(KeyIndex(5) + Data("d")) + Record(""));
}

TEST(AggregatedRecordReader, ResolvesIndicesIn64Bits) {
  const std::string tables = Key("a") + Key("b") + HashKeyField("1");
  for (const uint64_t index :
       {uint64_t{2}, uint64_t{127}, uint64_t{128}, uint64_t{16384},
        uint64_t{1} << 21, uint64_t{1} << 32, (uint64_t{1} << 32) + 1,
        uint64_t{UINT32_MAX}, UINT64_MAX, UINT64_MAX - 1}) {
    SCOPED_TRACE(index);
    Expect(WireStatus::kKeyIndexOutOfRange,
           tables + Record(KeyIndex(index) + Data("d")));
    Expect(WireStatus::kKeyIndexOutOfRange,
           tables + Record(KeyIndex(0) + HashKeyIndex(index) + Data("d")));
    Expect(WireStatus::kKeyIndexOutOfRange,
           tables + Record(KeyIndex(index) + Data(std::string(300, 'd'))));
    // No explicit hash keys at all: the index is ignored, and counted.
    const auto read = Expect(
        WireStatus::kOk,
        Key("a") + Record(KeyIndex(0) + HashKeyIndex(index) + Data("d")) +
            Record(KeyIndex(0) + Data("e")));
    EXPECT_EQ(read.explicit_hash_keys_without_table, 1u);
    ASSERT_EQ(read.records.size(), 2u);
    EXPECT_EQ(read.records[0].explicit_hash_key, std::nullopt);
  }
  Expect(WireStatus::kKeyIndexOutOfRange, Record(KeyIndex(0) + Data("d")));
}

TEST(AggregatedRecordReader, KeepsKeysThatAreNoText) {
  const auto read = Expect(
      WireStatus::kOk,
      Key("\xFF\xC0") + HashKeyField("\x80") + Key("") +
          Record(KeyIndex(0) + Data("d") + RecordTag(BytesField(1, "\xFE"))));
  ASSERT_EQ(read.records.size(), 1u);
  EXPECT_EQ(read.records[0].partition_key, "\xFF\xC0");
}

}  // namespace
}  // namespace thresh
