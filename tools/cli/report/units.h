// Numbers in human-readable form.
#ifndef THRESH_TOOLS_CLI_REPORT_UNITS_H_
#define THRESH_TOOLS_CLI_REPORT_UNITS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace thresh::cli {

// "1,234,567".
[[nodiscard]] std::string WithThousands(uint64_t number);

// Three digits and a decimal unit: "987 B", "1.23 GB".
[[nodiscard]] std::string HumanBytes(double bytes);

// Three digits and a decimal letter: "987", "1.23 M".
[[nodiscard]] std::string HumanCount(double count);

// "0.123 s", "12.3 s", "2:05", "1:02:05".
[[nodiscard]] std::string HumanDuration(double seconds);

// Parses a number of decimal digits only. Null for anything else and for
// numbers that exceed 64 bits.
[[nodiscard]] std::optional<uint64_t> ParseCount(std::string_view text);

// Parses a number of bytes: digits, then nothing or one of B, kB, MB, GB
// (powers of 1000), KiB, MiB, GiB (powers of 1024), case-insensitive. Null for
// anything else and for numbers that exceed 64 bits.
[[nodiscard]] std::optional<uint64_t> ParseByteSize(std::string_view text);

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_REPORT_UNITS_H_
