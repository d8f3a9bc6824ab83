// See reference_json.h.
#include "oracle/reference_json.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <nlohmann/json.hpp>
#include <regex>
#include <utility>

#include "oracle/reference_archive.h"

namespace thresh::oracle {
namespace {

// A JSON value that keeps what nlohmann's own type does not: members that share
// a name, and how a number was written.
struct Value {
  enum class Type { kLiteral, kNumber, kString, kArray, kObject };
  Type type = Type::kLiteral;
  std::string text = {};
  std::vector<Value> elements = {};
  std::vector<std::pair<std::string, Value>> members = {};

  // The last member of that name; null if there is none.
  [[nodiscard]] const Value* Find(std::string_view name) const {
    const Value* found = nullptr;
    for (const auto& [key, value] : members) {
      if (key == name) found = &value;
    }
    return found;
  }
  [[nodiscard]] size_t Count(std::string_view name) const {
    return static_cast<size_t>(std::ranges::count(
        members, name,
        [](const auto& member) { return std::string_view(member.first); }));
  }
};

using Type = Value::Type;

class Builder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool null() override { return Add({}); }
  bool boolean(bool) override { return Add({}); }
  bool number_integer(number_integer_t value) override {
    return AddNumber(value == 0 ? "-0" : std::to_string(value));
  }
  bool number_unsigned(number_unsigned_t value) override {
    return AddNumber(std::to_string(value));
  }
  bool number_float(number_float_t, const string_t& text) override {
    return AddNumber(text);
  }
  bool string(string_t& text) override {
    return Add({.type = Type::kString, .text = text});
  }
  bool binary(binary_t&) override { return false; }
  bool start_object(size_t) override { return Open(Type::kObject); }
  bool start_array(size_t) override { return Open(Type::kArray); }
  bool end_object() override { return Close(); }
  bool end_array() override { return Close(); }
  bool key(string_t& name) override {
    keys_.back() = name;
    return true;
  }
  bool parse_error(size_t, const std::string&,
                   const nlohmann::json::exception&) override {
    return false;
  }

  Value root;
  size_t deepest = 0;

 private:
  bool AddNumber(std::string text) {
    return Add({.type = Type::kNumber, .text = std::move(text)});
  }
  bool Open(Type type) {
    open_.push_back({.type = type});
    keys_.emplace_back();
    deepest = std::max(deepest, open_.size());
    return true;
  }
  bool Close() {
    Value done = std::move(open_.back());
    open_.pop_back();
    keys_.pop_back();
    return Add(std::move(done));
  }
  bool Add(Value value) {
    if (open_.empty()) {
      root = std::move(value);
    } else if (open_.back().type == Type::kArray) {
      open_.back().elements.push_back(std::move(value));
    } else {
      open_.back().members.emplace_back(keys_.back(), std::move(value));
    }
    return true;
  }

  std::vector<Value> open_;
  std::vector<std::string> keys_;
};

std::optional<std::string> Text(const Value* value) {
  if (value == nullptr || value->type != Type::kString) return std::nullopt;
  return value->text;
}

std::optional<std::string> Sequence(const Value* value) {
  if (value == nullptr || value->type != Type::kNumber) return Text(value);
  if (value->text.find_first_not_of("0123456789") != std::string::npos) {
    return std::nullopt;
  }
  return value->text;
}

std::optional<std::string> Base64(const Value* value) {
  const std::optional<std::string> text = Text(value);
  if (!text) return std::nullopt;
  std::vector<unsigned char> data(text->size() + 1);
  const int size = EVP_DecodeBlock(
      data.data(), reinterpret_cast<const unsigned char*>(text->data()),
      static_cast<int>(text->size()));
  for (int padding = 0; padding <= 2 && size - padding >= 0; ++padding) {
    const std::string decoded(data.begin(), data.begin() + (size - padding));
    if (EncodeBase64(decoded) == *text) return decoded;
  }
  return std::nullopt;
}

// `number` times 10^shift without what is behind the point, by moving the point
// in the written number. Null for what does not fit 64 bits.
std::optional<int64_t> Shift(const std::string& number, int shift) {
  std::string digits;
  long point = -1;
  long exponent = 0;
  for (size_t i = 0; i < number.size(); ++i) {
    const char c = number[i];
    if (c == '.') point = static_cast<long>(digits.size());
    if (c >= '0' && c <= '9') digits += c;
    if (c == 'e' || c == 'E') {
      exponent = std::strtol(number.c_str() + i + 1, nullptr, 10);
      break;
    }
  }
  if (point < 0) point = static_cast<long>(digits.size());
  if (point > 400 || exponent > 400 || exponent < -400) return std::nullopt;
  point += exponent + shift;
  std::string whole;
  for (long i = 0; i < point; ++i) {
    whole += i < static_cast<long>(digits.size())
                 ? digits[static_cast<size_t>(i)]
                 : '0';
  }
  whole.erase(0, whole.find_first_not_of('0'));
  if (whole.size() > 18) return std::nullopt;
  const int64_t value = whole.empty() ? 0 : std::stoll(whole);
  return number.starts_with('-') ? -value : value;
}

std::optional<int64_t> IsoTime(const std::string& text) {
  static const std::regex kIso(
      R"((\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?)"
      R"((Z|([+-])(\d\d)(?::?(\d\d))?))");
  std::smatch match;
  if (!std::regex_match(text, match, kIso)) return std::nullopt;
  const auto number = [&match](size_t group) {
    return match[group].matched && match[group].length() > 0
               ? std::stoi(match[group])
               : 0;
  };
  std::tm tm = {};
  tm.tm_year = number(1) - 1900;
  tm.tm_mon = number(2) - 1;
  tm.tm_mday = number(3);
  tm.tm_hour = number(4);
  tm.tm_min = number(5);
  tm.tm_sec = number(6);
  std::tm normal = tm;
  const int64_t seconds = timegm(&normal);
  if (normal.tm_mon != tm.tm_mon || normal.tm_mday != tm.tm_mday ||
      normal.tm_hour != tm.tm_hour || normal.tm_min != tm.tm_min ||
      normal.tm_sec != tm.tm_sec) {
    return std::nullopt;  // in no calendar
  }
  const std::string fraction = (match[7].str() + "000000").substr(0, 6);
  const int hours = number(10);
  const int minutes = number(11);
  if (hours > 23 || minutes > 59) return std::nullopt;
  const int64_t east = (hours * 60 + minutes) * (match[9] == "-" ? -60 : 60);
  return (seconds - east) * 1'000'000 + std::stoi(fraction);
}

std::optional<int64_t> Time(const Value* value) {
  if (value == nullptr) return std::nullopt;
  if (value->type == Type::kString) return IsoTime(value->text);
  if (value->type != Type::kNumber) return std::nullopt;
  const std::optional<int64_t> whole = Shift(value->text, 0);
  if (!whole) return std::nullopt;
  const bool millis = std::abs(*whole) >= 100'000'000'000;
  return Shift(value->text, millis ? 3 : 6);
}

JsonRow Fields(const Value& object) {
  JsonRow row;
  row.partition_key = Text(object.Find("partitionKey"));
  row.sequence_number = Sequence(object.Find("sequenceNumber"));
  row.shard_id = Text(object.Find("shardId"));
  row.arrival_time = Time(object.Find("approximateArrivalTimestamp"));
  return row;
}

void AddEvent(const Value& object, JsonRow* row) {
  row->stream = Text(object.Find("eventSourceARN"));
  const std::optional<std::string> id = Text(object.Find("eventID"));
  if (id && !row->shard_id && id->find(':') != std::string::npos) {
    row->shard_id = id->substr(0, id->find(':'));
  }
}

// The last of the two members that hold Firehose's or Analytics' metadata.
JsonRow MetadataFields(const Value& object) {
  JsonRow row;
  for (const auto& [key, value] : object.members) {
    if (key == "kinesisRecordMetadata" ||
        key == "kinesisStreamRecordMetadata") {
      row = Fields(value);
    }
  }
  return row;
}

std::optional<JsonRow> Record(const Value& object) {
  JsonRow row;
  std::optional<std::string> data;
  if (const Value* kinesis = object.Find("kinesis")) {
    data = Base64(kinesis->Find("data"));
    row = Fields(*kinesis);
    AddEvent(object, &row);
  } else if (object.Find("Data") && object.Find("SequenceNumber")) {
    data = Base64(object.Find("Data"));
    row.partition_key = Text(object.Find("PartitionKey"));
    row.sequence_number = Sequence(object.Find("SequenceNumber"));
    row.encryption_type = Text(object.Find("EncryptionType"));
    row.arrival_time = Time(object.Find("ApproximateArrivalTimestamp"));
  } else if (object.Find("rawData") && object.Find("attemptsMade")) {
    data = Base64(object.Find("rawData"));
    row.arrival_time = Time(object.Find("arrivalTimestamp"));
  } else if (object.Find("recordId")) {
    data = Base64(object.Find("data"));
    row = MetadataFields(object);
    if (!row.arrival_time) {
      row.arrival_time = Time(object.Find("approximateArrivalTimestamp"));
    }
  } else if (object.Find("kinesisSchemaVersion") ||
             object.Find("sequenceNumber")) {
    data = Base64(object.Find("data"));
    row = Fields(object);
    AddEvent(object, &row);
  }
  if (!data) return std::nullopt;
  row.data = *std::move(data);
  return row;
}

void AddRecord(const Value& value, std::vector<JsonRow>* rows) {
  if (std::optional<JsonRow> row = Record(value)) rows->push_back(*row);
}

// That parser stops at a zero byte, which has no place in JSON.
bool Parse(std::string_view text, Builder* builder) {
  return text.find('\0') == std::string_view::npos &&
         nlohmann::json::sax_parse(text, builder) && builder->deepest <= 100;
}

// The stream that all records of a document came from, where it tells.
std::optional<std::string> DocumentStream(const Value& object) {
  const Value* arn = nullptr;
  for (const auto& [key, value] : object.members) {
    if (key == "sourceKinesisStreamArn" || key == "streamArn") arn = &value;
  }
  if (const Value* info = object.Find("KinesisBatchInfo")) {
    if (const Value* named = info->Find("streamArn")) arn = named;
  }
  return Text(arn);
}

// False if FORMAT.md leaves open what comes out.
bool ReadObject(const Value& object, bool is_payload,
                std::vector<JsonRow>* rows) {
  const Value* list = nullptr;
  size_t lists = 0;
  for (const auto& [key, value] : object.members) {
    if ((key != "Records" && key != "records") || value.type != Type::kArray) {
      continue;
    }
    list = &value;
    ++lists;
  }
  const size_t payloads = is_payload ? 0 : object.Count("payload");
  if (lists + payloads > 1) return false;
  if (list != nullptr) {
    for (const Value& element : list->elements) AddRecord(element, rows);
    return true;
  }
  const bool failure = object.Find("KinesisBatchInfo") ||
                       object.Find("requestContext") ||
                       object.Find("responseContext");
  if (is_payload || !failure) {
    AddRecord(object, rows);
    return true;
  }
  const Value* payload = object.Find("payload");
  if (payload != nullptr && payload->type == Type::kObject) {
    return ReadObject(*payload, /*is_payload=*/true, rows);
  }
  if (payload != nullptr && payload->type == Type::kString) {
    Builder inner;
    if (!Parse(payload->text, &inner) || inner.root.type != Type::kObject) {
      return false;
    }
    return ReadObject(inner.root, /*is_payload=*/true, rows);
  }
  if (object.Find("KinesisBatchInfo")) return false;  // an error
  AddRecord(object, rows);
  return true;
}

bool ReadDocument(const Value& object, std::vector<JsonRow>* rows) {
  const size_t before = rows->size();
  const bool settled = ReadObject(object, /*is_payload=*/false, rows);
  const std::optional<std::string> stream = DocumentStream(object);
  for (size_t i = before; i < rows->size(); ++i) {
    JsonRow& row = (*rows)[i];
    if (!row.stream) row.stream = stream;
  }
  return settled;
}

bool ReadTop(const Value& value, std::vector<JsonRow>* rows) {
  if (value.type == Type::kObject) return ReadDocument(value, rows);
  if (value.type != Type::kArray) return false;
  return std::ranges::all_of(value.elements, [rows](const Value& element) {
    return ReadTop(element, rows);
  });
}

}  // namespace

void PrintTo(const JsonRow& row, std::ostream* out) {
  *out << "record of " << row.data.size()
       << " bytes, key=" << row.partition_key.value_or("null")
       << " sequence=" << row.sequence_number.value_or("null")
       << " shard=" << row.shard_id.value_or("null")
       << " encryption=" << row.encryption_type.value_or("null")
       << " stream=" << row.stream.value_or("null") << " arrival="
       << (row.arrival_time ? std::to_string(*row.arrival_time) : "null");
}

std::optional<std::vector<JsonRow>> ReadJson(std::string_view text) {
  Builder builder;
  std::vector<JsonRow> rows;
  if (!Parse(text, &builder) || !ReadTop(builder.root, &rows)) {
    return std::nullopt;
  }
  return rows;
}

}  // namespace thresh::oracle
