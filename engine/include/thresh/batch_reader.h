// Pull interface: opens archives and returns one batch after another.
#ifndef THRESH_BATCH_READER_H_
#define THRESH_BATCH_READER_H_

#include <memory>
#include <string>
#include <vector>

#include "thresh/batch.h"
#include "thresh/deaggregate.h"
#include "thresh/export.h"
#include "thresh/input_list.h"
#include "thresh/options.h"
#include "thresh/result.h"

namespace thresh {

// Reads inputs batch by batch. With one job all work is done within Next. With
// more, Options::jobs threads work from the first call of Next on, up to
// jobs + 2 batches ahead of the caller. When the reader is that far ahead
// because no batch has been taken for some time, one thread waits until Next
// is called again, and no thread of oneTBB (Options::jobs) is held. Suspects
// are rows of the batch with their verdict; with SuspectPolicy::kPass each also
// has one user record. Progress is reported within Next. Not thread-safe. The
// destructor waits for the threads, which is short unless one of them opens a
// pipe that has no writer.
class BatchReader {
 public:
  // Fails for invalid options; an input that cannot be opened is reported when
  // it is reached.
  [[nodiscard]] THRESH_EXPORT static Result<BatchReader> Open(
      InputList inputs, Options options = {});
  [[nodiscard]] THRESH_EXPORT static Result<BatchReader> Open(
      std::vector<std::string> inputs, Options options = {});

  // Reads one archive in memory, as if it were a file with that content.
  // `archive` must outlive the reader; its name in errors is "memory".
  [[nodiscard]] THRESH_EXPORT static Result<BatchReader> OpenBytes(
      Bytes archive, Options options = {});

  THRESH_EXPORT BatchReader(BatchReader&&) noexcept;
  THRESH_EXPORT BatchReader& operator=(BatchReader&&) noexcept;
  THRESH_EXPORT ~BatchReader();

  // The next batch, or null at the end. It and all its views are valid as long
  // as it is shared, which may be on any thread and after the reader is gone
  // (an archive in memory must live as long). Its memory is then reused for a
  // later batch: keeping many batches keeps their memory. Fails for
  // SuspectPolicy::kFail, out of memory, and for Options::cancel; after that
  // with the same error each time. A batch also keeps what it views: a mapping
  // and its descriptor, or a buffer. Views into a
  // mapped file show zeros where it is truncated after it was read;
  // Options::use_mmap = false keeps copies instead.
  [[nodiscard]] THRESH_EXPORT Result<std::shared_ptr<const Batch>> Next();

  // The inputs that KinesisRecord::source indexes.
  [[nodiscard]] THRESH_EXPORT const InputList& inputs() const;

  // Counts of what Next has returned so far, and the inputs that failed.
  [[nodiscard]] THRESH_EXPORT const Report& report() const;

 private:
  class Impl;
  explicit BatchReader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace thresh

#endif  // THRESH_BATCH_READER_H_
