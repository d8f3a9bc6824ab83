// What a run reads: the files that it was given, and the members of archives
// (zip, tar) among them, which are inputs of their own and are found one by one
// as the archives are read.
#ifndef THRESH_INPUT_LIST_H_
#define THRESH_INPUT_LIST_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "thresh/export.h"

namespace thresh {

// Files of directories and members of archives that are not read.
struct LeftOut {
  // Members that are no files, such as directories and links; links, pipes and
  // devices in directories; and names that hold no records: __MACOSX/, ._*,
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

// A copy shares the list: what names inputs during a run is given a copy of the
// one that the run is given. Thread-safe.
class InputList {
 public:
  THRESH_EXPORT InputList();
  // Paths, or "-" for standard input. `left_out`: what was met in finding them
  // (ExpandInputs); a run counts it with what it leaves out itself.
  THRESH_EXPORT explicit InputList(std::vector<std::string> files,
                                   LeftOut left_out = {});

  [[nodiscard]] THRESH_EXPORT const std::vector<std::string>& files() const;
  [[nodiscard]] THRESH_EXPORT const LeftOut& left_out() const;

  // The name of the input that KinesisRecord::source says, which for a member
  // is FILE!MEMBER. Sources are those of a run on this list.
  [[nodiscard]] THRESH_EXPORT const std::string& operator[](
      uint32_t source) const;

  // For the run: the source of a member that it has found.
  [[nodiscard]] THRESH_EXPORT uint32_t AddMember(std::string name) const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace thresh

#endif  // THRESH_INPUT_LIST_H_
