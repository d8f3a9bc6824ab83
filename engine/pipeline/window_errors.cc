// See window_errors.h.
#include "pipeline/window_errors.h"

#include <algorithm>

#include "base/errors.h"

namespace thresh {

std::optional<uint64_t> FaultOf(const Part& part) {
  const Segment& segment = part.segment;
  if (segment.owner == nullptr || part.abandoned) return std::nullopt;
  const std::optional<uint64_t> fault = segment.owner->FaultOffset();
  if (!fault.has_value()) return std::nullopt;
  const uint64_t stop = std::max(*fault, segment.offset);
  if (stop - segment.offset >= segment.bytes.size()) return std::nullopt;
  return stop;
}

Error FaultError(const std::string& file, uint64_t offset) {
  return AtOffset(offset,
                  IoError(file,
                          "the mapped file cannot be read from here on: it "
                          "was truncated meanwhile, or its storage failed",
                          "let no one write to the file and run again, or "
                          "read it instead of mapping it",
                          ErrorDetail::kMappedInput));
}

Error Cancelled() {
  return {.code = ErrorCode::kCancelled,
          .file = {},
          .offset = std::nullopt,
          .message = "the run was cancelled",
          .remedy = {}};
}

InputPlace PlaceOf(const Window& window) {
  if (window.parts.empty()) {
    return {window.stitched_source, window.stitched_offset};
  }
  const Part& first = window.parts.front();
  return {first.source, first.segment.offset};
}

Error NoMemoryLeft(const InputPlace& place, const InputList& inputs) {
  Error error = NoMemoryLeft(std::bad_alloc(), inputs);
  error.file = inputs[place.source];
  error.offset = place.offset;
  return error;
}

Error NoMemoryLeft(const std::bad_alloc& thrown, const InputList& inputs) {
  const auto* at = dynamic_cast<const NoMemoryAt*>(&thrown);
  if (at != nullptr) return NoMemoryLeft(at->place(), inputs);
  return MemoryError("there is not enough memory to go on",
                     "give the process more memory, or fewer jobs",
                     ErrorDetail::kOutOfMemory);
}

std::optional<Error> FindFault(const Window& window, const InputList& inputs) {
  for (const Part& part : window.parts) {
    const std::optional<uint64_t> fault = FaultOf(part);
    if (fault.has_value()) return FaultError(inputs[part.source], *fault);
  }
  return std::nullopt;
}

std::optional<Error> FirstSuspect(const Window& window,
                                  const InputList& inputs) {
  if (!window.first_suspect.has_value()) return std::nullopt;
  const KinesisRecord& suspect = *window.first_suspect;
  return Error{
      .code = ErrorCode::kSuspect,
      .file = inputs[suspect.source],
      .offset = suspect.offset,
      .message = "a suspect of " + std::to_string(suspect.length) +
                 " bytes: " + std::string(VerdictName(suspect.verdict)) + ": " +
                 std::string(ReasonText(suspect.reason)),
      .remedy = "quarantine, pass or skip suspects to go on"};
}

}  // namespace thresh
