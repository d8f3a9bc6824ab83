// Statistics for a terminal.
#ifndef THRESH_TOOLS_CLI_REPORT_STATS_TEXT_H_
#define THRESH_TOOLS_CLI_REPORT_STATS_TEXT_H_

#include <string>

#include "cli/report/stats_report.h"

namespace thresh::cli {

// Some dozens of lines of at most 80 columns, unless a number is huge; sections
// without data are left out.
[[nodiscard]] std::string StatsText(const StatsReport& report);

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_REPORT_STATS_TEXT_H_
