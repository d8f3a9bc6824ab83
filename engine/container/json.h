// Kinesis records in JSON: events, responses and error reports of the services
// around Kinesis, as FORMAT.md lists them; one object after another, or in
// arrays.
#ifndef THRESH_CONTAINER_JSON_H_
#define THRESH_CONTAINER_JSON_H_

#include "container/container.h"
#include "container/json_frames.h"

namespace thresh {

// Documents of more bytes are read as far as that, and then as damaged ones.
inline constexpr size_t kMaxJsonBytes = size_t{256} << 20;

size_t CutJson(Bytes window, bool at_end);
void FrameJson(const Segment& segment, Frames* frames);

// What an input that starts with `head` (the whole of it if `whole`) is, as
// JSON: FrameJson itself has looked at it.
struct JsonSight {
  bool recognised =
      false;  // there are records, or a document that may hold any
  // The first document goes on behind the head, and its records may come there.
  bool unfinished = false;
  JsonForeign foreign = JsonForeign::kNone;
};
JsonSight LookForJson(Bytes head, bool whole);

namespace json {

// The end of the last whole object in `text`, which begins between documents;
// 0 if there is none, or none before something that is no JSON.
size_t EndOfLastObject(Bytes text);

}  // namespace json
}  // namespace thresh

#endif  // THRESH_CONTAINER_JSON_H_
