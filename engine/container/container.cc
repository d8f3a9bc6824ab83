// The table of containers, and which of them an input's first bytes show.
#include "container/container.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "base/base64.h"
#include "base/byte_order_mark.h"
#include "container/base64_line.h"
#include "container/base64_lines.h"
#include "container/blobs.h"
#include "container/delimited.h"
#include "container/json.h"
#include "container/json_cursor.h"
#include "container/refusal.h"
#include "container/whole_record.h"
#include "record/envelope.h"

namespace thresh {
namespace {

// Room behind the largest record for the start of the next.
constexpr size_t kSlack = size_t{1} << 20;
constexpr size_t kBinaryLimit = kMaxRecordBytes + kSlack;
constexpr size_t kBase64Limit = Base64EncodedSize(kMaxRecordBytes) + kSlack;

constexpr size_t kMostEncoded = size_t{24} << 20;

constexpr std::array<Container, 7> kContainers = {{
    {.kind = ContainerKind::kBlobs,
     .segment_limit = kBinaryLimit,
     .cut = CutBlobs,
     .frame = FrameBlobs,
     .settle = SettleBlobs,
     .joins_opaque = true,
     .line_ends_frame = true},
    {.kind = ContainerKind::kU32Le,
     .segment_limit = kBinaryLimit,
     .cut = CutU32Le,
     .frame = FrameU32Le},
    {.kind = ContainerKind::kU32Be,
     .segment_limit = kBinaryLimit,
     .cut = CutU32Be,
     .frame = FrameU32Be},
    {.kind = ContainerKind::kVarint,
     .segment_limit = kBinaryLimit,
     .cut = CutVarint,
     .frame = FrameVarint},
    {.kind = ContainerKind::kBase64Lines,
     .segment_limit = kBase64Limit,
     .cut = CutBase64Lines,
     .frame = FrameBase64Lines,
     .ends_lines_with_files = true,
     .most_read = kMostEncoded},
    {.kind = ContainerKind::kJson,
     .segment_limit = kMaxJsonBytes + kSlack,
     .cut = CutJson,
     .frame = FrameJson,
     .joins_opaque = true,
     .most_read = kMostEncoded,
     .frame_bytes = sizeof(Frame) + sizeof(KinesisMetadata)},
    {.kind = ContainerKind::kRecord,
     .segment_limit = kBinaryLimit,
     .cut = CutWholeRecord,
     .frame = FrameWholeRecord},
}};

// How much is looked at of an input of which nothing is known: where records of
// the usual size are, and the first one is damaged, others begin within it.
constexpr size_t kSniffPastDamage = size_t{1} << 20;

// `head` without what may stand in front of the first document.
Bytes WithoutFraming(Bytes head) {
  constexpr std::string_view kFraming = "[], \t\r\n";
  while (!head.empty()) {
    const bool marked = AsText(head).starts_with(kByteOrderMark);
    if (!marked && kFraming.find(AsText(head)[0]) == std::string_view::npos) {
      break;
    }
    head = head.subspan(marked ? kByteOrderMark.size() : 1);
  }
  return head;
}

// Zeros are of UTF-16.
bool BeginsObject(Bytes text) {
  return !text.empty() && text[0] == '{' && (text.size() == 1 || text[1] != 0);
}

// Whether an object or a part of an array is in front, `first` being `head`
// without framing.
bool MayBeJson(Bytes head, Bytes first) {
  if (first.empty() || first[0] == 0) return false;
  const std::string_view framing =
      AsText(head.first(head.size() - first.size()));
  return BeginsObject(first) || framing.find('[') != std::string_view::npos;
}

bool HoldsEncodedMagic(Bytes head) {
  return AsText(head).find(kEncodedMagic) != std::string_view::npos;
}

// Most inputs show what they are in their first few records.
JsonSight LookForJsonSoon(Bytes head, bool whole) {
  constexpr size_t kSoon = size_t{4} << 10;
  if (head.size() > kSoon) {
    const JsonSight soon = LookForJson(head.first(kSoon), false);
    if (soon.recognised) return soon;
  }
  return LookForJson(head, whole);
}

// What is said of an input by what was seen of it as JSON: null if nothing.
std::optional<Result<ContainerKind>> Decide(const JsonSight& sight) {
  if (sight.foreign == JsonForeign::kThreshNdjson) {
    return tl::unexpected(ForeignJson(sight.foreign));
  }
  if (sight.recognised) return ContainerKind::kJson;
  if (sight.foreign != JsonForeign::kNone) {
    return tl::unexpected(ForeignJson(sight.foreign));
  }
  return std::nullopt;
}

}  // namespace

size_t Frames::memory() const {
  return list.size() * sizeof(Frame) +
         metadata.size() * sizeof(KinesisMetadata) + texts.memory() +
         decoded.size();
}

void Frames::Clear() {
  most = SIZE_MAX;
  left = 0;
  list.Clear();
  framing_bytes = 0;
  missing_ranges.clear();
  unsettled = 0;
  vain_searches.clear();
  open_document = {};
  outline.reset();
  error.reset();
  unread_bytes = 0;
  work = 0;
  decoded.Clear();
  texts.Clear();
  metadata.Clear();
}

void Frames::AppendOpaque(Bytes segment, size_t offset, size_t length,
                          Reason reason) {
  while (length > 0) {
    const size_t piece = std::min(length, kMaxRecordBytes);
    list.Append({.offset = offset,
                 .length = piece,
                 .record = segment.subspan(offset, piece),
                 .opaque = true,
                 .verified = false,
                 .reason = reason});
    offset += piece;
    length -= piece;
  }
}

void Frames::EndWith(size_t offset, size_t length) {
  size_t kept = 0;
  framing_bytes = offset + length;
  while (kept < list.size() && list[kept].offset <= offset) {
    framing_bytes -= list[kept++].length;
  }
  list.Resize(kept);
  std::erase_if(missing_ranges, [offset](const MissingRange& range) {
    return range.offset > offset;
  });
  error.reset();
  unread_bytes = 0;
}

const Container& ContainerOf(ContainerKind kind) {
  return *std::ranges::find(kContainers, kind, &Container::kind);
}

std::optional<Error> CheckContainer(ContainerKind kind, Bytes head,
                                    bool whole) {
  if (kind != ContainerKind::kJson || !MayBeJson(head, WithoutFraming(head))) {
    return std::nullopt;
  }
  const JsonSight sight = LookForJsonSoon(head, whole);
  const bool may_be_read = sight.recognised ||
                           sight.foreign == JsonForeign::kNone ||
                           sight.foreign == JsonForeign::kThreshNdjson;
  if (may_be_read) return std::nullopt;
  return ForeignJson(sight.foreign);
}

Result<ContainerKind> SniffContainer(Bytes head, bool whole) {
  if (head.empty() || StartsWithMagic(head)) return ContainerKind::kBlobs;
  const Bytes first = WithoutFraming(head);
  bool unfinished = first.empty();
  bool damaged = false;
  bool too_deep = false;
  if (MayBeJson(head, first)) {
    const JsonSight sight = LookForJsonSoon(head, whole);
    if (const auto decision = Decide(sight)) return *decision;
    unfinished = sight.unfinished;
    too_deep = sight.too_deep;
    damaged = sight.damage_goes_on && HoldsEncodedMagic(head);
  }
  const bool more =
      !whole && head.size() >= kSniffBytes && head.size() < kSniffPastDamage;
  const Base64Sight lines = LookForBase64Lines(head, whole);
  if (lines == Base64Sight::kUnsure && more) return ContainerKind::kAuto;
  if (lines != Base64Sight::kNone) return ContainerKind::kBase64Lines;
  if (unfinished) return whole ? ContainerKind::kJson : ContainerKind::kAuto;
  // What is left may be damage, with records behind it.
  if (HoldsSoundJsonRecord(head, whole)) return ContainerKind::kJson;
  if (LooksLikeBlobs(head, whole)) return ContainerKind::kBlobs;
  std::optional<Error> known = too_deep ? DeepJson() : KnownRefusal(head);
  if (more && (damaged || too_deep || !known.has_value()))
    return ContainerKind::kAuto;
  return tl::unexpected(known.has_value() ? *std::move(known)
                                          : UnknownInput(head));
}

}  // namespace thresh
