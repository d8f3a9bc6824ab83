// Members are numbered after the files, as they are found.
#include "thresh/input_list.h"

#include <algorithm>
#include <deque>
#include <iterator>
#include <mutex>
#include <shared_mutex>
#include <utility>

#include "thresh/split.h"

namespace thresh {

struct InputList::State {
  std::vector<Split> splits;
  LeftOut left_out;
  std::shared_mutex mutex;          // of members
  std::deque<std::string> members;  // which stay where they are
};

InputList::InputList() : state_(std::make_shared<State>()) {}

InputList::InputList(std::vector<std::string> files, LeftOut left_out)
    : InputList() {
  state_->splits.reserve(files.size());
  for (std::string& file : files) state_->splits.push_back({std::move(file)});
  state_->left_out = left_out;
}

InputList InputList::OfSplits(std::vector<Split> splits, LeftOut left_out) {
  InputList list;
  list.state_->splits = std::move(splits);
  list.state_->left_out = left_out;
  return list;
}

std::vector<std::string> InputList::Files() const {
  std::vector<std::string> files;
  files.reserve(state_->splits.size());
  std::ranges::transform(state_->splits, std::back_inserter(files),
                         &Split::input);
  return files;
}

const std::vector<Split>& InputList::splits() const { return state_->splits; }

const LeftOut& InputList::left_out() const { return state_->left_out; }

const std::string& InputList::operator[](uint32_t source) const {
  const std::vector<Split>& splits = state_->splits;
  if (source < splits.size()) return splits[source].input;
  const std::shared_lock lock(state_->mutex);
  return state_->members[source - splits.size()];
}

uint32_t InputList::AddMember(std::string name) const {
  const std::unique_lock lock(state_->mutex);
  state_->members.push_back(std::move(name));
  return static_cast<uint32_t>(state_->splits.size() + state_->members.size() -
                               1);
}

}  // namespace thresh
