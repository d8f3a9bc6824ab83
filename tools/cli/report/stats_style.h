// The style sheet of the statistics page, for light and dark screens and paper.
#ifndef THRESH_TOOLS_CLI_REPORT_STATS_STYLE_H_
#define THRESH_TOOLS_CLI_REPORT_STATS_STYLE_H_

namespace thresh::cli {

inline constexpr char kStatsStyle[] = R"css(
:root { color-scheme: light dark;
  --page: #fcfcfb; --ink: #1c1b19; --soft: #66635d; --line: #dedbd4;
  --panel: #ffffff; --bar: #2667b8; }
@media (prefers-color-scheme: dark) { :root {
  --page: #181817; --ink: #eceae6; --soft: #a5a29b; --line: #3a3936;
  --panel: #20201f; --bar: #6ca6ec; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1560px; padding: 28px 24px 48px;
  background: var(--page); color: var(--ink);
  font: 15px/1.45 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
h1 { font-size: 24px; margin: 0 0 4px; }
h2 { font-size: 17px; margin: 0 0 2px; }
.sub { color: var(--soft); margin: 0 0 12px; font-size: 13px; }
.tiles { display: grid; gap: 12px; margin: 20px 0;
  grid-template-columns: repeat(auto-fit, minmax(165px, 1fr)); }
.tile, section { background: var(--panel); border: 1px solid var(--line);
  border-radius: 8px; padding: 14px 16px; }
.tile b { display: block; font-size: 22px; font-weight: 600; }
.tile span { color: var(--soft); font-size: 13px; }
.plots { display: grid; gap: 16px;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 560px), 1fr)); }
svg { display: block; width: 100%; height: auto; }
.bar { fill: var(--bar); } .bar:hover { opacity: .75; }
.grid { stroke: var(--line); } .axis { stroke: var(--soft); }
.tick { fill: var(--soft); font-size: 12px; }
.label { fill: var(--ink); font-size: 12.5px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th, td { text-align: left; padding: 4px 10px 4px 0; vertical-align: top;
  border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 500; }
tr:last-child td { border-bottom: 0; }
.n { text-align: right; font-variant-numeric: tabular-nums;
  white-space: nowrap; }
.key { font-family: ui-monospace, "DejaVu Sans Mono", monospace;
  font-size: 13px; overflow-wrap: anywhere; }
.mark { border: 1px solid var(--line); border-radius: 4px; padding: 0 4px;
  color: var(--soft); font-size: 11px; }
.share { display: block; height: 4px; margin-top: 3px; border-radius: 2px;
  background: var(--bar); }
@media print { .tile, section { break-inside: avoid; } }
)css";

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_REPORT_STATS_STYLE_H_
