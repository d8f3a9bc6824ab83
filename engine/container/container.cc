// The table of containers, and which of them an input's first bytes show.
#include "container/container.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "container/base64_lines.h"
#include "container/blobs.h"
#include "container/delimited.h"
#include "container/json.h"
#include "container/json_cursor.h"
#include "envelope/envelope.h"
#include "text/base64.h"

namespace thresh {
namespace {

// Room behind the largest record for the start of the next.
constexpr size_t kSlack = size_t{1} << 20;
constexpr size_t kBinaryLimit = kMaxRecordBytes + kSlack;
constexpr size_t kBase64Limit = Base64EncodedSize(kMaxRecordBytes) + kSlack;

constexpr std::array<Container, 6> kContainers = {{
    {ContainerKind::kBlobs, kBinaryLimit, CutBlobs, FrameBlobs, SettleBlobs,
     true, true},
    {ContainerKind::kU32Le, kBinaryLimit, CutU32Le, FrameU32Le, nullptr, false},
    {ContainerKind::kU32Be, kBinaryLimit, CutU32Be, FrameU32Be, nullptr, false},
    {ContainerKind::kVarint, kBinaryLimit, CutVarint, FrameVarint, nullptr,
     false},
    {ContainerKind::kBase64Lines, kBase64Limit, CutBase64Lines,
     FrameBase64Lines, nullptr, false},
    {ContainerKind::kJson, kMaxJsonBytes + kSlack, CutJson, FrameJson, nullptr,
     true},
}};

constexpr char kConvert[] =
    "write its records in one of the containers that --help names";
constexpr char kDecompress[] = "decompress it first";

// Formats that are recognised only to be refused by their name.
struct Stranger {
  std::string_view start;
  std::string_view name;
  const char* remedy;
};
constexpr std::array<Stranger, 10> kStrangers = {{
    {"PAR1", "Parquet", kConvert},
    {"SEQ", "a Hadoop SequenceFile", kConvert},
    {"Obj\x01", "Avro", kConvert},
    {{"\x89LZO\x00", 5}, "LZO", kDecompress},
    {"BZh", "bzip2", kDecompress},
    {{"\xFD\x37zXZ\x00", 6}, "xz", kDecompress},
    {"\x04\x22\x4D\x18", "lz4", kDecompress},
    {"\x02\x21\x4C\x18", "lz4", kDecompress},
    {"7z\xBC\xAF\x27\x1C", "7-Zip", kDecompress},
    {"\x1F\x9D", "compress", kDecompress},
}};

// Documents that are recognised only to be refused, by their kind.
constexpr std::array<Stranger, 5> kForeignJson = {{
    {"", "JSON without Kinesis records", kConvert},
    {"", "what a function returns to Firehose",
     "read the events that it was given: what it returns has no Kinesis "
     "records"},
    {"", "Firehose's event of a Kafka topic",
     "there are no Kinesis records in it"},
    {"", "a request to put records",
     "send it with 'thresh replay --requests'; it holds records that no "
     "stream has numbered yet"},
    {"", "the NDJSON that thresh writes",
     "its explicit hash keys have no place in a Kinesis record: read it with "
     "'thresh aggregate --from ndjson'"},
}};

Error ForeignJson(JsonForeign kind) {
  const Stranger& stranger = kForeignJson[static_cast<size_t>(kind)];
  return {.code = ErrorCode::kContainer,
          .file = {},
          .offset = 0,
          .message = "looks like " + std::string(stranger.name) +
                     ", which cannot be read",
          .remedy = stranger.remedy};
}

bool MayBeJson(Bytes head) {
  if (AsText(head).starts_with(kByteOrderMark)) {
    head = head.subspan(kByteOrderMark.size());
  }
  const uint8_t* const end = head.data() + head.size();
  const uint8_t* const at = SkipJsonSpace(head.data(), end);
  return at != end && (*at == '{' || *at == '[');
}

// Most inputs show what they are in their first few records.
JsonSight LookForJsonSoon(Bytes head, bool whole) {
  constexpr size_t kSoon = size_t{4} << 10;
  if (head.size() > kSoon) {
    const JsonSight soon = LookForJson(head.first(kSoon), false);
    if (soon.recognised) return soon;
  }
  return LookForJson(head, whole);
}

Error Refusal(Bytes head) {
  const std::string_view text = AsText(head);
  const auto* stranger = std::ranges::find_if(
      kStrangers,
      [text](const Stranger& s) { return text.starts_with(s.start); });
  Error error = {.code = ErrorCode::kContainer,
                 .file = {},
                 .offset = 0,
                 .message = "not a container that can be recognised",
                 .remedy =
                     "if it does hold Kinesis records, name their container "
                     "with --container"};
  const size_t magic = FindMagic(head, 0);
  if (stranger != kStrangers.end()) {
    error.message =
        "looks like " + std::string(stranger->name) + ", which cannot be read";
    error.remedy = stranger->remedy;
  } else if (magic < head.size()) {
    error.message += ", though an aggregated record may begin at offset " +
                     std::to_string(magic);
    error.remedy =
        "name the container with --container: blobs if records lie back to "
        "back and the first is damaged, else what stands before each of them";
  }
  return error;
}

}  // namespace

void Frames::Clear() {
  list.Clear();
  framing_bytes = 0;
  lenient_data = 0;
  unreadable_metadata = 0;
  missing_ranges.clear();
  unsettled = 0;
  error.reset();
  unread_bytes = 0;
  decoded.Clear();
  texts.clear();
  metadata.Clear();
}

void Frames::AppendOpaque(Bytes segment, size_t offset, size_t length,
                          Reason reason) {
  while (length > 0) {
    const size_t piece = std::min(length, kMaxRecordBytes);
    list.Append({.offset = offset,
                 .length = piece,
                 .record = segment.subspan(offset, piece),
                 .opaque = true,
                 .verified = false,
                 .reason = reason});
    offset += piece;
    length -= piece;
  }
}

const Container& ContainerOf(ContainerKind kind) {
  return *std::ranges::find(kContainers, kind, &Container::kind);
}

std::optional<Error> CheckContainer(ContainerKind kind, Bytes head,
                                    bool whole) {
  if (kind != ContainerKind::kJson || !MayBeJson(head)) return std::nullopt;
  const JsonSight sight = LookForJsonSoon(head, whole);
  const bool may_be_read = sight.recognised ||
                           sight.foreign == JsonForeign::kNone ||
                           sight.foreign == JsonForeign::kThreshNdjson;
  if (may_be_read) return std::nullopt;
  return ForeignJson(sight.foreign);
}

Result<ContainerKind> SniffContainer(Bytes head, bool whole) {
  if (head.empty() || StartsWithMagic(head)) return ContainerKind::kBlobs;
  if (MayBeJson(head)) {
    const JsonSight sight = LookForJsonSoon(head, whole);
    if (sight.foreign == JsonForeign::kThreshNdjson) {
      return tl::unexpected(ForeignJson(sight.foreign));
    }
    if (sight.recognised) return ContainerKind::kJson;
    if (sight.unfinished) return ContainerKind::kAuto;
    return tl::unexpected(ForeignJson(sight.foreign));
  }
  if (LooksLikeBase64Lines(head, whole)) return ContainerKind::kBase64Lines;
  if (LooksLikeBlobs(head, whole)) return ContainerKind::kBlobs;
  return tl::unexpected(Refusal(head));
}

}  // namespace thresh
