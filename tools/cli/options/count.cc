#include "cli/options/count.h"

#include <CLI/CLI.hpp>

#include "cli/report/units.h"

namespace thresh::cli {
namespace {

uint64_t ToCount(const std::string& name, const std::string& text) {
  const std::optional<uint64_t> count = ParseCount(text);
  if (!count) {
    throw CLI::ValidationError(name, "'" + text + "' is not a whole number");
  }
  return *count;
}

template <typename Target>
CLI::Option* AddCountOf(CLI::App* app, const std::string& name, Target* target,
                        const std::string& help) {
  const auto read = [name, target](const std::string& text) {
    *target = ToCount(name, text);
  };
  return app->add_option_function<std::string>(name, read, help)
      ->type_name("N");
}

}  // namespace

CLI::Option* AddCount(CLI::App* app, const std::string& name, uint64_t* target,
                      const std::string& help) {
  return AddCountOf(app, name, target, help);
}

CLI::Option* AddCount(CLI::App* app, const std::string& name,
                      std::optional<uint64_t>* target,
                      const std::string& help) {
  return AddCountOf(app, name, target, help);
}

uint64_t ToByteSize(const std::string& name, std::string_view text) {
  const std::optional<uint64_t> size = ParseByteSize(text);
  if (!size) {
    throw CLI::ValidationError(
        name, "'" + std::string(text) +
                  "' is not a size in bytes, such as 1000 or 50KiB");
  }
  return *size;
}

CLI::Option* AddByteSize(CLI::App* app, const std::string& name,
                         uint64_t* target, const std::string& help) {
  const auto read = [name, target](const std::string& text) {
    *target = ToByteSize(name, text);
  };
  return app->add_option_function<std::string>(name, read, help)
      ->type_name("SIZE");
}

}  // namespace thresh::cli
