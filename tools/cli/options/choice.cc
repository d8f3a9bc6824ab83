#include "cli/options/choice.h"

#include <CLI/CLI.hpp>

namespace thresh::cli {

CLI::Option* AddWord(CLI::App* app, const std::string& name,
                     const std::vector<std::string_view>& words,
                     std::string_view preset,
                     const std::function<void(size_t)>& choose,
                     const std::string& help) {
  std::string listed;
  for (const std::string_view word : words) {
    listed += listed.empty() ? "" : "|";
    listed += word;
  }
  const auto find = [name, words, listed, choose](const std::string& given) {
    for (size_t i = 0; i < words.size(); ++i) {
      if (words[i] == given) return choose(i);
    }
    throw CLI::ValidationError(name, "'" + given + "' is none of " + listed);
  };
  return app->add_option_function<std::string>(name, find, help)
      ->type_name(listed)
      ->default_str(std::string(preset));
}

}  // namespace thresh::cli
