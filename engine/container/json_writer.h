// Kinesis records as the members of JSON documents. Fields assigned by Kinesis
// are made up if the caller does not have them.
#ifndef THRESH_CONTAINER_JSON_WRITER_H_
#define THRESH_CONTAINER_JSON_WRITER_H_

#include <memory>

#include "container/container.h"
#include "thresh/record_writer.h"

namespace thresh {

inline constexpr WrittenShape kJsonShapes[] = {
    {"lambda-json", JsonShape::kLambda},
    {"get-records-json", JsonShape::kGetRecords}};

// Writes documents of format.json, each on a line, with sequence numbers and
// arrival times that count the records unless these have their own. Partition
// keys must be UTF-8.
[[nodiscard]] std::unique_ptr<RecordWriter> NewJsonWriter(
    const ContainerFormat& format, const JsonSource& source);

}  // namespace thresh

#endif  // THRESH_CONTAINER_JSON_WRITER_H_
