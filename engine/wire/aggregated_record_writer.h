// Writes AggregatedRecord messages, byte for byte as protobuf's serializer
// writes the same content.
#ifndef THRESH_WIRE_AGGREGATED_RECORD_WRITER_H_
#define THRESH_WIRE_AGGREGATED_RECORD_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "thresh/bytes.h"

namespace thresh {

// Bytes that each entry adds to the message, tag and length included.
size_t PartitionKeyFieldSize(std::string_view key);
size_t ExplicitHashKeyFieldSize(std::string_view key);
size_t RecordFieldSize(uint64_t partition_key_index,
                       std::optional<uint64_t> explicit_hash_key_index,
                       size_t data_size);

// Append one field each to `out`.
void AppendPartitionKey(std::string_view key, std::vector<uint8_t>* out);
void AppendExplicitHashKey(std::string_view key, std::vector<uint8_t>* out);
void AppendRecord(uint64_t partition_key_index,
                  std::optional<uint64_t> explicit_hash_key_index, Bytes data,
                  std::vector<uint8_t>* out);

}  // namespace thresh

#endif  // THRESH_WIRE_AGGREGATED_RECORD_WRITER_H_
