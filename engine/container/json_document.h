// A JSON object that stands by itself: one record, or an envelope around many.
#ifndef THRESH_CONTAINER_JSON_DOCUMENT_H_
#define THRESH_CONTAINER_JSON_DOCUMENT_H_

#include <cstddef>
#include <optional>

#include "container/json_cursor.h"
#include "container/json_frames.h"
#include "container/json_string.h"
#include "thresh/result.h"

namespace thresh {

// Places in the segment of JSON text that lies there plainly, or is the
// unescaped inside of a string there.
class JsonPlace {
 public:
  JsonPlace(const uint8_t* text, size_t offset) : text_(text), base_(offset) {}
  // `inside` lies at `offset`, `text` is what it stands for.
  JsonPlace(const uint8_t* text, size_t offset, Bytes inside)
      : text_(text), base_(offset), escapes_(inside) {}

  // The offset of `at`, which is not before that of an earlier question if the
  // text is that of a string.
  size_t OffsetOf(const uint8_t* at) {
    const auto distance = static_cast<size_t>(at - text_);
    return base_ + (escapes_ ? escapes_->Find(distance) : distance);
  }

 private:
  const uint8_t* text_;
  size_t base_;
  std::optional<EscapeMap> escapes_;
};

struct JsonOutcome {
  JsonStatus status;
  // The end of the last record of an envelope, in the segment; none before the
  // first.
  std::optional<size_t> good_end;
  // Set if the document ought to hold records and does not; with kOk only, and
  // without a file and an offset.
  std::optional<Error> lack;
};

// Reads the object at cursor->at(), adding its records to `frames` as they
// come, and what it has instead of records as opaque. What it adds before a
// failure is as good as if none had come; what is opaque because of a failure
// it leaves to the caller.
JsonOutcome ReadJsonDocument(JsonCursor* cursor, JsonPlace place,
                             JsonFrames* frames);

}  // namespace thresh

#endif  // THRESH_CONTAINER_JSON_DOCUMENT_H_
