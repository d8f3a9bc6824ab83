#include "container/base64_line.h"

#include <cstring>

#include "base/base64.h"
#include "base/byte_order_mark.h"
#include "base/lenient_base64.h"

namespace thresh {
namespace {

constexpr std::string_view kBlanks = " \t\r";

std::string_view WithoutBlanks(std::string_view text) {
  const size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return text.substr(text.size());
  return text.substr(first, text.find_last_not_of(kBlanks) + 1 - first);
}

// Removes quoted strings, separated by commas, from the front of `list`. False
// if there is anything else in it.
bool SplitStrings(std::string_view list, std::vector<Bytes>* items) {
  while (true) {
    if (!list.starts_with('"')) return false;
    list.remove_prefix(1);
    // No base64 needs an escape.
    const size_t stop = list.find_first_of("\"\\");
    if (stop == std::string_view::npos || list[stop] != '"') return false;
    items->push_back(AsBytes(list.substr(0, stop)));
    list = WithoutBlanks(list.substr(stop + 1));
    if (list.empty()) return true;
    if (list.front() != ',') return false;
    list = WithoutBlanks(list.substr(1));
  }
}

}  // namespace

Base64Line Base64LineAt(Bytes bytes, size_t at) {
  const Bytes rest = bytes.subspan(at);
  const auto* feed =
      static_cast<const uint8_t*>(std::memchr(rest.data(), '\n', rest.size()));
  const bool complete = feed != nullptr;
  const size_t length =
      complete ? static_cast<size_t>(feed - rest.data()) : rest.size();
  std::string_view line = AsText(rest.first(length));
  if (line.ends_with('\r')) line.remove_suffix(1);
  std::string_view text = line;
  if (text.starts_with(kByteOrderMark))
    text.remove_prefix(kByteOrderMark.size());
  text = WithoutBlanks(text);
  return {.text = AsBytes(text),
          .offset = at + static_cast<size_t>(text.data() - line.data()),
          .end = at + length + (complete ? 1 : 0),
          .complete = complete,
          .bare = text.size() == line.size()};
}

std::optional<size_t> DecodeBase64Text(Bytes text, uint8_t* out) {
  const std::optional<size_t> size = Base64Decode(text, out);
  if (size.has_value()) return size;
  // White space within a text is for the containers that escape it.
  if (AsText(text).find_first_of(kBlanks) != std::string_view::npos) {
    return std::nullopt;
  }
  return LenientBase64Decode(text, out);
}

bool SplitBase64Items(Bytes text, std::vector<Bytes>* items) {
  std::string_view list = AsText(text);
  if (list.ends_with(','))
    list = WithoutBlanks(list.substr(0, list.size() - 1));
  const bool opens = list.starts_with('[');
  if (opens) list = WithoutBlanks(list.substr(1));
  const bool closes = list.ends_with(']');
  if (closes) list = WithoutBlanks(list.substr(0, list.size() - 1));
  if (list.empty()) return true;
  const size_t before = items->size();
  if (list.starts_with('"')) {
    // Several without a bracket are columns, one of which may be data.
    if (SplitStrings(list, items) &&
        (opens || closes || items->size() == before + 1)) {
      return true;
    }
  } else if (!opens && !closes) {
    items->push_back(AsBytes(list));
    return true;
  }
  items->resize(before);
  return false;
}

}  // namespace thresh
