// JSON is recognized by its reader: by what FrameJson finds in the first bytes,
// or in more of them if the first document continues.
#include <optional>
#include <string_view>

#include "base/byte_order_mark.h"
#include "container/base64_line.h"
#include "container/json.h"
#include "container/refusal.h"

namespace thresh {
namespace {

// `head` without what may precede the first document.
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

// Zeros occur in UTF-16.
bool BeginsObject(Bytes text) {
  return !text.empty() && text[0] == '{' && (text.size() == 1 || text[1] != 0);
}

// Whether it starts with an object or a part of an array. `first` is `head`
// without framing.
bool MayBeJson(Bytes head, Bytes first) {
  if (first.empty() || first[0] == 0) return false;
  const std::string_view framing =
      AsText(head.first(head.size() - first.size()));
  return BeginsObject(first) || framing.find('[') != std::string_view::npos;
}

// Most inputs are recognized by their first few records.
JsonSight LookForJsonSoon(Bytes head, bool whole) {
  constexpr size_t kSoon = size_t{4} << 10;
  if (head.size() > kSoon) {
    const JsonSight soon = LookForJson(head.first(kSoon), false);
    if (soon.recognized) return soon;
  }
  return LookForJson(head, whole);
}

// Decides by the result of reading the input as JSON from its start.
Sight Decide(const JsonSight& sight, Recognition* recognition) {
  const bool own = sight.foreign == JsonForeign::kThreshNdjson;
  if (sight.recognized && !own) return Sight::kYes;
  if (sight.foreign == JsonForeign::kNone) return Sight::kNo;
  recognition->refusal = ForeignJson(sight.foreign);
  return Sight::kRefused;
}

Sight LookFromStart(Recognition* recognition) {
  const Bytes head = recognition->head;
  const Bytes first = WithoutFraming(head);
  recognition->undecided = first.empty();
  if (!MayBeJson(head, first)) return Sight::kNo;
  const JsonSight sight = LookForJsonSoon(head, recognition->whole);
  const Sight decision = Decide(sight, recognition);
  if (decision != Sight::kNo) return decision;
  recognition->undecided = sight.unfinished;
  recognition->look_further =
      sight.too_deep ||
      (sight.damage_goes_on &&
       AsText(head).find(kEncodedMagic) != std::string_view::npos);
  if (sight.too_deep) recognition->refusal = DeepJson();
  return Sight::kNo;
}

}  // namespace

Sight RecognizeJson(SniffPass pass, Recognition* recognition) {
  if (pass == SniffPass::kFromStart) return LookFromStart(recognition);
  if (recognition->undecided) {
    return recognition->whole ? Sight::kYes : Sight::kNeedsMore;
  }
  return HoldsSoundJsonRecord(recognition->head, recognition->whole)
             ? Sight::kYes
             : Sight::kNo;
}

std::optional<Error> RefuseJson(Bytes head, bool whole) {
  if (!MayBeJson(head, WithoutFraming(head))) return std::nullopt;
  const JsonSight sight = LookForJsonSoon(head, whole);
  const bool may_be_read = sight.recognized ||
                           sight.foreign == JsonForeign::kNone ||
                           sight.foreign == JsonForeign::kThreshNdjson;
  if (may_be_read) return std::nullopt;
  return ForeignJson(sight.foreign);
}

}  // namespace thresh
