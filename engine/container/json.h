// Kinesis records in JSON: events, responses and error reports of the services
// around Kinesis, as FORMAT.md lists them; one object after another, or in
// arrays.
#ifndef THRESH_CONTAINER_JSON_H_
#define THRESH_CONTAINER_JSON_H_

#include <optional>

#include "container/container.h"
#include "container/json_frames.h"

namespace thresh {

// Longer documents are read up to this size, and then as damaged ones.
inline constexpr size_t kMaxJsonBytes = size_t{256} << 20;

size_t CutJson(Bytes window, bool at_end);
std::optional<size_t> SplitJson(const Segment& segment, size_t from);
void FrameJson(const Segment& segment, Frames* frames);
Sight RecognizeJson(SniffPass pass, Recognition* recognition);
// An error if it is a document of another kind that resembles those of Kinesis.
std::optional<Error> RefuseJson(Bytes head, bool whole);

// How an input that starts with `head` (the whole of it if `whole`) reads as
// JSON, according to FrameJson.
struct JsonSight {
  // There are records, or a document that may hold any.
  bool recognized = false;
  // The first document continues past the head, and its records may be there.
  bool unfinished = false;
  // There is damage in a line that continues past the head.
  bool damage_goes_on = false;
  JsonForeign foreign = JsonForeign::kNone;
  // There are documents wrapped too deep to be read.
  bool too_deep = false;
};
JsonSight LookForJson(Bytes head, bool whole);

// Whether `head`, which does not look like JSON at its start, holds a record
// after possible damage: one that is aggregated and verifies.
bool HoldsSoundJsonRecord(Bytes head, bool whole);

namespace json {

// The end of the last whole object in `text`, which begins between documents; 0
// if there is none, or none before something that is not JSON.
size_t EndOfLastObject(Bytes text);

}  // namespace json
}  // namespace thresh

#endif  // THRESH_CONTAINER_JSON_H_
