// Lines end in LF or CRLF; empty ones are framing. A line that is not base64 is
// opaque, and does not affect other lines. Nearly all lines are one canonical
// text and take a fast path; if that fails, the line is checked for what
// programs and editors add around a text, and for records in pieces.
#include "container/base64_lines.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/append.h"
#include "base/base64.h"
#include "base/errors.h"
#include "base/lenient_base64.h"
#include "container/base64_file.h"
#include "container/base64_line.h"
#include "container/base64_wrapped.h"
#include "container/search_limits.h"

namespace thresh {
namespace {

// A line of the largest record, and its line end.
constexpr size_t kMaxLineBytes = Base64EncodedSize(kMaxRecordBytes) + 2;

// How far before a window's end the first line of a wrapped record is searched,
// so as not to cut it: an ordinary record of a stream is no longer.
constexpr size_t kCutReach = size_t{2} << 20;

class LineFramer {
 public:
  LineFramer(const Segment& segment, Frames* frames)
      : segment_(segment),
        bytes_(segment.bytes),
        ends_line_(segment.ends_input || segment.ends_line),
        frames_(frames),
        out_(RoomFor(bytes_, &frames->decoded)),
        limits_(std::exchange(frames->failed_searches, {})) {}

  void Run() {
    for (size_t at = 0; at < bytes_.size();) {
      if (frames_->list.size() >= frames_->max_frames) {
        frames_->left = bytes_.size() - at;
        frames_->failed_searches = limits_.From(at);
        return;
      }
      const Base64Line line = Base64LineAt(bytes_, at);
      if (line.end - at > kMaxLineBytes) return Stop(at);
      if (!line.complete && !ends_line_) return LeaveUnresolved(at);
      size_t end = line.end;
      if (StartsWrapped(line.text)) {
        const WrappedRecord record =
            ReadWrapped(bytes_, at, ends_line_, limits_.At(at), out_);
        frames_->work += record.seen_end - at;
        if (record.open) return LeaveUnresolved(at);
        end = record.next;
        if (record.seen_end > end && record.starts > kNearStarts) {
          limits_.Note(at, record.seen_end - at);
        }
        frames_->framing_bytes += end - at;
        AppendWrapped(line, record);
      } else {
        frames_->framing_bytes += end - at;
        AppendLine(line);
      }
      at = end;
    }
  }

  // Bytes of the records so far.
  [[nodiscard]] size_t decoded() const {
    return static_cast<size_t>(out_ - frames_->decoded.data());
  }

 private:
  // Reserved once, so that records returned earlier do not move.
  static uint8_t* RoomFor(Bytes bytes, Column<uint8_t>* decoded) {
    decoded->Resize(LenientBase64Size(bytes.size()));
    return decoded->data();
  }

  void Stop(size_t at) {
    frames_->unread_bytes = bytes_.size() - at;
    frames_->error = AtOffset(
        segment_.offset + at,
        ContainerError("a line of more than " + std::to_string(kMaxLineBytes) +
                           " characters",
                       "check that this is the right container",
                       ErrorDetail::kLineTooLong));
  }

  void LeaveUnresolved(size_t at) {
    frames_->unresolved = bytes_.size() - at;
    frames_->failed_searches = limits_.From(at);
  }

  // Adds the record at [offset, offset + length), whose `size` decoded bytes
  // are at out_; its bytes were counted as framing, but are not.
  void AppendRecord(size_t offset, size_t length, size_t size, bool lenient) {
    frames_->list.Append({.offset = offset,
                          .length = length,
                          .record = Bytes(out_, size),
                          .opaque = false,
                          .verified = false,
                          .lenient = lenient});
    out_ += size;
    frames_->framing_bytes -= length;
  }

  // The last record begins with `line`, and all of its lines except the last
  // are as long.
  void NoteWidth(const Base64Line& line) {
    frames_->list.back().wrapped_width = static_cast<int8_t>(line.text.size());
  }

  void AppendOpaque(size_t offset, size_t length, Reason reason) {
    frames_->AppendOpaque(bytes_, offset, length, reason);
    frames_->framing_bytes -= length;
  }

  // `text`: that of `line`, or a part of it.
  void AppendNotBase64(Bytes text, const Base64Line& line) {
    const auto offset = static_cast<size_t>(text.data() - bytes_.data());
    AppendOpaque(offset, text.size(), Reason::kNotBase64);
    const size_t end = offset + text.size();
    if (!text.empty() && end == line.offset + line.text.size()) {
      frames_->list.back().line_end = static_cast<uint32_t>(line.end - end);
    }
  }

  void AppendWrapped(const Base64Line& first, const WrappedRecord& record) {
    const size_t length = record.end - first.offset;
    if (record.sound) {
      AppendRecord(first.offset, length, record.size,
                   record.lines > 1 || !IsCanonical(first));
      if (record.lines > 1) {
        NoteWidth(first);
        frames_->list.back().wrapped_width *= -1;
      }
    } else {
      AppendOpaque(first.offset, length, Reason::kDigest);
    }
  }

  void AppendLine(const Base64Line& line) {
    if (line.text.empty()) return;
    const std::optional<size_t> size = Base64Decode(line.text, out_);
    if (size.has_value()) {
      AppendRecord(line.offset, line.text.size(), *size, !line.bare);
      const bool full = *size == Base64DecodedBound(line.text.size());
      if (HasWrappedWidth(line.text) && full) NoteWidth(line);
      return;
    }
    items_.clear();
    if (!SplitBase64Items(line.text, &items_)) {
      return AppendNotBase64(line.text, line);
    }
    for (const Bytes item : items_) {
      const auto offset = static_cast<size_t>(item.data() - bytes_.data());
      const std::optional<size_t> decoded = DecodeBase64Text(item, out_);
      if (decoded.has_value()) {
        AppendRecord(offset, item.size(), *decoded, /*lenient=*/true);
      } else {
        AppendNotBase64(item, line);
      }
    }
  }

  // For a line that decodes and whose width is a multiple of four.
  static bool IsCanonical(const Base64Line& line) {
    return line.bare &&
           AsText(line.text).find_first_of("-_") == std::string_view::npos;
  }

  const Segment& segment_;
  const Bytes bytes_;
  const bool ends_line_;  // the last line, with or without a line end
  Frames* const frames_;
  uint8_t* out_;  // where the next record is decoded to
  std::vector<Bytes> items_;
  SearchLimits limits_;
};

class Base64LinesWriter final : public RecordWriter {
 public:
  void Add(const OutgoingRecord& record, Column<uint8_t>* out) override {
    AppendBase64(record.bytes, out);
    out->Append('\n');
  }
  [[nodiscard]] PlainSupport plain() const override { return {.data = true}; }
};

}  // namespace

size_t CutBase64Lines(Bytes window, bool at_end) {
  if (at_end) return window.size();
  const auto line_end = [window](size_t size) {
    const void* feed = memrchr(window.data(), '\n', size);
    if (feed == nullptr) return size_t{0};
    return static_cast<size_t>(static_cast<const uint8_t*>(feed) -
                               window.data()) +
           1;
  };
  const size_t end = line_end(window.size());
  for (size_t at = end; at > 0 && end - at < kCutReach;) {
    at = line_end(at - 1);
    const Bytes text = Base64LineAt(window, at).text;
    if (!HasWrappedWidth(text)) break;
    if (StartsWrapped(text)) return at;
  }
  return end;
}

// After lines of which no wrapped record can have more (base64_wrapped.h): it
// ends before the third that does not have the width of its first.
std::optional<size_t> SplitBase64Lines(const Segment& segment, size_t from) {
  constexpr int kMaxOddLines = 3;
  const Bytes bytes = segment.bytes;
  size_t at = from == 0 ? 0 : from - 1;
  if (from > 0) at = Base64LineAt(bytes, at).end;
  for (int odd = 0; at < bytes.size();) {
    if (odd == kMaxOddLines) return at;
    const Base64Line line = Base64LineAt(bytes, at);
    if (!line.complete) break;
    odd = HasWrappedWidth(line.text) ? 0 : odd + 1;
    at = line.end;
  }
  return std::nullopt;
}

void FrameBase64Lines(const Segment& segment, Frames* frames) {
  LineFramer framer(segment, frames);
  framer.Run();
  frames->decoded.Resize(framer.decoded());
}

std::unique_ptr<RecordWriter> NewBase64LinesWriter(const ContainerFormat&,
                                                   const JsonSource&) {
  return std::make_unique<Base64LinesWriter>();
}

}  // namespace thresh
