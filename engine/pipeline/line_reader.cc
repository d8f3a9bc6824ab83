// See line_reader.h. Files are read rather than mapped: the processing of lines
// costs more than the copy, and the file may then be truncated safely.
#include "thresh/line_reader.h"

#include <cstring>
#include <new>
#include <utility>

#include "input/segment.h"
#include "pipeline/check_options.h"
#include "pipeline/input_opener.h"
#include "pipeline/progress_meter.h"
#include "pipeline/window_errors.h"
#include "storage/input_watch.h"
#include "thresh/split.h"

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

Options Unmapped(Options options) {
  options.use_mmap = false;
  return options;
}

}  // namespace

class LineReader::Impl {
 public:
  Impl(InputList inputs, Options options)
      : inputs_(std::move(inputs)), options_(Unmapped(std::move(options))) {
    report_.summary.left_out = inputs_.left_out();
  }

  std::optional<LineBlock> Next() {
    try {
      return NextBlock();
    } catch (const NoMemoryAt&) {
      throw;
    } catch (const std::bad_alloc&) {
      throw NoMemoryAt({source_number_, offset_});
    }
  }

  [[nodiscard]] const InputList& inputs() const { return inputs_; }
  [[nodiscard]] const Report& report() const { return report_; }

 private:
  std::optional<LineBlock> NextBlock() {
    while (source_ != nullptr || OpenNext()) {
      if (source_ == nullptr) continue;
      std::optional<LineBlock> block = ReadBlock();
      meter_.Show(report_.summary);
      if (block) return block;
    }
    if (!ended_) watch_.Check(&report_.input_errors);
    ended_ = true;
    return std::nullopt;
  }

  // False at the end of the last input. An input may have nothing to read.
  bool OpenNext() {
    std::optional<OpenedInput> next = opener_.Next(/*background=*/nullptr);
    if (!next.has_value()) return false;
    source_ = std::move(next->content);
    source_number_ = next->source;
    starts_input_ = true;
    offset_ = next->begin;
    stored_offset_ = next->begin;
    if (source_ != nullptr) {
      if (next->begin == 0) ++report_.summary.inputs;
      source_->EndLinesWithFiles();
    }
    if (next->error.has_value()) Fail(*std::move(next->error));
    if (next->archive_end.has_value())
      EndArchive(*std::move(next->archive_end));
    return true;
  }

  void EndArchive(ArchiveEnd end) {
    const uint64_t counted = std::exchange(member_bytes_, 0);
    report_.summary.stored_bytes +=
        std::max(end.stored_bytes, counted) - counted;
    report_.summary.left_out += end.left_out;
    if (end.error.has_value()) Fail(*std::move(end.error));
  }

  void Fail(Error error) {
    error.file = inputs_[source_number_];
    report_.input_errors.push_back(std::move(error));
    source_.reset();
  }

  // Null at the end of the input.
  std::optional<LineBlock> ReadBlock() {
    Segment segment = source_->Next(kBlockBytes, kMaxTextLineBytes, CutLines);
    Summary* const summary = &report_.summary;
    summary->bytes += segment.bytes.size();
    offset_ = segment.offset + segment.bytes.size();
    const uint64_t stored =
        segment.stored_offset -
        std::exchange(stored_offset_, segment.stored_offset);
    summary->stored_bytes += stored;
    if (source_number_ >= inputs_.splits().size()) member_bytes_ += stored;
    if (!segment.ends_input && !segment.ends_line &&
        segment.bytes.back() != '\n') {
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
      // A partial line may look like a whole one.
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
                     .source = source_number_,
                     .starts_input = starts_input,
                     .owner = std::move(segment.owner)};
  }

  // One input after the other: none is opened ahead.
  static constexpr unsigned kAhead = 0;

  const InputList inputs_;
  const Options options_;
  InputOpener opener_{inputs_, options_, kAhead, std::nullopt, options_.cancel};
  std::unique_ptr<SegmentSource> source_;
  uint32_t source_number_ = 0;
  bool starts_input_ = false;
  uint64_t offset_ = 0;  // of the next block, for errors
  uint64_t stored_offset_ = 0;
  uint64_t member_bytes_ = 0;  // stored ones, of the current archive's members
  ProgressMeter meter_{inputs_, options_};
  const InputWatch watch_{inputs_.Files()};
  bool ended_ = false;
  Report report_;
};

Result<LineReader> LineReader::Open(InputList inputs, Options options) {
  if (Result<void> ok = CheckOptions(options); !ok) {
    return tl::unexpected(std::move(ok.error()));
  }
  return LineReader(
      std::make_unique<Impl>(std::move(inputs), std::move(options)));
}

Result<LineReader> LineReader::Open(std::vector<std::string> inputs,
                                    Options options) {
  return Open(InputList(std::move(inputs)), std::move(options));
}

LineReader::LineReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LineReader::LineReader(LineReader&&) noexcept = default;
LineReader& LineReader::operator=(LineReader&&) noexcept = default;
LineReader::~LineReader() = default;

std::optional<LineBlock> LineReader::Next() { return impl_->Next(); }

const InputList& LineReader::inputs() const { return impl_->inputs(); }

const Report& LineReader::report() const { return impl_->report(); }

}  // namespace thresh
