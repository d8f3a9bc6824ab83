// Record keys in Kinesis: which ones it accepts, and how it maps them to
// shards. Aggregators accept any bytes; a program that makes records for a
// stream should check their keys here first.
#ifndef THRESH_KINESIS_KEYS_H_
#define THRESH_KINESIS_KEYS_H_

#include <optional>
#include <string_view>

#include "thresh/export.h"
#include "thresh/hash_key.h"
#include "thresh/result.h"

namespace thresh {

// Returns an error of code kInvalidArgument unless `key` is UTF-8 and has 1 to
// 256 characters, which are code points.
[[nodiscard]] THRESH_EXPORT Result<void> CheckPartitionKey(
    std::string_view key);

// Returns such an error unless `key` is an integer from 0 to 2^128 - 1 in
// decimal digits, without sign or leading zeros.
[[nodiscard]] THRESH_EXPORT Result<void> CheckExplicitHashKey(
    std::string_view key);

// The number by which Kinesis and the KCL assign a record to a shard: its
// explicit hash key, or else the MD5 of its partition key, read big endian.
// Null if the explicit hash key is not decimal digits (leading zeros are
// allowed), or not below 2^128.
[[nodiscard]] THRESH_EXPORT std::optional<HashKey> EffectiveHashKey(
    std::string_view partition_key,
    std::optional<std::string_view> explicit_hash_key);

}  // namespace thresh

#endif  // THRESH_KINESIS_KEYS_H_
