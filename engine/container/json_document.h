// Top-level JSON objects: a record, an envelope around many, the report of a
// failed invocation, or a message of another service that contains one of
// these, as an object or as text.
#ifndef THRESH_CONTAINER_JSON_DOCUMENT_H_
#define THRESH_CONTAINER_JSON_DOCUMENT_H_

#include <cstddef>
#include <memory>
#include <optional>

#include "container/json_cursor.h"
#include "container/json_frames.h"
#include "container/json_string.h"

namespace thresh {

// Maps JSON text to offsets in the segment: text of the segment itself, of a
// string in it, or of a string in such a text.
class JsonPlace {
 public:
  JsonPlace(const uint8_t* text, size_t offset) : text_(text), base_(offset) {}
  // `text` is the unescaped text of `inside`, a string in the text of `outer`.
  // `outer` must outlive this and not be used in the meantime.
  JsonPlace(const uint8_t* text, Bytes inside, JsonPlace* outer)
      : text_(text), inside_(inside), escapes_(inside), outer_(outer) {}

  // The offset of `at`, which must not decrease from call to call if the text
  // is that of a string.
  size_t OffsetOf(const uint8_t* at) {
    const auto distance = static_cast<size_t>(at - text_);
    if (outer_ == nullptr) return base_ + distance;
    return outer_->OffsetOf(inside_.data() + escapes_.Find(distance));
  }

 private:
  const uint8_t* text_;
  size_t base_ = 0;
  Bytes inside_;
  EscapeMap escapes_{Bytes()};
  JsonPlace* outer_ = nullptr;
};

struct JsonOutcome {
  JsonStatus status = JsonStatus::kOk;
  // The end of the last record of an envelope, in the segment; null before the
  // first.
  std::optional<size_t> good_end;
};

// The depth of nested messages that are read.
inline constexpr int kMaxJsonWrappers = 4;

// Reads the object at cursor->at(), adding its records to `frames` as they are
// found, and anything in place of records as opaque. What it adds before a
// failure is as valid as without one; bytes that are opaque because of a
// failure are left to the caller.
JsonOutcome ReadJsonDocument(JsonCursor* cursor, JsonPlace* place,
                             JsonFrames* frames);

// The outline of the object at the start of `text`, part of `segment`. `room`
// is memory for decoded data, which is freed.
std::shared_ptr<const JsonOutline> OutlineJsonDocument(Bytes segment,
                                                       Bytes text,
                                                       Column<uint8_t>* room);

// Adds `item` of an outline to `frames`, at `offset` in their segment; `stream`
// is the one that other objects name for it, and is owned by the outline. If
// the item is in a text within the document, its length is that of the escaped
// text: its object ends before, unless a mapped file has changed; the item is
// then opaque.
void ReadOutlined(const JsonItems::Item& item, std::optional<Bytes> stream,
                  size_t offset, JsonFrames* frames);

}  // namespace thresh

#endif  // THRESH_CONTAINER_JSON_DOCUMENT_H_
