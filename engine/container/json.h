// Kinesis records in JSON: events, responses and error reports of the services
// around Kinesis, as FORMAT.md lists them; one object after another, or in
// arrays.
#ifndef THRESH_CONTAINER_JSON_H_
#define THRESH_CONTAINER_JSON_H_

#include <optional>

#include "container/container.h"
#include "container/json_frames.h"

namespace thresh {

// Documents of more bytes are read as far as that, and then as damaged ones.
inline constexpr size_t kMaxJsonBytes = size_t{256} << 20;

size_t CutJson(Bytes window, bool at_end);
void FrameJson(const Segment& segment, Frames* frames);
Sight RecogniseJson(SniffPass pass, Recognition* recognition);
// If it is a document of another kind, that resembles those of Kinesis.
std::optional<Error> RefuseJson(Bytes head, bool whole);

// What an input that starts with `head` (the whole of it if `whole`) is, as
// JSON: FrameJson itself has looked at it.
struct JsonSight {
  // There are records, or a document that may hold any.
  bool recognised = false;
  // The first document goes on behind the head, and its records may come there.
  bool unfinished = false;
  // There is damage in a line that goes on behind the head.
  bool damage_goes_on = false;
  JsonForeign foreign = JsonForeign::kNone;
  // There are documents wrapped too deep to be looked into.
  bool too_deep = false;
};
JsonSight LookForJson(Bytes head, bool whole);

// Whether `head`, that does not look like JSON from its start, holds a record
// behind what may be damage: one that is aggregated and verifies.
bool HoldsSoundJsonRecord(Bytes head, bool whole);

namespace json {

// The end of the last whole object in `text`, which begins between documents;
// 0 if there is none, or none before something that is no JSON.
size_t EndOfLastObject(Bytes text);

}  // namespace json
}  // namespace thresh

#endif  // THRESH_CONTAINER_JSON_H_
