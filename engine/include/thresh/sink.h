// Where user records go. A sink encodes batches on many threads at once, each
// into a separate chunk, and writes the chunks in input order on one thread.
#ifndef THRESH_SINK_H_
#define THRESH_SINK_H_

#include <memory>
#include <string>

#include "thresh/batch.h"
#include "thresh/chunk.h"
#include "thresh/export.h"
#include "thresh/result.h"

namespace thresh {

class THRESH_EXPORT Sink {
 public:
  virtual ~Sink() = default;

  // An empty chunk of the type that this sink's Encode and Write take.
  // Thread-safe.
  [[nodiscard]] virtual std::unique_ptr<Chunk> NewChunk() const = 0;

  // Adds `batch` to `chunk`, which NewChunk made and which holds only what this
  // sink added since it was cleared. Called on several threads at once, each
  // with its own batch and chunk. The chunk may refer to keys and data of the
  // batch: the caller keeps them valid until it has been written. A chunk may
  // be cleared without being written, and its batches encoded again.
  virtual void Encode(const Batch& batch, Chunk* chunk) const = 0;

  // Whether the user records of one Kinesis record may be split over
  // consecutive batches, so that an encoding that repeats long keys in each
  // takes little memory.
  [[nodiscard]] virtual bool takes_records_split() const { return false; }

  // Takes chunks that are not empty, in input order, on one thread at a time.
  // It may move content out of the chunk, which can only be cleared afterwards.
  virtual Result<void> Write(Chunk* chunk) = 0;

  // Called after the last Write of a run that did not fail, before anything is
  // finished: flushes, and fails if some of the output could not be stored.
  virtual Result<void> Complete() { return {}; }

  // Called once, after Complete: publishes the output. A sink that is destroyed
  // without it must leave nothing that looks complete.
  virtual Result<void> Finish() = 0;

  // Called in place of Finish if some of the inputs could not be read. The
  // output must not look like the complete result. Returns the name of the file
  // that has it, if it is one.
  virtual Result<std::string> FinishIncomplete() {
    return Finish().map([] { return std::string(); });
  }
};

// A sink whose chunks are of type C: implements EncodeTo and WriteFrom in place
// of Encode and Write, by the same contracts.
template <typename C>
class TypedSink : public Sink {
 public:
  [[nodiscard]] std::unique_ptr<Chunk> NewChunk() const override {
    return std::make_unique<C>();
  }
  void Encode(const Batch& batch, Chunk* chunk) const final {
    EncodeTo(batch, static_cast<C*>(chunk));
  }
  Result<void> Write(Chunk* chunk) final {
    return WriteFrom(static_cast<C*>(chunk));
  }

 protected:
  virtual void EncodeTo(const Batch& batch, C* chunk) const = 0;
  virtual Result<void> WriteFrom(C* chunk) = 0;
};

// Ends a run that wrote to `sink` and, unless it is null, to `quarantine`:
// completes both, then finishes the quarantine, then the sink, so that no
// output appears before its suspects. With `incomplete` both are finished as
// incomplete, and the name of the sink's file is returned; otherwise the name
// is empty. If the quarantine cannot be published, the sink's file is finished
// as incomplete, and the error names it.
[[nodiscard]] THRESH_EXPORT Result<std::string> FinishSinks(Sink* sink,
                                                            Sink* quarantine,
                                                            bool incomplete);

}  // namespace thresh

#endif  // THRESH_SINK_H_
