// The summary of a finished run, for people and for programs.
#ifndef THRESH_TOOLS_CLI_REPORT_SUMMARY_PRINTER_H_
#define THRESH_TOOLS_CLI_REPORT_SUMMARY_PRINTER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/options/cli11.h"
#include "cli/report/advice.h"
#include "cli/report/json_value.h"
#include "thresh/content_checksum.h"
#include "thresh/content_digest.h"
#include "thresh/deaggregate.h"
#include "thresh/result.h"
#include "thresh/summary.h"

namespace thresh::cli {

enum class SummaryFormat : uint8_t { kText, kJson };

// What is computed over all user records, for comparison with other runs.
struct ContentSums {
  bool checksum = false;
  bool digest = false;
};

struct SummaryOptions {
  SummaryFormat format = SummaryFormat::kText;
  bool quiet = false;
  ContentSums content;
};

// Adds --content-checksum and --content-digest to the options of `group`.
// `options` must outlive `app`.
void AddContentOptions(CLI::App* app, ContentSums* options,
                       const std::string& group);

// The lines that print the requested sums; empty if none was requested.
[[nodiscard]] std::string ContentText(
    const std::optional<ContentChecksum>& checksum,
    const std::optional<ContentDigest>& digest);

// Adds --summary, --quiet and the options of AddContentOptions. `json_stream`
// describes where JSON is written. `options` must outlive `app`.
void AddSummaryOptions(CLI::App* app, SummaryOptions* options,
                       const std::string& json_stream);

// A line of the summary.
struct SummaryRow {
  std::string label;
  std::string value;
  std::string note;  // or empty
};

// Several aligned lines; those without a count of interest are left out.
// `quarantine` is the file that holds the suspects, or empty; `more` are lines
// that a command adds.
[[nodiscard]] std::string SummaryText(const Summary& summary,
                                      const std::string& quarantine,
                                      const std::vector<SummaryRow>& more = {});

// One object with every count and the input errors, including the error of a
// run that ended early.
[[nodiscard]] Json SummaryJson(const Report& report,
                               const InputAdvice& input = {});

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_REPORT_SUMMARY_PRINTER_H_
