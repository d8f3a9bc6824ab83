// Opens a path for reading, wherever it leads.
#ifndef THRESH_STORAGE_OPEN_FILE_H_
#define THRESH_STORAGE_OPEN_FILE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "io/file_descriptor.h"
#include "thresh/file_system.h"
#include "thresh/result.h"

namespace thresh {

struct OpenedFile {
  // Null if the file is not of this machine.
  std::shared_ptr<const FileDescriptor> descriptor;
  // For reads at any offset, up to the file's size when it was opened. Null if
  // the bytes can only be read once, in order: a pipe, a device, standard
  // input, or a file whose size the system does not report.
  std::shared_ptr<StoredFile> file;
  // Of a regular or stored file: its size when it was opened, perhaps 0.
  std::optional<uint64_t> size;
};

// "-" is standard input, which is not closed. Fails with kIo if the file cannot
// be opened, or is a directory.
[[nodiscard]] Result<OpenedFile> OpenFile(const std::string& path);

}  // namespace thresh

#endif  // THRESH_STORAGE_OPEN_FILE_H_
