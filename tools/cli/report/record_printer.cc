// See record_printer.h.
#include "cli/report/record_printer.h"

#include <fmt/format.h>

#include "base/base64.h"
#include "base/printable.h"
#include "cli/report/json_value.h"
#include "cli/report/units.h"
#include "thresh/deaggregate.h"

namespace thresh::cli {
namespace {

constexpr size_t kDataPreview = 64;
constexpr size_t kKeyPreview = 256;  // Kinesis allows 256 characters

std::string KeyText(const char* name, const std::optional<Bytes>& key) {
  if (!key.has_value()) return {};
  return fmt::format("  {} {}", name, Preview(*key, kKeyPreview));
}

// Seconds since 1970, with three decimals unless the clock was finer.
std::string SecondsText(int64_t micros) {
  const bool negative = micros < 0;
  const uint64_t magnitude = negative ? 0 - static_cast<uint64_t>(micros)
                                      : static_cast<uint64_t>(micros);
  const uint64_t fraction = magnitude % 1'000'000;
  const std::string text =
      fmt::format("{}{}", negative ? "-" : "", magnitude / 1'000'000);
  return text + (fraction % 1000 == 0 ? fmt::format(".{:03}", fraction / 1000)
                                      : fmt::format(".{:06}", fraction));
}

// A new line, which begins with the end of the line before.
std::string MetadataText(const KinesisMetadata& metadata) {
  std::string text;
  const auto add = [&text](const char* name, const std::string& value) {
    text += fmt::format("{}{} {}", text.empty() ? "\n  " : ", ", name, value);
  };
  const auto add_text = [&add](const char* name,
                               const std::optional<Bytes>& value) {
    if (value.has_value()) add(name, Printable(AsText(*value)));
  };
  add_text("shard", metadata.shard_id);
  add_text("sequence number", metadata.sequence_number);
  if (metadata.arrival_time.has_value()) {
    add("arrived", SecondsText(*metadata.arrival_time));
  }
  if (metadata.partition_key.has_value()) {
    add("partition key", Preview(*metadata.partition_key, kKeyPreview));
  }
  add_text("encryption", metadata.encryption_type);
  add_text("stream", metadata.stream);
  return text;
}

// A double represents microseconds exactly until the year 2242.
std::string JsonTime(const std::optional<int64_t>& micros) {
  if (!micros.has_value()) return "null";
  return Json(static_cast<double>(*micros) / 1e6).dump();
}

// The record's path within nested aggregates: "3.0".
std::string PositionText(const UserRecord& user) {
  std::string text;
  for (const uint32_t number : user.nested_path.outer()) {
    text += fmt::format("{}.", number);
  }
  return text + fmt::format("{}", user.sub_sequence_number);
}

}  // namespace

std::string Preview(Bytes bytes, size_t limit) {
  const bool whole = bytes.size() <= limit;
  if (!whole) {
    // Not in the middle of a UTF-8 character, if it is one.
    size_t end = limit;
    while (end > 0 && limit - end < 3 && (bytes[end] & 0xC0) == 0x80) --end;
    bytes = bytes.first((bytes[end] & 0xC0) == 0x80 ? limit : end);
  }
  return "\"" + Printable(AsText(bytes), "\"\\") + (whole ? "\"" : "\"...");
}

RecordPrinter::Tables RecordPrinter::TablesOf(const KinesisRecord& record,
                                              const KinesisMetadata& metadata) {
  if (IsSuspect(record.verdict)) return {};
  if (record.verdict == Verdict::kNotAggregated) {
    return {.user_records = 1,
            .partition_keys = metadata.partition_key.has_value() ? 1U : 0U,
            .explicit_hash_keys = 0};
  }
  scratch_.Clear();
  Deaggregate(record.bytes, &scratch_, nested_);
  const UserRecordColumns& columns = scratch_.user_records;
  return {.user_records = columns.size(),
          .partition_keys = columns.partition_keys.size(),
          .explicit_hash_keys = columns.explicit_hash_keys.size()};
}

size_t RecordPrinter::CountNested(Bytes data) {
  scratch_.Clear();
  const Verdict verdict = Deaggregate(data, &scratch_);
  return verdict == Verdict::kAggregated ? scratch_.user_records.size() : 0;
}

void RecordPrinter::PrintText(const Batch& batch, const KinesisRecord& record,
                              const std::string& source, const Print& print) {
  std::string text =
      fmt::format("{}: offset {}: {} bytes: {}", Printable(source),
                  record.offset, record.length, VerdictName(record.verdict));
  const KinesisMetadata metadata = batch.MetadataOf(record);
  if (IsSuspect(record.verdict)) {
    text += fmt::format(": {}: {}", ReasonName(record.reason),
                        ReasonText(record.reason));
    print(text + MetadataText(metadata) + "\n  " +
          Preview(record.bytes, kDataPreview) + "\n");
    return;
  }
  if (record.verdict != Verdict::kNotAggregated) {
    const Tables tables = TablesOf(record, metadata);
    text += fmt::format(
        ", {}{} user records, {} partition keys, {} explicit hash keys",
        record.user_record_count == tables.user_records
            ? ""
            : WithThousands(record.user_record_count) + " of ",
        WithThousands(tables.user_records),
        WithThousands(tables.partition_keys),
        WithThousands(tables.explicit_hash_keys));
  }
  print(text + MetadataText(metadata) + "\n");
  for (uint32_t i = 0; i < record.user_record_count; ++i) {
    const UserRecord user = batch.At(record, record.first_user_record + i);
    const size_t nested = CountNested(user.data);
    const std::string mark =
        nested == 0 ? ""
                    : fmt::format(", an aggregate of {} user records",
                                  WithThousands(nested));
    print(fmt::format("  {:>5}{}{}  {} bytes{}  {}\n", PositionText(user),
                      KeyText("key", user.partition_key),
                      KeyText("hash key", user.explicit_hash_key),
                      user.data.size(), mark,
                      Preview(user.data, kDataPreview)));
  }
}

void RecordPrinter::PrintJson(const Batch& batch, const KinesisRecord& record,
                              const std::string& source, const Print& print) {
  const KinesisMetadata metadata = batch.MetadataOf(record);
  const Tables tables = TablesOf(record, metadata);
  json_.Begin();
  json_.AddText("source", AsBytes(source));
  json_.AddNumber("offset", record.offset);
  json_.AddNumber("length", record.length);
  json_.AddText("verdict", AsBytes(VerdictName(record.verdict)));
  json_.AddKey("reason", IsSuspect(record.verdict)
                             ? std::optional(AsBytes(ReasonName(record.reason)))
                             : std::nullopt);
  json_.AddKey("partitionKey", metadata.partition_key);
  json_.AddKey("sequenceNumber", metadata.sequence_number);
  json_.AddJson("approximateArrivalTimestamp", JsonTime(metadata.arrival_time));
  json_.AddKey("shardId", metadata.shard_id);
  json_.AddKey("encryptionType", metadata.encryption_type);
  json_.AddKey("stream", metadata.stream);
  json_.AddNumber("partitionKeys", tables.partition_keys);
  json_.AddNumber("explicitHashKeys", tables.explicit_hash_keys);
  json_.AddJson("userRecords", "[");
  print(json_.text());
  for (uint32_t i = 0; i < record.user_record_count; ++i) {
    const UserRecord user = batch.At(record, record.first_user_record + i);
    json_.Begin();
    if (user.nested_path.depth == 0) {
      json_.AddNumber("subSequenceNumber", user.sub_sequence_number);
    } else {
      json_.AddText("subSequenceNumber", AsBytes(PositionText(user)));
    }
    json_.AddKey("partitionKey", user.partition_key);
    json_.AddKey("explicitHashKey", user.explicit_hash_key);
    if (const size_t nested = CountNested(user.data); nested > 0) {
      json_.AddNumber("nestedUserRecords", nested);
    }
    json_.AddText("data", AsBytes(Base64Text(user.data)));
    if (i > 0) print(",");
    print(json_.text());
    print("}");
  }
  print("]}\n");
}

}  // namespace thresh::cli
