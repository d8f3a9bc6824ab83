// See svg_plot.h.
#include "cli/report/svg_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/printable.h"
#include "cli/report/units.h"

namespace thresh::cli {
namespace {

// Dimensions of the drawing, in pixels at its natural size.
constexpr double kWidth = 720;
constexpr double kHeight = 250;
constexpr double kLeft = 72;
constexpr double kRight = 12;
constexpr double kTop = 12;
constexpr double kBottom = 48;
constexpr double kPlotWidth = kWidth - kLeft - kRight;
constexpr double kPlotHeight = kHeight - kTop - kBottom;
constexpr double kWidestBar = 80;
// The width of a character of a tick's label.
constexpr double kCharacter = 7;

// The distance of round numbers such that about four of them reach `most`.
double StepFor(double most) {
  const double rough = std::max(most / 4, 1.0);
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= rough) return factor * power;
  }
  return 10 * power;
}

// A round number, without trailing zero decimals.
std::string RoundText(double value) {
  std::string text = HumanCount(value);
  const size_t end = text.find(' ');
  const size_t digits = end == std::string::npos ? text.size() : end;
  if (text.find('.') >= digits) return text;
  const size_t last = text.find_last_not_of('0', digits - 1);
  const size_t keep = text[last] == '.' ? last : last + 1;
  return text.erase(keep, digits - keep);
}

std::string YAxis(double step, double top) {
  std::string svg;
  const auto lines = static_cast<int>(std::lround(top / step));
  for (int line = 0; line <= lines; ++line) {
    const double value = step * line;
    const double y = kTop + kPlotHeight * (1 - value / top);
    svg += fmt::format(
        "<line class=\"{}\" x1=\"{}\" x2=\"{}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>"
        "<text class=\"tick\" x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\">{}"
        "</text>\n",
        line == 0 ? "axis" : "grid", kLeft, kWidth - kRight, y, y, kLeft - 8,
        y + 4, RoundText(value));
  }
  return svg;
}

// Labels where they fit.
std::string XTicks(const std::vector<Bar>& bars, double slot) {
  size_t longest = 1;
  for (const Bar& bar : bars) longest = std::max(longest, bar.label.size());
  const double room = kCharacter * static_cast<double>(longest + 2);
  const auto every = static_cast<size_t>(std::max(1.0, std::ceil(room / slot)));
  std::string svg;
  for (size_t i = 0; i < bars.size(); i += every) {
    const double x = kLeft + slot * (static_cast<double>(i) + 0.5);
    // Not past the edge.
    const double half = kCharacter * static_cast<double>(longest) / 2;
    if (x + half > kWidth) break;
    svg += fmt::format(
        "<text class=\"tick\" x=\"{:.1f}\" y=\"{:.1f}\" "
        "text-anchor=\"middle\">{}</text>\n",
        std::max(x, half), kTop + kPlotHeight + 17,
        HtmlEscaped(Printable(bars[i].label)));
  }
  return svg;
}

std::string AxisTitles(const Plot& plot) {
  const double middle = kTop + kPlotHeight / 2;
  return fmt::format(
      "<text class=\"label\" x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">{}"
      "</text>\n<text class=\"label\" x=\"14\" y=\"{:.1f}\" "
      "text-anchor=\"middle\" transform=\"rotate(-90 14 {:.1f})\">{}</text>\n",
      kLeft + kPlotWidth / 2, kHeight - 8, HtmlEscaped(plot.x_axis), middle,
      middle, HtmlEscaped(plot.y_axis));
}

}  // namespace

std::string HtmlEscaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string SvgBars(const Plot& plot) {
  uint64_t most = 1;
  for (const Bar& bar : plot.bars) most = std::max(most, bar.count);
  const double step = StepFor(static_cast<double>(most));
  const double top = std::ceil(static_cast<double>(most) / step) * step;
  const double slot =
      kPlotWidth / static_cast<double>(std::max<size_t>(1, plot.bars.size()));
  const double width = std::min(kWidestBar, slot * 0.86);
  std::string svg = fmt::format(
      "<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">\n", kWidth,
      kHeight, HtmlEscaped(plot.title));
  svg += YAxis(step, top);
  for (size_t i = 0; i < plot.bars.size(); ++i) {
    const Bar& bar = plot.bars[i];
    const double height = static_cast<double>(bar.count) / top * kPlotHeight;
    const double x = kLeft + slot * (static_cast<double>(i) + 0.5) - width / 2;
    svg += fmt::format(
        "<rect class=\"bar\" x=\"{:.2f}\" y=\"{:.2f}\" width=\"{:.2f}\" "
        "height=\"{:.2f}\"><title>{}: {}</title></rect>\n",
        x, kTop + kPlotHeight - height, width, height,
        HtmlEscaped(Printable(bar.range)), WithThousands(bar.count));
  }
  return svg + XTicks(plot.bars, slot) + AxisTitles(plot) + "</svg>\n";
}

}  // namespace thresh::cli
