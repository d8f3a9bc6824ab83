// Arbitrary bytes as a message: the engine's reader and protobuf's must give
// the same result, and the walk over top-level fields must agree with both.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "oracle/message_oracle.h"
#include "record/aggregated_record_reader.h"
#include "record/field.h"
#include "thresh/bytes.h"

namespace {

using thresh::Bytes;
using thresh::FieldExtent;
using thresh::FieldStatus;
using thresh::WireStatus;

void Require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "wire_fuzzer: %s\n", what);
  std::abort();
}

// Whether the message is a sequence of whole fields, regardless of their
// content.
bool IsRowOfFields(Bytes message) {
  while (!message.empty()) {
    const FieldExtent extent = thresh::MeasureField(message);
    if (extent.status == FieldStatus::kTruncated) {
      Require(extent.size > message.size(), "a field is cut off but fits");
    }
    if (extent.status != FieldStatus::kOk) return false;
    Require(extent.size <= message.size(), "a field exceeds its message");
    message = message.subspan(extent.size);
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Bytes message(data, size);
  const auto reference = thresh::oracle::DecodeByProtobuf(message);
  const auto read = thresh::oracle::DecodeByEngine(message);
  Require(read.has_value(), "the reader broke its contract with the columns");
  Require(*read == reference, "the reader and protobuf disagree");
  Require(IsRowOfFields(message) || read->status == WireStatus::kMalformed,
          "a message was read that is no row of fields");
  return 0;
}
