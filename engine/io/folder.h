// The folder of a file, kept open: names are then looked up in it, even if its
// own path changes in the meantime, and it can be synced.
#ifndef THRESH_IO_FOLDER_H_
#define THRESH_IO_FOLDER_H_

#include <sys/types.h>

#include <string>

#include "io/descriptor.h"

namespace thresh {

// Null descriptor and errno if the folder that `path` is in cannot be opened.
[[nodiscard]] Descriptor OpenFolderOf(const std::string& path);

// The last component of `path`: its name in its folder.
[[nodiscard]] std::string NameIn(const std::string& path);

// Syncs the names in `folder`, so that they survive a crash of the machine.
// False, and errno, on failure; a folder that cannot be synced, because the
// user may not read it or its file system does not support it, counts as
// synced.
[[nodiscard]] bool SyncFolder(const Descriptor& folder);

// Syncs the content of `file`, as SyncFolder syncs names.
[[nodiscard]] bool SyncFile(int file);

// The permissions 0666 as reduced by the umask.
[[nodiscard]] mode_t UsualMode();

// Whether `name` in `folder` names the open `file`.
[[nodiscard]] bool IsNamed(int file, const Descriptor& folder,
                           const std::string& name);

}  // namespace thresh

#endif  // THRESH_IO_FOLDER_H_
