// Options whose value is one of a few words.
#ifndef THRESH_TOOLS_CLI_OPTIONS_CHOICE_H_
#define THRESH_TOOLS_CLI_OPTIONS_CHOICE_H_

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/options/cli11.h"

namespace thresh::cli {

template <typename Enum>
using Choices = std::vector<std::pair<std::string_view, Enum>>;

// Adds option `name` to `app`, whose value is one of `words`, and calls
// `choose` with the index of the given word. `preset` is the word shown as the
// default, or empty.
CLI::Option* AddWord(CLI::App* app, const std::string& name,
                     const std::vector<std::string_view>& words,
                     std::string_view preset,
                     const std::function<void(size_t)>& choose,
                     const std::string& help);

// Adds option `name` to `app`; its value sets `*target`, whose current value is
// shown as the default and must be among `choices`.
template <typename Enum>
CLI::Option* AddChoice(CLI::App* app, const std::string& name, Enum* target,
                       const Choices<Enum>& choices, const std::string& help) {
  std::vector<std::string_view> words;
  std::vector<Enum> values;
  std::string_view preset;
  for (const auto& [word, value] : choices) {
    words.push_back(word);
    values.push_back(value);
    if (value == *target) preset = word;
  }
  const auto choose = [target, values = std::move(values)](size_t chosen) {
    *target = values[chosen];
  };
  return AddWord(app, name, words, preset, choose, help);
}

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_OPTIONS_CHOICE_H_
