// The options that control how the files of a run are published.
#ifndef THRESH_TOOLS_CLI_OPTIONS_PUBLISH_OPTIONS_H_
#define THRESH_TOOLS_CLI_OPTIONS_PUBLISH_OPTIONS_H_

#include "cli/options/cli11.h"

namespace thresh::cli {

struct PublishOptions {
  bool no_sync = false;
  bool keep_going = false;
};

// Adds --no-sync to the group "Output" of `app`. `options` must outlive it.
void AddNoSync(CLI::App* app, PublishOptions* options);

// Adds --no-sync and, for a command that reads archives, --keep-going.
void AddPublishOptions(CLI::App* app, PublishOptions* options);

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_OPTIONS_PUBLISH_OPTIONS_H_
