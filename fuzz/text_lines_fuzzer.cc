// Lines of text as `thresh aggregate` reads them: for any content, each byte is
// accounted for, texts keep their addresses, and lines accepted as NDJSON are
// JSON with the same values to another reader.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "aggregate/line_parser.h"
#include "aggregate/text_block.h"
#include "base/base64.h"

namespace thresh {
namespace {

using Json = nlohmann::json;

void Require(bool property) {
  if (!property) std::abort();
}

std::unique_ptr<LineParser> ParserOf(uint8_t choice) {
  switch (choice % 6) {
    case 0:
      return NewNdjsonParser(DataEncoding::kBase64);
    case 1:
      return NewNdjsonParser(DataEncoding::kText);
    case 2:
      return NewNdjsonParser(DataEncoding::kJson);
    case 3:
      return NewFixedKeyParser("key");
    case 4:
      return NewKeyPointerParser("/a/0").value();
    default:
      return NewKeyPointerParser("/k").value();
  }
}

std::optional<Bytes> KeyAt(const Column<Bytes>& keys, uint32_t row) {
  return row == kNoKey ? std::nullopt : std::optional(keys[row]);
}

// Whether the member `name`, of which `text` is the last value, is `bytes`.
void RequireKey(const Json& object, const std::string& name,
                const std::optional<Bytes>& bytes) {
  if (!object.contains(name) || object.contains(name + "Base64")) return;
  const Json& value = object[name];
  Require(value.is_null() == !bytes.has_value());
  if (bytes) Require(value.get<std::string>() == AsText(*bytes));
}

void CompareNdjson(uint8_t choice, const TextBlock& block) {
  const UserRecordColumns& rows = block.batch.user_records;
  for (const KinesisRecord& line : block.batch.kinesis_records) {
    if (line.user_record_count == 0) continue;
    const Json object = Json::parse(AsText(line.bytes), nullptr, false);
    Require(object.is_object());
    const uint64_t row = line.first_user_record;
    RequireKey(object, "partitionKey",
               KeyAt(rows.partition_keys, rows.partition_key[row]));
    RequireKey(object, "explicitHashKey",
               KeyAt(rows.explicit_hash_keys, rows.explicit_hash_key[row]));
    if (!object.contains("data") || object.contains("dataBase64")) continue;
    const Bytes data(rows.data[row], rows.data_size[row]);
    if (choice % 6 == 2) {
      Require(Json::parse(AsText(data), nullptr, false) == object["data"]);
    } else {
      Require(object["data"] ==
              (choice % 6 == 0 ? Base64Text(data) : std::string(AsText(data))));
    }
  }
}

}  // namespace
}  // namespace thresh

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace thresh;
  using namespace thresh;
  if (size < 2) return 0;
  const uint8_t choice = data[0];
  // In its own memory, so that no readable bytes follow it.
  const auto owner =
      std::make_shared<std::vector<uint8_t>>(data + 1, data + size);
  TextBlock block;
  block.block = {.bytes = *owner, .offset = 0, .source = 0, .owner = owner};
  block.parser = ParserOf(choice);
  ParseLines({}, &block);
  if (block.has_unparsed_lines()) return 0;  // more than are parsed together
  const Summary& summary = block.summary;
  Require(summary.record_bytes + summary.framing_bytes + summary.opaque_bytes ==
          owner->size());
  Require(summary.opaque_spans == block.problems.size());
  Require(summary.user_records == block.batch.user_records.size());
  Require(block.texts.size() <= owner->size());
  if (choice % 6 < 3) CompareNdjson(choice, block);
  return 0;
}
