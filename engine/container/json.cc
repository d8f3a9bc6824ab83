// A segment is a sequence of objects. Anything else between them has no state:
// white space, brackets and commas of surrounding arrays, a byte order mark, or
// other lines. So a segment can be read from the end of any object, and an end
// that needs more bytes to be parsed is left to the next segment.
#include "container/json.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/byte_order_mark.h"
#include "base/errors.h"
#include "container/base64_line.h"
#include "container/frame_pieces.h"
#include "container/json_cursor.h"
#include "container/json_document.h"
#include "container/json_outline.h"
#include "container/record_digest.h"
#include "record/envelope.h"

namespace thresh {
namespace {

class JsonFramer {
 public:
  JsonFramer(const Segment& segment, Frames* frames)
      : segment_(segment),
        bytes_(segment.bytes),
        out_(frames),
        open_(std::exchange(frames->open_document, {})),
        frames_(segment.bytes, TextOfTurn(), frames) {}

  void Run() {
    bool more = open_.outline == nullptr || TakeOutlined();
    while (more && at_ < bytes_.size() &&
           out_->list.size() < out_->max_frames) {
      more = Step();
    }
    const bool stopped = out_->unresolved == 0 && !out_->error.has_value();
    if (stopped) out_->left = bytes_.size() - at_;
    frames_.Finish();
    CountFraming();
  }

  // Reads as far as needed to see whether there are any records.
  JsonSight Look() {
    while (at_ < bytes_.size() && frames_.recognized() == 0 && Step()) {
    }
    frames_.Finish();
    const bool recognized =
        frames_.recognized() > 0 || frames_.record_names() > 0;
    return {
        .recognized = recognized,
        .unfinished = !recognized && document_goes_on_ && out_->list.empty(),
        .damage_goes_on = !recognized && damage_goes_on_,
        .foreign = frames_.foreign(),
        .too_deep = frames_.too_deep() > 0};
  }

 private:
  // Reads the next item at at_. False if it is the last that can be read.
  bool Step() {
    const uint8_t* const end = bytes_.data() + bytes_.size();
    const auto next = static_cast<size_t>(
        SkipJsonSpace(bytes_.data() + at_, end) - bytes_.data());
    if (next == bytes_.size()) {
      if (!segment_.ends_input) return NeedMore(at_);
      at_ = next;
      return true;
    }
    const uint8_t c = bytes_[next];
    if (c == '{') return TakeDocument(next);
    if (c == '[' || c == ']' || c == ',') {
      at_ = next + 1;
      return true;
    }
    const std::string_view rest = AsText(bytes_.subspan(next));
    if (rest.starts_with(kByteOrderMark)) {
      at_ = next + kByteOrderMark.size();
      return true;
    }
    if (kByteOrderMark.starts_with(rest) && !segment_.ends_input) {
      return NeedMore(at_);
    }
    return TakeLine(LineStart(next), at_, Reason::kNotJson);
  }

  // Bytes of text that may have to be decoded for `most` frames.
  [[nodiscard]] size_t TextOfTurn() const {
    if (open_.outline == nullptr) return bytes_.size();
    return open_.outline->TextOfTurn(open_.at, out_->max_frames, bytes_);
  }

  // Leaves the bytes from `from` on to the next segment.
  bool NeedMore(size_t from) {
    at_ = from;
    out_->unresolved = bytes_.size() - from;
    return false;
  }

  // The start of the line that begins with the white space before `next`.
  [[nodiscard]] size_t LineStart(size_t next) const {
    while (next > at_ && bytes_[next - 1] != '\n') --next;
    return next;
  }

  bool TakeDocument(size_t start) {
    const Bytes rest = bytes_.subspan(start);
    const Bytes text = rest.first(std::min(rest.size(), kMaxJsonBytes));
    const JsonFrames::Mark before = frames_.mark();
    JsonCursor cursor(text);
    JsonPlace place(text.data(), start);
    frames_.BeginDocument();
    const JsonOutcome outcome = ReadJsonDocument(&cursor, &place, &frames_);
    const bool is_large = frames_.EndDocument();
    out_->work += static_cast<uint64_t>(cursor.at() - text.data());
    if (is_large) {
      frames_.Return(before);
      // What is found before it belongs to this segment alone.
      if (!out_->list.empty()) return false;
    }
    if (outcome.status == JsonStatus::kOk && !is_large) {
      at_ = static_cast<size_t>(cursor.at() - bytes_.data());
      return true;
    }
    const bool waits = outcome.status == JsonStatus::kTruncated &&
                       text.size() < kMaxJsonBytes && !segment_.ends_input;
    document_goes_on_ = waits;
    if (is_large && !waits) return TakeLarge(text);
    if (!waits &&
        TakeLine(outcome.good_end.value_or(start), at_, Reason::kBrokenJson)) {
      return true;
    }
    if (out_->error.has_value()) return false;
    frames_.Return(before);
    return NeedMore(at_);
  }

  // Reads the document at the start of `text` in turns.
  bool TakeLarge(Bytes text) {
    open_ = {.outline = OutlineJsonDocument(bytes_, text, &out_->decoded),
             .at = {}};
    out_->decoded.Resize(JsonFrames::kDecodedOfText * TextOfTurn());
    out_->work += text.size();
    const Bytes rest = text.subspan(open_.outline->size);
    const bool goes_on = open_.outline->broken && !segment_.ends_input &&
                         text.size() < kMaxJsonBytes && DamageSize(rest) == 0;
    if (!goes_on) return TakeOutlined();
    open_ = {};
    return NeedMore(at_);
  }

  // Reads the next part of the outlined document that contains at_. False if
  // some is left to another segment, or nothing more can be read.
  bool TakeOutlined() {
    const JsonOutline& outline = *open_.outline;
    out_->outline = open_.outline;
    const ptrdiff_t start = outline.start - bytes_.data();
    const auto at = [start](size_t offset) {
      return static_cast<size_t>(start + static_cast<ptrdiff_t>(offset));
    };
    std::optional<Bytes> stream;
    while (outline.HasItem(open_.at)) {
      if (out_->list.size() >= out_->max_frames) {
        TakeReports(static_cast<size_t>(static_cast<ptrdiff_t>(at_) - start));
        out_->open_document = std::move(open_);
        return false;
      }
      const JsonItems::Item item = outline.Take(&open_.at, &stream);
      const size_t end = at(item.offset) + item.length;
      // The input was truncated in the meantime.
      if (end > bytes_.size()) return TakeLine(at_, at_, Reason::kBrokenJson);
      ReadOutlined(item, stream, at(item.offset), &frames_);
      out_->work += item.length;
      at_ = end;
    }
    TakeReports(SIZE_MAX);
    const size_t end = std::max(at(outline.size), at_);
    if (outline.broken || end > bytes_.size()) {
      return TakeLine(std::min(end, bytes_.size()), at_, Reason::kBrokenJson);
    }
    at_ = end;
    return true;
  }

  // Adds those of the outlined document that begin before `end`.
  void TakeReports(size_t end) {
    const std::vector<MissingRange>& reports = open_.outline->reports;
    size_t* const next = &open_.at.reports;
    for (; *next < reports.size(); ++*next) {
      MissingRange report = reports[*next];
      if (report.offset >= end) break;
      report.offset +=
          static_cast<size_t>(open_.outline->start - bytes_.data());
      frames_.AddReport(std::move(report));
    }
  }

  // Adds the bytes from `from` on as opaque, to the end of the line; or to an
  // object that directly follows another, as in files without lines. If the end
  // is not available yet, all from `unit` on is left for later.
  bool TakeLine(size_t from, size_t unit, Reason reason) {
    const Bytes rest = bytes_.subspan(from);
    const Bytes line = rest.first(std::min(rest.size(), kMaxJsonBytes));
    const size_t length = DamageSize(line);
    out_->work += length == 0 ? line.size() : length;
    if (length == 0 && line.size() == kMaxJsonBytes) {
      return Stop(from,
                  ContainerError("a line of more than " +
                                     std::to_string(kMaxJsonBytes) +
                                     " bytes that is not JSON, or no longer is",
                                 "check that this is the right container",
                                 ErrorDetail::kLineTooLong));
    }
    damage_goes_on_ = length == 0 && !segment_.ends_input;
    if (damage_goes_on_) return NeedMore(unit);
    const size_t size = length == 0 ? line.size() : length;
    frames_.AddOpaque(from, size, reason);
    at_ = from + size;
    return true;
  }

  // Where reading resumes after damage at the front of `line`; 0 if nowhere in
  // it.
  static size_t DamageSize(Bytes line) {
    // Stops at the first of the two, as a line can have many.
    constexpr std::string_view kBetweenObjects = "}{";
    const std::string_view text = AsText(line);
    size_t at = text.find_first_of("}\n");
    while (at != std::string_view::npos && text[at] != '\n' &&
           !text.substr(at).starts_with(kBetweenObjects)) {
      at = text.find_first_of("}\n", at + 1);
    }
    return at == std::string_view::npos ? 0 : at + 1;
  }

  // Ends the input at `from`, from where it cannot be read.
  bool Stop(size_t from, Error error) {
    out_->error = std::move(error);
    out_->error->offset = segment_.offset + from;
    out_->unread_bytes = bytes_.size() - from;
    at_ = from;
    return false;
  }

  void CountFraming() {
    uint64_t framing =
        bytes_.size() - out_->unresolved - out_->unread_bytes - out_->left;
    for (const Frame& frame : out_->list) framing -= frame.length;
    out_->framing_bytes = framing;
  }

  const Segment& segment_;
  Bytes bytes_;
  Frames* out_;
  OpenDocument open_;
  JsonFrames frames_;
  size_t at_ = 0;
  // The next item is a document that needs bytes after the segment.
  bool document_goes_on_ = false;
  // The next item is a damaged line that does.
  bool damage_goes_on_ = false;
};

}  // namespace

void FrameJson(const Segment& segment, Frames* frames) {
  JsonFramer(segment, frames).Run();
}

JsonSight LookForJson(Bytes head, bool whole) {
  Segment segment;
  segment.bytes = head;
  segment.ends_input = whole;
  Frames frames;
  return JsonFramer(segment, &frames).Look();
}

bool HoldsSoundJsonRecord(Bytes head, bool whole) {
  if (AsText(head).find(kEncodedMagic) == std::string_view::npos) return false;
  Segment segment;
  segment.bytes = head;
  segment.ends_input = whole;
  bool found = false;
  ForEachPiece(FrameJson, segment, [&](const Frames& frames, Bytes) {
    found = std::ranges::any_of(frames.list, [](const Frame& frame) {
      return !frame.opaque && LooksAggregated(frame.record) &&
             DigestMatches(frame.record);
    });
    return !found;
  });
  return found;
}

}  // namespace thresh
