// The destination of an output's bytes, in any format: a file, a device, a
// pipe, standard output, or storage that is registered for a scheme
// (file_system.h).
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
// committed, so that a partial one is not mistaken for the whole; destroying it
// earlier discards it. Used by one thread at a time.
class THRESH_EXPORT ByteOutput {
 public:
  virtual ~ByteOutput() = default;

  // Appends all pieces of `pieces`. After an error the output can only be
  // destroyed.
  [[nodiscard]] virtual Result<void> Write(const OutputBuffer& pieces) = 0;
  [[nodiscard]] Result<void> Write(Bytes bytes) {
    OutputBuffer piece;
    piece.Refer(bytes);
    return Write(piece);
  }

  // Whether Write may wait for a reader, without a time limit. Data written to
  // such an output should be a copy: mapped files may change in the meantime.
  [[nodiscard]] virtual bool has_reader() const { return false; }

  // Flushes, syncs if requested, and fails if some of the data could not be
  // stored. Must be called once, after the last Write.
  [[nodiscard]] virtual Result<void> Complete() = 0;

  // Publishes the output under its name, calling Complete first if the caller
  // has not. Must be called once. If an error says so, all bytes are kept under
  // another name.
  [[nodiscard]] virtual Result<void> Commit() = 0;

  // The same in place of Commit, under the name with kIncompleteSuffix. Returns
  // that name; empty if nothing is published.
  [[nodiscard]] virtual Result<std::string> CommitIncomplete() = 0;
};

// How an output becomes a file.
struct OutputOptions {
  // Whether the file is synced to disk before it is renamed, and its directory
  // after that, so that a crash of the machine leaves the whole file under that
  // name or none.
  bool sync = true;
  // A file of suspects that an earlier run may have left next to the output,
  // and that this one does not write: removed before the output is published. A
  // symbolic link is removed, and its target stays. Empty: none.
  // NOLINTNEXTLINE(readability-redundant-member-init)
  std::string stale_side_file = {};
};

// The suffix of a file's name if some inputs of its run could not be read.
inline constexpr std::string_view kIncompleteSuffix = ".incomplete";

// Whether `path` is one of the names of standard output: "-", and the system's
// names for it.
[[nodiscard]] THRESH_EXPORT bool IsStandardOutput(std::string_view path);

// Opens `path` for writing; it may be standard output. A regular file appears
// under its name only when it is committed: until then its bytes are in
// PATH.partial, which is removed if the output is discarded, and an existing
// file is unchanged. PATH.partial is readable only by its owner while it is
// written; the file has the permissions of the one that it replaces, or those
// that the umask allows. If `path` is a symbolic link, the output is its
// target, unless another user made the link in a world-writable directory,
// which is an error. Devices and pipes are written directly. Fails if the
// output cannot be written, and if another process is writing to the same
// PATH.partial; one left by a dead process is replaced.
//
// A path with a scheme is an output of the file system that is registered for
// it (FileSystem::Create), and no file of this machine is created; a scheme
// that is not registered is an error of kIo.
[[nodiscard]] THRESH_EXPORT Result<std::unique_ptr<ByteOutput>> OpenOutput(
    const std::string& path, const OutputOptions& options = {});

}  // namespace thresh

#endif  // THRESH_BYTE_OUTPUT_H_
