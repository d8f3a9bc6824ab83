// The reader's fast path: it reads every shape that it is meant for, and
// rejects everything that only looks like one.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "expect_read.h"
#include "oracle/message_oracle.h"
#include "wire_bytes.h"

namespace thresh {
namespace {

using namespace wire_bytes;

// Numbers of each size that the fast path distinguishes, and adjacent ones.
TEST(RecordRun, ReadsRecordsOfEveryShape) {
  const std::vector<size_t> sizes = {0,   1,   119,   120,   121,   122,  123,
                                     124, 125, 127,   128,   129,   130,  255,
                                     256, 300, 16370, 16383, 16384, 16400};
  const std::vector<uint64_t> indices = {0,   1,     127,   128,
                                         129, 16383, 16384, 16385};
  std::string keys;
  std::string hash_keys;
  for (int i = 0; i <= 16385; ++i) {
    keys += Key(std::to_string(i));
    hash_keys += HashKeyField(std::to_string(i));
  }
  std::string records;
  for (const size_t size : sizes) {
    for (const uint64_t index : indices) {
      records += Record(KeyIndex(index) + Data(std::string(size, 'd')));
      records += Record(KeyIndex(index) + HashKeyIndex(16385 - index) +
                        Data(std::string(size, 'd')));
    }
  }
  const auto read = Expect(WireStatus::kOk, keys + hash_keys + records);
  EXPECT_EQ(read.records.size(), 2 * sizes.size() * indices.size());
  Expect(WireStatus::kOk, records + keys + hash_keys);
}

// Ordinary records before and after each unusual one: the fast path must detect
// it and resume after it.
TEST(RecordRun, LeavesTheFastPathForWhateverIsOdd) {
  const std::string ordinary = Record(KeyIndex(1) + Data("ordinary"));
  std::string run;
  for (int i = 0; i < 40; ++i) run += ordinary;
  const auto between = [&](WireStatus status, const std::string& odd) {
    Expect(status, Key("a") + Key("b") + run + odd + run);
    Expect(status, Key("a") + Key("b") + odd + run);
    Expect(status, Key("a") + Key("b") + run + odd);
  };
  between(WireStatus::kOk, Record(Data("first") + KeyIndex(1)));
  between(WireStatus::kOk,
          Record(KeyIndex(1) + Data("d") + RecordTag(BytesField(1, "t"))));
  between(WireStatus::kOk, Record(KeyIndex(1) + Data("d") + VarintField(9, 1)));
  between(WireStatus::kOk, Record(KeyIndex(1) + Data("d") + Data("other")));
  between(WireStatus::kOk, Record(KeyIndex(0) + KeyIndex(1) + Data("d")));
  between(WireStatus::kOk, Record(Tag(1, kVarint) + Varint(1, 2) + Data("d")));
  between(WireStatus::kOk, Record(Tag(1, kVarint) + Varint(1, 4) + Data("d")));
  between(WireStatus::kOk,
          Tag(3, kDelimited) + Varint(5, 2) + KeyIndex(1) + Data("d"));
  between(WireStatus::kOk,
          Tag(3, kDelimited) + Varint(5, 3) + KeyIndex(1) + Data("d"));
  between(WireStatus::kOk,
          Tag(3, kDelimited) + Varint(5, 4) + KeyIndex(1) + Data("d"));
  between(WireStatus::kOk,
          Record(KeyIndex(1) + Tag(3, kDelimited) + Varint(1, 2) + "d"));
  between(WireStatus::kOk, Record(KeyIndex(1) + HashKeyIndex(3) + Data("d")));
  between(WireStatus::kOk, Key("later"));
  between(WireStatus::kOk, NestedGroups(3));
  between(WireStatus::kMalformed, Record(KeyIndex(1)));
  between(WireStatus::kMalformed, Record(Data("d")));
  between(WireStatus::kMalformed, Record(""));
  between(WireStatus::kMalformed, Record(KeyIndex(1) + HashKeyIndex(1)));
  between(WireStatus::kMalformed, Raw({0x1A, 0x02, 0x08, 0x01}));
  between(WireStatus::kMalformed, Raw({0x1A, 0x01, 0x08}));
  between(WireStatus::kMalformed, Raw({0x1A, 0x04, 0x08, 0x01, 0x1A, 0x01}));
  between(WireStatus::kMalformed, Raw({0x1A, 0x04, 0x08, 0x81, 0x01, 0x1A}));
  between(WireStatus::kMalformed,
          Raw({0x1A, 0x05, 0x08, 0x81, 0x81, 0x01, 0x1A}));
  between(WireStatus::kKeyIndexOutOfRange, Record(KeyIndex(2) + Data("d")));
}

// Six bytes each, more than there is ever space for at once.
TEST(RecordRun, ReadsManyRecordsOfTheSmallestSize) {
  std::string message = Key("k");
  constexpr size_t kCount = 50000;
  for (size_t i = 0; i < kCount; ++i) message += Record(KeyIndex(0) + Data(""));
  EXPECT_EQ(Expect(WireStatus::kOk, message).records.size(), kCount);
}

// An index of three bytes, of which the last looks like the data's tag, and the
// first two would be in range.
TEST(RecordRun, SeesWhereAnIndexEnds) {
  const uint64_t index = uint64_t{0x1A} << 14;
  const std::string run(200, 'x');
  for (size_t size = 0; size < 120; ++size) {
    SCOPED_TRACE(size);
    Expect(WireStatus::kKeyIndexOutOfRange,
           Key("k") + Record(KeyIndex(index) + Data(std::string(size, 'd'))) +
               BytesField(9, run));
  }
}

TEST(RecordRun, IsNotFooledByBytesThatLookLikeTags) {
  for (const int size : {0, 1, 3, 10, 25, 26, 100, 120}) {
    for (const uint64_t index :
         {uint64_t{0x1A}, uint64_t{0x1A} << 7, uint64_t{0x1A} << 14,
          (uint64_t{0x1A} << 14) + 1, uint64_t{0x10} << 7,
          (uint64_t{0x10} << 14) + 5, uint64_t{0x1A} << 21}) {
      for (const char fill : {'\0', '\x01', '\x1A', '\x10', '\x08', '\x7F'}) {
        const std::string data(static_cast<size_t>(size), fill);
        std::string records = Record(KeyIndex(index) + Data(data));
        records += Record(KeyIndex(index) + Data(data) + Data(data));
        for (int length = 0; length < 40; ++length) {
          records[1] = static_cast<char>(length);
          const std::string message = Key("k") + records;
          const std::string padded = message + std::string(150, fill);
          ASSERT_TRUE(oracle::EngineAgrees(AsBytes(message)));
          ASSERT_TRUE(oracle::EngineAgrees(AsBytes(padded)));
        }
      }
    }
  }
}

}  // namespace
}  // namespace thresh
