// See aggregate_sink.h.
#include "aggregate/aggregate_sink.h"

#include <string_view>
#include <utility>

#include "base/json.h"
#include "thresh/deaggregate.h"
#include "thresh/kinesis_keys.h"

namespace thresh {
namespace {

// More than the fields of a record and its keys take besides their bytes.
constexpr size_t kMaxOverhead = 64;

}  // namespace

void AggregateSink::EncodeTo(const Batch& batch, AggregateChunk* chunk) const {
  Column<RecordRow>* const rows = &chunk->rows;
  const size_t before = rows->size();
  bool as_read = true;
  for (const KinesisRecord& from : batch.kinesis_records) {
    if (from.user_record_count == 0) continue;
    chunk->groups.Append({from.offset, from.source, from.user_record_count});
    for (uint32_t i = 0; i < from.user_record_count; ++i) {
      const uint64_t at = from.first_user_record + i;
      rows->Append(ToRow(batch.user_records, at));
      as_read &= rows->back().fate == RecordFate::kPacked &&
                 !rows->back().dropped_hash_key &&
                 batch.user_records.partition_key[at] != kNoKey;
    }
  }
  if (as_read) {
    AddContent(batch, chunk);
  } else {
    AddContentAsWritten({rows->begin() + before, rows->end()}, chunk);
  }
}

RecordRow AggregateSink::ToRow(const UserRecordColumns& rows,
                               uint64_t row) const {
  RecordRow result = {.partition_key = nullptr,
                      .explicit_hash_key = nullptr,
                      .data = rows.data[row],
                      .partition_key_size = kNoKey,
                      .explicit_hash_key_size = kNoKey,
                      .data_size = rows.data_size[row],
                      .fate = RecordFate::kPacked,
                      .dropped_hash_key = false};
  if (const uint32_t id = rows.partition_key[row]; id != kNoKey) {
    result.partition_key = rows.partition_keys[id].data();
    result.partition_key_size =
        static_cast<uint32_t>(rows.partition_keys[id].size());
  } else if (options_.default_key) {
    const Bytes key = AsBytes(*options_.default_key);
    result.partition_key = key.data();
    result.partition_key_size = static_cast<uint32_t>(key.size());
  }
  if (const uint32_t id = rows.explicit_hash_key[row]; id != kNoKey) {
    result.explicit_hash_key = rows.explicit_hash_keys[id].data();
    result.explicit_hash_key_size =
        static_cast<uint32_t>(rows.explicit_hash_keys[id].size());
  }
  result.fate = FateOf(result.record());
  if (options_.on_unsendable) ApplyHashKey(&result);
  return result;
}

RecordFate AggregateSink::FateOf(const NewUserRecord& record) const {
  return options_.large_plain && IsWrittenPlain(record) ? RecordFate::kPlain
                                                        : RecordFate::kPacked;
}

// Changes the decision if Kinesis would reject the record for its explicit hash
// key. In a blob, any that is a hash key is accepted.
void AggregateSink::ApplyHashKey(RecordRow* row) const {
  const NewUserRecord record = row->record();
  if (!record.explicit_hash_key) return;
  const bool taken =
      row->fate == RecordFate::kPlain
          ? CheckExplicitHashKey(*record.explicit_hash_key).has_value()
          : IsHashKey(*record.explicit_hash_key);
  if (taken) return;
  if (*options_.on_unsendable != OnUnsendable::kDropHashKey) {
    row->fate = RecordFate::kUnsendable;
    return;
  }
  row->explicit_hash_key_size = kNoKey;
  row->dropped_hash_key = true;
  row->fate = FateOf(row->record());
}

// Whether the partition key of a plain record, if it is kept, can be written.
bool AggregateSink::KeyIsPlain(const NewUserRecord& record) const {
  const PlainSupport& kept = options_.plain;
  if (kept.only_valid_keys) {
    return CheckPartitionKey(record.partition_key).has_value();
  }
  return !kept.partition_key || IsUtf8(AsBytes(record.partition_key));
}

// A record that a reader would take for an aggregate, whole or damaged, must
// not be written unpacked.
bool AggregateSink::IsWrittenPlain(const NewUserRecord& record) const {
  const size_t hash_key_size =
      record.explicit_hash_key ? record.explicit_hash_key->size() : 0;
  const size_t key_size = record.partition_key.size();
  if (record.data.size() + key_size + hash_key_size + kMaxOverhead <=
          options_.limits.max_blob_bytes ||
      BlobSizeAlone(record) <= options_.limits.max_blob_bytes ||
      record.data.size() + key_size > options_.limits.max_plain_bytes) {
    return false;
  }
  if (!KeyIsPlain(record)) return false;
  Batch read;
  return Deaggregate(record.data, &read) == Verdict::kNotAggregated;
}

// For records that are written with all their fields in the batch.
void AggregateSink::AddContent(const Batch& batch,
                               AggregateChunk* chunk) const {
  if (options_.content.checksum) chunk->checksum.Add(batch);
  if (options_.content.digest) chunk->digest.Add(batch);
}

void AggregateSink::AddContentAsWritten(std::span<const RecordRow> rows,
                                        AggregateChunk* chunk) const {
  if (!options_.content.checksum && !options_.content.digest) return;
  std::vector<UserRecord> records;
  for (const RecordRow& row : rows) {
    if (row.fate == RecordFate::kUnsendable) continue;
    const NewUserRecord record = row.record();
    const bool plain = row.fate == RecordFate::kPlain;
    UserRecord written = {.partition_key = AsBytes(record.partition_key),
                          .explicit_hash_key = {},
                          .data = record.data,
                          .sub_sequence_number = 0,
                          .aggregated = !plain};
    if (record.explicit_hash_key) {
      written.explicit_hash_key = AsBytes(*record.explicit_hash_key);
    }
    if (plain && !options_.plain.partition_key) {
      written.partition_key.reset();
    }
    if (plain && !options_.plain.explicit_hash_key) {
      written.explicit_hash_key.reset();
    }
    records.push_back(written);
  }
  if (options_.content.checksum) {
    for (const UserRecord& record : records) chunk->checksum.Add(record);
  }
  if (options_.content.digest) chunk->digest.Add(records);
}

Result<void> AggregateSink::WriteFrom(AggregateChunk* chunk) {
  const RecordRow* row = chunk->rows.begin();
  for (const RowGroup& group : chunk->groups) {
    for (const RecordRow* const end = row + group.rows; row != end; ++row) {
      if (Result<void> packed = Pack(*row, group); !packed) {
        return tl::unexpected(Located(std::move(packed.error()), group));
      }
    }
  }
  if (options_.content.checksum) checksum_.Merge(chunk->checksum);
  if (options_.content.digest) digest_.Merge(chunk->digest);
  return {};
}

Result<void> AggregateSink::Pack(const RecordRow& row, const RowGroup& from) {
  if (row.fate == RecordFate::kUnsendable) {
    Error why = HashKeyObstacle(*row.record().explicit_hash_key);
    why.file = options_.inputs[from.source];
    why.offset = from.offset;
    return unsendable_.LeaveOut(std::move(why), *options_.on_unsendable);
  }
  if (!row.has_key()) {
    return tl::unexpected(Error{
        .code = ErrorCode::kInvalidArgument,
        .detail = ErrorDetail::kNoPartitionKey,
        .file = {},
        .offset = {},
        .message = "a record without a partition key, which Kinesis requires",
        .remedy = "give it one"});
  }
  if (row.dropped_hash_key) ++unsendable_.dropped_hash_keys;
  const NewUserRecord record = row.record();
  if (row.fate == RecordFate::kPacked) return packer_->Add(record);
  const PlainSupport& kept = options_.plain;
  if (!kept.partition_key ||
      (record.explicit_hash_key && !kept.explicit_hash_key)) {
    ++lost_keys_;
  }
  return packer_->AddPlain(record);
}

// The packer's error about a record, with the record's place and the remedy.
Error AggregateSink::Located(Error error, const RowGroup& from) const {
  switch (error.code) {
    case ErrorCode::kTooLarge:
      if (!options_.too_large_remedy.empty()) {
        error.remedy = options_.too_large_remedy;
      }
      break;
    case ErrorCode::kInvalidArgument:
      // The options are valid, the data is not.
      error.code = ErrorCode::kContainer;
      break;
    default:
      return error;  // an error of the output
  }
  error.file = options_.inputs[from.source];
  error.offset = from.offset;
  return error;
}

}  // namespace thresh
