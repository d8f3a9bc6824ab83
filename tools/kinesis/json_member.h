// Members of the JSON objects in requests, replies and checkpoints.
#ifndef THRESH_TOOLS_KINESIS_JSON_MEMBER_H_
#define THRESH_TOOLS_KINESIS_JSON_MEMBER_H_

#include <nlohmann/json.hpp>
#include <string>

namespace thresh::kinesis {

// The text member `name` of `value`, owned by it; null if `value` is not an
// object or has no such member.
template <typename Json>
const std::string* FindText(const Json& value, const char* name) {
  if (!value.is_object()) return nullptr;
  const auto found = value.find(name);
  return found != value.end() && found->is_string()
             ? found->template get_ptr<const std::string*>()
             : nullptr;
}

// The same as a copy; "" for null.
template <typename Json>
std::string TextOrEmpty(const Json& value, const char* name) {
  const std::string* const text = FindText(value, name);
  return text == nullptr ? std::string() : *text;
}

}  // namespace thresh::kinesis

#endif  // THRESH_TOOLS_KINESIS_JSON_MEMBER_H_
