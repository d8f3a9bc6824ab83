// The one way in which this program creates files that last. A file is made
// under the name NAME.partial, readable by its owner alone, and gets its own
// name when it is complete, by one rename.
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

// Whether what is written must outlive a crash of the machine, for which it is
// synced to disk.
enum class Durability : uint8_t { kNone, kSynced };

class NewFile {
 public:
  // Creates TARGET.partial, which no other name, link or process can have been
  // given before, and locks it. One that a dead run of this user left is
  // removed first; anything else of that name is an error, as is one that
  // another run has locked. File systems without locks go without. Symbolic
  // links at `target` itself are not followed.
  [[nodiscard]] static Result<NewFile> Create(const std::string& target);

  // Fails if Create could not make a file, leaving nothing behind and getting
  // in nobody's way.
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

  // To be called after the last write and before Publish: syncs the file if
  // that is asked for, and finds out whether any write failed. Until then only
  // the owner can read it; now it gets `mode`, or without it the permissions of
  // the regular file that it is to replace, as far as that is the user's own,
  // or else those that the umask leaves.
  [[nodiscard]] Result<void> Complete(Durability durability,
                                      std::optional<mode_t> mode = {});

  // Renames the file to TARGET with `suffix` behind it and syncs the folder if
  // that is asked for. If the renaming fails, TARGET.partial stays.
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
  Descriptor file_;  // closed once published or given up
};

// Removes the regular file or the symbolic link `path`, never what a link leads
// to, and syncs the folder if that is asked for. What is neither, or absent,
// stays as it is.
[[nodiscard]] Result<void> RemoveName(const std::string& path,
                                      Durability durability);

}  // namespace thresh

#endif  // THRESH_IO_NEW_FILE_H_
