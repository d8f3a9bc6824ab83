// See help_format.h.
#include "cli/options/help_format.h"

#include <string_view>

namespace thresh::cli {
namespace {

constexpr size_t kWidth = 80;
constexpr size_t kNameWidth = 22;  // including blanks on both sides

// Name on the left, description on the right, on one or more lines; a long name
// gets its own line.
std::string Entry(std::string_view name, std::string_view description) {
  std::string text = "  ";
  text += name;
  size_t column = text.size();
  if (column + 2 > kNameWidth) {
    text += '\n';
    column = 0;
  }
  text.append(kNameWidth - column, ' ');
  column = kNameWidth;
  while (!description.empty()) {
    const size_t end = std::min(description.find(' '), description.size());
    const bool first = column == kNameWidth;
    if (!first && column + 1 + end > kWidth) {
      text += '\n';
      text.append(kNameWidth, ' ');
      column = kNameWidth;
    } else if (!first) {
      text += ' ';
      ++column;
    }
    text += description.substr(0, end);
    column += end;
    description.remove_prefix(std::min(end + 1, description.size()));
  }
  return text + '\n';
}

}  // namespace

std::string HelpFormat::make_help(const CLI::App* app, std::string name,
                                  CLI::AppFormatMode mode) const {
  // CLI11 puts two blank lines between groups.
  return CLI::detail::find_and_replace(
      CLI::Formatter::make_help(app, std::move(name), mode), "\n\n\n", "\n\n");
}

std::string HelpFormat::make_option(const CLI::Option* option,
                                    bool is_positional) const {
  std::string name = make_option_name(option, is_positional);
  std::string description = make_option_desc(option);
  if (!is_positional && option->get_type_size() != 0) {
    name += ' ';
    name += option->get_type_name();
    if (option->get_required()) description += " (required)";
    if (!option->get_default_str().empty()) {
      // A non-breaking space.
      description += " [default:\x01" + option->get_default_str() + "]";
    }
  }
  return CLI::detail::find_and_replace(Entry(name, description), "\x01", " ");
}

std::string HelpFormat::make_subcommand(const CLI::App* command) const {
  return Entry(command->get_name(), command->get_description());
}

}  // namespace thresh::cli
