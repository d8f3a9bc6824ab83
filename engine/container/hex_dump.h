// Dumps with addresses, as xxd, hexdump and od print them.
#ifndef THRESH_CONTAINER_HEX_DUMP_H_
#define THRESH_CONTAINER_HEX_DUMP_H_

#include <optional>
#include <string>
#include <string_view>

namespace thresh {

// The remedy for `text`, the first bytes of a file; null if it is not a dump.
// Usually a command that restores the dumped bytes, including repeated lines
// that the dump leaves out.
std::optional<std::string> RemedyForDump(std::string_view text);

}  // namespace thresh

#endif  // THRESH_CONTAINER_HEX_DUMP_H_
