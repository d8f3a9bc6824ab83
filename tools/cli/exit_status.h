// The meaning of the program's exit status; README.md and every --help repeat
// it.
#ifndef THRESH_TOOLS_CLI_EXIT_STATUS_H_
#define THRESH_TOOLS_CLI_EXIT_STATUS_H_

namespace thresh::cli {

enum class ExitStatus : int {
  kClean = 0,  // everything was read and is valid
  // Finished, but some bytes are not a valid Kinesis record, reports name
  // records that they do not contain, or records were left out that could not
  // be sent.
  kSuspects = 1,
  kUsage = 2,   // the command line is invalid; nothing was done
  kFailed = 3,  // an input or the output failed
};

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_EXIT_STATUS_H_
