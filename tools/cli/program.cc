// Reads the command line and runs a subcommand.
#include "cli/program.h"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "cli/commands/command.h"
#include "cli/exit_status.h"
#include "cli/options/help_format.h"
#include "cli/report/messages.h"
#include "thresh/simd_target.h"

namespace thresh::cli {
namespace {

constexpr char kDescription[] =
    "Takes archives of aggregated Amazon Kinesis records apart, and puts them "
    "together.";
constexpr char kFooter[] = R"(Examples:
  thresh deaggregate archive/ -o records.ndjson
  thresh aggregate --from ndjson records.ndjson -o packed.blobs
  thresh verify archive/
  thresh inspect day.gz --limit 3
  thresh stats archive/ --html stats.html

'thresh COMMAND --help' says more.)";

// CLI11 throws for help and version, too; they are printed and succeed.
ExitStatus EndParsing(const CLI::App& program, const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) {
    static_cast<void>(program.exit(error));
    if (std::cout.flush()) return ExitStatus::kClean;
    return ReportError({.code = ErrorCode::kIo,
                        .file = "standard output",
                        .offset = std::nullopt,
                        .message = "cannot be written",
                        .remedy = {}});
  }
  const auto parsed = program.get_subcommands();
  const std::vector<std::string> unknown = program.remaining();
  if (parsed.empty() && !unknown.empty()) {
    return ReportUsageError("", "unknown command '" + unknown.front() + "'");
  }
  return ReportUsageError(parsed.empty() ? "" : parsed.front()->get_name(),
                          error.what());
}

ExitStatus ParseAndRun(int argc, char** argv) {
  CLI::App program(kDescription, "thresh");
  program.formatter(std::make_shared<HelpFormat>());
  program.set_help_flag("--help,-h", "This text");
  program.set_version_flag("--version", "thresh " THRESH_VERSION,
                           "The program's version");
  program.require_subcommand(1);
  program.footer(kFooter);
  const std::vector<Command> commands = {
      AddDeaggregateCommand(&program), AddAggregateCommand(&program),
      AddVerifyCommand(&program),      AddInspectCommand(&program),
      AddStatsCommand(&program),       AddReplayCommand(&program),
      AddGenerateCommand(&program)};
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return EndParsing(program, error);
  }
  if (const Result<std::string> target = SimdTarget(); !target) {
    return ReportError(target.error());
  }
  for (const Command& command : commands) {
    if (command.app->parsed()) return command.run();
  }
  return ExitStatus::kUsage;
}

}  // namespace

int RunProgram(int argc, char** argv) {
  try {
    return static_cast<int>(ParseAndRun(argc, argv));
  } catch (const std::bad_alloc&) {
    return static_cast<int>(
        ReportError({.code = ErrorCode::kMemory,
                     .file = {},
                     .offset = std::nullopt,
                     .message = "there is not enough memory to go on",
                     .remedy = "give the program more memory"}));
  } catch (const std::exception& error) {
    ReportNote(error.what());
    return static_cast<int>(ExitStatus::kFailed);
  }
}

}  // namespace thresh::cli
