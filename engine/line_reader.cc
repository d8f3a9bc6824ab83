// See line_reader.h. Files are read rather than mapped: what is done with lines
// costs more than the copy, and the file may then shrink in peace.
#include "thresh/line_reader.h"

#include <cstring>
#include <utility>

#include "input/buffer_pool.h"
#include "input/open.h"
#include "input/segment.h"
#include "pipeline/check_options.h"
#include "pipeline/progress_meter.h"

namespace thresh {
namespace {

constexpr size_t kBlockBytes = size_t{1} << 20;

size_t CutLines(Bytes window, bool at_end) {
  if (at_end) return window.size();
  const void* feed = memrchr(window.data(), '\n', window.size());
  if (feed == nullptr) return 0;
  return static_cast<size_t>(static_cast<const uint8_t*>(feed) -
                             window.data()) +
         1;
}

}  // namespace

class LineReader::Impl {
 public:
  Impl(std::vector<std::string> inputs, Options options)
      : inputs_(std::move(inputs)), options_(std::move(options)) {}

  std::optional<LineBlock> Next() {
    while (source_ != nullptr || next_input_ < inputs_.size()) {
      if (source_ == nullptr) {
        OpenNext();
        continue;
      }
      std::optional<LineBlock> block = ReadBlock();
      meter_.Show(report_.summary);
      if (block) return block;
    }
    return std::nullopt;
  }

  [[nodiscard]] const Report& report() const { return report_; }

 private:
  void OpenNext() {
    const std::string& name = inputs_[next_input_++];
    Result<std::unique_ptr<SegmentSource>> opened = OpenInput(
        name, /*use_mmap=*/false, /*min_mapped=*/0,
        {.ratio = options_.max_expansion, .bytes = options_.max_expanded_bytes},
        pool_);
    if (!opened) return Fail(std::move(opened.error()));
    source_ = *std::move(opened);
    starts_input_ = true;
    stored_offset_ = 0;
    ++report_.summary.inputs;
  }

  void Fail(Error error) {
    error.file = inputs_[next_input_ - 1];
    report_.input_errors.push_back(std::move(error));
    source_.reset();
  }

  // Null if the input has nothing more to give.
  std::optional<LineBlock> ReadBlock() {
    Segment segment = source_->Next(kBlockBytes, kMaxTextLineBytes, CutLines);
    Summary* const summary = &report_.summary;
    summary->bytes += segment.bytes.size();
    summary->stored_bytes +=
        segment.stored_offset -
        std::exchange(stored_offset_, segment.stored_offset);
    if (!segment.ends_input && segment.bytes.back() != '\n') {
      summary->unread_bytes += segment.bytes.size();
      Fail({.code = ErrorCode::kContainer,
            .file = {},
            .offset = segment.offset,
            .message = "a line of more than " +
                       std::to_string(kMaxTextLineBytes) + " bytes",
            .remedy = "check that this is a file of lines"});
      return std::nullopt;
    }
    const bool starts_input = std::exchange(starts_input_, false);
    if (segment.error.has_value()) {
      // Half a line may look like a whole one.
      const size_t whole = CutLines(segment.bytes, /*at_end=*/false);
      summary->unread_bytes += segment.bytes.size() - whole;
      segment.bytes = segment.bytes.first(whole);
      Fail(*std::move(segment.error));
    } else if (segment.ends_input) {
      source_.reset();
    }
    if (segment.bytes.empty()) return std::nullopt;
    return LineBlock{.bytes = segment.bytes,
                     .offset = segment.offset,
                     .source = next_input_ - 1,
                     .starts_input = starts_input,
                     .owner = std::move(segment.owner)};
  }

  const std::vector<std::string> inputs_;
  const Options options_;
  std::shared_ptr<BufferPool> pool_ = std::make_shared<BufferPool>();
  std::unique_ptr<SegmentSource> source_;
  uint32_t next_input_ = 0;
  bool starts_input_ = false;
  uint64_t stored_offset_ = 0;
  ProgressMeter meter_{inputs_, options_};
  Report report_;
};

Result<LineReader> LineReader::Open(std::vector<std::string> inputs,
                                    Options options) {
  if (Result<void> ok = CheckOptions(options); !ok) {
    return tl::unexpected(std::move(ok.error()));
  }
  return LineReader(
      std::make_unique<Impl>(std::move(inputs), std::move(options)));
}

LineReader::LineReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LineReader::LineReader(LineReader&&) noexcept = default;
LineReader& LineReader::operator=(LineReader&&) noexcept = default;
LineReader::~LineReader() = default;

std::optional<LineBlock> LineReader::Next() { return impl_->Next(); }

const Report& LineReader::report() const { return impl_->report(); }

}  // namespace thresh
