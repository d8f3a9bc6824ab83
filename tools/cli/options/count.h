// Options that take a number or a size. CLI11 would accept -1 as the largest
// number.
#ifndef THRESH_TOOLS_CLI_OPTIONS_COUNT_H_
#define THRESH_TOOLS_CLI_OPTIONS_COUNT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cli/options/cli11.h"

namespace thresh::cli {

// Adds option `name` to `app`; its value, decimal digits, sets `*target`.
CLI::Option* AddCount(CLI::App* app, const std::string& name, uint64_t* target,
                      const std::string& help);
CLI::Option* AddCount(CLI::App* app, const std::string& name,
                      std::optional<uint64_t>* target, const std::string& help);

// The value of option `name`, a number of bytes; throws the exception that
// CLI11 reports as wrong usage.
[[nodiscard]] uint64_t ToByteSize(const std::string& name,
                                  std::string_view text);

// Adds option `name` to `app`; its value, a number of bytes, sets `*target`.
CLI::Option* AddByteSize(CLI::App* app, const std::string& name,
                         uint64_t* target, const std::string& help);

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_OPTIONS_COUNT_H_
