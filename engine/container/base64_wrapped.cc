#include "container/base64_wrapped.h"

#include <algorithm>
#include <optional>

#include "base/base64.h"
#include "base/lenient_base64.h"
#include "container/base64_line.h"
#include "container/container.h"
#include "digest/md5.h"
#include "record/envelope.h"

namespace thresh {
namespace {

constexpr size_t kPemWidth = 64;
constexpr size_t kMimeWidth = 76;
constexpr size_t kAroundMessage = kMagic.size() + kDigestSize;

// The lines of a record that were read so far, joined.
class JoinedLines {
 public:
  // Lines have `width` characters; `out` has room for `room` bytes.
  JoinedLines(size_t width, uint8_t* out, size_t room)
      : full_(Base64DecodedBound(width)),
        out_(out),
        prefixes_(Bytes(out, room).subspan(kMagic.size())) {}

  // Adds a line. Returns whether the lines are now a record whose digest
  // matches.
  bool Add(Bytes text) {
    if (!sound_) return false;
    const std::optional<size_t> decoded =
        ends_ || text.size() > Base64EncodedSize(full_)
            ? std::nullopt
            : DecodeBase64Text(text, out_ + size_);
    sound_ = decoded.has_value();
    if (!sound_) return false;
    size_ += *decoded;
    ends_ = *decoded != full_ || text.size() != Base64EncodedSize(full_);
    return size_ >= kMinAggregateSize &&
           std::ranges::equal(prefixes_.DigestOf(size_ - kAroundMessage),
                              Bytes(out_ + size_ - kDigestSize, kDigestSize));
  }

  // Whether the lines are base64, and more may follow.
  [[nodiscard]] bool goes_on() const { return sound_ && !ends_; }
  [[nodiscard]] bool sound() const { return sound_; }
  [[nodiscard]] size_t size() const { return size_; }

 private:
  const size_t full_;  // bytes that a full line decodes to
  uint8_t* const out_;
  Md5Prefixes prefixes_;
  bool sound_ = true;
  bool ends_ = false;  // the last line was not full
  size_t size_ = 0;
};

// Finds the end of the lines of a damaged record.
class LineWidths {
 public:
  explicit LineWidths(size_t width) : width_(width) {}

  // Whether the record ends before a line of `size` characters.
  [[nodiscard]] bool EndBefore(size_t size) const {
    const size_t allowed = full_ > 1 ? 2 : 1;
    return size == 0 || (size != width_ && odd_ == allowed);
  }

  void Add(size_t size) {
    if (size == width_) {
      ++full_;
      odd_ = 0;
    } else {
      ++odd_;
    }
  }

 private:
  const size_t width_;  // of its first line
  size_t full_ = 0;     // lines of that width
  size_t odd_ = 0;      // consecutive lines of other widths
};

}  // namespace

bool HasWrappedWidth(Bytes text) {
  return text.size() == kPemWidth || text.size() == kMimeWidth;
}

bool StartsWrapped(Bytes text) {
  return HasWrappedWidth(text) && AsText(text).starts_with(kEncodedMagic);
}

WrappedRecord ReadWrapped(Bytes bytes, size_t at, bool ends_input, size_t limit,
                          uint8_t* out) {
  const size_t start = at;
  const size_t width = Base64LineAt(bytes, at).text.size();
  LineWidths widths(width);
  JoinedLines joined(width, out, LenientBase64Size(bytes.size() - at));
  WrappedRecord record;
  // The record up to the first line that could start the next one. A blob
  // within a blob may have its magic there, too.
  std::optional<WrappedRecord> before_start;
  size_t starts = 0;
  const auto ended = [&] {
    WrappedRecord damaged = before_start.value_or(record);
    damaged.seen_end = at;
    damaged.starts = starts;
    return damaged;
  };
  while (at < bytes.size() &&
         at - start <= Base64EncodedSize(kMaxRecordBytes)) {
    const Base64Line line = Base64LineAt(bytes, at);
    if (!line.complete && !ends_input) break;
    if (record.lines > 0) {
      const bool starts_one = AsText(line.text).starts_with(kEncodedMagic);
      if (starts_one && !before_start) before_start = record;
      const size_t passed = starts + (starts_one ? 1 : 0);
      const bool too_far = passed > kNearStarts && line.end - start > limit;
      if (too_far || widths.EndBefore(line.text.size()) ||
          (before_start && !joined.goes_on())) {
        return ended();
      }
      starts = passed;
    }
    const bool verified = joined.Add(line.text);
    widths.Add(line.text.size());
    at = line.end;
    record = {.open = false,
              .sound = joined.sound(),
              .end = line.offset + line.text.size(),
              .next = line.end,
              .size = joined.size(),
              .lines = record.lines + 1,
              .seen_end = line.end,
              .starts = starts};
    if (verified) return record;
  }
  const bool too_long = at - start > Base64EncodedSize(kMaxRecordBytes);
  if (ends_input || too_long) return ended();
  record.open = true;
  return record;
}

}  // namespace thresh
