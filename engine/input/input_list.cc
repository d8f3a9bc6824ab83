// Members are numbered after the files, as they are found.
#include "thresh/input_list.h"

#include <deque>
#include <mutex>
#include <shared_mutex>
#include <utility>

namespace thresh {

struct InputList::State {
  std::vector<std::string> files;
  LeftOut left_out;
  std::shared_mutex mutex;          // of members
  std::deque<std::string> members;  // which stay where they are
};

InputList::InputList() : state_(std::make_shared<State>()) {}

InputList::InputList(std::vector<std::string> files, LeftOut left_out)
    : InputList() {
  state_->files = std::move(files);
  state_->left_out = left_out;
}

const std::vector<std::string>& InputList::files() const {
  return state_->files;
}

const LeftOut& InputList::left_out() const { return state_->left_out; }

const std::string& InputList::operator[](uint32_t source) const {
  const size_t files = state_->files.size();
  if (source < files) return state_->files[source];
  const std::shared_lock lock(state_->mutex);
  return state_->members[source - files];
}

uint32_t InputList::AddMember(std::string name) const {
  const std::unique_lock lock(state_->mutex);
  state_->members.push_back(std::move(name));
  return static_cast<uint32_t>(state_->files.size() + state_->members.size() -
                               1);
}

}  // namespace thresh
