// Options whose value is one of a few words.
#ifndef THRESH_TOOLS_CLI_CHOICE_H_
#define THRESH_TOOLS_CLI_CHOICE_H_

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace thresh::cli {

template <typename Enum>
using Choices = std::vector<std::pair<std::string_view, Enum>>;

// Adds option `name` to `app`; its value sets `*target`, whose present value is
// shown as the default and must be among `choices`.
template <typename Enum>
CLI::Option* AddChoice(CLI::App* app, const std::string& name, Enum* target,
                       const Choices<Enum>& choices, const std::string& help) {
  std::string words;
  std::string preset;
  for (const auto& [word, value] : choices) {
    words += words.empty() ? "" : "|";
    words += word;
    if (value == *target) preset = word;
  }
  const auto choose = [name, target, choices, words](const std::string& given) {
    for (const auto& [word, value] : choices) {
      if (word != given) continue;
      *target = value;
      return;
    }
    throw CLI::ValidationError(name, "'" + given + "' is none of " + words);
  };
  return app->add_option_function<std::string>(name, choose, help)
      ->type_name(words)
      ->default_str(preset);
}

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_CHOICE_H_
