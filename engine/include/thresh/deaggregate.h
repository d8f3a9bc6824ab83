// Deaggregation in one call: reads archives and passes verified user records to
// a sink.
#ifndef THRESH_DEAGGREGATE_H_
#define THRESH_DEAGGREGATE_H_

#include <string>
#include <vector>

#include "thresh/batch.h"
#include "thresh/export.h"
#include "thresh/input_list.h"
#include "thresh/options.h"
#include "thresh/result.h"
#include "thresh/sink.h"
#include "thresh/summary.h"

namespace thresh {

struct Report {
  Summary summary;
  // Inputs that could not be read to their end, in input order. Everything
  // before the error was delivered and counted.
  std::vector<Error> input_errors;
  // Whether the result was finished as incomplete because inputs could not be
  // read, and the file that holds it; empty if it is not a file.
  bool incomplete = false;
  // NOLINTNEXTLINE(readability-redundant-member-init)
  std::string incomplete_file = {};
};

// Whether a run with these options and input errors must be finished as
// incomplete.
[[nodiscard]] THRESH_EXPORT bool IsIncomplete(
    const Options& options, const std::vector<Error>& input_errors);

// Reads `inputs` (paths, or "-" for standard input) in order and passes every
// user record to `sink`, in input order and with the same bytes for any number
// of jobs. `quarantine` receives the suspects; it is required for
// SuspectPolicy::kQuarantine and ignored otherwise. Both must outlive the call.
//
// The work is done on Options::jobs threads, this one among them.
//
// An input that fails is reported and the run goes on with the next. The call
// itself fails for bad options, a sink that fails, SuspectPolicy::kFail,
// Options::cancel, when memory is out, or for a mapped file that is truncated
// while data is written from it.
[[nodiscard]] THRESH_EXPORT Result<Report> Deaggregate(
    const InputList& inputs, const Options& options, Sink* sink,
    Sink* quarantine = nullptr);
// The same for sinks that do not name inputs, and so need no copy of the list.
[[nodiscard]] THRESH_EXPORT Result<Report> Deaggregate(
    const std::vector<std::string>& inputs, const Options& options, Sink* sink,
    Sink* quarantine = nullptr);

// Deaggregates one Kinesis record of at most 2^31 - 1 bytes, appending its row
// and its user records to `batch`, whose views point into `record`. Suspects
// add a row and no user records. `nested` is Options::nested. Returns the
// verdict.
THRESH_EXPORT Verdict Deaggregate(Bytes record, Batch* batch,
                                  bool nested = false);

}  // namespace thresh

#endif  // THRESH_DEAGGREGATE_H_
