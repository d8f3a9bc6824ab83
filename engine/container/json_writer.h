// Kinesis records as the members of JSON documents. What Kinesis would have
// told of them is made up where the caller does not have it.
#ifndef THRESH_CONTAINER_JSON_WRITER_H_
#define THRESH_CONTAINER_JSON_WRITER_H_

#include <memory>

#include "container/container.h"
#include "thresh/record_writer.h"

namespace thresh {

inline constexpr WrittenShape kJsonShapes[] = {
    {"lambda-json", JsonShape::kLambda},
    {"get-records-json", JsonShape::kGetRecords}};

// Writes documents of format.json, each on a line, with a sequence number and
// arrival time that count the records unless these have their own. The
// partition keys that it is given are UTF-8.
[[nodiscard]] std::unique_ptr<RecordWriter> NewJsonWriter(
    const ContainerFormat& format, const JsonSource& source);

}  // namespace thresh

#endif  // THRESH_CONTAINER_JSON_WRITER_H_
