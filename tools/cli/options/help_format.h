// The layout of --help: 80 columns, defaults after the descriptions.
#ifndef THRESH_TOOLS_CLI_OPTIONS_HELP_FORMAT_H_
#define THRESH_TOOLS_CLI_OPTIONS_HELP_FORMAT_H_

#include <CLI/CLI.hpp>
#include <string>

namespace thresh::cli {

class HelpFormat : public CLI::Formatter {
 public:
  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override;
  std::string make_option(const CLI::Option* option,
                          bool is_positional) const override;
  std::string make_subcommand(const CLI::App* command) const override;
};

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_OPTIONS_HELP_FORMAT_H_
