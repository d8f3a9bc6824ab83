// A mapped file's pages are prefetched a segment ahead and released as segments
// are destroyed; otherwise this iterates over a span.
#include "input/resident_source.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "input/windowed_source.h"

namespace thresh {
namespace {

class MemorySource : public WindowedSource {
 public:
  explicit MemorySource(Bytes bytes) : bytes_(bytes) {}

  [[nodiscard]] bool resident() const override { return true; }
  [[nodiscard]] uint64_t stored_size() const override { return bytes_.size(); }

 protected:
  Window Look(size_t size) override {
    const Bytes rest = bytes_.subspan(position_);
    return {.bytes = rest.first(std::min(size, rest.size())),
            .at_end = rest.size() <= size};
  }

  std::shared_ptr<const MemoryOwner> Take(size_t size) override {
    position_ += size;
    return std::make_shared<MemoryOwner>();
  }

  [[nodiscard]] std::optional<Error> end_error() const override {
    return std::nullopt;
  }
  [[nodiscard]] std::optional<uint64_t> compressed_offset() const override {
    return std::nullopt;
  }

  [[nodiscard]] size_t position() const { return position_; }

 private:
  Bytes bytes_;
  size_t position_ = 0;
};

class MappedRange final : public MemoryOwner {
 public:
  MappedRange(std::shared_ptr<const MappedFile> file, size_t offset,
              size_t size)
      : file_(std::move(file)), offset_(offset), size_(size) {}
  MappedRange(const MappedRange&) = delete;
  MappedRange& operator=(const MappedRange&) = delete;
  ~MappedRange() override { file_->Release(offset_, size_); }

  [[nodiscard]] std::optional<uint64_t> FaultOffset() const override {
    return file_->FaultOffset();
  }

 private:
  std::shared_ptr<const MappedFile> file_;
  size_t offset_;
  size_t size_;
};

class MappedSource final : public MemorySource {
 public:
  explicit MappedSource(std::shared_ptr<const MappedFile> file)
      : MemorySource(file->bytes()), file_(std::move(file)) {}

 protected:
  std::shared_ptr<const MemoryOwner> Take(size_t size) override {
    auto range = std::make_shared<MappedRange>(file_, position(), size);
    (void)MemorySource::Take(size);
    file_->Prefetch(position(), size);
    return range;
  }

 private:
  std::shared_ptr<const MappedFile> file_;
};

}  // namespace

std::unique_ptr<SegmentSource> NewMappedSource(
    std::shared_ptr<const MappedFile> file) {
  return std::make_unique<MappedSource>(std::move(file));
}

std::unique_ptr<SegmentSource> NewMemorySource(Bytes bytes) {
  return std::make_unique<MemorySource>(bytes);
}

}  // namespace thresh
