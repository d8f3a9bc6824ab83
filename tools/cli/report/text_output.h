// Standard output for what commands print themselves: buffered, and with its
// errors kept until somebody asks, so that a full disk is not taken for
// success.
#ifndef THRESH_TOOLS_CLI_REPORT_TEXT_OUTPUT_H_
#define THRESH_TOOLS_CLI_REPORT_TEXT_OUTPUT_H_

#include <string_view>

#include "thresh/result.h"

namespace thresh::cli {

// Writes `text` to standard output. After a failed write the rest is dropped.
void PrintOutput(std::string_view text);

// Writes out what is buffered. Fails if any write to standard output has.
[[nodiscard]] Result<void> FlushOutput();

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_REPORT_TEXT_OUTPUT_H_
