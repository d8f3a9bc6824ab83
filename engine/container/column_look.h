// Columns of text: CSV and similar formats.
#ifndef THRESH_CONTAINER_COLUMN_LOOK_H_
#define THRESH_CONTAINER_COLUMN_LOOK_H_

#include <optional>
#include <string>
#include <string_view>

namespace thresh {

// The remedy for `text`, the first bytes of a file; null if it has no columns.
// A command if the bytes show which column holds base64, and whether the first
// line has names.
std::optional<std::string> RemedyForColumns(std::string_view text);

}  // namespace thresh

#endif  // THRESH_CONTAINER_COLUMN_LOOK_H_
