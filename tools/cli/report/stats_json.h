// Statistics as JSON, for programs.
#ifndef THRESH_TOOLS_CLI_REPORT_STATS_JSON_H_
#define THRESH_TOOLS_CLI_REPORT_STATS_JSON_H_

#include "cli/report/json_value.h"
#include "cli/report/stats_report.h"

namespace thresh::cli {

// One object, described in FORMAT.md: the same for the same inputs, regardless
// of the number of jobs.
[[nodiscard]] Json StatsJson(const StatsReport& report);

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_REPORT_STATS_JSON_H_
