// The file under a sink. It appears under its name only when it is complete,
// so that nobody takes half a run for a whole one.
#ifndef THRESH_SINK_FILE_OUTPUT_H_
#define THRESH_SINK_FILE_OUTPUT_H_

#include <span>
#include <string>

#include "thresh/bytes.h"
#include "thresh/output_buffer.h"
#include "thresh/result.h"

struct iovec;

namespace thresh {

// Writes to a regular file PATH by way of PATH.partial, which Finish renames;
// an existing PATH stays as it is until then, and hands down its permissions.
// A symbolic link stays too: PATH is then the file that it leads to.
// Devices, pipes and standard output (IsStandardOutput) are written to as they
// are. Nothing is synced to disk.
class FileOutput {
 public:
  // Fails if the output cannot be written, and if another process is writing
  // to the same PATH.partial; one that a dead process left is overwritten.
  [[nodiscard]] static Result<FileOutput> Open(const std::string& path);

  // Fails if Open will not be able to create PATH.partial, leaving nothing
  // behind and getting in nobody's way: not even in that of a run which is
  // writing to it just now, and may be done when it comes to Open.
  [[nodiscard]] static Result<void> Try(const std::string& path);

  // Removes the regular file that Open would have replaced, if there is one.
  [[nodiscard]] static Result<void> RemoveStale(const std::string& path);

  FileOutput(FileOutput&& other) noexcept;
  FileOutput& operator=(FileOutput&& other) noexcept;
  // Removes PATH.partial unless Finish was called.
  ~FileOutput();

  // Writes everything. After an error the output is of no use.
  [[nodiscard]] Result<void> Write(const OutputBuffer& encoded);

  // Whether a write may wait for whoever reads, for as long as that takes.
  [[nodiscard]] bool has_reader() const { return has_reader_; }

  // Publishes PATH. To be called once, after the last Write. If only the
  // renaming fails, PATH.partial is complete and stays.
  [[nodiscard]] Result<void> Finish();

 private:
  FileOutput(std::string name, std::string target, int descriptor);
  [[nodiscard]] static Result<FileOutput> OpenPartial(const std::string& path);
  [[nodiscard]] Result<void> WriteAll(std::span<struct iovec> pieces);

  std::string name_;    // for errors
  std::string target_;  // what PATH.partial becomes; empty: written directly
  int descriptor_;      // -1 once finished or moved from
  bool has_reader_;
};

}  // namespace thresh

#endif  // THRESH_SINK_FILE_OUTPUT_H_
