// Options that take a number or a size. CLI11 would take -1 for the largest.
#ifndef THRESH_TOOLS_CLI_COUNT_H_
#define THRESH_TOOLS_CLI_COUNT_H_

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cli/units.h"

namespace thresh::cli {

// Adds option `name` to `app`; its value, decimal digits, sets `*target`, which
// is a uint64_t or an optional one.
template <typename Target>
CLI::Option* AddCount(CLI::App* app, const std::string& name, Target* target,
                      const std::string& help) {
  const auto read = [name, target](const std::string& text) {
    const std::optional<uint64_t> parsed = ParseCount(text);
    if (!parsed) {
      throw CLI::ValidationError(name, "'" + text + "' is no whole number");
    }
    const uint64_t count = *parsed;
    *target = count;
  };
  return app->add_option_function<std::string>(name, read, help)
      ->type_name("N");
}

// The value of option `name`, a number of bytes.
inline uint64_t ToByteSize(const std::string& name, std::string_view text) {
  const std::optional<uint64_t> size = ParseByteSize(text);
  if (!size) {
    throw CLI::ValidationError(name, "'" + std::string(text) +
                                         "' is no size in bytes, such as 1000 "
                                         "or 50KiB");
  }
  return *size;
}

// Adds option `name` to `app`; its value, a number of bytes, sets `*target`.
inline CLI::Option* AddByteSize(CLI::App* app, const std::string& name,
                                uint64_t* target, const std::string& help) {
  const auto read = [name, target](const std::string& text) {
    *target = ToByteSize(name, text);
  };
  return app->add_option_function<std::string>(name, read, help)
      ->type_name("SIZE");
}

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_COUNT_H_
