// Parses times as services, their tools and people write them.
#ifndef THRESH_BASE_TIME_H_
#define THRESH_BASE_TIME_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace thresh {

// Microseconds since 1970 UTC; finer parts are truncated. Null if the text is
// not a valid time or does not fit 64 bits.
//
// A number counts seconds, or milliseconds if it is 10^11 or more: that many
// seconds would be in the year 5138, that many milliseconds are in 1973. It has
// the syntax of JSON numbers, and is read as an exact decimal number.
std::optional<int64_t> ParseEpoch(std::string_view number);

// ISO 8601: a date, "T" or a blank, a time with or without a fraction of a
// second, and "Z" or an offset from UTC.
std::optional<int64_t> ParseIsoTime(std::string_view text);

}  // namespace thresh

#endif  // THRESH_BASE_TIME_H_
