// Standard output for the text that commands print: buffered, with errors kept
// until they are queried, so that a full disk is not taken for success.
#ifndef THRESH_TOOLS_CLI_REPORT_TEXT_OUTPUT_H_
#define THRESH_TOOLS_CLI_REPORT_TEXT_OUTPUT_H_

#include <string_view>

#include "thresh/result.h"

namespace thresh::cli {

// Writes `text` to standard output. After a failed write, all further text is
// dropped.
void PrintOutput(std::string_view text);

// Writes the buffered text. Fails if any write to standard output has failed.
[[nodiscard]] Result<void> FlushOutput();

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_REPORT_TEXT_OUTPUT_H_
