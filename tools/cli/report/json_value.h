// JSON as the program's reports write it: members in the order they were added.
#ifndef THRESH_TOOLS_CLI_REPORT_JSON_VALUE_H_
#define THRESH_TOOLS_CLI_REPORT_JSON_VALUE_H_

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "thresh/bytes.h"

namespace thresh::cli {

using Json = nlohmann::ordered_json;

// Sets `name` to `bytes` as text where they are UTF-8, else NAMEBase64 to their
// base64.
void SetText(Json* object, const std::string& name, std::string_view bytes);

// The same for a key that may be absent: null then.
void SetKey(Json* object, const std::string& name,
            const std::optional<Bytes>& key);

// `value` on one line, with its line end.
[[nodiscard]] std::string ToLine(const Json& value);

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_REPORT_JSON_VALUE_H_
