// JSON for the program's reports: members keep the order in which they were
// added.
#ifndef THRESH_TOOLS_CLI_REPORT_JSON_VALUE_H_
#define THRESH_TOOLS_CLI_REPORT_JSON_VALUE_H_

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "thresh/bytes.h"

namespace thresh::cli {

using Json = nlohmann::ordered_json;

// Sets `name` to `bytes` as text if they are UTF-8, else NAMEBase64 to their
// base64.
void SetText(Json* object, const std::string& name, std::string_view bytes);

// The same for a key that may be absent, which is null.
void SetKey(Json* object, const std::string& name,
            const std::optional<Bytes>& key);

// `value` on one line, including the line end.
[[nodiscard]] std::string ToLine(const Json& value);

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_REPORT_JSON_VALUE_H_
