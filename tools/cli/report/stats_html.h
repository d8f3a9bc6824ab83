// Statistics as a page to look at and to keep.
#ifndef THRESH_TOOLS_CLI_REPORT_STATS_HTML_H_
#define THRESH_TOOLS_CLI_REPORT_STATS_HTML_H_

#include <string>

#include "cli/report/stats_report.h"

namespace thresh::cli {

// One HTML document that needs nothing else, no network and no scripts: style
// and plots are in it. Keys and names, which may be any bytes, stand in it as
// text: what is not UTF-8 in base64, with a mark.
[[nodiscard]] std::string StatsHtml(const StatsReport& report);

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_REPORT_STATS_HTML_H_
