// Where user records go. A sink encodes batches on many threads at once and
// writes the encodings in input order on one.
#ifndef THRESH_SINK_H_
#define THRESH_SINK_H_

#include <cstdint>
#include <memory>
#include <string>

#include "thresh/batch.h"
#include "thresh/export.h"
#include "thresh/output_buffer.h"
#include "thresh/result.h"

namespace thresh {

class THRESH_EXPORT Sink {
 public:
  virtual ~Sink() = default;

  // Appends the encoding of `batch` to `out`, which holds nothing but what this
  // sink put there since it was written. Called on several threads at once,
  // each with a batch and buffer of its own. `out` may refer to keys and data
  // of the batch: who calls must keep them until `out` has been written.
  virtual void Encode(const Batch& batch, OutputBuffer* out) const = 0;

  // Whether the user records of one Kinesis record may come in several batches,
  // one after the other, so that an encoding that repeats long keys in each
  // takes little memory.
  [[nodiscard]] virtual bool takes_records_split() const { return false; }

  // Takes encodings in input order, on one thread at a time; ForEachPiece has
  // all that Encode made.
  virtual Result<void> Write(const OutputBuffer& encoded) = 0;

  // Called after the last Write of a run that did not fail, before anything is
  // finished: the place to flush, and to find out whether all could be stored.
  virtual Result<void> Complete() { return {}; }

  // Called once, after Complete: the place to publish. Without it a destroyed
  // sink must leave nothing behind that looks complete.
  virtual Result<void> Finish() = 0;

  // Called in place of Finish where some of the inputs could not be read. What
  // was written must not be taken for the whole result. Returns the name of the
  // file that has it, if it is one.
  virtual Result<std::string> FinishIncomplete() {
    return Finish().map([] { return std::string(); });
  }
};

// Ends a run that wrote to `sink` and, unless it is null, to `quarantine`:
// completes both, then finishes the quarantine, then the sink, so that no
// output appears before its suspects. With `incomplete` both are finished as
// incomplete, and the name of the sink's file is returned; else nothing is. If
// the quarantine cannot be published, the sink's file is finished as
// incomplete, and the error says where it is.
[[nodiscard]] THRESH_EXPORT Result<std::string> FinishSinks(Sink* sink,
                                                            Sink* quarantine,
                                                            bool incomplete);

}  // namespace thresh

#endif  // THRESH_SINK_H_
