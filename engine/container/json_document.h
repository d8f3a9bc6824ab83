// JSON objects that stand by themselves: a record, an envelope around many, the
// report of a failed invocation, or a message of another service that carries
// one of these, as an object or as text.
#ifndef THRESH_CONTAINER_JSON_DOCUMENT_H_
#define THRESH_CONTAINER_JSON_DOCUMENT_H_

#include <cstddef>
#include <memory>
#include <optional>

#include "container/json_cursor.h"
#include "container/json_frames.h"
#include "container/json_string.h"

namespace thresh {

// Places in the segment of JSON text that lies there plainly, or is what a
// string there stands for, or a string in such a text.
class JsonPlace {
 public:
  JsonPlace(const uint8_t* text, size_t offset) : text_(text), base_(offset) {}
  // `text` is what `inside`, a string in the text of `outer`, stands for.
  // `outer` outlives this and answers nothing else meanwhile.
  JsonPlace(const uint8_t* text, Bytes inside, JsonPlace* outer)
      : text_(text), inside_(inside), escapes_(inside), outer_(outer) {}

  // The offset of `at`, which is not before that of an earlier question if the
  // text is that of a string.
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
  // The end of the last record of an envelope, in the segment; none before the
  // first.
  std::optional<size_t> good_end;
};

// Messages in one another that are looked into.
inline constexpr int kMaxJsonWrappers = 4;

// Reads the object at cursor->at(), adding its records to `frames` as they
// come, and what it has instead of records as opaque. What it adds before a
// failure is as good as if none had come; what is opaque because of a failure
// it leaves to the caller.
JsonOutcome ReadJsonDocument(JsonCursor* cursor, JsonPlace* place,
                             JsonFrames* frames);

// The outline of the object that `text`, part of `segment`, begins with. `room`
// is memory for decoded data, which is freed.
std::shared_ptr<const JsonOutline> OutlineJsonDocument(Bytes segment,
                                                       Bytes text,
                                                       Column<uint8_t>* room);

// Adds `item` of an outline to `frames`, at `offset` in their segment; `stream`
// is that which others name for it, and is kept by the outline. Where the item
// is of a text within the document, its length is that of the escaped text: its
// object ends before, unless a mapped file has changed, and then the item is
// opaque.
void ReadOutlined(const JsonItems::Item& item, std::optional<Bytes> stream,
                  size_t offset, JsonFrames* frames);

}  // namespace thresh

#endif  // THRESH_CONTAINER_JSON_DOCUMENT_H_
