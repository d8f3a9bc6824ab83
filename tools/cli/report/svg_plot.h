// Bar plots as SVG, for an HTML page whose style sets their colors.
#ifndef THRESH_TOOLS_CLI_REPORT_SVG_PLOT_H_
#define THRESH_TOOLS_CLI_REPORT_SVG_PLOT_H_

#include <string>
#include <string_view>
#include <vector>

#include "cli/report/stats_report.h"

namespace thresh::cli {

// `text`, which is UTF-8 or ASCII, with the characters escaped that are markup
// in HTML and XML, for use between tags or within quotes.
[[nodiscard]] std::string HtmlEscaped(std::string_view text);

struct Plot {
  std::string title;
  std::string x_axis;  // what the bars are, with the unit
  std::string y_axis;
  std::vector<Bar> bars;
};

// An <svg> element: one bar for each, axes with numbers from 0 to a round one.
// Elements have the classes "bar", "grid", "axis", "tick" and "label".
[[nodiscard]] std::string SvgBars(const Plot& plot);

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_REPORT_SVG_PLOT_H_
