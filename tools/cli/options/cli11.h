// Forward declarations of CLI11's types. Its header takes seconds to compile,
// and most files that declare options only pass pointers.
#ifndef THRESH_TOOLS_CLI_OPTIONS_CLI11_H_
#define THRESH_TOOLS_CLI_OPTIONS_CLI11_H_

namespace CLI {
class App;
class Option;
}  // namespace CLI

#endif  // THRESH_TOOLS_CLI_OPTIONS_CLI11_H_
