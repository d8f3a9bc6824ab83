// The options that say which records a command takes.
#ifndef THRESH_TOOLS_CLI_OPTIONS_FILTER_OPTIONS_H_
#define THRESH_TOOLS_CLI_OPTIONS_FILTER_OPTIONS_H_

#include <optional>
#include <string>
#include <vector>

#include "cli/options/cli11.h"
#include "thresh/filter.h"
#include "thresh/result.h"
#include "thresh/summary.h"

namespace thresh::cli {

struct FilterOptions {
  Filter filter;  // but for what stands below
  std::vector<std::string> key_files;
  // To tell what was asked for from what is the default.
  CLI::Option* dedupe_memory_option = nullptr;
  CLI::Option* hash_range_mode_option = nullptr;
};

// Adds the group "Filters" to `app`, but for its limit. `options` must outlive
// it.
void AddFilterOptions(CLI::App* app, FilterOptions* options);

// Adds the limit of user records to that group.
void AddFilterLimit(CLI::App* app, FilterOptions* options);

// What of the options does not go together, if anything.
[[nodiscard]] std::optional<std::string> FindContradiction(
    const FilterOptions& options);

// The filter with the keys that its files hold; fails if a file cannot be read
// or a condition makes no sense.
[[nodiscard]] Result<Filter> FilterOf(const FilterOptions& options);

// Says on standard error how many records were left out for want of metadata,
// if any were.
void ReportMissingMetadata(const Summary& summary);

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_OPTIONS_FILTER_OPTIONS_H_
