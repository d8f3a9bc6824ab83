// The checks of a caller's options and environment by both entry points of the
// engine, and values derived from them.
#ifndef THRESH_PIPELINE_CHECK_OPTIONS_H_
#define THRESH_PIPELINE_CHECK_OPTIONS_H_

#include "compression/expansion_limits.h"
#include "thresh/options.h"
#include "thresh/result.h"
#include "thresh/sink.h"

namespace thresh {

// The number of worker threads for `options`, at least 1.
unsigned JobsOf(const Options& options);

// Whether files are mapped. Mapping them needs a handler of SIGBUS.
bool MapsFiles(const Options& options);

// The limits of compressed inputs.
ExpansionLimits ExpansionLimitsOf(const Options& options);

// The summary of a run with these options that has not read anything yet.
Summary EmptySummary(const Options& options);

// Returns an error unless the options are valid, THRESH_TARGET is valid if it
// is set, and the system provides random bytes.
Result<void> CheckOptions(const Options& options);

// Returns an error if the policy is to quarantine suspects, and there is no
// quarantine.
Result<void> CheckQuarantine(const Options& options, const Sink* quarantine);

// CheckOptions and CheckQuarantine, and that there is a sink.
Result<void> CheckOptions(const Options& options, const Sink* sink,
                          const Sink* quarantine);

}  // namespace thresh

#endif  // THRESH_PIPELINE_CHECK_OPTIONS_H_
