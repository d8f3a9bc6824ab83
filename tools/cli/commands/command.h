// The subcommands. Each file NAME.cc adds its options to the command
// line and runs after they are parsed.
#ifndef THRESH_TOOLS_CLI_COMMANDS_COMMAND_H_
#define THRESH_TOOLS_CLI_COMMANDS_COMMAND_H_

#include <functional>

#include "cli/exit_status.h"
#include "cli/options/cli11.h"

namespace thresh::cli {

struct Command {
  CLI::App* app;
  std::function<ExitStatus()> run;  // to be called after parsing
};

Command AddDeaggregateCommand(CLI::App* program);
Command AddAggregateCommand(CLI::App* program);
Command AddVerifyCommand(CLI::App* program);
Command AddInspectCommand(CLI::App* program);
Command AddStatsCommand(CLI::App* program);
Command AddReplayCommand(CLI::App* program);
Command AddGenerateCommand(CLI::App* program);

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_COMMANDS_COMMAND_H_
