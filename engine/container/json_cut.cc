// Where a window of JSON may end, and where an input may be divided.
#include <algorithm>
#include <cstring>
#include <optional>
#include <string_view>

#include "container/frame_pieces.h"
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

// Whether `line`, with its line end, is one object and nothing else.
bool IsDocument(Bytes line) {
  const uint8_t* const end = line.data() + line.size();
  const uint8_t* const first = SkipJsonSpace(line.data(), end);
  if (first == end || *first != '{') return false;
  JsonCursor cursor(line);
  JsonValue value;
  return cursor.Read(&value) && SkipJsonSpace(cursor.at(), end) == end;
}

// Whether `document` has records, and nothing in it is opaque.
bool HoldsOnlyRecords(Bytes document) {
  Segment segment;
  segment.bytes = document;
  segment.ends_input = true;
  bool any = false;
  bool opaque = false;
  ForEachPiece(FrameJson, segment, [&](const Frames& frames, Bytes) {
    any |= !frames.list.empty();
    opaque |= std::ranges::any_of(frames.list, &Frame::opaque);
    return !opaque;
  });
  return any && !opaque;
}

// The line that begins at `at`, with its line end; empty if it does not end in
// `segment`.
Bytes WholeLine(const Segment& segment, size_t at) {
  const Bytes rest = segment.bytes.subspan(at);
  const void* feed =
      rest.empty() ? nullptr : memchr(rest.data(), '\n', rest.size());
  if (feed == nullptr) return segment.ends_input ? rest : Bytes();
  return {rest.data(), static_cast<const uint8_t*>(feed) + 1};
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

// A guess, made without reading the window: if the segment turns out to be
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

// Two objects follow each other directly only between documents: if one that
// is broken goes on up to the second, it is found to be broken there, and
// reading resumes after the line of its last record, or of its start.
std::optional<size_t> SplitJson(const Segment& segment, size_t from) {
  size_t at = from;
  if (from > 0) at = from - 1 + WholeLine(segment, from - 1).size();
  bool after_document = false;
  for (Bytes line = WholeLine(segment, at); !line.empty();
       line = WholeLine(segment, at)) {
    const bool is_document = IsDocument(line);
    if (is_document && after_document && HoldsOnlyRecords(line)) return at;
    after_document = is_document;
    at += line.size();
  }
  return std::nullopt;
}

}  // namespace thresh
