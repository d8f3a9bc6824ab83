// JSON objects written member by member, for objects that are printed by the
// million: building a Json of each would take most of the time.
#ifndef THRESH_TOOLS_CLI_REPORT_JSON_MEMBERS_H_
#define THRESH_TOOLS_CLI_REPORT_JSON_MEMBERS_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "thresh/bytes.h"
#include "thresh/column.h"

namespace thresh::cli {

// The text of one unclosed object. Names need no escaping.
class JsonMembers {
 public:
  // Starts a new object.
  void Begin();
  void AddNumber(std::string_view name, uint64_t number);
  // "name", or "nameBase64" if `bytes` are not UTF-8, like SetText.
  void AddText(std::string_view name, Bytes bytes);
  // The same, or null.
  void AddKey(std::string_view name, const std::optional<Bytes>& key);
  // `text` is JSON.
  void AddJson(std::string_view name, std::string_view text);

  [[nodiscard]] std::string_view text() const {
    return AsText({text_.data(), text_.size()});
  }

 private:
  void AddName(std::string_view name, std::string_view suffix);
  void Append(std::string_view text);

  Column<uint8_t> text_;
};

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_REPORT_JSON_MEMBERS_H_
