// Kinesis records as request documents, which are not read but sent: the one
// thing that `thresh aggregate` writes that is no container.
#ifndef THRESH_TOOLS_CLI_REQUEST_WRITER_H_
#define THRESH_TOOLS_CLI_REQUEST_WRITER_H_

#include <memory>

#include "kinesis/put_records_document.h"
#include "kinesis/stream.h"
#include "thresh/record_writer.h"

namespace thresh::cli {

// Writes documents of requests to `stream`, one a line (FORMAT.md, "Requests").
// `limits` must be such that kinesis::CheckPutLimits finds nothing. A record's
// bytes are less than limits.record_bytes; a plain one is such that
// kinesis::CheckPutRecord takes it. A blob whose partition key is too long for
// what it leaves of limits.record_bytes goes under "a": its explicit hash key
// decides alone where it goes.
[[nodiscard]] std::unique_ptr<RecordWriter> NewRequestWriter(
    const kinesis::Stream& stream, const kinesis::PutLimits& limits);

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_REQUEST_WRITER_H_
