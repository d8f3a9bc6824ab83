// The inputs of a run: the files that it was given, and the members of archives
// (zip, tar) among them, which are separate inputs and are found as the
// archives are read.
#ifndef THRESH_INPUT_LIST_H_
#define THRESH_INPUT_LIST_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "thresh/export.h"

namespace thresh {

struct Split;

// Files of directories and members of archives that are not read.
struct LeftOut {
  // Members that are not files, such as directories and links; links, pipes and
  // devices in directories; and names of files without records: __MACOSX/, ._*,
  // .DS_Store, _SUCCESS, *.crc.
  uint64_t not_data = 0;
  uint64_t excluded = 0;  // by Options::include and Options::exclude

  LeftOut& operator+=(const LeftOut& other) {
    not_data += other.not_data;
    excluded += other.excluded;
    return *this;
  }
  bool operator==(const LeftOut&) const = default;
};

// A copy shares the list: an object that names inputs during a run holds a copy
// of the run's list. Thread-safe.
class InputList {
 public:
  THRESH_EXPORT InputList();
  // Paths, also with schemes (file_system.h), or "-" for standard input.
  // `left_out`: what ExpandInputs left out; a run adds it to what it leaves out
  // itself.
  THRESH_EXPORT explicit InputList(std::vector<std::string> files,
                                   LeftOut left_out = {});

  // Each split is an input, in this order (split.h).
  [[nodiscard]] THRESH_EXPORT static InputList OfSplits(
      std::vector<Split> splits, LeftOut left_out = {});

  // The inputs that are not members, each with the bytes of it that are read:
  // all, unless the list is of splits.
  [[nodiscard]] THRESH_EXPORT const std::vector<Split>& splits() const;
  // The file of each, copied.
  [[nodiscard]] THRESH_EXPORT std::vector<std::string> Files() const;
  [[nodiscard]] THRESH_EXPORT const LeftOut& left_out() const;

  // The name of the input with index KinesisRecord::source, which for a member
  // is FILE!MEMBER. The index must come from a run on this list.
  [[nodiscard]] THRESH_EXPORT const std::string& operator[](
      uint32_t source) const;

  // Adds a member that the run has found, and returns its source.
  [[nodiscard]] THRESH_EXPORT uint32_t AddMember(std::string name) const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace thresh

#endif  // THRESH_INPUT_LIST_H_
