// The metadata of a Kinesis record as members of JSON objects.
#ifndef THRESH_SINK_METADATA_MEMBERS_H_
#define THRESH_SINK_METADATA_MEMBERS_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "thresh/batch.h"
#include "thresh/output_buffer.h"

namespace thresh {

// Each appends ,"NAME":VALUE with VALUE null if there is none. Text is written
// as AppendTextMember does.
void AppendOptionalText(std::string_view name, const std::optional<Bytes>& text,
                        OutputBuffer* out);
// Seconds since 1970 as a decimal number, exact: with three decimals, or with
// six if it is not a whole number of milliseconds.
void AppendOptionalTime(std::string_view name,
                        const std::optional<int64_t>& micros,
                        OutputBuffer* out);

// Appends each member that is not null, with its name in the NDJSON of user
// records; the partition key of the Kinesis record as partitionKey.
void AppendKnownMetadata(const KinesisMetadata& metadata, OutputBuffer* out);

}  // namespace thresh

#endif  // THRESH_SINK_METADATA_MEMBERS_H_
