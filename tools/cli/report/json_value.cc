// See json_value.h.
#include "cli/report/json_value.h"

#include <algorithm>

#include "base/base64.h"
#include "base/json.h"
#include "thresh/column.h"

namespace thresh::cli {

void SetText(Json* object, const std::string& name, std::string_view bytes) {
  if (IsUtf8(AsBytes(bytes))) {
    (*object)[name] = bytes;
  } else {
    (*object)[name + "Base64"] = Base64Text(AsBytes(bytes));
  }
}

void SetKey(Json* object, const std::string& name,
            const std::optional<Bytes>& key) {
  if (key.has_value()) {
    SetText(object, name, AsText(*key));
  } else {
    (*object)[name] = nullptr;
  }
}

std::string ToLine(const Json& value) {
  // Only a message that quotes a file name can contain bytes that are not
  // UTF-8; data and keys never do.
  const std::string text =
      value.dump(-1, ' ', false, Json::error_handler_t::replace);
  Column<uint8_t> line;
  line.Resize(text.size());
  std::ranges::copy(text, line.begin());
  EscapeControlsFrom(0, &line);
  line.Append('\n');
  return std::string(AsText({line.data(), line.size()}));
}

}  // namespace thresh::cli
