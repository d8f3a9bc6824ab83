// Implements the metadata part of FORMAT.md's table of JSON containers.
#include "container/json_metadata.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <system_error>

#include "base/time.h"
#include "container/json_string.h"

namespace thresh {
namespace {

// A number of seconds or milliseconds, or ISO 8601 text.
std::optional<int64_t> ParseJsonTime(const JsonValue& value,
                                     JsonFrames* frames) {
  const std::string_view text = AsText(value.text);
  std::optional<int64_t> time;
  if (value.type == JsonType::kNumber) time = ParseEpoch(text);
  if (value.type == JsonType::kString && !value.escaped) {
    time = ParseIsoTime(text);
  }
  if (!time.has_value() && value.has_content())
    frames->NoteUnreadableMetadata();
  return time;
}

// A sequence number is text, or was converted to an integer.
std::optional<Bytes> SequenceNumberOf(const JsonValue& value,
                                      JsonFrames* frames) {
  if (!value.has_content()) return std::nullopt;
  if (value.type != JsonType::kNumber) return JsonTextOf(value, frames);
  const bool integer = std::ranges::all_of(
      value.text, [](uint8_t c) { return c >= '0' && c <= '9'; });
  if (integer) return value.text;
  frames->NoteUnreadableMetadata();
  return std::nullopt;
}

// A number, which may end in a point and zeros, as written by tools that store
// integers in floating-point columns; or the text of one without a point: text
// with a point is a path through aggregates, which is not supported here.
std::optional<uint32_t> SubSequenceNumberOf(const JsonValue& value,
                                            JsonFrames* frames) {
  const bool number = value.type == JsonType::kNumber;
  const std::optional<Bytes> text =
      number ? std::optional(value.text) : JsonTextOf(value, frames);
  std::string_view digits =
      text.has_value() ? AsText(*text) : std::string_view();
  if (number) digits = WithoutZeroFraction(digits);
  uint32_t parsed = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), parsed);
  const bool whole = end == digits.data() + digits.size();
  if (error == std::errc() && whole) return parsed;
  if (value.has_content()) frames->NoteUnreadableMetadata();
  return std::nullopt;
}

// From the fields that the services have in common.
KinesisMetadata MetadataOf(const JsonFields& fields, JsonFrames* frames) {
  const std::optional<int64_t> time =
      ParseJsonTime(fields.arrival_time, frames);
  const std::optional<uint32_t> sub_sequence_number =
      SubSequenceNumberOf(fields.sub_sequence_number, frames);
  return {
      .partition_key = JsonTextOf(fields.partition_key, frames),
      .sequence_number = SequenceNumberOf(fields.sequence_number, frames),
      .shard_id = JsonTextOf(fields.shard_id, frames),
      .encryption_type = JsonTextOf(fields.encryption_type, frames),
      .stream = StreamOf(JsonTextOf(fields.stream, frames)),
      .outer_partition_key = JsonTextOf(fields.outer_partition_key, frames),
      .arrival_time = time,
      .sub_sequence_number = sub_sequence_number,
      .unreadable_position = !sub_sequence_number.has_value() &&
                             fields.sub_sequence_number.has_content(),
      .unreadable_time = !time.has_value() && fields.arrival_time.has_content(),
  };
}

// Adds the event's fields of Lambda and Pipes: its ID is "SHARD:SEQUENCE".
void AddEvent(const JsonRecord& record, JsonFrames* frames,
              KinesisMetadata* metadata) {
  const std::optional<Bytes> arn =
      StreamOf(JsonTextOf(record.event_source_arn, frames));
  if (arn.has_value()) metadata->stream = arn;
  const std::optional<Bytes> id = JsonTextOf(record.event_id, frames);
  if (!id.has_value() || metadata->shard_id.has_value()) return;
  const auto colon = std::ranges::find(*id, ':');
  if (colon == id->end()) return;
  metadata->shard_id = id->first(static_cast<size_t>(colon - id->begin()));
}

}  // namespace

std::optional<Bytes> JsonTextOf(const JsonValue& value, JsonFrames* frames) {
  if (value.type != JsonType::kString) return std::nullopt;
  if (!value.escaped) return value.text;
  const std::optional<size_t> size = UnescapeJson(value.text, frames->room());
  if (!size.has_value()) return std::nullopt;
  return frames->Keep(*size);
}

std::optional<Bytes> StreamOf(const std::optional<Bytes>& arn) {
  constexpr std::string_view kStream = ":stream/";
  constexpr std::string_view kConsumer = "/consumer/";
  if (!arn.has_value()) return arn;
  const std::string_view text = AsText(*arn);
  const size_t stream = text.find(kStream);
  if (stream == std::string_view::npos) return arn;
  const size_t consumer = text.find(kConsumer, stream + kStream.size());
  if (consumer == std::string_view::npos) return arn;
  return arn->first(consumer);
}

KinesisMetadata JsonMetadataOf(const JsonRecord& record, const JsonValue& data,
                               JsonFrames* frames) {
  KinesisMetadata metadata;
  if (&data == &record.raw_data) {
    metadata = MetadataOf(record.fields, frames);
    metadata.arrival_time = ParseJsonTime(record.arrival_timestamp, frames);
  } else if (&data == &record.kinesis.data) {
    metadata = MetadataOf(record.kinesis, frames);
    AddEvent(record, frames, &metadata);
  } else if (record.record_id.present()) {
    metadata = MetadataOf(record.metadata, frames);
    if (!metadata.arrival_time.has_value()) {
      metadata.arrival_time = ParseJsonTime(record.fields.arrival_time, frames);
    }
  } else {
    metadata = MetadataOf(record.fields, frames);
    AddEvent(record, frames, &metadata);
  }
  return metadata;
}

}  // namespace thresh
