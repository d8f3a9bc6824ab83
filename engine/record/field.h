// Single fields of a protobuf message: tags, varints and the length of values,
// by the reference codec's rules.
#ifndef THRESH_RECORD_FIELD_H_
#define THRESH_RECORD_FIELD_H_

#include <cstddef>
#include <cstdint>

#include "thresh/bytes.h"

namespace thresh {

enum class FieldStatus : uint8_t {
  kOk,
  kMalformed,  // no codec would read a field here, whatever bytes follow
  kTruncated,  // the bytes end before the field does
};

struct FieldExtent {
  FieldStatus status;
  // kOk: the field's bytes, tag included. kTruncated: a lower bound of the
  // bytes that the field needs, greater than those available.
  uint64_t size;
  // The bytes of whole tags and values at its front, including those within a
  // group: the cost of finding the status.
  uint64_t read = 0;
};

// The depth of groups and messages that the codec allows within a message.
inline constexpr size_t kMaxDepth = 100;

// Measures the field that starts at the first of `bytes`, as the codec would
// skip it: groups with their contents (nested to kMaxDepth), length-delimited
// values without their content. A zero tag and an end-group tag are malformed
// here, since neither continues a message. `depth` is the number of messages
// around the one that holds the field, at most kMaxDepth: 0 at the top level.
FieldExtent MeasureField(Bytes bytes, size_t depth = 0);

}  // namespace thresh

#endif  // THRESH_RECORD_FIELD_H_
