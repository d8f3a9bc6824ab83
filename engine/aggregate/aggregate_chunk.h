// User records between the threads that read them and the one that packs them:
// rows of pointers into the inputs.
#ifndef THRESH_AGGREGATE_AGGREGATE_CHUNK_H_
#define THRESH_AGGREGATE_AGGREGATE_CHUNK_H_

#include <cstddef>
#include <cstdint>

#include "thresh/aggregator.h"
#include "thresh/batch.h"
#include "thresh/chunk.h"
#include "thresh/column.h"
#include "thresh/content_checksum.h"
#include "thresh/content_digest.h"

namespace thresh {

// How a record is handled.
enum class RecordFate : uint8_t {
  kPacked,
  kPlain,       // it is written unpacked
  kUnsendable,  // for its explicit hash key
};

struct RecordRow {
  const uint8_t* partition_key;
  const uint8_t* explicit_hash_key;
  const uint8_t* data;
  uint32_t partition_key_size;      // kNoKey: it has none
  uint32_t explicit_hash_key_size;  // likewise
  uint32_t data_size;
  RecordFate fate;
  bool dropped_hash_key;

  [[nodiscard]] bool has_key() const { return partition_key_size != kNoKey; }
  [[nodiscard]] NewUserRecord record() const {
    NewUserRecord record = {.partition_key = {}, .data = {data, data_size}};
    if (has_key()) {
      record.partition_key = AsText({partition_key, partition_key_size});
    }
    if (explicit_hash_key_size != kNoKey) {
      record.explicit_hash_key =
          AsText({explicit_hash_key, explicit_hash_key_size});
    }
    return record;
  }
};

// Rows that came from one Kinesis record.
struct RowGroup {
  uint64_t offset;  // of the Kinesis record
  uint32_t source;
  uint32_t rows;
};

class AggregateChunk final : public Chunk {
 public:
  void Clear() override {
    checksum = {};
    digest = {};
    groups.Clear();
    rows.Clear();
  }
  [[nodiscard]] bool empty() const override { return groups.empty(); }
  [[nodiscard]] size_t memory() const override {
    return groups.size() * sizeof(RowGroup) + rows.size() * sizeof(RecordRow);
  }
  [[nodiscard]] size_t reserved_memory() const override {
    return groups.capacity() * sizeof(RowGroup) +
           rows.capacity() * sizeof(RecordRow);
  }
  [[nodiscard]] bool refers() const override { return !rows.empty(); }

  // Of the rows as they are written, if requested.
  ContentChecksum checksum;
  ContentDigest digest;
  Column<RowGroup> groups;
  Column<RecordRow> rows;  // the groups' rows, in order
};

}  // namespace thresh

#endif  // THRESH_AGGREGATE_AGGREGATE_CHUNK_H_
