// Writes Kinesis records as request documents, which are sent and not read: the
// only output of `thresh aggregate` that is not a container.
#ifndef THRESH_TOOLS_CLI_REQUEST_WRITER_H_
#define THRESH_TOOLS_CLI_REQUEST_WRITER_H_

#include <memory>

#include "kinesis/put_records_document.h"
#include "kinesis/stream.h"
#include "thresh/record_writer.h"

namespace thresh::cli {

// Writes request documents to `stream`, one per line (FORMAT.md, "Requests").
// `limits` must pass kinesis::CheckPutLimits. A record must be smaller than
// limits.record_bytes; a plain one must pass kinesis::CheckPutRecord. A blob
// whose partition key does not fit in the rest of limits.record_bytes is sent
// under "a": its explicit hash key alone determines its shard.
[[nodiscard]] std::unique_ptr<RecordWriter> NewRequestWriter(
    const kinesis::Stream& stream, const kinesis::PutLimits& limits);

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_REQUEST_WRITER_H_
