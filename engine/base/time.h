// Times, as services, their tools and people write them.
#ifndef THRESH_BASE_TIME_H_
#define THRESH_BASE_TIME_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace thresh {

// Microseconds since 1970 UTC; what is finer is cut off. Null for what is no
// time, and for times that do not fit 64 bits.
//
// A number counts seconds, or milliseconds if it is 10^11 or more: that many
// seconds would be the year 5138, that many milliseconds are 1973. It is
// written as JSON numbers are, and read as the decimal number that it is.
std::optional<int64_t> ParseEpoch(std::string_view number);

// ISO 8601: a date, "T" or a blank, a time with or without a fraction of a
// second, and "Z" or an offset from UTC.
std::optional<int64_t> ParseIsoTime(std::string_view text);

}  // namespace thresh

#endif  // THRESH_BASE_TIME_H_
