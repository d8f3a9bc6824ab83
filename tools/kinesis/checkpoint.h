// The progress of a run, stored in a file so that a later run can continue from
// there.
#ifndef THRESH_TOOLS_KINESIS_CHECKPOINT_H_
#define THRESH_TOOLS_KINESIS_CHECKPOINT_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "io/descriptor.h"
#include "kinesis/acknowledged.h"
#include "thresh/hash_key.h"
#include "thresh/result.h"

namespace thresh::kinesis {

// What must be equal for record numbers to have the same meaning.
struct RunIdentity {
  std::string stream;
  std::string inputs;   // IdentifyInputs
  std::string options;  // the options that decide which records there are
  std::vector<HashKeyRange> shards;
};

struct Checkpoint {
  RunIdentity run;
  bool complete = false;           // everything was acknowledged
  std::vector<Acknowledged> done;  // of each shard
};

// Identifies the inputs' content: their number, order and sizes, and the first
// and last 64 KiB of each; their names do not matter. Fails with code
// kInvalidArgument for inputs that cannot be read twice, such as pipes, and
// with kIo for those that cannot be read.
[[nodiscard]] Result<std::string> IdentifyInputs(
    const std::vector<std::string>& inputs);

// A digest of `text`, in 32 digits.
[[nodiscard]] std::string DigestOf(std::string_view text);

// Returns an error of code kInvalidArgument that describes the difference, if
// there is one. `file` is the file that `saved` was read from.
[[nodiscard]] Result<void> CheckSameRun(const RunIdentity& saved,
                                        const RunIdentity& now,
                                        const std::string& file);

// `checkpoint` as JSON.
[[nodiscard]] std::string ToText(const Checkpoint& checkpoint);
[[nodiscard]] Result<Checkpoint> ParseCheckpoint(std::string_view text,
                                                 const std::string& file);

// The file's content; null if the file does not exist. Fails unless it is a
// regular file without other hard links, owned by the user or by root.
[[nodiscard]] Result<std::optional<Checkpoint>> LoadCheckpoint(
    const std::string& path);

// Replaces the file atomically: after a crash of the program or the machine,
// the file has either this content or the previous one. Writes PATH.partial
// first. The file is readable by the user only.
[[nodiscard]] Result<void> SaveCheckpoint(const Checkpoint& checkpoint,
                                          const std::string& path);

// Locks a checkpoint for one run: two runs that continue from the same
// checkpoint would send everything twice. Holds PATH.lock for its lifetime; on
// file systems without locks there is no protection.
class CheckpointLock {
 public:
  // Fails if another run holds the lock, or if the file cannot be created.
  [[nodiscard]] static Result<std::unique_ptr<CheckpointLock>> Take(
      const std::string& path);
  ~CheckpointLock();
  CheckpointLock(const CheckpointLock&) = delete;
  CheckpointLock& operator=(const CheckpointLock&) = delete;

 private:
  CheckpointLock(std::string path, Descriptor file)
      : path_(std::move(path)), file_(std::move(file)) {}

  std::string path_;
  Descriptor file_;  // closed after the file is removed
};

}  // namespace thresh::kinesis

#endif  // THRESH_TOOLS_KINESIS_CHECKPOINT_H_
