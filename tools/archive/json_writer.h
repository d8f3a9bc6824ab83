// Kinesis records as the members of JSON documents. What Kinesis would have
// told of them is made up, the same for the same record of every archive.
#ifndef THRESH_TOOLS_ARCHIVE_JSON_WRITER_H_
#define THRESH_TOOLS_ARCHIVE_JSON_WRITER_H_

#include <memory>

#include "archive/record_writer.h"

namespace thresh::archive {

// Writes documents of one shape, each on a line, with a sequence number and
// arrival time that count the records. The partition keys that it is given are
// UTF-8. `source` must outlive the writer.
[[nodiscard]] std::unique_ptr<RecordWriter> NewJsonWriter(
    JsonShape shape, const JsonSource& source);

}  // namespace thresh::archive

#endif  // THRESH_TOOLS_ARCHIVE_JSON_WRITER_H_
