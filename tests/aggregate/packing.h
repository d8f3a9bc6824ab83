// Runs records through the aggregators, in the reference's types.
#ifndef THRESH_TESTS_AGGREGATE_PACKING_H_
#define THRESH_TESTS_AGGREGATE_PACKING_H_

#include <span>
#include <string>
#include <vector>

#include "oracle/reference_aggregator.h"
#include "oracle/samples.h"
#include "thresh/aggregator.h"

namespace thresh {

inline NewUserRecord ViewOf(const oracle::ReferenceRecord& record) {
  NewUserRecord view = {.partition_key = *record.partition_key,
                        .data = AsBytes(record.data)};
  if (record.explicit_hash_key)
    view.explicit_hash_key = *record.explicit_hash_key;
  return view;
}

inline oracle::ReferenceRecord MakeRecord(std::string key, std::string data) {
  oracle::ReferenceRecord record;
  record.partition_key = std::move(key);
  record.data = std::move(data);
  return record;
}

// Appends the blobs in `done`, and clears it.
inline void Drain(BlobBatch* done, std::vector<std::string>* blobs) {
  for (const AggregatedBlob& blob : done->Seal()) {
    blobs->emplace_back(AsText(blob.bytes));
  }
  done->Clear();
}

// The kinds of records that MakeRecords makes.
struct Mix {
  size_t records = 100;
  size_t keys = 20;  // maximum number of different keys
  size_t max_key_size = 40;
  size_t max_data_size = 300;
  bool hash_keys = true;  // for some records
};

// Keys and data of any bytes and sizes: text, non-UTF-8, empty.
inline std::vector<oracle::ReferenceRecord> MakeRecords(
    const Mix& mix, oracle::Random* random) {
  const auto key = [&] {
    const std::string number = std::to_string(random->Below(mix.keys));
    switch (random->Below(8)) {
      case 0:
        return std::string();
      case 1:  // bytes that are not UTF-8
        return "\xFF\xFE" + number;
      case 2:
        return "\xE3\x82\xAD\xE3\x83\xBC" + number;
      case 3:
        return number + std::string(random->Below(mix.max_key_size + 1), '\0');
      default:
        return "key-" + number;
    }
  };
  std::vector<oracle::ReferenceRecord> records(mix.records);
  for (oracle::ReferenceRecord& record : records) {
    record.partition_key = key();
    record.data = random->Bytes(random->Below(4) == 0
                                    ? random->Below(3)
                                    : random->Below(mix.max_data_size + 1));
    if (!mix.hash_keys || random->Below(3) != 0) continue;
    record.explicit_hash_key = random->Below(10) == 0
                                   ? key()
                                   : std::to_string(random->Below(mix.keys));
  }
  return records;
}

}  // namespace thresh

#endif  // THRESH_TESTS_AGGREGATE_PACKING_H_
