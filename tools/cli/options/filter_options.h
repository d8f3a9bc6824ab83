// The options that select the records a command takes.
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
  Filter filter;  // except for the members below
  std::vector<std::string> key_files;
  // To distinguish options that were given from defaults.
  CLI::Option* dedupe_memory_option = nullptr;
  CLI::Option* hash_range_mode_option = nullptr;
};

// Adds the group "Filters" to `app`, without its limit. `options` must outlive
// it.
void AddFilterOptions(CLI::App* app, FilterOptions* options);

// Adds the limit of user records to that group.
void AddFilterLimit(CLI::App* app, FilterOptions* options);

// Returns a description of conflicting options, if there are any.
[[nodiscard]] std::optional<std::string> FindContradiction(
    const FilterOptions& options);

// The filter with the keys of its key files; fails if a file cannot be read or
// a condition is invalid.
[[nodiscard]] Result<Filter> FilterOf(const FilterOptions& options);

// Reports on standard error how many records were left out for lack of
// metadata, if any.
void ReportMissingMetadata(const Summary& summary);

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_OPTIONS_FILTER_OPTIONS_H_
