// Lines end in LF or CRLF; empty ones are framing. A line that is not base64 is
// opaque, and costs no other line anything.
#include "container/base64_lines.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <vector>

#include "digest/md5.h"
#include "envelope/envelope.h"
#include "text/base64.h"

namespace thresh {
namespace {

// A line of the largest record, and its line end.
constexpr size_t kMaxLineBytes = Base64EncodedSize(kMaxRecordBytes) + 2;

struct Line {
  Bytes text;     // without the line end
  size_t size;    // with it
  bool complete;  // has a line end
};

// The line at the front of `bytes`, which are not empty.
Line FirstLine(Bytes bytes) {
  const auto* feed = static_cast<const uint8_t*>(
      std::memchr(bytes.data(), '\n', bytes.size()));
  const bool complete = feed != nullptr;
  size_t length =
      complete ? static_cast<size_t>(feed - bytes.data()) : bytes.size();
  const size_t size = complete ? length + 1 : length;
  if (length > 0 && bytes[length - 1] == '\r') --length;
  return {bytes.first(length), size, complete};
}

// Whether `text` may be the start of a line of base64.
bool MayBeBase64(Bytes text) {
  for (int i = 0; i < 2 && !text.empty() && text.back() == '='; ++i) {
    text = text.first(text.size() - 1);
  }
  for (const uint8_t c : text) {
    const bool ok = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                    (c >= '0' && c <= '9') || c == '+' || c == '/';
    if (!ok) return false;
  }
  return true;
}

// Whether the whole line `text` decodes to one record rather than to a piece of
// one that was wrapped: a line no longer than what is wrapped has to verify.
bool IsRecord(Bytes text) {
  constexpr size_t kWidestWrapping = 76;  // RFC 2045; PEM has 64
  std::vector<uint8_t> decoded(Base64DecodedBound(text.size()));
  const std::optional<size_t> size = Base64Decode(text, decoded.data());
  if (!size.has_value() || text.size() > kWidestWrapping) {
    return size.has_value();
  }
  const Bytes record(decoded.data(), *size);
  return LooksAggregated(record) &&
         std::ranges::equal(Md5(MessageOf(record)), DigestOf(record));
}

}  // namespace

size_t CutBase64Lines(Bytes window, bool at_end) {
  if (at_end) return window.size();
  const void* feed = memrchr(window.data(), '\n', window.size());
  if (feed == nullptr) return 0;
  return static_cast<size_t>(static_cast<const uint8_t*>(feed) -
                             window.data()) +
         1;
}

void FrameBase64Lines(const Segment& segment, Frames* frames) {
  const Bytes bytes = segment.bytes;
  // Reserved once, so that records handed out before stay where they are.
  frames->decoded.Resize(Base64DecodedBound(bytes.size()));
  uint8_t* out = frames->decoded.data();
  for (size_t at = 0; at < bytes.size();) {
    const Line line = FirstLine(bytes.subspan(at));
    if (line.size > kMaxLineBytes) {
      frames->unread_bytes = bytes.size() - at;
      frames->error =
          Error{.code = ErrorCode::kContainer,
                .file = {},
                .offset = segment.offset + at,
                .message = "a line of more than " +
                           std::to_string(kMaxLineBytes) + " characters",
                .remedy = "check that this is the right --container"};
      return;
    }
    if (!line.text.empty()) {
      const std::optional<size_t> decoded = Base64Decode(line.text, out);
      frames->list.Append(
          {.offset = at,
           .length = line.text.size(),
           .record = decoded.has_value() ? Bytes(out, *decoded) : line.text,
           .opaque = !decoded.has_value(),
           .verified = false,
           .reason = decoded ? Reason::kNone : Reason::kNotBase64});
      out += decoded.value_or(0);
    }
    frames->framing_bytes += line.size - line.text.size();
    at += line.size;
  }
}

bool LooksLikeBase64Lines(Bytes head, bool whole) {
  // The magic and the four bits behind it, F3 89 9A C2 0, encoded.
  constexpr std::string_view kEncodedMagic = "84mawg";
  while (!head.empty()) {
    const Line line = FirstLine(head);
    const bool ends = line.complete || whole;
    if (AsText(line.text).starts_with(kEncodedMagic) &&
        (ends ? IsRecord(line.text) : MayBeBase64(line.text))) {
      return true;
    }
    head = head.subspan(line.size);
  }
  return false;
}

}  // namespace thresh
