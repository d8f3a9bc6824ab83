// The `thresh` program as a function.
#ifndef THRESH_TOOLS_CLI_PROGRAM_H_
#define THRESH_TOOLS_CLI_PROGRAM_H_

namespace thresh::cli {

// Runs the command line; returns the exit status.
int RunProgram(int argc, char** argv);

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_PROGRAM_H_
