// What `thresh aggregate` asks of the library.
#ifndef THRESH_TOOLS_CLI_OPTIONS_PACKING_OPTIONS_H_
#define THRESH_TOOLS_CLI_OPTIONS_PACKING_OPTIONS_H_

#include <memory>

#include "cli/options/aggregate_options.h"
#include "thresh/aggregate.h"
#include "thresh/aggregator.h"
#include "thresh/record_writer.h"
#include "thresh/result.h"

namespace thresh::cli {

// The packer's limits. An archive may hold whatever record there is; in a
// request a blob and its partition key, "a", are a record of the stream's.
[[nodiscard]] AggregatorOptions LimitsOf(const AggregateOptions& options);

// The writer of what the options promise. Of requests, FindContradiction must
// have found nothing.
[[nodiscard]] Result<std::unique_ptr<RecordWriter>> WriterFor(
    const AggregateOptions& options);

// What the library is asked for, but for the filter, the shards and how inputs
// and progress are reported. `plain` is what the writer keeps of plain records.
[[nodiscard]] thresh::AggregateOptions LibraryOptions(
    const AggregateOptions& options, const PlainSupport& plain);

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_OPTIONS_PACKING_OPTIONS_H_
