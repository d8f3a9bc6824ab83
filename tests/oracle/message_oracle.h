// The content of a message according to protobuf's codec and according to the
// engine's reader, in one comparable form. Does not depend on a test framework,
// so that tests and fuzzers share it.
#ifndef THRESH_TESTS_ORACLE_MESSAGE_ORACLE_H_
#define THRESH_TESTS_ORACLE_MESSAGE_ORACLE_H_

#include <google/protobuf/stubs/logging.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "aggregated_record.pb.h"
#include "record/aggregated_record_reader.h"
#include "thresh/batch.h"
#include "thresh/bytes.h"

namespace thresh::oracle {

struct DecodedRecord {
  std::string partition_key;
  std::optional<std::string> explicit_hash_key;
  std::string data;

  friend bool operator==(const DecodedRecord&, const DecodedRecord&) = default;
};

// Unless the status is kOk, everything else is empty.
struct DecodedMessage {
  WireStatus status = WireStatus::kOk;
  uint64_t explicit_hash_keys_without_table = 0;
  std::vector<std::string> partition_keys;
  std::vector<std::string> explicit_hash_keys;
  std::vector<DecodedRecord> records;

  friend bool operator==(const DecodedMessage&,
                         const DecodedMessage&) = default;
};

// The rules of FORMAT.md, implemented directly on top of protobuf's own parser.
inline DecodedMessage DecodeByProtobuf(Bytes message) {
  const google::protobuf::LogSilencer quiet;  // about required fields
  AggregatedRecord parsed;
  DecodedMessage result;
  if (!parsed.ParseFromArray(message.data(),
                             static_cast<int>(message.size()))) {
    result.status = WireStatus::kMalformed;
    return result;
  }
  const auto& keys = parsed.partition_key_table();
  const auto& hash_keys = parsed.explicit_hash_key_table();
  for (const Record& record : parsed.records()) {
    DecodedRecord decoded;
    decoded.data = record.data();
    const uint64_t index = record.partition_key_index();
    bool in_range = index < static_cast<uint64_t>(keys.size());
    if (in_range) decoded.partition_key = keys[static_cast<int>(index)];
    if (record.has_explicit_hash_key_index()) {
      const uint64_t hash_index = record.explicit_hash_key_index();
      if (hash_keys.empty()) {
        ++result.explicit_hash_keys_without_table;
      } else if (hash_index < static_cast<uint64_t>(hash_keys.size())) {
        decoded.explicit_hash_key = hash_keys[static_cast<int>(hash_index)];
      } else {
        in_range = false;
      }
    }
    if (!in_range) {
      result = {};
      result.status = WireStatus::kKeyIndexOutOfRange;
      return result;
    }
    result.records.push_back(std::move(decoded));
  }
  result.partition_keys.assign(keys.begin(), keys.end());
  result.explicit_hash_keys.assign(hash_keys.begin(), hash_keys.end());
  return result;
}

// Columns with existing content, which a reader must not change.
inline void FillWithEarlierRows(UserRecordColumns* columns) {
  static constexpr uint8_t kEarlier[] = {'e', 'a', 'r', 'l', 'y'};
  for (uint32_t i = 0; i < 3; ++i) {
    columns->data.Append(kEarlier + i);
    columns->data_size.Append(i);
    columns->partition_key.Append(i % 2);
    columns->explicit_hash_key.Append(i == 0 ? 0 : kNoKey);
  }
  columns->partition_keys.Append(Bytes(kEarlier, 2));
  columns->partition_keys.Append(Bytes(kEarlier, 5));
  columns->explicit_hash_keys.Append(Bytes(kEarlier, 1));
}

template <typename T>
bool StartsWith(const Column<T>& column, const Column<T>& prefix) {
  return column.size() >= prefix.size() &&
         std::memcmp(column.data(), prefix.data(), prefix.size() * sizeof(T)) ==
             0;
}

inline bool StartWith(const UserRecordColumns& columns,
                      const UserRecordColumns& prefix) {
  return StartsWith(columns.data, prefix.data) &&
         StartsWith(columns.data_size, prefix.data_size) &&
         StartsWith(columns.partition_key, prefix.partition_key) &&
         StartsWith(columns.explicit_hash_key, prefix.explicit_hash_key) &&
         StartsWith(columns.partition_keys, prefix.partition_keys) &&
         StartsWith(columns.explicit_hash_keys, prefix.explicit_hash_keys);
}

inline bool LengthsAgree(const UserRecordColumns& columns) {
  return columns.data_size.size() == columns.data.size() &&
         columns.partition_key.size() == columns.data.size() &&
         columns.explicit_hash_key.size() == columns.data.size();
}

// The message by the engine's reader; null if it breaks its contract with the
// columns. The message is read from a copy of exactly its size, so that a
// sanitizer detects every read beyond it.
inline std::optional<DecodedMessage> DecodeByEngine(Bytes message) {
  UserRecordColumns before;
  UserRecordColumns columns;
  FillWithEarlierRows(&before);
  FillWithEarlierRows(&columns);
  const std::vector<uint8_t> exact(message.begin(), message.end());

  const WireResult read = ReadAggregatedRecord(exact, &columns);
  if (!LengthsAgree(columns) || !StartWith(columns, before)) return {};
  if (read.status != WireStatus::kOk && !StartWith(before, columns)) return {};

  DecodedMessage result;
  result.status = read.status;
  result.explicit_hash_keys_without_table =
      read.explicit_hash_keys_without_table;
  const auto text = [](Bytes bytes) { return std::string(AsText(bytes)); };
  const auto keys = [&](const Column<Bytes>& all, size_t from) {
    std::vector<std::string> texts;
    std::transform(all.begin() + from, all.end(), std::back_inserter(texts),
                   text);
    return texts;
  };
  result.partition_keys =
      keys(columns.partition_keys, before.partition_keys.size());
  result.explicit_hash_keys =
      keys(columns.explicit_hash_keys, before.explicit_hash_keys.size());
  for (size_t row = before.size(); row < columns.size(); ++row) {
    const size_t key = columns.partition_key[row];
    const size_t hash_key = columns.explicit_hash_key[row];
    if (key < before.partition_keys.size() ||
        key >= columns.partition_keys.size()) {
      return {};
    }
    DecodedRecord record;
    record.partition_key = text(columns.partition_keys[key]);
    if (hash_key != kNoKey) {
      if (hash_key < before.explicit_hash_keys.size() ||
          hash_key >= columns.explicit_hash_keys.size()) {
        return {};
      }
      record.explicit_hash_key = text(columns.explicit_hash_keys[hash_key]);
    }
    record.data = text({columns.data[row], columns.data_size[row]});
    result.records.push_back(std::move(record));
  }
  return result;
}

// Whether engine and protobuf read `message` the same way.
inline bool EngineAgrees(Bytes message) {
  return DecodeByEngine(message) == DecodeByProtobuf(message);
}

}  // namespace thresh::oracle

#endif  // THRESH_TESTS_ORACLE_MESSAGE_ORACLE_H_
