// A batch built row by row, for tests of sinks.
#ifndef THRESH_TESTS_SINK_HANDMADE_BATCH_H_
#define THRESH_TESTS_SINK_HANDMADE_BATCH_H_

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "thresh/batch.h"

namespace thresh {

class HandmadeBatch {
 public:
  // Starts a Kinesis record; the rows added next are its user records.
  void AddKinesisRecord(Verdict verdict, std::string_view bytes = "",
                        uint64_t offset = 0, uint64_t length = 0,
                        uint32_t source = 0) {
    batch_.kinesis_records.Append(
        {.offset = offset,
         .length = length,
         .bytes = Keep(bytes),
         .first_user_record = batch_.user_records.size(),
         .user_record_count = 0,
         .source = source,
         .verdict = verdict});
  }

  // Adds a key to a table and returns its row.
  uint32_t AddPartitionKey(std::string_view key) {
    return AddTo(&batch_.user_records.partition_keys, key);
  }
  uint32_t AddExplicitHashKey(std::string_view key) {
    return AddTo(&batch_.user_records.explicit_hash_keys, key);
  }

  void AddRow(uint32_t partition_key, uint32_t explicit_hash_key,
              std::string_view data) {
    const Bytes kept = Keep(data);
    batch_.user_records.data.Append(kept.data());
    batch_.user_records.data_size.Append(static_cast<uint32_t>(kept.size()));
    batch_.user_records.partition_key.Append(partition_key);
    batch_.user_records.explicit_hash_key.Append(explicit_hash_key);
    ++batch_.kinesis_records.back().user_record_count;
  }

  // The data of a row, as stored in the batch.
  [[nodiscard]] const uint8_t* data(size_t row) const {
    return batch_.user_records.data[row];
  }
  [[nodiscard]] const Batch& batch() const { return batch_; }
  [[nodiscard]] Batch* mutable_batch() { return &batch_; }

 private:
  Bytes Keep(std::string_view bytes) {
    return AsBytes(kept_.emplace_back(bytes));
  }
  uint32_t AddTo(Column<Bytes>* table, std::string_view key) {
    table->Append(Keep(key));
    return static_cast<uint32_t>(table->size() - 1);
  }

  std::deque<std::string> kept_;
  Batch batch_;
};

}  // namespace thresh

#endif  // THRESH_TESTS_SINK_HANDMADE_BATCH_H_
