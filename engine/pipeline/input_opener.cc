// A thread that needs an input that no thread has begun to open opens it, and a
// thread that has to wait for one opens another in the meantime.
#include "pipeline/input_opener.h"

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <new>
#include <optional>
#include <utility>

#include "base/await.h"
#include "input/open_split.h"
#include "pipeline/check_options.h"
#include "pipeline/window_errors.h"
#include "storage/sizes.h"
#include "thresh/split.h"

namespace thresh {
namespace {

// The number of bytes read of an input before its turn.
constexpr size_t kAheadBytes = size_t{32} << 20;

// Smaller files are read, as fast as they could be mapped; so a window holds at
// most 16 open descriptors, however many inputs share it.
constexpr uint64_t kMinMapped = 1 << 20;

Result<Input> OpenMember(const Archive::Member& member) {
  return member.open().map([](std::unique_ptr<SegmentSource>&& source) {
    return Input{std::move(source), nullptr};
  });
}

// The result of `open`; if memory is out, the exception names input `source`.
template <typename Open>
Result<Input> OpenAt(uint32_t source, const Open& open) {
  try {
    return open();
  } catch (const std::bad_alloc&) {
    throw NoMemoryAt({source, 0});
  }
}

}  // namespace

// An input that several threads may try to open; one does.
class ComingInput {
 public:
  using Open = std::function<Result<Input>()>;

  explicit ComingInput(Open open) : open_(std::move(open)) {}

  // Opens the input and reads the first `ahead` bytes unless they are mapped.
  // Does nothing if another thread has begun to, or it is no longer needed.
  void TryOpen(size_t ahead) {
    {
      const std::lock_guard lock(mutex_);
      if (state_ != State::kWaiting) return;
      state_ = State::kOpening;
    }
    std::optional<Result<Input>> opened;
    std::exception_ptr thrown;
    try {
      opened = open_();
      // An error will be reported again when reading continues there.
      if (ahead > 0 && *opened && (*opened)->source != nullptr &&
          !(*opened)->source->resident()) {
        static_cast<void>((*opened)->source->Peek(ahead));
      }
    } catch (...) {
      // Rethrown by Take.
      thrown = std::current_exception();
    }
    const std::lock_guard lock(mutex_);
    opened_ = std::move(opened);
    thrown_ = thrown;
    state_ = State::kOpen;
    is_open_.notify_all();
  }

  [[nodiscard]] bool is_open() {
    const std::lock_guard lock(mutex_);
    return state_ == State::kOpen;
  }

  // Waits until another thread, which must have begun to, has opened it.
  // Rethrows an exception of opening it: memory may have been out.
  Result<Input> Take() {
    std::unique_lock lock(mutex_);
    Await(&is_open_, &lock, [this] { return state_ == State::kOpen; });
    if (thrown_ != nullptr) std::rethrow_exception(thrown_);
    return *std::move(opened_);
  }

  // Keeps the input from being opened, unless a thread has begun to.
  void Abandon() {
    const std::lock_guard lock(mutex_);
    if (state_ == State::kWaiting) state_ = State::kOpen;
  }

 private:
  enum class State : uint8_t { kWaiting, kOpening, kOpen };

  const Open open_;
  std::mutex mutex_;
  std::condition_variable is_open_;
  State state_ = State::kWaiting;
  std::optional<Result<Input>> opened_;
  std::exception_ptr thrown_;
};

InputOpener::InputOpener(const InputList& inputs, const Options& options,
                         unsigned ahead, std::optional<Bytes> memory,
                         std::stop_token stop)
    : inputs_(inputs),
      options_(options),
      filter_(options.include, options.exclude),
      memory_(memory),
      stop_(std::move(stop)),
      ahead_(memory.has_value() ? 0 : ahead) {}

void InputOpener::Stop() {
  for (const Queue* queue : {&coming_, &coming_members_}) {
    for (const auto& input : *queue) input->Abandon();
  }
}

Result<Input> InputOpener::OpenFile(size_t index) const {
  const ExpansionLimits limits = ExpansionLimitsOf(options_);
  if (memory_.has_value()) return OpenMemory(*memory_, limits, filter_);
  const Split& split = inputs_.splits()[index];
  return OpenSplit({split.begin, split.end}, [&](const ByteRange& range) {
    return OpenInput(split.input, MapsFiles(options_), kMinMapped, limits,
                     pool_, filter_, stop_, range);
  });
}

// Of a run that has been stopped, nothing is opened.
void InputOpener::OpenAhead(std::shared_ptr<ComingInput> input,
                            Background* background) {
  background->Start([input = std::move(input), stop = stop_] {
    if (!stop.stop_requested()) input->TryOpen(kAheadBytes);
  });
}

void InputOpener::FilesAhead(Background* background) {
  const std::vector<Split>& files = inputs_.splits();
  while (coming_.size() < ahead_) {
    const size_t index = next_ + coming_.size();
    // A pipe's writer may be waiting for another pipe to be read first.
    if (index == files.size() || MayWaitForWriter(files[index].input)) return;
    coming_.push_back(std::make_shared<ComingInput>(
        [this, index] { return OpenFile(index); }));
    OpenAhead(coming_.back(), background);
  }
}

// Members that can be accessed in any order are opened like files.
void InputOpener::MembersAhead(Background* background) {
  while (archive_->random_access() && coming_members_.size() < ahead_) {
    std::optional<Archive::Member> member = archive_->Next();
    if (!member.has_value()) return;
    names_.push_back(member->name);
    coming_members_.push_back(std::make_shared<ComingInput>(
        [member = *std::move(member)] { return OpenMember(member); }));
    OpenAhead(coming_members_.back(), background);
  }
}

// The first of `coming`, opened. If another thread is opening it, this one
// opens those after it.
Result<Input> InputOpener::Take(const std::shared_ptr<ComingInput>& input,
                                const Queue& later) {
  input->TryOpen(0);
  for (size_t i = 0; i < later.size() && !input->is_open(); ++i) {
    later[i]->TryOpen(kAheadBytes);
  }
  return input->Take();
}

OpenedInput InputOpener::NextMember(Background* background) {
  OpenedInput next;
  Result<Input> opened;
  if (!coming_members_.empty()) {
    const auto input = std::move(coming_members_.front());
    coming_members_.pop_front();
    next.source = inputs_.AddMember(std::move(names_.front()));
    names_.pop_front();
    MembersAhead(background);
    opened = OpenAt(next.source, [&] { return Take(input, coming_members_); });
  } else if (std::optional<Archive::Member> member = archive_->Next()) {
    next.source = inputs_.AddMember(std::move(member->name));
    MembersAhead(background);
    opened = OpenAt(next.source, [&] { return OpenMember(*member); });
  } else {
    next.source = next_ - 1;
    next.archive_end = archive_->end();
    archive_.reset();
    return next;
  }
  if (opened) {
    next.content = std::move(opened->source);
  } else {
    next.error = std::move(opened.error());
  }
  return next;
}

OpenedInput InputOpener::NextFile(Background* background) {
  OpenedInput next;
  next.source = next_++;
  Result<Input> opened;
  if (coming_.empty()) {
    FilesAhead(background);
    opened = OpenAt(next.source, [&] { return OpenFile(next.source); });
  } else {
    const auto input = std::move(coming_.front());
    coming_.pop_front();
    FilesAhead(background);
    opened = OpenAt(next.source, [&] { return Take(input, coming_); });
  }
  if (!opened) {
    next.error = std::move(opened.error());
    next.error->file = inputs_[next.source];
  } else {
    next.content = std::move(opened->source);
    next.head = std::move(opened->head);
    next.begin = inputs_.splits()[next.source].begin;
    archive_ = std::move(opened->archive);
  }
  return next;
}

std::optional<OpenedInput> InputOpener::Next(Background* background) {
  if (archive_ == nullptr) {
    if (next_ == inputs_.splits().size()) return std::nullopt;
    OpenedInput file = NextFile(background);
    if (archive_ == nullptr) return file;
  }
  return NextMember(background);
}

}  // namespace thresh
