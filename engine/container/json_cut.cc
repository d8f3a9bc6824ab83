// Where a window of JSON may end.
#include <algorithm>
#include <cstring>
#include <string_view>

#include "container/json.h"
#include "container/json_cursor.h"

namespace thresh {
namespace {

bool IsSpace(uint8_t c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

// The end of the last object in `window` that another follows; 0 if there is
// none. In JSON, objects follow each other directly only between documents.
size_t EndOfPair(Bytes window) {
  const uint8_t* const start = window.data();
  size_t size = window.size();
  while (const void* found = memrchr(start, '{', size)) {
    size = static_cast<size_t>(static_cast<const uint8_t*>(found) - start);
    size_t end = size;
    while (end > 0 && IsSpace(start[end - 1])) --end;
    if (end > 0 && start[end - 1] == '}') return end;
  }
  return 0;
}

// If documents, or other lines, are separated by a line end, the end of the
// last that another follows; 0 if there is none. Within a document a line end
// is next to one of the structural characters of objects and arrays.
size_t EndOfUnit(Bytes window) {
  constexpr std::string_view kBefore = "{[,:";
  constexpr std::string_view kAfter = "}],:";
  const uint8_t* const start = window.data();
  size_t size = window.size();
  while (const void* found = memrchr(start, '\n', size)) {
    const auto feed =
        static_cast<size_t>(static_cast<const uint8_t*>(found) - start);
    size_t end = feed;
    while (end > 0 && IsSpace(start[end - 1])) --end;
    if (end == 0) return 0;
    const uint8_t* const next =
        SkipJsonSpace(start + feed, start + window.size());
    const auto is_in = [](std::string_view set, uint8_t c) {
      return set.find(static_cast<char>(c)) != std::string_view::npos;
    };
    if (next != start + window.size() && !is_in(kBefore, start[end - 1]) &&
        !is_in(kAfter, *next)) {
      return start[end - 1] == '}' ? end : feed + 1;
    }
    size = end;
  }
  return 0;
}

}  // namespace

namespace json {

size_t EndOfLastObject(Bytes text) {
  const uint8_t* const end = text.data() + text.size();
  size_t last = 0;
  const uint8_t* at = text.data();
  while (true) {
    at = std::find_if(at, end, [](uint8_t c) {
      return !IsSpace(c) && c != '[' && c != ']' && c != ',';
    });
    if (at == end || *at != '{') return last;
    JsonCursor cursor(Bytes(at, end));
    JsonValue value;
    if (!cursor.Read(&value)) return last;
    at = cursor.at();
    last = static_cast<size_t>(at - text.data());
  }
}

}  // namespace json

// A conjecture, made without reading the window: if the segment turns out to be
// unfinished, its rest is read with the next. Elements of an array are not
// pairs; a window that begins among these is read.
size_t CutJson(Bytes window, bool at_end) {
  if (at_end) return window.size();
  size_t end = EndOfPair(window);
  if (end == 0) end = EndOfUnit(window);
  if (end != 0) return end;
  const uint8_t* const window_end = window.data() + window.size();
  const uint8_t* const first = SkipJsonSpace(window.data(), window_end);
  if (first == window_end || *first == '{') return 0;
  return json::EndOfLastObject(window);
}

}  // namespace thresh
