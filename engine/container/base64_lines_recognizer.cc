// Lines of base64 are recognized by a line that decodes to an aggregated
// record, or several that do so together.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/lenient_base64.h"
#include "container/base64_file.h"
#include "container/base64_line.h"
#include "container/base64_lines.h"
#include "container/base64_wrapped.h"
#include "container/frame_pieces.h"
#include "container/record_digest.h"
#include "record/envelope.h"

namespace thresh {
namespace {

// Whether the text of a record is one line, longer than wrapped ones: a shorter
// one may be a piece, and several may be a whole file.
bool IsLongLine(const Frame& frame, Bytes bytes) {
  constexpr size_t kWidestWrapping = 76;
  const Bytes text = bytes.subspan(frame.offset, frame.length);
  return text.size() > kWidestWrapping &&
         std::ranges::find(text, '\n') == text.end();
}

// Whether `text`, an incomplete line, may hold an aggregated record: at its
// start, or in a list of strings.
bool MayHoldRecord(std::string_view text) {
  const size_t magic = text.find(kEncodedMagic);
  if (magic == std::string_view::npos) return false;
  const std::string_view before = text.substr(0, magic);
  const std::string_view rest = text.substr(magic);
  const auto is_text = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c >= '0' && c <= '9') ||
           std::string_view("+/-_=").find(c) != std::string_view::npos;
  };
  const auto is_list = [is_text](char c) {
    return is_text(c) ||
           std::string_view("\"[], \t").find(c) != std::string_view::npos;
  };
  const bool starts_item = before.empty() || before == "\"" ||
                           (before.starts_with('[') && before.ends_with('"'));
  return starts_item && std::ranges::all_of(before, is_list) &&
         std::ranges::all_of(rest.substr(0, rest.find('"')), is_text);
}

// What `head` (the whole input if `whole`) shows of this container.
enum class Base64Sight : uint8_t {
  kNone,
  kLines,
  // It is, unless a longer head shows that the text is a whole file of blobs.
  kUnsure,
};

Base64Sight LookForBase64Lines(Bytes head, bool whole) {
  const std::string_view text = AsText(head);
  if (text.find(kEncodedMagic) == std::string_view::npos) {
    return Base64Sight::kNone;
  }
  // Where a text begins that does not verify, as far as available.
  std::optional<size_t> likely;
  bool verified = false;
  size_t unresolved = 0;
  Segment segment;
  segment.bytes = head;
  segment.ends_input = whole;
  ForEachPiece(
      FrameBase64Lines, segment, [&](const Frames& frames, Bytes piece) {
        const auto at = static_cast<size_t>(piece.data() - head.data());
        for (const Frame& frame : frames.list) {
          if (frame.opaque || !LooksAggregated(frame.record)) continue;
          verified = DigestMatches(frame.record);
          if (verified) return false;
          if (!likely && IsLongLine(frame, piece)) likely = at + frame.offset;
        }
        unresolved = frames.unresolved;
        return true;
      });
  if (verified) return Base64Sight::kLines;
  if (!likely && unresolved > 0) {
    const size_t at = head.size() - unresolved;
    const Base64Line line = Base64LineAt(head, at);
    if (line.complete) {
      std::vector<uint8_t> decoded(LenientBase64Size(unresolved));
      const WrappedRecord record =
          ReadWrapped(head, at, /*ends_input=*/false, SIZE_MAX, decoded.data());
      if (record.sound) likely = line.offset;
    } else if (MayHoldRecord(AsText(line.text))) {
      likely = text.find(kEncodedMagic, line.offset);
    }
  }
  if (!likely) return Base64Sight::kNone;
  // If a blob ends before its text does, the text is a whole file.
  switch (FindBlobInBase64(text.substr(*likely), whole)) {
    case SearchOutcome::kFound:
      return Base64Sight::kNone;
    case SearchOutcome::kNone:
      return Base64Sight::kLines;
    case SearchOutcome::kNeedsMore:
      return Base64Sight::kUnsure;
  }
  return Base64Sight::kNone;
}

}  // namespace

Sight RecognizeBase64Lines(SniffPass pass, Recognition* recognition) {
  if (pass != SniffPass::kFromStart) return Sight::kNo;
  switch (LookForBase64Lines(recognition->head, recognition->whole)) {
    case Base64Sight::kNone:
      break;
    case Base64Sight::kLines:
      return Sight::kYes;
    case Base64Sight::kUnsure:
      return recognition->more ? Sight::kNeedsMore : Sight::kYes;
  }
  return Sight::kNo;
}

}  // namespace thresh
