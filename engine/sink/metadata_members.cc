// See metadata_members.h.
#include "sink/metadata_members.h"

#include "sink/put.h"
#include "sink/text_member.h"

namespace thresh {
namespace {

void AppendText(std::string_view text, OutputBuffer* out) {
  EndAt(Put(text, RoomFor(text.size(), out)), out);
}

// Appends ,"NAME":
void AppendName(std::string_view name, OutputBuffer* out) {
  AppendText(",\"", out);
  AppendText(name, out);
  AppendText("\":", out);
}

// `number` with `digits` digits, with leading zeros.
uint8_t* PutDigits(uint64_t number, int digits, uint8_t* at) {
  for (int i = digits; --i >= 0; number /= 10) {
    at[i] = static_cast<uint8_t>('0' + number % 10);
  }
  return at + digits;
}

void AppendSeconds(int64_t micros, OutputBuffer* out) {
  constexpr uint64_t kMicros = 1'000'000;
  constexpr uint64_t kMillis = 1'000;
  uint8_t* at = RoomFor(1 + kLongestNumber + 1 + 6, out);
  auto magnitude = static_cast<uint64_t>(micros);
  if (micros < 0) {
    *at++ = '-';
    magnitude = 0 - magnitude;
  }
  at = PutNumber(magnitude / kMicros, at);
  *at++ = '.';
  const uint64_t fraction = magnitude % kMicros;
  at = fraction % kMillis == 0 ? PutDigits(fraction / kMillis, 3, at)
                               : PutDigits(fraction, 6, at);
  EndAt(at, out);
}

}  // namespace

void AppendOptionalText(std::string_view name, const std::optional<Bytes>& text,
                        OutputBuffer* out) {
  if (text.has_value()) {
    out->Append(',');
    AppendTextMember(name, *text, out);
  } else {
    AppendName(name, out);
    AppendText("null", out);
  }
}

void AppendOptionalTime(std::string_view name,
                        const std::optional<int64_t>& micros,
                        OutputBuffer* out) {
  AppendName(name, out);
  if (micros.has_value()) {
    AppendSeconds(*micros, out);
  } else {
    AppendText("null", out);
  }
}

void AppendKnownMetadata(const KinesisMetadata& metadata, OutputBuffer* out) {
  const auto text = [out](std::string_view name,
                          const std::optional<Bytes>& value) {
    if (value.has_value()) AppendOptionalText(name, value, out);
  };
  text("partitionKey", metadata.partition_key);
  text("sequenceNumber", metadata.sequence_number);
  if (metadata.arrival_time.has_value()) {
    AppendOptionalTime("approximateArrivalTimestamp", metadata.arrival_time,
                       out);
  }
  text("shardId", metadata.shard_id);
  text("encryptionType", metadata.encryption_type);
  text("stream", metadata.stream);
}

}  // namespace thresh
