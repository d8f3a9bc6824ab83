// Where the bytes of an output go, whatever their format: a file, a device, a
// pipe or standard output.
#ifndef THRESH_BYTE_OUTPUT_H_
#define THRESH_BYTE_OUTPUT_H_

#include <memory>
#include <string>
#include <string_view>

#include "thresh/bytes.h"
#include "thresh/export.h"
#include "thresh/output_buffer.h"
#include "thresh/result.h"

namespace thresh {

// An output that is being written. It appears under its name only when it is
// committed, so that nobody takes half of it for the whole; destroyed before,
// it is given up. Used by one thread at a time.
class THRESH_EXPORT ByteOutput {
 public:
  virtual ~ByteOutput() = default;

  // Appends all pieces of `pieces`. After an error the output can only be given
  // up.
  [[nodiscard]] virtual Result<void> Write(const OutputBuffer& pieces) = 0;
  [[nodiscard]] Result<void> Write(Bytes bytes) {
    OutputBuffer piece;
    piece.Refer(bytes);
    return Write(piece);
  }

  // Whether Write may wait for a reader, for as long as that takes. What is
  // written to such an output should be a copy: what it views may change
  // meanwhile.
  [[nodiscard]] virtual bool has_reader() const { return false; }

  // Flushes, syncs if that is asked for, and fails if some of what was written
  // could not be stored. To be called once, after the last Write.
  [[nodiscard]] virtual Result<void> Complete() = 0;

  // Publishes the output under its name, after Complete if that was not called.
  // To be called once. Where an error says so, all bytes are kept under another
  // name.
  [[nodiscard]] virtual Result<void> Commit() = 0;

  // The same in place of Commit, under the name with kIncompleteSuffix. Returns
  // that name; empty where nothing is published.
  [[nodiscard]] virtual Result<std::string> CommitIncomplete() = 0;
};

// How an output becomes a file.
struct OutputOptions {
  // Whether the file is synced to disk before it gets its name, and its
  // directory after that, so that a crash of the machine leaves all of it under
  // that name or nothing.
  bool sync = true;
  // A file of suspects that an earlier run may have left beside the output, and
  // that this one does not write: removed before the output is published. A
  // symbolic link is removed, and what it leads to stays. Empty: none.
  // NOLINTNEXTLINE(readability-redundant-member-init)
  std::string stale_side_file = {};
};

// What the name of a file ends in if some inputs of its run could not be read.
inline constexpr std::string_view kIncompleteSuffix = ".incomplete";

// Whether `path` is one of the names of standard output: "-", and those that
// the system has for it.
[[nodiscard]] THRESH_EXPORT bool IsStandardOutput(std::string_view path);

// Opens `path` for writing; it may be standard output. A regular file appears
// under its name only when it is committed: until then its bytes are in
// PATH.partial, which is removed if the output is given up, and a file that was
// there stays as it was. PATH.partial is readable by its owner alone while it
// is written; the file has the permissions of the one that it replaces, or
// those that the umask leaves. If `path` is a symbolic link, the output is the
// file that it leads to, unless another user made it in a directory that
// everybody may write to, which is an error. Devices and pipes are written
// directly. Fails if the output cannot be written, and if another process is
// writing to the same PATH.partial; one that a dead process left is replaced.
[[nodiscard]] THRESH_EXPORT Result<std::unique_ptr<ByteOutput>> OpenOutput(
    const std::string& path, const OutputOptions& options = {});

}  // namespace thresh

#endif  // THRESH_BYTE_OUTPUT_H_
