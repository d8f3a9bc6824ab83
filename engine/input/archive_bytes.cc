// A file is read at offsets and not mapped: if it is truncated in the meantime,
// the archive ends early, and readers at different members need not share a
// position.
#include "input/archive_bytes.h"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "storage/stored_stream.h"

namespace thresh {
namespace {

constexpr size_t kLargestPiece = size_t{128} << 10;

class StreamBytes final : public ArchiveBytes {
 public:
  explicit StreamBytes(std::unique_ptr<ByteStream> stream)
      : stream_(std::move(stream)), buffer_(kLargestPiece) {}

  // Fills the whole buffer: how libarchive handles damage depends on how much
  // it sees at a time, and must not depend on how a pipe is written.
  Bytes Read() override {
    size_t size = 0;
    while (size < buffer_.size()) {
      const size_t read = stream_->Read(std::span(buffer_).subspan(size));
      if (read == 0) break;
      size += read;
    }
    return Bytes(buffer_).first(size);
  }
  [[nodiscard]] std::optional<Error> error() const override {
    return stream_->error();
  }
  [[nodiscard]] std::optional<uint64_t> compressed_offset() const override {
    return stream_->compressed_offset();
  }

 private:
  std::unique_ptr<ByteStream> stream_;
  std::vector<uint8_t> buffer_;
};

class FileBytes final : public ArchiveBytes {
 public:
  FileBytes(std::shared_ptr<StoredFile> file, std::string name)
      : file_(std::move(file)),
        name_(std::move(name)),
        buffer_(kLargestPiece) {}

  // Fills the piece, as StreamBytes does, unless there is an error.
  Bytes Read() override {
    const auto wanted = static_cast<size_t>(
        std::min<uint64_t>(piece_, file_->size() - offset_));
    piece_ = std::min(piece_ * 2, kLargestPiece);
    size_t size = 0;
    while (size < wanted && !error_.has_value()) {
      Result<size_t> got =
          ReadStored(file_.get(), name_, offset_,
                     std::span(buffer_).subspan(size, wanted - size));
      if (!got) {
        error_ = std::move(got.error());
        break;
      }
      size += *got;
      offset_ += *got;
    }
    return Bytes(buffer_).first(size);
  }
  [[nodiscard]] std::optional<Error> error() const override { return error_; }
  [[nodiscard]] std::optional<uint64_t> size() const override {
    return file_->size();
  }
  void Seek(uint64_t offset) override {
    offset_ = offset;
    piece_ = kSmallestPiece;
  }

 private:
  // The bytes read first at a new position, where only a header may be needed.
  static constexpr size_t kSmallestPiece = size_t{4} << 10;

  std::shared_ptr<StoredFile> file_;
  std::string name_;
  uint64_t offset_ = 0;
  size_t piece_ = kSmallestPiece;
  std::vector<uint8_t> buffer_;
  std::optional<Error> error_;
};

class MemoryBytes final : public ArchiveBytes {
 public:
  explicit MemoryBytes(Bytes bytes) : bytes_(bytes) {}

  Bytes Read() override {
    const Bytes piece = bytes_.subspan(
        offset_, std::min(kLargestPiece, bytes_.size() - offset_));
    offset_ += piece.size();
    return piece;
  }
  [[nodiscard]] std::optional<Error> error() const override { return {}; }
  [[nodiscard]] std::optional<uint64_t> size() const override {
    return bytes_.size();
  }
  void Seek(uint64_t offset) override { offset_ = static_cast<size_t>(offset); }

 private:
  Bytes bytes_;
  size_t offset_ = 0;
};

}  // namespace

std::unique_ptr<ArchiveBytes> NewStreamBytes(
    std::unique_ptr<ByteStream> stream) {
  return std::make_unique<StreamBytes>(std::move(stream));
}

std::unique_ptr<ArchiveBytes> NewFileBytes(std::shared_ptr<StoredFile> file,
                                           std::string name) {
  return std::make_unique<FileBytes>(std::move(file), std::move(name));
}

std::unique_ptr<ArchiveBytes> NewMemoryBytes(Bytes bytes) {
  return std::make_unique<MemoryBytes>(bytes);
}

}  // namespace thresh
