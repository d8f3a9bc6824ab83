// See reference_json.h.
#include "oracle/reference_json.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <utility>

#include "oracle/reference_archive.h"

namespace thresh::oracle {
namespace {

// A JSON value that keeps what nlohmann's own type does not: members with the
// same name, and how a number was written.
struct Value {
  enum class Type { kLiteral, kNumber, kString, kArray, kObject };
  Type type = Type::kLiteral;
  std::string text = {};
  std::vector<Value> elements = {};
  std::vector<std::pair<std::string, Value>> members = {};

  // Whether `key` is `name`, whose first letter may be upper case.
  static bool IsNamed(std::string key, std::string_view name) {
    if (!key.empty() && key[0] >= 'A' && key[0] <= 'Z') key[0] += 'a' - 'A';
    return key == name;
  }
  // The last member of that name; null if there is none.
  [[nodiscard]] const Value* Find(std::string_view name) const {
    const Value* found = nullptr;
    for (const auto& [key, value] : members) {
      if (IsNamed(key, name)) found = &value;
    }
    return found;
  }
  [[nodiscard]] size_t Count(std::string_view name) const {
    return static_cast<size_t>(std::ranges::count_if(
        members,
        [name](const auto& member) { return IsNamed(member.first, name); }));
  }
};

using Type = Value::Type;

class Builder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool null() override { return Add({.text = "null"}); }
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
  if (value == nullptr || value->text.empty()) return std::nullopt;
  if (value->type != Type::kNumber) return Text(value);
  if (value->text.find_first_not_of("0123456789") != std::string::npos) {
    return std::nullopt;
  }
  return value->text;
}

std::optional<std::string> CanonicalBase64(const std::string& encoded) {
  const std::string* const text = &encoded;
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

// As FORMAT.md defines it for text that is not canonical: converted to
// canonical form, then read.
std::optional<std::string> AnyBase64(std::string text) {
  if (const auto data = CanonicalBase64(text)) return data;
  static const std::regex kUrl("data:[^,]*;base64", std::regex::icase);
  if (text.find(',') != std::string::npos &&
      std::regex_match(text.substr(0, text.find(',')), kUrl)) {
    text.erase(0, text.find(',') + 1);
  }
  std::erase_if(text, [](char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  });
  const bool standard = text.find_first_of("+/") != std::string::npos;
  const bool url = text.find_first_of("-_") != std::string::npos;
  if (text.empty() || (standard && url)) return std::nullopt;
  std::ranges::replace(text, '-', '+');
  std::ranges::replace(text, '_', '/');
  if (text.find('=') == std::string::npos) {
    text.append((4 - text.size() % 4) % 4, '=');
  }
  return CanonicalBase64(text);
}

std::optional<int> Byte(const Value& value) {
  static const std::regex kByte(R"((-?\d{1,3})(\.0+)?)");
  std::smatch match;
  if (value.type != Type::kNumber ||
      !std::regex_match(value.text, match, kByte)) {
    return std::nullopt;
  }
  const int number = std::stoi(match[1]);
  if (number < -128 || number > 255) return std::nullopt;
  return number;
}

// Signed or unsigned, but not mixed.
std::optional<std::string> ByteArray(const std::vector<Value>& elements) {
  std::string data;
  int least = 0;
  int most = 0;
  for (const Value& element : elements) {
    const std::optional<int> byte = Byte(element);
    if (!byte) return std::nullopt;
    least = std::min(least, *byte);
    most = std::max(most, *byte);
    data += static_cast<char>(*byte);
  }
  if (least < 0 && most > 127) return std::nullopt;
  return data;
}

// {"type":"Buffer","data":[...]} or {"0":...,"1":...}
std::optional<std::string> ByteObject(const Value& object) {
  const Value* type = nullptr;
  const Value* data = nullptr;
  std::map<size_t, Value> bytes;
  for (const auto& [key, value] : object.members) {
    if (Value::IsNamed(key, "type")) {
      type = &value;
    } else if (Value::IsNamed(key, "data")) {
      data = &value;
    } else {
      static const std::regex kIndex("0|[1-9][0-9]{0,8}");
      if (!std::regex_match(key, kIndex)) return std::nullopt;
      if (!bytes.emplace(std::stoul(key), value).second) return std::nullopt;
    }
  }
  const bool buffer =
      type != nullptr && type->type == Type::kString && type->text == "Buffer";
  if (buffer && data != nullptr && bytes.empty()) {
    if (data->type == Type::kArray) return ByteArray(data->elements);
    if (data->type == Type::kString) return AnyBase64(data->text);
    return std::nullopt;
  }
  if (type != nullptr || data != nullptr || bytes.empty()) return std::nullopt;
  if (bytes.rbegin()->first != bytes.size() - 1) return std::nullopt;
  std::vector<Value> elements;
  for (const auto& [index, value] : bytes) elements.push_back(value);
  return ByteArray(elements);
}

std::optional<std::string> Data(const Value* value) {
  if (value == nullptr) return std::nullopt;
  if (value->type == Type::kString) return AnyBase64(value->text);
  if (value->type == Type::kArray) return ByteArray(value->elements);
  if (value->type == Type::kObject) return ByteObject(*value);
  return std::nullopt;
}

// `number` times 10^shift, truncated at the decimal point, by moving the point
// in the written number. Null if it does not fit in 64 bits.
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
    return std::nullopt;  // not in the calendar
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

// The last of the members that contain it.
std::optional<uint32_t> SubSequence(const Value& object) {
  std::optional<uint32_t> number;
  for (const auto& [key, value] : object.members) {
    if (!Value::IsNamed(key, "subsequenceNumber") &&
        !Value::IsNamed(key, "subSequenceNumber")) {
      continue;
    }
    number.reset();
    if (value.type != Type::kNumber && value.type != Type::kString) continue;
    static const std::regex kNumber(R"(\d+(\.0+)?)");
    static const std::regex kText(R"(\d+)");
    const bool is_number = value.type == Type::kNumber;
    if (!std::regex_match(value.text, is_number ? kNumber : kText)) continue;
    const std::optional<int64_t> whole = Shift(value.text, 0);
    if (whole && *whole <= UINT32_MAX) number = static_cast<uint32_t>(*whole);
  }
  return number;
}

// The stream's ARN, also from a consumer's.
std::optional<std::string> Stream(const Value* arn) {
  const std::optional<std::string> text = Text(arn);
  if (!text || text->find(":stream/") == std::string::npos) return text;
  const size_t name = text->find(":stream/") + 8;
  return text->substr(0, text->find("/consumer/", name));
}

// The last of the members that name a row's stream.
std::optional<std::string> RowStream(const Value& object) {
  const Value* stream = nullptr;
  for (const auto& [key, value] : object.members) {
    if (Value::IsNamed(key, "stream") || Value::IsNamed(key, "streamName")) {
      stream = &value;
    }
  }
  return Stream(stream);
}

JsonRow Fields(const Value& object) {
  JsonRow row;
  row.stream = RowStream(object);
  row.partition_key = Text(object.Find("partitionKey"));
  row.sequence_number = Sequence(object.Find("sequenceNumber"));
  row.shard_id = Text(object.Find("shardId"));
  row.arrival_time = Time(object.Find("approximateArrivalTimestamp"));
  row.sub_sequence_number = SubSequence(object);
  row.encryption_type = Text(object.Find("encryptionType"));
  return row;
}

void AddEvent(const Value& object, JsonRow* row) {
  const auto arn = Stream(object.Find("eventSourceARN"));
  if (arn) row->stream = arn;
  const std::optional<std::string> id = Text(object.Find("eventID"));
  if (id && !row->shard_id && id->find(':') != std::string::npos) {
    row->shard_id = id->substr(0, id->find(':'));
  }
}

bool Holds(const Value* value) {
  return value != nullptr &&
         (value->type != Type::kLiteral || value->text != "null");
}

// Whether `object` is a record, whose other members are not searched.
bool HoldsData(const Value& object, bool listed) {
  if (const Value* kinesis = object.Find("kinesis")) {
    return Holds(kinesis->Find("data")) ||
           Holds(kinesis->Find("sequenceNumber"));
  }
  if (Holds(object.Find("rawData")) && object.Find("attemptsMade")) return true;
  const Value* const hash_key = object.Find("explicitHashKey");
  const bool keyed = Holds(hash_key) && !(hash_key->type == Type::kString &&
                                          hash_key->text.empty());
  const bool known = listed || keyed || object.Find("recordId") ||
                     object.Find("kinesisSchemaVersion") ||
                     object.Find("sequenceNumber");
  return known && Holds(object.Find("data"));
}

// The last of the two members that contain Firehose's or Analytics' metadata.
JsonRow MetadataFields(const Value& object) {
  JsonRow row;
  for (const auto& [key, value] : object.members) {
    if (Value::IsNamed(key, "kinesisRecordMetadata") ||
        Value::IsNamed(key, "kinesisStreamRecordMetadata")) {
      row = Fields(value);
    }
  }
  return row;
}

// Whether more than one member of `object` holds data; the reader does not
// define which of them counts.
bool HoldsTwoData(const Value& object) {
  size_t holding = 0;
  for (const auto& [key, value] : object.members) {
    const bool data =
        Value::IsNamed(key, "data") || Value::IsNamed(key, "rawData");
    const bool twin =
        Value::IsNamed(key, "kinesis") && object.Count("kinesis") > 1;
    if ((data && Holds(&value)) || twin) ++holding;
    if (Value::IsNamed(key, "kinesis") && HoldsTwoData(value)) return true;
  }
  return holding > 1;
}

std::optional<JsonRow> Record(const Value& object, bool listed) {
  JsonRow row;
  std::optional<std::string> data;
  const Value* const hash_key = object.Find("explicitHashKey");
  if (hash_key &&
      !(hash_key->type == Type::kLiteral && hash_key->text == "null") &&
      !(hash_key->type == Type::kString && hash_key->text.empty())) {
    return std::nullopt;
  }
  if (const Value* kinesis = object.Find("kinesis")) {
    data = Data(kinesis->Find("data"));
    row = Fields(*kinesis);
    AddEvent(object, &row);
  } else if (object.Find("rawData") && object.Find("attemptsMade")) {
    data = Data(object.Find("rawData"));
    row = Fields(object);
    row.arrival_time = Time(object.Find("arrivalTimestamp"));
  } else if (object.Find("recordId")) {
    if (object.Find("result")) return std::nullopt;
    data = Data(object.Find("data"));
    row = MetadataFields(object);
    if (!row.arrival_time) {
      row.arrival_time = Time(object.Find("approximateArrivalTimestamp"));
    }
  } else if (object.Find("kinesisSchemaVersion") ||
             object.Find("sequenceNumber") ||
             (listed && !object.Find("partitionKey"))) {
    data = Data(object.Find("data"));
    row = Fields(object);
    AddEvent(object, &row);
  }
  if (!data) return std::nullopt;
  row.data = *std::move(data);
  return row;
}

// That parser stops at a zero byte, which is not valid in JSON.
bool Parse(std::string_view text, Builder* builder) {
  return text.find('\0') == std::string_view::npos &&
         nlohmann::json::sax_parse(text, builder) && builder->deepest <= 100;
}

// The stream that all records of a document came from, if it names one.
std::optional<std::string> DocumentStream(const Value& object) {
  const Value* arn = nullptr;
  for (const auto& [key, value] : object.members) {
    if (Value::IsNamed(key, "sourceKinesisStreamArn") ||
        Value::IsNamed(key, "streamArn")) {
      arn = &value;
    }
  }
  if (const Value* info = object.Find("kinesisBatchInfo")) {
    if (const Value* named = info->Find("streamArn")) arn = named;
  }
  return Stream(arn);
}

// The result for a value.
struct Found {
  std::vector<JsonRow> rows;
  bool known = false;    // records, or a document of a known kind without any
  bool resolved = true;  // if false, FORMAT.md does not define the result

  void Add(Found other) {
    rows.insert(rows.end(), std::make_move_iterator(other.rows.begin()),
                std::make_move_iterator(other.rows.end()));
    known = known || other.known;
    resolved = resolved && other.resolved;
  }
};

Found ReadDocument(const Value& object, int wrappers);
Found ReadObject(const Value& object, int wrappers, bool is_element,
                 bool listed);

bool IsWrapperName(const std::string& key) {
  for (const char* name : {"payload", "requestPayload", "body", "message",
                           "detail", "subscribeToShardEvent"}) {
    if (Value::IsNamed(key, name)) return true;
  }
  return false;
}

Found ReadString(const std::string& text, int wrappers);

Found ReadList(const std::vector<Value>& elements, int wrappers) {
  Found found;
  for (const Value& element : elements) {
    if (element.type == Type::kObject) {
      found.Add(ReadDocument(element, wrappers));
    } else if (element.type == Type::kString) {
      found.Add(ReadString(element.text, wrappers));
    }
  }
  return found;
}

// The documents in the string `text`; those before a broken one count.
Found ReadTexts(std::string text, int wrappers) {
  Found found;
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  size_t start = text.find_first_not_of(" \t\r\n");
  while (start != std::string::npos && text.substr(start).starts_with(kMark)) {
    start = text.find_first_not_of(" \t\r\n", start + kMark.size());
  }
  if (start == std::string::npos) return found;
  text.erase(0, start);
  if (text.find_first_of("{[\"") != 0) return found;
  Builder builder;
  if (Parse(text, &builder)) {
    const Value& root = builder.root;
    if (root.type == Type::kObject) return ReadDocument(root, wrappers);
    if (root.type == Type::kArray) return ReadList(root.elements, wrappers);
    return ReadString(root.text, wrappers);
  }
  // More than one document, or a broken one.
  found.resolved = false;
  return found;
}

// A string by itself where documents are read at depth `wrappers`.
Found ReadString(const std::string& text, int wrappers) {
  Found found;
  if (wrappers + 1 > 4) return found;
  return ReadTexts(text, wrappers + 1);
}

Found ReadWrapped(const Value& value, int wrappers) {
  Found found;
  if (wrappers > 4) return found;
  if (value.type == Type::kObject) return ReadDocument(value, wrappers);
  if (value.type == Type::kString) return ReadTexts(value.text, wrappers);
  if (value.type == Type::kArray) return ReadList(value.elements, wrappers);
  return found;
}

Found ReadMember(const std::string& key, const Value& value, int wrappers,
                 bool is_element) {
  Found found;
  const bool records = Value::IsNamed(key, "records");
  if (value.type == Type::kArray && !is_element &&
      (records || Value::IsNamed(key, "messages"))) {
    for (const Value& element : value.elements) {
      if (element.type == Type::kObject) {
        found.Add(ReadObject(element, wrappers, /*is_element=*/true, records));
      } else if (element.type == Type::kString) {
        found.Add(ReadString(element.text, wrappers));
      }
    }
    found.known = found.known || value.elements.empty();
  } else if (value.type == Type::kLiteral && value.text == "null" &&
             !is_element && (records || Value::IsNamed(key, "messages"))) {
    found.known = true;
  } else if (Value::IsNamed(key, "sns") && value.type == Type::kObject) {
    for (const auto& [name, inner] : value.members) {
      if (Value::IsNamed(name, "message")) {
        found.Add(ReadWrapped(inner, wrappers + 1));
      }
    }
  } else if (IsWrapperName(key)) {
    found = ReadWrapped(value, wrappers + 1);
  }
  return found;
}

// A reply of Kinesis to a consumer, without a list of records.
bool IsAnswer(const Value& object) {
  bool answer = false;
  for (const auto& [key, value] : object.members) {
    const bool telling = Value::IsNamed(key, "nextShardIterator") ||
                         Value::IsNamed(key, "millisBehindLatest") ||
                         Value::IsNamed(key, "continuationSequenceNumber");
    answer = answer || telling;
    if (!telling && !Value::IsNamed(key, "childShards") &&
        !Value::IsNamed(key, "responseMetadata") && key != "$metadata") {
      return false;
    }
  }
  return answer;
}

Found ReadObject(const Value& object, int wrappers, bool is_element,
                 bool listed) {
  Found all;
  size_t sources = 0;
  bool is_list = false;
  for (const auto& [key, value] : object.members) {
    const bool list = !is_element && value.type == Type::kArray &&
                      Value::IsNamed(key, "records");
    Found found = ReadMember(key, value, wrappers, is_element);
    is_list = is_list || list;
    if (!found.resolved) all.resolved = false;
    if (!found.known && !list) continue;
    ++sources;
    all.Add(std::move(found));
  }
  if (HoldsData(object, listed)) {
    all = {};
    all.resolved = !HoldsTwoData(object);
    if (std::optional<JsonRow> row = Record(object, listed)) {
      all.rows.push_back(*std::move(row));
      all.known = true;
    }
    return all;
  }
  if (sources > 1) all.resolved = false;
  if (sources > 0) return all;
  const Value* const info = object.Find("kinesisBatchInfo");
  if (info != nullptr && info->type == Type::kObject) {
    all.known = true;
    return all;
  }
  if (!is_element && IsAnswer(object)) {
    all.known = true;
    return all;
  }
  if (std::optional<JsonRow> row = Record(object, listed)) {
    all.rows.push_back(*std::move(row));
    all.known = true;
  }
  return all;
}

Found ReadDocument(const Value& object, int wrappers) {
  Found found = ReadObject(object, wrappers, /*is_element=*/false,
                           /*listed=*/false);
  const std::optional<std::string> stream = DocumentStream(object);
  for (JsonRow& row : found.rows) {
    if (!row.stream) row.stream = stream;
  }
  return found;
}

bool ReadTop(const Value& value, std::vector<JsonRow>* rows) {
  if (value.type == Type::kObject) {
    const Found found = ReadDocument(value, 0);
    rows->insert(rows->end(), found.rows.begin(), found.rows.end());
    return found.resolved;
  }
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
