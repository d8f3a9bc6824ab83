// See record_printer.h.
#include "cli/record_printer.h"

#include <fmt/format.h>

#include "cli/json_value.h"
#include "cli/units.h"
#include "text/base64.h"
#include "text/printable.h"
#include "thresh/deaggregate.h"

namespace thresh::cli {
namespace {

constexpr size_t kDataPreview = 64;
constexpr size_t kKeyPreview = 256;  // Kinesis allows 256 characters

std::string KeyText(const char* name, const std::optional<Bytes>& key) {
  if (!key.has_value()) return {};
  return fmt::format("  {} {}", name, Preview(*key, kKeyPreview));
}

}  // namespace

std::string Preview(Bytes bytes, size_t limit) {
  const bool whole = bytes.size() <= limit;
  if (!whole) {
    // Not in the midst of a UTF-8 character, if it is one.
    size_t end = limit;
    while (end > 0 && limit - end < 3 && (bytes[end] & 0xC0) == 0x80) --end;
    bytes = bytes.first((bytes[end] & 0xC0) == 0x80 ? limit : end);
  }
  return "\"" + Printable(AsText(bytes), "\"\\") + (whole ? "\"" : "\"...");
}

void RecordPrinter::TakeApart(const KinesisRecord& record) {
  batch_.Clear();
  if (!IsSuspect(record.verdict)) Deaggregate(record.bytes, &batch_);
}

std::string RecordPrinter::Text(const KinesisRecord& record,
                                const std::string& source) {
  TakeApart(record);
  std::string text =
      fmt::format("{}: offset {}: {} bytes: {}", Printable(source),
                  record.offset, record.length, VerdictName(record.verdict));
  if (IsSuspect(record.verdict)) {
    return text + "\n  " + Preview(record.bytes, kDataPreview) + "\n";
  }
  const UserRecordColumns& columns = batch_.user_records;
  if (record.verdict != Verdict::kNotAggregated) {
    text += fmt::format(
        ", {} user records, {} partition keys, {} explicit hash keys",
        WithThousands(columns.size()),
        WithThousands(columns.partition_keys.size()),
        WithThousands(columns.explicit_hash_keys.size()));
  }
  text += "\n";
  ForEachUserRecord(batch_, [&text](const KinesisRecord&,
                                    const UserRecord& user) {
    text += fmt::format("  {:>5}{}{}  {} bytes  {}\n", user.sub_sequence_number,
                        KeyText("key", user.partition_key),
                        KeyText("hash key", user.explicit_hash_key),
                        user.data.size(), Preview(user.data, kDataPreview));
  });
  return text;
}

std::string RecordPrinter::JsonLine(const KinesisRecord& record,
                                    const std::string& source) {
  TakeApart(record);
  Json object = Json::object();
  SetText(&object, "source", source);
  object["offset"] = record.offset;
  object["length"] = record.length;
  object["verdict"] = VerdictName(record.verdict);
  object["partitionKeys"] = batch_.user_records.partition_keys.size();
  object["explicitHashKeys"] = batch_.user_records.explicit_hash_keys.size();
  Json& users = object["userRecords"] = Json::array();
  ForEachUserRecord(
      batch_, [&users](const KinesisRecord&, const UserRecord& user) {
        Json row = {{"subSequenceNumber", user.sub_sequence_number}};
        SetKey(&row, "partitionKey", user.partition_key);
        SetKey(&row, "explicitHashKey", user.explicit_hash_key);
        row["data"] = Base64Text(user.data);
        users.push_back(std::move(row));
      });
  return ToLine(object);
}

}  // namespace thresh::cli
