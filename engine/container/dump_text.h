// Parts of dumps: lines, and groups of digits in them.
#ifndef THRESH_CONTAINER_DUMP_TEXT_H_
#define THRESH_CONTAINER_DUMP_TEXT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace thresh {

inline constexpr std::string_view kHexDigits = "0123456789abcdefABCDEF";

// The remedy for a dump without a command that reverses it.
inline constexpr char kDumpAgain[] =
    "make another dump of the bytes, with 'xxd -p', whose lines can be made "
    "bytes again";

using DumpGroups = std::vector<std::string_view>;

// The groups between white space.
DumpGroups SplitGroups(std::string_view text);

// The lines of the start of `text` that are not empty, without an incomplete
// last one, unless it is the only one.
std::vector<std::string_view> FirstLinesOf(std::string_view text);

// Null if `digits` are not a number of `base`, or one that is too large.
std::optional<uint64_t> NumberOf(std::string_view digits, int base);

// The bytes of groups of hexadecimal digits. `little_endian`: each group's last
// byte comes first.
std::string BytesShown(const DumpGroups& groups, bool little_endian);

}  // namespace thresh

#endif  // THRESH_CONTAINER_DUMP_TEXT_H_
