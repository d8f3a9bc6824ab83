// What the program advises about an error of the engine, which does not know
// the program's commands and options.
#ifndef THRESH_TOOLS_CLI_REPORT_ADVICE_H_
#define THRESH_TOOLS_CLI_REPORT_ADVICE_H_

#include <string_view>

#include "thresh/result.h"

namespace thresh::cli {

// How a command reads its inputs.
struct InputAdvice {
  // The option that names their container.
  std::string_view container_option = "--container";
  // Whether they may be lines of text as well, which --from would name.
  bool reads_lines = false;
};

// `error`, its remedy in the program's words if it has any for it.
[[nodiscard]] Error Advised(Error error, const InputAdvice& input = {});

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_REPORT_ADVICE_H_
