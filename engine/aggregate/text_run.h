// User records from files of lines instead of archives: the counterpart of
// thresh::Deaggregate, with a parser for each line.
#ifndef THRESH_AGGREGATE_TEXT_RUN_H_
#define THRESH_AGGREGATE_TEXT_RUN_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "aggregate/line_parser.h"
#include "thresh/aggregate.h"
#include "thresh/deaggregate.h"
#include "thresh/input_list.h"
#include "thresh/options.h"
#include "thresh/result.h"
#include "thresh/sink.h"

namespace thresh {

struct TextRun {
  InputList inputs;
  // Only on_suspect, jobs, cancel, progress and those that LineReader uses
  // apply.
  Options options;
  // Whether a record without partition key ends the run.
  bool keys_needed = false;
  // AggregateOptions::on_line_problem.
  std::function<void(const LineProblem&)> on_line_problem;
};

// Reads the lines of the run's inputs and passes every user record to `sink`,
// in order. A line that is not a record is a suspect, an opaque span;
// `quarantine` receives them if that is the policy. Lines are parsed by copies
// of `parser`. Ends and fails as thresh::Deaggregate does, and throws what a
// sink or a callback throws. In the summary lines are record_bytes, line ends
// and empty lines framing_bytes; there are no Kinesis records.
[[nodiscard]] Result<Report> ReadText(const TextRun& run,
                                      const LineParser& parser, Sink* sink,
                                      Sink* quarantine);

}  // namespace thresh

#endif  // THRESH_AGGREGATE_TEXT_RUN_H_
