// See suspect_options.h.
#include "cli/options/suspect_options.h"

#include <CLI/CLI.hpp>

#include "cli/options/choice.h"
#include "cli/options/output_files.h"

namespace thresh::cli {

void AddSuspectOptions(CLI::App* app, SuspectOptions* options,
                       const std::string& more) {
  options->on_suspect_option =
      AddChoice(
          app, "--on-suspect", &options->on_suspect,
          {{"quarantine", SuspectPolicy::kQuarantine},
           {"pass", SuspectPolicy::kPass},
           {"skip", SuspectPolicy::kSkip},
           {"fail", SuspectPolicy::kFail}},
          "Records that do not verify, and bytes that are no record: write "
          "them to a side file, pass them on whole as one user record each, "
          "only count them, or stop at the first")
          ->group("Suspects");
  app->add_option("--quarantine", options->quarantine,
                  "The side file; without it OUT.quarantine.ndjson, or a new "
                  "thresh.quarantine.ndjson when OUT is no file" +
                      more)
      ->type_name("FILE")
      ->group("Suspects");
}

std::optional<std::string> FindContradiction(const SuspectOptions& options) {
  if (!options.quarantine.empty() &&
      options.on_suspect != SuspectPolicy::kQuarantine) {
    return "--quarantine needs --on-suspect quarantine, the default";
  }
  return std::nullopt;
}

std::string QuarantinePath(const SuspectOptions& options,
                           const std::string& out) {
  if (options.on_suspect != SuspectPolicy::kQuarantine) return {};
  if (!options.quarantine.empty()) return options.quarantine;
  return DefaultQuarantine(out);
}

OutputOptions OutputOptionsOf(const PublishOptions& options,
                              const std::string& out,
                              const std::string& quarantine) {
  OutputOptions output{.sync = !options.no_sync};
  const std::string derived = out + std::string(kQuarantineSuffix);
  if (out != "-" && quarantine != derived) output.stale_side_file = derived;
  return output;
}

Result<std::unique_ptr<Sink>> OpenSideFile(const std::string& path,
                                           const std::string& out,
                                           const PublishOptions& publish,
                                           const InputList& inputs) {
  if (path.empty()) return nullptr;
  // Only a name that is specific to thresh is taken for the file of an earlier
  // run.
  const bool is_derived = path == out + std::string(kQuarantineSuffix);
  Result<std::unique_ptr<Sink>> sink = OpenQuarantine(
      path, inputs,
      {.stale = is_derived ? StaleQuarantine::kRemove : StaleQuarantine::kKeep,
       .output = out,
       .sync = !publish.no_sync});
  if (!sink) {
    sink.error().remedy =
        "say with --quarantine where suspects go, or with --on-suspect what "
        "else becomes of them";
  }
  return sink;
}

}  // namespace thresh::cli
