// The account of a finished run, for people and for programs.
#ifndef THRESH_TOOLS_CLI_SUMMARY_PRINTER_H_
#define THRESH_TOOLS_CLI_SUMMARY_PRINTER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "cli/cli11.h"
#include "cli/json_value.h"
#include "thresh/deaggregate.h"
#include "thresh/result.h"
#include "thresh/summary.h"

namespace thresh::cli {

enum class SummaryFormat : uint8_t { kText, kJson };

struct SummaryOptions {
  SummaryFormat format = SummaryFormat::kText;
  bool quiet = false;
  bool content_checksum = false;
};

// Adds --summary, --quiet and --content-checksum. `json_stream` says where JSON
// goes. `options` must outlive `app`.
void AddSummaryOptions(CLI::App* app, SummaryOptions* options,
                       const std::string& json_stream);

// A line of the summary.
struct SummaryRow {
  std::string label;
  std::string value;
  std::string note;  // or empty
};

// Several lines, aligned; those that count nothing of interest are left out.
// `quarantine` is the file that holds the suspects, or empty; `more` are lines
// that a command adds.
[[nodiscard]] std::string SummaryText(const Summary& summary,
                                      const std::string& quarantine,
                                      const std::vector<SummaryRow>& more = {});

// One object with every count and the input errors, among them the error of a
// run that ended early.
[[nodiscard]] Json SummaryJson(const Report& report);

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_SUMMARY_PRINTER_H_
