// What both ways into the engine ask of a caller's options and environment, and
// what follows from them.
#ifndef THRESH_PIPELINE_CHECK_OPTIONS_H_
#define THRESH_PIPELINE_CHECK_OPTIONS_H_

#include "thresh/options.h"
#include "thresh/result.h"
#include "thresh/sink.h"

namespace thresh {

// Worker threads that `options` ask for, at least 1.
unsigned JobsOf(const Options& options);

// The account of a run with these options that has not read anything yet.
Summary EmptySummary(const Options& options);

// An error unless the options make sense, and THRESH_TARGET if it is set, and
// the system gives random bytes.
Result<void> CheckOptions(const Options& options);

// An error if suspects are to go to a quarantine, and there is none.
Result<void> CheckQuarantine(const Options& options, const Sink* quarantine);

// CheckOptions and CheckQuarantine, and that there is a sink.
Result<void> CheckOptions(const Options& options, const Sink* sink,
                          const Sink* quarantine);

}  // namespace thresh

#endif  // THRESH_PIPELINE_CHECK_OPTIONS_H_
