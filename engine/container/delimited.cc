// Lengths give the end of every record, so framing is one step per record.
// There is no way to resynchronize after a damaged length: the container ends
// there with an error, and the rest is unread.
#include "container/delimited.h"

#include <memory>
#include <string>
#include <utility>

#include "base/append.h"
#include "base/byte_order.h"
#include "base/errors.h"
#include "base/varint.h"

namespace thresh {
namespace {

enum class PrefixStatus : uint8_t { kOk, kTruncated, kInvalid };

struct Prefix {
  PrefixStatus status;
  size_t size;      // bytes of the prefix itself
  uint64_t length;  // bytes of the record after it
};

Prefix Checked(size_t size, uint64_t length) {
  const bool sane = length <= kMaxRecordBytes;
  return {sane ? PrefixStatus::kOk : PrefixStatus::kInvalid, size, length};
}

Prefix ReadU32Le(Bytes bytes) {
  if (bytes.size() < 4) return {PrefixStatus::kTruncated, 0, 0};
  return Checked(4, LoadLe<uint32_t>(bytes.data()));
}

Prefix ReadU32Be(Bytes bytes) {
  if (bytes.size() < 4) return {PrefixStatus::kTruncated, 0, 0};
  return Checked(4, LoadBe<uint32_t>(bytes.data()));
}

// No bit may be lost: a length that does not fit 64 bits is invalid.
Prefix ReadVarintPrefix(Bytes bytes) {
  uint64_t length = 0;
  const uint8_t* const begin = bytes.data();
  const uint8_t* const end = begin + bytes.size();
  const uint8_t* const next = ReadVarint(begin, end, &length);
  const ptrdiff_t size = next == nullptr ? end - begin : next - begin;
  if (next == nullptr && size < kMaxVarintBytes) {
    return {PrefixStatus::kTruncated, 0, 0};
  }
  if (next == nullptr || (size == kMaxVarintBytes && next[-1] > 1)) {
    return {PrefixStatus::kInvalid, 0, 0};
  }
  return Checked(static_cast<size_t>(size), length);
}

using ReadPrefix = Prefix (*)(Bytes);

// Whole records only, as many as fit. An invalid prefix is left for the start
// of the next window, where FrameDelimited reports it.
template <ReadPrefix Read>
size_t Cut(Bytes window, bool at_end) {
  if (at_end) return window.size();
  size_t end = 0;
  while (true) {
    const Prefix prefix = Read(window.subspan(end));
    if (prefix.status == PrefixStatus::kInvalid) {
      return end == 0 ? window.size() : end;
    }
    if (prefix.status == PrefixStatus::kTruncated) return end;
    if (prefix.length > window.size() - end - prefix.size) return end;
    end += prefix.size + static_cast<size_t>(prefix.length);
  }
}

void Stop(const Segment& segment, size_t at, std::string message,
          Frames* frames) {
  frames->unread_bytes = segment.bytes.size() - at;
  frames->error = AtOffset(
      segment.offset + at,
      ContainerError(std::move(message),
                     "check that this is the right container, or cut the file "
                     "there; the records before it are good",
                     ErrorDetail::kLengthPrefix));
}

template <ReadPrefix Read>
void FrameDelimited(const Segment& segment, Frames* frames) {
  const Bytes bytes = segment.bytes;
  size_t at = 0;
  while (at < bytes.size()) {
    if (frames->list.size() >= frames->max_frames) {
      frames->left = bytes.size() - at;
      return;
    }
    const Prefix prefix = Read(bytes.subspan(at));
    const size_t available = bytes.size() - at - prefix.size;
    if (prefix.status == PrefixStatus::kInvalid) {
      return Stop(segment, at,
                  "a record length of more than " +
                      std::to_string(kMaxRecordBytes) + " bytes",
                  frames);
    }
    if (prefix.status == PrefixStatus::kTruncated) {
      return Stop(segment, at, "the input ends within a record's length",
                  frames);
    }
    if (prefix.length > available) {
      return Stop(segment, at,
                  "a record of " + std::to_string(prefix.length) +
                      " bytes is cut off after " + std::to_string(available),
                  frames);
    }
    const auto length = static_cast<size_t>(prefix.length);
    frames->list.Append({.offset = at + prefix.size,
                         .length = length,
                         .record = bytes.subspan(at + prefix.size, length),
                         .opaque = false,
                         .verified = false});
    frames->framing_bytes += prefix.size;
    at += prefix.size + length;
  }
}

class DelimitedWriter final : public RecordWriter {
 public:
  explicit DelimitedWriter(ContainerKind container) : container_(container) {}

  void Add(const OutgoingRecord& record, Column<uint8_t>* out) override {
    AppendLength(record.bytes.size(), out);
    AppendBytes(record.bytes, out);
  }
  [[nodiscard]] PlainSupport plain() const override { return {.data = true}; }

 private:
  void AppendLength(uint64_t length, Column<uint8_t>* out) const {
    switch (container_) {
      case ContainerKind::kU32Le:
        StoreLe(static_cast<uint32_t>(length), Extend(sizeof(uint32_t), out));
        break;
      case ContainerKind::kU32Be:
        StoreBe(static_cast<uint32_t>(length), Extend(sizeof(uint32_t), out));
        break;
      default:
        AppendVarint(length, out);
    }
  }

  ContainerKind container_;
};

}  // namespace

size_t CutU32Le(Bytes window, bool at_end) {
  return Cut<ReadU32Le>(window, at_end);
}
size_t CutU32Be(Bytes window, bool at_end) {
  return Cut<ReadU32Be>(window, at_end);
}
size_t CutVarint(Bytes window, bool at_end) {
  return Cut<ReadVarintPrefix>(window, at_end);
}
void FrameU32Le(const Segment& segment, Frames* frames) {
  FrameDelimited<ReadU32Le>(segment, frames);
}
void FrameU32Be(const Segment& segment, Frames* frames) {
  FrameDelimited<ReadU32Be>(segment, frames);
}
void FrameVarint(const Segment& segment, Frames* frames) {
  FrameDelimited<ReadVarintPrefix>(segment, frames);
}

std::unique_ptr<RecordWriter> NewDelimitedWriter(const ContainerFormat& format,
                                                 const JsonSource&) {
  return std::make_unique<DelimitedWriter>(format.container);
}

}  // namespace thresh
