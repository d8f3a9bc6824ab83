// Appends one framed Kinesis record to the batch: its row and its user records.
// Verdicts are decided here.
#ifndef THRESH_PIPELINE_ROWS_H_
#define THRESH_PIPELINE_ROWS_H_

#include <cstdint>
#include <optional>

#include "container/container.h"
#include "thresh/batch.h"
#include "thresh/summary.h"

namespace thresh {

// The base of a frame's offset, and its input.
struct FrameOrigin {
  uint32_t source = 0;
  uint64_t offset = 0;  // of the segment in its input, in bytes
  // Of the segment's frames; null if none of them refers to it.
  const Column<KinesisMetadata>* metadata = nullptr;
};

struct RowOptions {
  bool pass_suspects = false;  // a suspect becomes one whole user record
  bool nested = false;         // Options::nested
};

// Appends the row and user records of `frame`, and counts them in `summary`
// (except its content digest and checksum). Returns the verdict; none, and
// appends nothing, if the frame was guessed and the guess is wrong.
std::optional<Verdict> AppendRow(const Frame& frame, const FrameOrigin& origin,
                                 RowOptions options, Batch* batch,
                                 Summary* summary);

}  // namespace thresh

#endif  // THRESH_PIPELINE_ROWS_H_
