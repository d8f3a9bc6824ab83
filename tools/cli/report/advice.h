// Remedies for the engine's errors in terms of the program's commands and
// options, which the engine does not know.
#ifndef THRESH_TOOLS_CLI_REPORT_ADVICE_H_
#define THRESH_TOOLS_CLI_REPORT_ADVICE_H_

#include <string_view>

#include "thresh/result.h"

namespace thresh::cli {

// How a command reads its inputs.
struct InputAdvice {
  // The option that names their container.
  std::string_view container_option = "--container";
  // Whether the inputs may also be lines of text, which --from would select.
  bool reads_lines = false;
};

// `error`, with its remedy in terms of the program's options where there is
// one.
[[nodiscard]] Error Advised(Error error, const InputAdvice& input = {});

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_REPORT_ADVICE_H_
