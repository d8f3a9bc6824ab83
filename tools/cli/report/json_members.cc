// See json_members.h.
#include "cli/report/json_members.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/base64.h"
#include "base/json.h"

namespace thresh::cli {

void JsonMembers::Begin() {
  text_.Clear();
  text_.Append('{');
}

void JsonMembers::AddNumber(std::string_view name, uint64_t number) {
  AddJson(name, fmt::format_int(number).c_str());
}

void JsonMembers::AddText(std::string_view name, Bytes bytes) {
  if (IsUtf8(bytes)) {
    AddName(name, "");
    AppendJsonString(bytes, &text_);
    return;
  }
  AddName(name, "Base64");
  Append("\"");
  Append(Base64Text(bytes));
  Append("\"");
}

void JsonMembers::AddKey(std::string_view name,
                         const std::optional<Bytes>& key) {
  if (key.has_value()) {
    AddText(name, *key);
  } else {
    AddJson(name, "null");
  }
}

void JsonMembers::AddJson(std::string_view name, std::string_view text) {
  AddName(name, "");
  Append(text);
}

void JsonMembers::AddName(std::string_view name, std::string_view suffix) {
  Append(text_.size() == 1 ? "\"" : ",\"");
  Append(name);
  Append(suffix);
  Append("\":");
}

void JsonMembers::Append(std::string_view text) {
  const size_t size = text_.size();
  text_.Resize(size + text.size());
  std::ranges::copy(text, text_.data() + size);
}

}  // namespace thresh::cli
