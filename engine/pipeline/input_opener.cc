// Who needs an input that nobody has begun to open opens it, and who has to
// wait for one opens another meanwhile.
#include "pipeline/input_opener.h"

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <optional>
#include <system_error>
#include <utility>

#include "input/open.h"

namespace thresh {
namespace {

// What is read of an input before its turn.
constexpr size_t kAheadBytes = size_t{32} << 20;

// Smaller files are read, as fast as they could be mapped; so a window holds no
// more than 16 open descriptors, however many inputs share it.
constexpr uint64_t kMinMapped = 1 << 20;

InputOpener::Opened Open(const std::string& name, const Options& options,
                         std::shared_ptr<BufferPool> pool) {
  const ExpansionLimits limits = {.ratio = options.max_expansion,
                                  .bytes = options.max_expanded_bytes};
  InputOpener::Opened opened =
      OpenInput(name, options.use_mmap, kMinMapped, limits, std::move(pool));
  if (!opened) opened.error().file = name;
  return opened;
}

// Opening and reading a pipe waits for its writer, who may be waiting for
// another to be read first.
bool MayBeOpenedAhead(const std::string& name) {
  std::error_code error;
  return name != "-" && std::filesystem::is_regular_file(name, error);
}

}  // namespace

// An input that several threads may come to open; one does.
class ComingInput {
 public:
  ComingInput(const std::string& name, const Options& options,
              std::shared_ptr<BufferPool> pool)
      : name_(name), options_(options), pool_(std::move(pool)) {}

  // Opens the input and reads the first `ahead` bytes unless they are mapped.
  // Does nothing if another thread has begun to, or nobody wants it any more.
  void TryOpen(size_t ahead) {
    {
      const std::lock_guard lock(mutex_);
      if (state_ != State::kWaiting) return;
      state_ = State::kOpening;
    }
    InputOpener::Opened opened = Open(name_, options_, pool_);
    // An error will be told again by whoever reads on from there.
    if (ahead > 0 && opened && !(*opened)->resident()) {
      static_cast<void>((*opened)->Peek(ahead));
    }
    const std::lock_guard lock(mutex_);
    opened_ = std::move(opened);
    state_ = State::kOpen;
    is_open_.notify_all();
  }

  [[nodiscard]] bool is_open() {
    const std::lock_guard lock(mutex_);
    return state_ == State::kOpen;
  }

  // Waits until another thread has opened it, which must have begun to.
  InputOpener::Opened Take() {
    std::unique_lock lock(mutex_);
    is_open_.wait(lock, [this] { return state_ == State::kOpen; });
    return *std::move(opened_);
  }

  // Keeps the input from being opened, unless a thread has begun to.
  void Abandon() {
    const std::lock_guard lock(mutex_);
    if (state_ == State::kWaiting) state_ = State::kOpen;
  }

 private:
  enum class State : uint8_t { kWaiting, kOpening, kOpen };

  const std::string& name_;
  const Options& options_;
  const std::shared_ptr<BufferPool> pool_;
  std::mutex mutex_;
  std::condition_variable is_open_;
  State state_ = State::kWaiting;
  std::optional<InputOpener::Opened> opened_;
};

InputOpener::InputOpener(const std::vector<std::string>& inputs,
                         const Options& options, unsigned ahead)
    : inputs_(inputs), options_(options), ahead_(ahead) {}

void InputOpener::Stop() {
  for (const std::shared_ptr<ComingInput>& input : coming_) input->Abandon();
}

void InputOpener::OpenAhead(Background* background) {
  while (coming_.size() < ahead_) {
    const size_t index = next_ + coming_.size();
    if (index == inputs_.size() || !MayBeOpenedAhead(inputs_[index])) return;
    coming_.push_back(
        std::make_shared<ComingInput>(inputs_[index], options_, pool_));
    background->Start(
        [input = coming_.back()] { input->TryOpen(kAheadBytes); });
  }
}

InputOpener::Opened InputOpener::Next(Background* background) {
  if (coming_.empty()) {
    const std::string& name = inputs_[next_++];
    OpenAhead(background);
    return Open(name, options_, pool_);
  }
  const std::shared_ptr<ComingInput> input = std::move(coming_.front());
  coming_.pop_front();
  ++next_;
  OpenAhead(background);
  input->TryOpen(0);
  // If another thread is at it, this one is of use to those behind it.
  for (size_t i = 0; i < coming_.size() && !input->is_open(); ++i) {
    coming_[i]->TryOpen(kAheadBytes);
  }
  return input->Take();
}

}  // namespace thresh
