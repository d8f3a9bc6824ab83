// See publish_options.h.
#include "cli/options/publish_options.h"

#include <CLI/CLI.hpp>

namespace thresh::cli {

void AddNoSync(CLI::App* app, PublishOptions* options) {
  app->add_flag("--no-sync", options->no_sync,
                "Do not sync files to disk before they get their names: a "
                "crash of the machine may then leave part of one")
      ->group("Output");
}

void AddPublishOptions(CLI::App* app, PublishOptions* options) {
  AddNoSync(app, options);
  app->add_flag("--keep-going", options->keep_going,
                "Write OUT although an input could not be read; without it the "
                "result is then called OUT.incomplete")
      ->group("Output");
}

}  // namespace thresh::cli
