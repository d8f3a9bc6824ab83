// The library options for `thresh aggregate`.
#ifndef THRESH_TOOLS_CLI_OPTIONS_PACKING_OPTIONS_H_
#define THRESH_TOOLS_CLI_OPTIONS_PACKING_OPTIONS_H_

#include <memory>

#include "cli/options/aggregate_options.h"
#include "thresh/aggregate.h"
#include "thresh/aggregator.h"
#include "thresh/record_writer.h"
#include "thresh/result.h"

namespace thresh::cli {

// The packer's limits. An archive may hold a record of any size; in a request a
// blob and its partition key, "a", form one record of the stream.
[[nodiscard]] AggregatorOptions LimitsOf(const AggregateOptions& options);

// The writer for the output that the options specify. For requests,
// FindContradiction must have returned null.
[[nodiscard]] Result<std::unique_ptr<RecordWriter>> WriterFor(
    const AggregateOptions& options);

// The library's options, without the filter, the shards and the reporting of
// inputs and progress. `plain` is what the writer keeps of plain records.
[[nodiscard]] thresh::AggregateOptions LibraryOptions(
    const AggregateOptions& options, const PlainSupport& plain);

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_OPTIONS_PACKING_OPTIONS_H_
