// What both ways into the engine ask of a caller's options and environment.
#ifndef THRESH_PIPELINE_CHECK_OPTIONS_H_
#define THRESH_PIPELINE_CHECK_OPTIONS_H_

#include "thresh/options.h"
#include "thresh/result.h"
#include "thresh/sink.h"

namespace thresh {

// Worker threads that `options` ask for, at least 1.
unsigned JobsOf(const Options& options);

// An error unless the options make sense, and THRESH_TARGET if it is set.
Result<void> CheckOptions(const Options& options);

// The same, and the sinks that Deaggregate needs.
Result<void> CheckOptions(const Options& options, const Sink* sink,
                          const Sink* quarantine);

}  // namespace thresh

#endif  // THRESH_PIPELINE_CHECK_OPTIONS_H_
