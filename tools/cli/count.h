// Options that take a number. CLI11 would take -1 for the largest.
#ifndef THRESH_TOOLS_CLI_COUNT_H_
#define THRESH_TOOLS_CLI_COUNT_H_

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>

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

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_COUNT_H_
