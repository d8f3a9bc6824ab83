// The options for handling suspects, and the file they are written to.
#ifndef THRESH_TOOLS_CLI_OPTIONS_SUSPECT_OPTIONS_H_
#define THRESH_TOOLS_CLI_OPTIONS_SUSPECT_OPTIONS_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/options/cli11.h"
#include "cli/options/publish_options.h"
#include "thresh/options.h"
#include "thresh/result.h"
#include "thresh/sink.h"
#include "thresh/sinks.h"

namespace thresh::cli {

struct SuspectOptions {
  SuspectPolicy on_suspect = SuspectPolicy::kQuarantine;
  std::string quarantine;  // as given
  // To distinguish options that were given from defaults.
  CLI::Option* on_suspect_option = nullptr;
};

// Adds the group "Suspects" to `app`; `more` is appended to the help on the
// side file. `options` must outlive it.
void AddSuspectOptions(CLI::App* app, SuspectOptions* options,
                       const std::string& more = "");

// Returns a description of conflicting options, if there are any.
[[nodiscard]] std::optional<std::string> FindContradiction(
    const SuspectOptions& options);

// The path of the side file of a run that writes `out`; empty if suspects are
// not written to a file.
[[nodiscard]] std::string QuarantinePath(const SuspectOptions& options,
                                         const std::string& out);

// The output options of a run that writes `out`, and its suspects to
// `quarantine` (empty: nowhere). A quarantine next to `out` that this run does
// not write is from an earlier run and is removed.
[[nodiscard]] OutputOptions OutputOptionsOf(const PublishOptions& options,
                                            const std::string& out,
                                            const std::string& quarantine);

// The sink for the suspects of a run that writes `out`; null if `path` is
// empty.
[[nodiscard]] Result<std::unique_ptr<Sink>> OpenSideFile(
    const std::string& path, const std::string& out,
    const PublishOptions& publish, const InputList& inputs);

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_OPTIONS_SUSPECT_OPTIONS_H_
