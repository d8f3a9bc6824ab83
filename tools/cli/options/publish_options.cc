// See publish_options.h.
#include "cli/options/publish_options.h"

#include <CLI/CLI.hpp>

namespace thresh::cli {

void AddNoSync(CLI::App* app, PublishOptions* options) {
  app->add_flag("--no-sync", options->no_sync,
                "Do not sync files to disk before they are renamed: a crash of "
                "the machine may then leave a partial file")
      ->group("Output");
}

void AddPublishOptions(CLI::App* app, PublishOptions* options) {
  AddNoSync(app, options);
  app->add_flag("--keep-going", options->keep_going,
                "Write OUT even if an input could not be read; without this "
                "the result is then named OUT.incomplete")
      ->group("Output");
}

}  // namespace thresh::cli
