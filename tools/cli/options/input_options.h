// The options of every subcommand that reads archives.
#ifndef THRESH_TOOLS_CLI_OPTIONS_INPUT_OPTIONS_H_
#define THRESH_TOOLS_CLI_OPTIONS_INPUT_OPTIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "cli/options/choice.h"
#include "cli/options/cli11.h"
#include "thresh/input_list.h"
#include "thresh/options.h"
#include "thresh/result.h"

namespace thresh::cli {

struct InputOptions {
  std::vector<std::string> words;  // files, directories, globs, "-"
  ContainerKind container = ContainerKind::kAuto;
  unsigned jobs = 0;
  bool no_mmap = false;
  uint64_t max_expansion = Options().max_expansion;
  uint64_t max_expanded_bytes = Options().max_expanded_bytes;
  bool nested = false;
  std::vector<std::string> include;  // globs
  std::vector<std::string> exclude;
};

// The containers by name; without "auto" for a command that writes a container.
[[nodiscard]] Choices<ContainerKind> ContainerChoices(bool with_auto);

// Adds INPUT... and the group "Input" to `app`. `options` must outlive it.
void AddInputOptions(CLI::App* app, InputOptions* options);

// The two parts of AddInputOptions, for a command that specifies containers
// differently: INPUT..., and the group "Input" without --container.
void AddInputWords(CLI::App* app, InputOptions* options);
void AddReadingOptions(CLI::App* app, InputOptions* options);

struct Inputs {
  InputList list;
  std::vector<Error> errors;  // of words that match nothing
};

// The inputs that the words name. Each word is resolved separately, so that a
// wrong one does not prevent reading the others. Fails with the first word's
// error if all are wrong, and for words that are a usage error.
[[nodiscard]] Result<Inputs> FindInputs(const InputOptions& options);

// The library's reading options for `options`.
[[nodiscard]] Options ReadingOptions(const InputOptions& options);

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_OPTIONS_INPUT_OPTIONS_H_
