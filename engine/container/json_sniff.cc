// Whether JSON is of the kind that holds Kinesis records. Its first records may
// be longer than what is looked at, or damaged: so it is told by the names that
// its members have, wherever they stand.
#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include "container/json.h"
#include "container/json_cursor.h"
#include "container/json_record.h"

namespace thresh {
namespace {

// Members whose value alone may fill the head.
bool IsLongName(std::string_view name) {
  constexpr std::array<std::string_view, 3> kLong = {"data", "Data", "payload"};
  return std::ranges::find(kLong, name) != kLong.end();
}

// Names that tell no record, but a document that may be without any.
bool IsEnvelopeName(std::string_view name) {
  constexpr std::array<std::string_view, 3> kEnvelope = {
      "KinesisBatchInfo", "NextShardIterator", "MillisBehindLatest"};
  return std::ranges::find(kEnvelope, name) != kEnvelope.end();
}

// The closing quote of the string that `at` is in, or `end`.
const uint8_t* ClosingQuote(const uint8_t* at, const uint8_t* end) {
  for (; at != end && *at != '"'; ++at) {
    if (*at != '\\') continue;
    ++at;
    if (at == end) break;
  }
  return at;
}

}  // namespace

bool LooksLikeKinesisJson(Bytes head, bool whole) {
  if (AsText(head).starts_with(kByteOrderMark)) {
    head = head.subspan(kByteOrderMark.size());
  }
  const uint8_t* const end = head.data() + head.size();
  const uint8_t* at = SkipJsonSpace(head.data(), end);
  if (at == end || (*at != '{' && *at != '[')) return false;
  bool in_long_value = false;
  bool had_long_value = false;
  bool has_record_id = false;
  bool has_data = false;
  while (true) {
    at = std::find(at, end, '"');
    if (at == end) return has_record_id && has_data;
    const uint8_t* const quote = ClosingQuote(at + 1, end);
    // Only of a first record is nothing known before its data ends.
    if (quote == end) return in_long_value && !had_long_value && !whole;
    const std::string_view text = AsText({at + 1, quote});
    at = SkipJsonSpace(quote + 1, end);
    had_long_value = had_long_value || in_long_value;
    in_long_value = false;
    if (at == end || *at != ':') continue;
    if (IsTellingName(text) || IsEnvelopeName(text)) return true;
    in_long_value = IsLongName(text);
    has_record_id = has_record_id || text == "recordId";
    has_data = has_data || text == "data";
  }
}

}  // namespace thresh
