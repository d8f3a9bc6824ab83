// The writer against protobuf's serializer, byte for byte.
#include "record/aggregated_record_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "aggregated_record.pb.h"
#include "thresh/bytes.h"

namespace thresh {
namespace {

TEST(AggregatedRecordWriter, WritesWhatProtobufDoes) {
  std::mt19937_64 random(3);
  // Lengths and indices just below and above each size that a varint can have.
  const auto number = [&] { return random() >> (random() % 64); };
  const auto text = [&] {
    const size_t sizes[] = {0, 1, 20, 127, 128, 500, 16383, 16384, 20000};
    return std::string(sizes[random() % std::size(sizes)],
                       static_cast<char>(random()));
  };
  for (int round = 0; round < 2000; ++round) {
    SCOPED_TRACE(round);
    oracle::AggregatedRecord message;
    Column<uint8_t> written;
    size_t size = 0;
    for (uint64_t count = random() % 4; count > 0; --count) {
      const std::string key = text();
      message.add_partition_key_table(key);
      AppendKey(KeyTableTag::kPartitionKeys, key, &written);
      size += KeyFieldSize(key.size());
    }
    for (uint64_t count = random() % 3; count > 0; --count) {
      const std::string key = text();
      message.add_explicit_hash_key_table(key);
      AppendKey(KeyTableTag::kExplicitHashKeys, key, &written);
      size += KeyFieldSize(key.size());
    }
    for (uint64_t count = random() % 5; count > 0; --count) {
      oracle::Record* record = message.add_records();
      const uint64_t key = number();
      const std::string data = text();
      std::optional<uint64_t> hash_key;
      if (random() % 2 == 0) {
        hash_key = number();
        record->set_explicit_hash_key_index(*hash_key);
      }
      record->set_partition_key_index(key);
      record->set_data(data);
      AppendRecord(key, hash_key, AsBytes(data), &written);
      size += RecordFieldSize(RecordContentSize(key, hash_key, data.size()));
    }
    ASSERT_EQ(AsText({written.data(), written.size()}),
              message.SerializeAsString());
    ASSERT_EQ(written.size(), size);
  }
}

TEST(AggregatedRecordWriter, AppendsToWhatIsThere) {
  Column<uint8_t> out;
  out.Append(0xAA);
  AppendKey(KeyTableTag::kPartitionKeys, "k", &out);
  AppendRecord(0, 1, AsBytes("d"), &out);
  EXPECT_THAT(std::vector<uint8_t>(out.begin(), out.end()),
              testing::ElementsAreArray(std::initializer_list<uint8_t>{
                  0xAA, 0x0A, 0x01, 'k', 0x1A, 0x07, 0x08, 0x00, 0x10, 0x01,
                  0x1A, 0x01, 'd'}));
}

}  // namespace
}  // namespace thresh
