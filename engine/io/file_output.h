// The byte output to the local system: files, devices, pipes and standard
// output.
#ifndef THRESH_IO_FILE_OUTPUT_H_
#define THRESH_IO_FILE_OUTPUT_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "io/descriptor.h"
#include "io/new_file.h"
#include "thresh/byte_output.h"
#include "thresh/output_buffer.h"
#include "thresh/result.h"

struct iovec;

namespace thresh {

// How to handle a symbolic link at the output's name.
enum class LinkPolicy : uint8_t {
  kFollow,   // the output is its target; the link stays
  kReplace,  // the output replaces it; its target stays
};

// Writes to a regular file PATH by way of PATH.partial (io/new_file.h), which
// Commit renames; an existing PATH is unchanged until then. Devices, pipes and
// standard output (IsStandardOutput) are written directly. A pipe or link that
// another user made in a world-writable folder is an error. Side files are for
// the caller to remove (storage/outputs.h).
class FileOutput final : public ByteOutput {
 public:
  // Fails if the output cannot be written, and if another process is writing to
  // the same PATH.partial; one left by a dead process is replaced.
  [[nodiscard]] static Result<FileOutput> Open(
      const std::string& path, const OutputOptions& options = {},
      LinkPolicy links = LinkPolicy::kFollow);

  // Fails if Open will not be able to create PATH.partial. Leaves no file and
  // does not disturb other runs: not even one that is writing to it now, and
  // may have finished by the time of Open.
  [[nodiscard]] static Result<void> Try(const std::string& path,
                                        LinkPolicy links = LinkPolicy::kFollow);

  // Removes what an earlier run published as `path` with `suffix` appended, if
  // that is a file. A file that is about to be replaced, and has a side file,
  // must never be seen with the new one's side file.
  [[nodiscard]] static Result<void> Withdraw(const std::string& path,
                                             const std::string& suffix,
                                             bool sync);

  // Whether it writes a regular file, which appears on Commit.
  [[nodiscard]] bool is_file() const { return file_.has_value(); }

  // The destructor removes PATH.partial unless it was published.
  FileOutput(FileOutput&& other) noexcept = default;
  FileOutput& operator=(FileOutput&& other) noexcept = default;

  using ByteOutput::Write;
  [[nodiscard]] Result<void> Write(const OutputBuffer& pieces) override;
  [[nodiscard]] bool has_reader() const override { return has_reader_; }
  [[nodiscard]] Result<void> Complete() override;
  // If only the renaming fails, PATH.partial is complete and stays.
  [[nodiscard]] Result<void> Commit() override;
  [[nodiscard]] Result<std::string> CommitIncomplete() override;

 private:
  struct Place {
    std::string target;
    bool is_file;
  };

  FileOutput(std::string name, Durability durability,
             std::optional<NewFile> file, Descriptor direct);
  [[nodiscard]] static Result<Place> Find(const std::string& path,
                                          LinkPolicy links);
  [[nodiscard]] int descriptor() const;
  [[nodiscard]] Result<void> WriteAll(std::span<struct iovec> pieces);
  [[nodiscard]] Result<void> Store();
  [[nodiscard]] Result<std::string> Publish(const std::string& suffix);

  std::string name_;  // for errors
  Durability durability_;
  std::optional<NewFile> file_;
  Descriptor direct_;  // without file_
  bool has_reader_;
  std::optional<Result<void>> completed_;  // what Complete returned
};

}  // namespace thresh

#endif  // THRESH_IO_FILE_OUTPUT_H_
