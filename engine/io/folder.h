// The folder of a file, held open: names in it are then looked up there,
// wherever its own path leads meanwhile, and it can be synced.
#ifndef THRESH_IO_FOLDER_H_
#define THRESH_IO_FOLDER_H_

#include <sys/types.h>

#include <string>

#include "io/descriptor.h"

namespace thresh {

// Null descriptor and errno if the folder that `path` is in cannot be opened.
[[nodiscard]] Descriptor OpenFolderOf(const std::string& path);

// The last part of `path`: its name in its folder.
[[nodiscard]] std::string NameIn(const std::string& path);

// Makes the names in `folder` outlive a crash of the machine. False, and errno,
// if that failed; a folder that cannot be synced, because the user may not read
// it or its file system does not do that, counts as done.
[[nodiscard]] bool SyncFolder(const Descriptor& folder);

// Syncs the content of `file`, as SyncFolder does names.
[[nodiscard]] bool SyncFile(int file);

// The permissions that the umask leaves of 0666.
[[nodiscard]] mode_t UsualMode();

// Whether `name` in `folder` names what `file` has open.
[[nodiscard]] bool IsNamed(int file, const Descriptor& folder,
                           const std::string& name);

}  // namespace thresh

#endif  // THRESH_IO_FOLDER_H_
