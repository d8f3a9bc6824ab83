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

// The same, and the sinks that Deaggregate needs.
Result<void> CheckOptions(const Options& options, const Sink* sink,
                          const Sink* quarantine);

}  // namespace thresh

#endif  // THRESH_PIPELINE_CHECK_OPTIONS_H_
