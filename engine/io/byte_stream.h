// A sequential source of bytes: the input of decompression.
#ifndef THRESH_IO_BYTE_STREAM_H_
#define THRESH_IO_BYTE_STREAM_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "thresh/bytes.h"
#include "thresh/result.h"

namespace thresh {

class ByteStream {
 public:
  virtual ~ByteStream() = default;

  // Reads at least one byte into `out`, which is not empty, and returns how
  // many; 0 at the end, and on all later calls.
  virtual size_t Read(std::span<uint8_t> out) = 0;

  // Whether the bytes of the last Read begin a file that was appended to the
  // one before it, compressed separately. (No such file begins within the bytes
  // of a Read.)
  [[nodiscard]] virtual bool starts_file() const { return false; }

  // Once Read has returned 0: why the stream ended early. All bytes before the
  // error have been delivered.
  [[nodiscard]] virtual const std::optional<Error>& error() const = 0;

  // For a stream that decompresses: the bytes of the stored input consumed so
  // far. Null if the stream's bytes are the stored ones.
  [[nodiscard]] virtual std::optional<uint64_t> compressed_offset() const {
    return std::nullopt;
  }

  // How many bytes Read can deliver, as far as known, without waiting for
  // another program: the rest of a file or of memory.
  [[nodiscard]] virtual uint64_t at_hand() const { return 0; }
};

// A stream whose first bytes can be examined before they are read.
class PeekedStream final : public ByteStream {
 public:
  explicit PeekedStream(std::unique_ptr<ByteStream> rest)
      : rest_(std::move(rest)) {}

  // The first `size` bytes of the stream, or all if there are fewer. Only
  // before the first Read; valid until the next call.
  Bytes Peek(size_t size) {
    while (head_.size() < size) {
      const size_t before = head_.size();
      head_.resize(std::max<size_t>(
          size, before + std::min(rest_->at_hand(), kUsualRead)));
      const size_t read = rest_->Read(std::span(head_).subspan(before));
      head_.resize(before + read);
      if (read == 0) break;
      if (rest_->starts_file()) file_starts_.push_back(before);
    }
    return Bytes(head_).first(std::min(size, head_.size()));
  }

  size_t Read(std::span<uint8_t> out) override {
    if (taken_ == head_.size()) {
      const size_t read = rest_->Read(out);
      starts_file_ = rest_->starts_file();
      return read;
    }
    const auto next = std::ranges::upper_bound(file_starts_, taken_);
    const size_t end = next == file_starts_.end() ? head_.size() : *next;
    const size_t size = std::min(out.size(), end - taken_);
    starts_file_ = std::ranges::binary_search(file_starts_, taken_);
    std::copy_n(head_.data() + taken_, size, out.data());
    taken_ += size;
    return size;
  }
  [[nodiscard]] bool starts_file() const override { return starts_file_; }

  [[nodiscard]] const std::optional<Error>& error() const override {
    return rest_->error();
  }
  [[nodiscard]] std::optional<uint64_t> compressed_offset() const override {
    return rest_->compressed_offset();
  }
  [[nodiscard]] uint64_t at_hand() const override {
    return head_.size() - taken_ + rest_->at_hand();
  }

 private:
  // A smaller file is read at once, whatever size is requested.
  static constexpr uint64_t kUsualRead = uint64_t{64} << 10;

  std::unique_ptr<ByteStream> rest_;
  std::vector<uint8_t> head_;
  std::vector<size_t> file_starts_;  // offsets in head_, ascending
  size_t taken_ = 0;
  bool starts_file_ = false;
};

// A stream over bytes that outlive it.
class MemoryStream final : public ByteStream {
 public:
  explicit MemoryStream(Bytes bytes) : rest_(bytes) {}

  size_t Read(std::span<uint8_t> out) override {
    const size_t size = std::min(out.size(), rest_.size());
    std::copy_n(rest_.data(), size, out.data());
    rest_ = rest_.subspan(size);
    return size;
  }
  [[nodiscard]] const std::optional<Error>& error() const override {
    return error_;
  }
  [[nodiscard]] uint64_t at_hand() const override { return rest_.size(); }

 private:
  Bytes rest_;
  std::optional<Error> error_;
};

}  // namespace thresh

#endif  // THRESH_IO_BYTE_STREAM_H_
