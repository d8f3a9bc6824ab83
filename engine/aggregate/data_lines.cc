// Lines that are the data of user records, with a key that is fixed or part of
// the line. A key in JSON is found by simdjson's on-demand reader, which keeps
// the spelling of numbers and reads no further than necessary.
#include <simdjson.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "aggregate/line_parser.h"
#include "aggregate/padded_line.h"
#include "base/errors.h"
#include "base/printable.h"

namespace thresh {
namespace {

namespace ondemand = simdjson::ondemand;
using simdjson::SUCCESS;

class FixedKeyParser final : public LineParser {
 public:
  explicit FixedKeyParser(std::string key) : key_(std::move(key)) {}

  [[nodiscard]] std::unique_ptr<LineParser> Copy() const override {
    return std::make_unique<FixedKeyParser>(key_);
  }

  ParsedLine Parse(const TextLine& line, Column<uint8_t>*) override {
    ParsedLine parsed;
    parsed.partition_key = AsBytes(key_);
    parsed.data = line.text;
    return parsed;
  }
  [[nodiscard]] bool takes_empty_lines() const override { return true; }

 private:
  std::string key_;
};

// Takes the digits at the front of `text`; returns whether there were any.
bool TakeDigits(std::string_view* text) {
  const size_t end =
      std::min(text->find_first_not_of("0123456789"), text->size());
  text->remove_prefix(end);
  return end > 0;
}

// Whether `text` is a JSON number, of any size.
bool IsNumber(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const bool leading_zero = text.starts_with('0');
  const size_t before = text.size();
  if (!TakeDigits(&text) || (leading_zero && before - text.size() > 1)) {
    return false;
  }
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (!TakeDigits(&text)) return false;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    if (!TakeDigits(&text)) return false;
  }
  return text.empty();
}

// Whether a key was found, there is none, or the line is not JSON.
enum class Found : uint8_t { kKey, kNothing, kNoJson };

class KeyPointerParser final : public LineParser {
 public:
  explicit KeyPointerParser(std::vector<std::string> steps)
      : steps_(std::move(steps)) {}

  [[nodiscard]] std::unique_ptr<LineParser> Copy() const override {
    return std::make_unique<KeyPointerParser>(steps_);
  }

  ParsedLine Parse(const TextLine& line, Column<uint8_t>* texts) override {
    ParsedLine parsed;
    parsed.data = line.text;
    ondemand::document document;
    const size_t size = line.text.size();
    if (parser_
            .iterate(padder_.Pad(line), size, size + simdjson::SIMDJSON_PADDING)
            .get(document) != SUCCESS) {
      parsed.problem = kNoJson;
      return parsed;
    }
    std::string_view key;
    switch (Start(&document, &key)) {
      case Found::kKey:
        parsed.partition_key = KeepBytes(AsBytes(key), texts);
        break;
      case Found::kNothing:
        break;
      case Found::kNoJson:
        parsed.problem = kNoJson;
    }
    return parsed;
  }

 private:
  static constexpr char kNoJson[] =
      "not a JSON object or array, in which a key could be found";

  Found Start(ondemand::document* document, std::string_view* key) {
    ondemand::json_type type;
    if (document->type().get(type) != SUCCESS) return Found::kNoJson;
    if (type == ondemand::json_type::object) {
      return InObject(document, 0, key);
    }
    if (type == ondemand::json_type::array) {
      return InArray(document, 0, key);
    }
    return Found::kNoJson;
  }

  Found Walk(ondemand::value value, size_t step, std::string_view* key) {
    ondemand::json_type type;
    if (value.type().get(type) != SUCCESS) return Found::kNoJson;
    const bool arrived = step == steps_.size();
    switch (type) {
      case ondemand::json_type::object:
        return arrived ? Found::kNothing : InObject(&value, step, key);
      case ondemand::json_type::array:
        return arrived ? Found::kNothing : InArray(&value, step, key);
      case ondemand::json_type::string:
        if (value.get_string().get(*key) != SUCCESS) return Found::kNoJson;
        return arrived && !key->empty() ? Found::kKey : Found::kNothing;
      case ondemand::json_type::number:
        return arrived ? Number(value, key) : Found::kNothing;
      case ondemand::json_type::boolean:
        return value.get_bool().error() == SUCCESS ? Found::kNothing
                                                   : Found::kNoJson;
      case ondemand::json_type::null:
        break;
    }
    return Token(value) == "null" ? Found::kNothing : Found::kNoJson;
  }

  // The text of a scalar.
  static std::string_view Token(ondemand::value value) {
    const std::string_view token = value.raw_json_token();
    return token.substr(0, token.find_last_not_of(" \t\r\n") + 1);
  }

  static Found Number(ondemand::value value, std::string_view* key) {
    *key = Token(value);
    return IsNumber(*key) ? Found::kKey : Found::kNoJson;
  }

  // The first member of that name is used. `Source` is a document or a value.
  template <typename Source>
  Found InObject(Source* source, size_t step, std::string_view* key) {
    ondemand::object object;
    if (source->get_object().get(object) != SUCCESS) return Found::kNoJson;
    for (auto field : object) {
      std::string_view name;
      ondemand::value value;
      if (field.unescaped_key().get(name) != SUCCESS) return Found::kNoJson;
      const bool wanted = name == steps_[step];
      if (field.value().get(value) != SUCCESS) return Found::kNoJson;
      if (wanted) return Walk(value, step + 1, key);
    }
    return Found::kNothing;
  }

  template <typename Source>
  Found InArray(Source* source, size_t step, std::string_view* key) {
    ondemand::array array;
    if (source->get_array().get(array) != SUCCESS) return Found::kNoJson;
    size_t index = 0;
    for (auto element : array) {
      ondemand::value value;
      if (element.get(value) != SUCCESS) return Found::kNoJson;
      if (std::to_string(index++) == steps_[step]) {
        return Walk(value, step + 1, key);
      }
    }
    return Found::kNothing;
  }

  std::vector<std::string> steps_;
  PaddedLines padder_;
  ondemand::parser parser_;
};

// The name in a step of a pointer; null for an invalid escape.
std::optional<std::string> Unescape(std::string_view step) {
  std::string name;
  for (size_t i = 0; i < step.size(); ++i) {
    if (step[i] != '~') {
      name += step[i];
      continue;
    }
    ++i;
    if (i == step.size() || (step[i] != '0' && step[i] != '1')) {
      return std::nullopt;
    }
    name += step[i] == '0' ? '~' : '/';
  }
  return name;
}

}  // namespace

std::unique_ptr<LineParser> NewFixedKeyParser(std::string key) {
  return std::make_unique<FixedKeyParser>(std::move(key));
}

Result<std::unique_ptr<LineParser>> NewKeyPointerParser(
    std::string_view pointer) {
  const Error wrong = InvalidArgument(
      "'" + Printable(pointer) + "' is not a JSON pointer to a member",
      "write it as /user/id, with ~1 for / and ~0 for ~ in names");
  if (!pointer.starts_with('/')) return tl::unexpected(wrong);
  std::vector<std::string> steps;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const size_t end = std::min(pointer.find('/'), pointer.size());
    std::optional<std::string> name = Unescape(pointer.substr(0, end));
    if (!name) return tl::unexpected(wrong);
    steps.push_back(*std::move(name));
    pointer.remove_prefix(end);
  }
  return std::make_unique<KeyPointerParser>(std::move(steps));
}

}  // namespace thresh
