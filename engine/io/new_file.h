// The only way in which this program creates permanent files. A file is created
// as NAME.partial, readable only by its owner, and renamed when it is complete.
#ifndef THRESH_IO_NEW_FILE_H_
#define THRESH_IO_NEW_FILE_H_

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "io/descriptor.h"
#include "thresh/bytes.h"
#include "thresh/result.h"

namespace thresh {

inline constexpr std::string_view kPartialSuffix = ".partial";

// Whether the data must survive a crash of the machine: it is then synced to
// disk.
enum class Durability : uint8_t { kNone, kSynced };

class NewFile {
 public:
  // Creates TARGET.partial, as a new file that no other name, link or process
  // can refer to, and locks it. One left by a dead run of this user is removed
  // first; anything else of that name is an error, as is one locked by another
  // run. On file systems without locks there is no lock. A symbolic link at
  // `target` itself is not followed.
  [[nodiscard]] static Result<NewFile> Create(const std::string& target);

  // Fails if Create could not create the file. Leaves no file and does not
  // disturb other runs.
  [[nodiscard]] static Result<void> Try(const std::string& target);

  NewFile(NewFile&&) noexcept = default;
  NewFile& operator=(NewFile&& other) noexcept;
  // Removes TARGET.partial unless Publish was called.
  ~NewFile();

  [[nodiscard]] int descriptor() const { return file_.number(); }
  [[nodiscard]] const std::string& target() const { return target_; }
  // TARGET.partial.
  [[nodiscard]] const std::string& partial() const { return partial_; }

  // Appends all of `bytes`.
  [[nodiscard]] Result<void> Write(Bytes bytes);

  // Must be called after the last write and before Publish. Syncs the file if
  // requested, and reports whether any write failed. Until then only the owner
  // can read it; it now gets `mode`, or without it the permissions of the
  // regular file that it will replace, if that is the user's own, or else those
  // that the umask allows.
  [[nodiscard]] Result<void> Complete(Durability durability,
                                      std::optional<mode_t> mode = {});

  // Renames the file to TARGET with `suffix` appended and syncs the folder if
  // requested. If renaming fails, TARGET.partial stays.
  [[nodiscard]] Result<void> Publish(Durability durability,
                                     const std::string& suffix = "");

 private:
  NewFile(Descriptor folder, std::string target)
      : folder_(std::move(folder)),
        target_(std::move(target)),
        partial_(target_ + std::string(kPartialSuffix)) {}

  [[nodiscard]] Result<void> CreatePartial();
  [[nodiscard]] Result<void> ClearLeftover();
  [[nodiscard]] mode_t ModeToBe() const;
  void Discard();

  Descriptor folder_;
  std::string target_;
  std::string partial_;
  Descriptor file_;  // closed once published or discarded
};

// Whether `path` is a regular file or a symbolic link, which RemoveName
// removes.
[[nodiscard]] bool IsRemovable(const std::string& path);

// Removes the regular file or the symbolic link `path`, never a link's target,
// and syncs the folder if requested. Anything else is left unchanged; an absent
// `path` is not an error.
[[nodiscard]] Result<void> RemoveName(const std::string& path,
                                      Durability durability);

}  // namespace thresh

#endif  // THRESH_IO_NEW_FILE_H_
