// How far a run has come, in a file, so that a later one goes on from there.
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

// What must be the same for the numbers of records to mean the same.
struct RunIdentity {
  std::string stream;
  std::string inputs;   // IdentifyInputs
  std::string options;  // those that decide which records there are
  std::vector<HashKeyRange> shards;
};

struct Checkpoint {
  RunIdentity run;
  bool complete = false;           // everything was acknowledged
  std::vector<Acknowledged> done;  // of each shard
};

// Stands for the inputs' content: their number, order and sizes, and the first
// and last 64 KiB of each; their names do not matter. Fails with code
// kInvalidArgument for inputs that cannot be read twice, such as pipes, and
// with kIo for those that cannot be read.
[[nodiscard]] Result<std::string> IdentifyInputs(
    const std::vector<std::string>& inputs);

// Stands for `text`, in 32 digits.
[[nodiscard]] std::string DigestOf(std::string_view text);

// An error of code kInvalidArgument that says what is different, if anything
// is. `file` is where `saved` comes from.
[[nodiscard]] Result<void> CheckSameRun(const RunIdentity& saved,
                                        const RunIdentity& now,
                                        const std::string& file);

// As JSON.
[[nodiscard]] std::string ToText(const Checkpoint& checkpoint);
[[nodiscard]] Result<Checkpoint> ParseCheckpoint(std::string_view text,
                                                 const std::string& file);

// The file's content; null if there is no such file. Fails unless it is a
// regular file with one name that belongs to the user or to root.
[[nodiscard]] Result<std::optional<Checkpoint>> LoadCheckpoint(
    const std::string& path);

// Replaces the file at once: whoever reads it, after whatever end of this
// program or the machine, finds this content or the one before. Writes
// PATH.partial first. Only the user can read it.
[[nodiscard]] Result<void> SaveCheckpoint(const Checkpoint& checkpoint,
                                          const std::string& path);

// Keeps a checkpoint for one run: two that go on from the same place send
// everything twice. Holds PATH.lock while it lives; where the file system knows
// no locks nothing is kept.
class CheckpointLock {
 public:
  // Fails if another run has it, or the file cannot be made.
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
