// A window is filled to its full size however short the reads are, plus one
// byte, which shows whether the input ends with it. The bytes after the cut are
// the carry: they are copied to the next buffer, unless they already contain
// the next window.
#include "input/stream_source.h"

#include <algorithm>
#include <cerrno>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "input/windowed_source.h"
#include "io/buffer_pool.h"
#include "io/system_error.h"

namespace thresh {
namespace {

class StreamSource final : public WindowedSource {
 public:
  StreamSource(std::unique_ptr<ByteStream> stream, std::string file,
               uint64_t stored_size, std::shared_ptr<BufferPool> pool)
      : stream_(std::move(stream)),
        file_(std::move(file)),
        stored_size_(stored_size),
        pool_(std::move(pool)) {}

  [[nodiscard]] uint64_t stored_size() const override { return stored_size_; }

 protected:
  Window Look(size_t size) override {
    if (buffer_ == nullptr && carry_.size() <= size && !ended_) {
      StartBuffer(size + 1);
    }
    if (buffer_ != nullptr) FillTo(size + 1);
    const Bytes held = buffer_ != nullptr ? buffer_->filled() : carry_;
    return {.bytes = held.first(std::min(size, held.size())),
            .at_end = held.size() <= size,
            .file_end = FirstFileEnd(std::min(size, held.size()))};
  }

  [[nodiscard]] std::vector<size_t> FileEndsWithin(size_t size) const override {
    std::vector<size_t> ends;
    for (const uint64_t end : file_ends_) {
      if (end - taken_ > size) break;
      ends.push_back(static_cast<size_t>(end - taken_));
    }
    return ends;
  }

  std::shared_ptr<const MemoryOwner> Take(size_t size) override {
    if (buffer_ != nullptr) {
      carry_ = buffer_->filled();
      carry_owner_ = std::move(buffer_);
    }
    carry_ = carry_.subspan(size);
    taken_ += size;
    while (!file_ends_.empty() && file_ends_.front() <= taken_) {
      file_ends_.pop_front();
    }
    if (!carry_.empty()) return carry_owner_;
    return carry_owner_ != nullptr ? std::move(carry_owner_)
                                   : std::make_shared<MemoryOwner>();
  }

  [[nodiscard]] std::optional<Error> end_error() const override {
    return error_;
  }
  [[nodiscard]] std::optional<uint64_t> compressed_offset() const override {
    return stream_->compressed_offset();
  }

 private:
  void StartBuffer(size_t capacity) {
    buffer_ = pool_->Take(capacity);
    if (buffer_ == nullptr) return OnNoMemory();
    std::copy(carry_.begin(), carry_.end(), buffer_->room().begin());
    buffer_->Fill(carry_.size());
    carry_ = {};
    carry_owner_.reset();
  }

  void FillTo(size_t size) {
    if (ended_ || buffer_->filled().size() >= size) return;
    if (!buffer_->Reserve(size)) return OnNoMemory();
    while (!ended_ && buffer_->filled().size() < size) {
      const size_t lacking = size - buffer_->filled().size();
      const size_t read = stream_->Read(buffer_->room().first(lacking));
      if (read > 0 && stream_->starts_file()) MarkFileEnd();
      buffer_->Fill(read);
      ended_ = read == 0;
    }
    if (ended_) error_ = stream_->error();
  }

  // The next byte is of another file than those that are held.
  void MarkFileEnd() {
    const Bytes held = buffer_->filled();
    if (!held.empty() && held.back() != '\n') {
      file_ends_.push_back(taken_ + held.size());
    }
  }

  // Within the next `size` bytes, or at their end.
  [[nodiscard]] std::optional<size_t> FirstFileEnd(size_t size) const {
    if (file_ends_.empty() || file_ends_.front() - taken_ > size) {
      return std::nullopt;
    }
    return static_cast<size_t>(file_ends_.front() - taken_);
  }

  void OnNoMemory() {
    ended_ = true;
    error_ = SystemError(ENOMEM, file_);
  }

  std::unique_ptr<ByteStream> stream_;
  std::string file_;
  uint64_t stored_size_;
  std::shared_ptr<BufferPool> pool_;
  // Bytes read and not taken: in buffer_, or, while that is null, carry_, which
  // is in a buffer shared with segments.
  std::shared_ptr<Buffer> buffer_;
  Bytes carry_;
  std::shared_ptr<const MemoryOwner> carry_owner_;
  uint64_t taken_ = 0;  // bytes
  // Where files end without a line end and others begin: the number of bytes
  // before, taken ones included, ascending.
  std::deque<uint64_t> file_ends_;
  bool ended_ = false;
  std::optional<Error> error_;
};

}  // namespace

std::unique_ptr<SegmentSource> NewStreamSource(
    std::unique_ptr<ByteStream> stream, std::string file, uint64_t stored_size,
    std::shared_ptr<BufferPool> pool) {
  return std::make_unique<StreamSource>(std::move(stream), std::move(file),
                                        stored_size, std::move(pool));
}

}  // namespace thresh
