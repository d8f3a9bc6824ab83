// Records of all kinds and sizes, for tests of functions of their canonical
// encodings, and these encodings written by hand.
#ifndef THRESH_TESTS_DIGEST_RECORDS_H_
#define THRESH_TESTS_DIGEST_RECORDS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "digest/md5_testing.h"
#include "thresh/batch.h"
#include "thresh/bytes.h"

namespace thresh {

using Key = std::optional<std::string>;

struct Record {
  Key partition_key;
  Key explicit_hash_key;
  std::string data;
};

inline UserRecord View(const Record& record) {
  UserRecord view = {};
  if (record.partition_key) view.partition_key = AsBytes(*record.partition_key);
  if (record.explicit_hash_key) {
    view.explicit_hash_key = AsBytes(*record.explicit_hash_key);
  }
  view.data = AsBytes(record.data);
  return view;
}

inline std::string LittleEndian(uint64_t value) {
  std::string bytes;
  for (int i = 0; i < 8; ++i, value >>= 8) {
    bytes += static_cast<char>(value & 0xff);
  }
  return bytes;
}

inline std::string EncodingOf(const Record& record) {
  const auto size = [](const Key& key) { return key ? key->size() + 1 : 0; };
  return LittleEndian(size(record.partition_key)) +
         LittleEndian(size(record.explicit_hash_key)) +
         LittleEndian(record.data.size() + 1) +
         record.partition_key.value_or("") +
         record.explicit_hash_key.value_or("") + record.data;
}

inline std::string Text(uint64_t seed, size_t size) {
  return std::string(AsText(RandomBytes(seed, size)));
}

// Records of all sizes around those where the encoding's code path changes.
inline std::vector<Record> ManyRecords() {
  std::vector<Record> records;
  for (size_t size = 0; size < 5000; size += 1 + size / 40) {
    const std::string data = Text(size, size);
    records.push_back({std::nullopt, std::nullopt, data});
    records.push_back({"key", std::nullopt, data});
    records.push_back({"", "", data});
    records.push_back({"key", "123456", data});
    records.push_back({data, std::nullopt, "data"});
    records.push_back({std::nullopt, data, "data"});
  }
  return records;
}

// Views of `records`.
inline Batch BatchOf(const std::vector<Record>& records) {
  Batch batch;
  UserRecordColumns& columns = batch.user_records;
  const auto add_key = [](const Key& key, Column<Bytes>* keys) {
    if (!key) return kNoKey;
    keys->Append(AsBytes(*key));
    return static_cast<uint32_t>(keys->size() - 1);
  };
  for (const Record& record : records) {
    const Bytes data = AsBytes(record.data);
    columns.data.Append(data.data());
    columns.data_size.Append(static_cast<uint32_t>(data.size()));
    columns.partition_key.Append(
        add_key(record.partition_key, &columns.partition_keys));
    columns.explicit_hash_key.Append(
        add_key(record.explicit_hash_key, &columns.explicit_hash_keys));
  }
  return batch;
}

}  // namespace thresh

#endif  // THRESH_TESTS_DIGEST_RECORDS_H_
