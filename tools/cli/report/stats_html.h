// Statistics as an HTML page.
#ifndef THRESH_TOOLS_CLI_REPORT_STATS_HTML_H_
#define THRESH_TOOLS_CLI_REPORT_STATS_HTML_H_

#include <string>

#include "cli/report/stats_report.h"

namespace thresh::cli {

// One self-contained HTML document, which uses no network and no scripts; style
// and plots are included. Keys and names, which may be any bytes, are shown as
// text: in base64, with a mark, where they are not UTF-8.
[[nodiscard]] std::string StatsHtml(const StatsReport& report);

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_REPORT_STATS_HTML_H_
