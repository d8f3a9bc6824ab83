// Reads the lines of `deaggregate --format ndjson`. simdjson's DOM checks the
// whole line, so that a truncated or damaged one is not a record; only inline
// JSON, whose spelling must be kept, is looked up a second time.
#include <simdjson.h>

#include <memory>
#include <optional>
#include <utility>

#include "aggregate/line_parser.h"
#include "aggregate/padded_line.h"
#include "base/base64.h"

namespace thresh {
namespace {

namespace dom = simdjson::dom;
namespace ondemand = simdjson::ondemand;

std::optional<Bytes> Decode(std::string_view base64, Column<uint8_t>* texts) {
  const size_t begin = texts->size();
  texts->Resize(begin + Base64DecodedBound(base64.size()));
  const std::optional<size_t> size =
      Base64Decode(AsBytes(base64), texts->data() + begin);
  texts->Resize(begin + size.value_or(0));
  if (!size) return std::nullopt;
  return Bytes(texts->data() + begin, *size);
}

class NdjsonParser final : public LineParser {
 public:
  explicit NdjsonParser(DataEncoding data_encoding)
      : data_encoding_(data_encoding) {}

  [[nodiscard]] std::unique_ptr<LineParser> Copy() const override {
    return std::make_unique<NdjsonParser>(data_encoding_);
  }

  ParsedLine Parse(const TextLine& line, Column<uint8_t>* texts) override {
    const uint8_t* const padded = padder_.Pad(line);
    dom::object object;
    if (!SetDepth()) return Problem("a line that does not fit into memory");
    if (parser_.parse(padded, line.text.size(), /*realloc_if_needed=*/false)
            .get(object) != simdjson::SUCCESS) {
      return Problem("not a JSON object");
    }
    ParsedLine parsed;
    bool has_data = false;
    bool inline_json = false;
    for (const auto& [name, value] : object) {
      if (name == "partitionKey" || name == "partitionKeyBase64") {
        if (!ReadKey(name, value, texts, &parsed.partition_key)) {
          return Problem("a partition key that is not text");
        }
      } else if (name == "explicitHashKey" || name == "explicitHashKeyBase64") {
        if (!ReadKey(name, value, texts, &parsed.explicit_hash_key)) {
          return Problem("an explicit hash key that is not text");
        }
      } else if (name == "data" || name == "dataBase64") {
        has_data = true;
        inline_json = name == "data" && data_encoding_ == DataEncoding::kJson;
        if (!inline_json && !ReadData(name, value, texts, &parsed.data)) {
          return Problem("data that is not in its encoding");
        }
      }
    }
    if (!has_data) return Problem("an object without data");
    if (inline_json && !FindInlineJson(padded, line, texts, &parsed.data)) {
      return Problem("data that is not in its encoding");
    }
    return parsed;
  }

 private:
  // Inline JSON may have simdjson's default depth, and is within an object.
  // Memory for larger lines is allocated with them.
  bool SetDepth() {
    constexpr size_t kDepth = simdjson::DEFAULT_MAX_DEPTH + 1;
    constexpr size_t kCapacity = size_t{64} << 10;
    return parser_.max_depth() == kDepth ||
           parser_.allocate(kCapacity, kDepth) == simdjson::SUCCESS;
  }

  static ParsedLine Problem(const char* what) {
    ParsedLine parsed;
    parsed.problem = what;
    return parsed;
  }

  // Sets `*key` to the value of member `name`; false if that is not a valid
  // key.
  static bool ReadKey(std::string_view name, const dom::element& value,
                      Column<uint8_t>* texts, std::optional<Bytes>* key) {
    if (value.is_null()) {
      key->reset();
      return true;
    }
    std::string_view text;
    if (value.get(text) != simdjson::SUCCESS) return false;
    *key = name.ends_with("Base64") ? Decode(text, texts)
                                    : KeepBytes(AsBytes(text), texts);
    return key->has_value();
  }

  bool ReadData(std::string_view name, const dom::element& value,
                Column<uint8_t>* texts, Bytes* data) const {
    std::string_view text;
    if (value.get(text) != simdjson::SUCCESS) return false;
    if (name == "data" && data_encoding_ == DataEncoding::kText) {
      *data = KeepBytes(AsBytes(text), texts);
      return true;
    }
    const std::optional<Bytes> decoded = Decode(text, texts);
    if (decoded) *data = *decoded;
    return decoded.has_value();
  }

  // The text of the last member "data". The line is known to be JSON.
  bool FindInlineJson(const uint8_t* padded, const TextLine& line,
                      Column<uint8_t>* texts, Bytes* data) {
    ondemand::document document;
    ondemand::object object;
    const size_t capacity = line.text.size() + simdjson::SIMDJSON_PADDING;
    if (speller_.iterate(padded, line.text.size(), capacity).get(document) !=
            simdjson::SUCCESS ||
        document.get_object().get(object) != simdjson::SUCCESS) {
      return false;
    }
    std::string_view found;
    for (auto field : object) {
      std::string_view name;
      ondemand::value value;
      std::string_view spelling;
      if (field.unescaped_key().get(name) != simdjson::SUCCESS ||
          field.value().get(value) != simdjson::SUCCESS) {
        return false;
      }
      if (name != "data") continue;
      if (simdjson::to_json_string(value).get(spelling) != simdjson::SUCCESS) {
        return false;
      }
      found = spelling;
    }
    *data = KeepBytes(AsBytes(found), texts);
    return !found.empty();
  }

  DataEncoding data_encoding_;
  PaddedLines padder_;
  dom::parser parser_;
  ondemand::parser speller_;
};

}  // namespace

std::unique_ptr<LineParser> NewNdjsonParser(DataEncoding data_encoding) {
  return std::make_unique<NdjsonParser>(data_encoding);
}

}  // namespace thresh
