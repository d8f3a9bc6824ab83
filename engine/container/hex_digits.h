// Hexadecimal digits without addresses: xxd -p, od -An, bytea of PostgreSQL.
#ifndef THRESH_CONTAINER_HEX_DIGITS_H_
#define THRESH_CONTAINER_HEX_DIGITS_H_

#include <optional>
#include <string>
#include <string_view>

namespace thresh {

// The remedy for `text`, the first bytes of a file; null if it is something
// else. Lines that are one record each become base64, so that records that are
// not aggregated stay separate.
std::optional<std::string> RemedyForHexDigits(std::string_view text);

}  // namespace thresh

#endif  // THRESH_CONTAINER_HEX_DIGITS_H_
