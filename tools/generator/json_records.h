// Kinesis records as the members of JSON documents, with metadata that is the
// same for the same record of every archive.
#ifndef THRESH_TOOLS_GENERATOR_JSON_RECORDS_H_
#define THRESH_TOOLS_GENERATOR_JSON_RECORDS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "generator/generator.h"
#include "thresh/bytes.h"

namespace thresh::generator {

// Writes documents of one shape, each on a line.
class JsonRecords {
 public:
  explicit JsonRecords(JsonShape shape) : shape_(shape) {}

  // The partition key of record number `index`.
  static std::string PartitionKey(uint64_t index);
  // Appends record number `index` to `out`.
  void Append(uint64_t index, Bytes record, std::vector<uint8_t>* out);
  // Ends the document that is open, if one is.
  void Finish(std::vector<uint8_t>* out);

 private:
  void AppendToEvent(uint64_t index, Bytes record, std::vector<uint8_t>* out);

  JsonShape shape_;
  uint64_t in_event_ = 0;   // records in the event that is open
  size_t event_bytes_ = 0;  // of the open event, about
};

}  // namespace thresh::generator

#endif  // THRESH_TOOLS_GENERATOR_JSON_RECORDS_H_
