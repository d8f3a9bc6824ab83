// The table of containers, and which of them an input's first bytes show.
#include "container/container.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "container/base64_lines.h"
#include "container/blobs.h"
#include "container/delimited.h"
#include "container/json.h"
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
     true},
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
constexpr std::array<Stranger, 11> kStrangers = {{
    {"{", "JSON without Kinesis records", kConvert},
    {"[", "JSON without Kinesis records", kConvert},
    {"PAR1", "Parquet", kConvert},
    {"SEQ", "a Hadoop SequenceFile", kConvert},
    {"Obj\x01", "Avro", kConvert},
    {"\x28\xB5\x2F\xFD", "zstd", kDecompress},
    {"PK\x03\x04", "zip", kDecompress},
    {{"\xFF\x06\x00\x00sNaPpY", 10}, "framed snappy", kDecompress},
    {{"\x82SNAPPY\x00", 8}, "xerial snappy", kDecompress},
    {{"\x89LZO\x00", 5}, "LZO", kDecompress},
    {"BZh", "bzip2", kDecompress},
}};

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
  unsettled = 0;
  error.reset();
  unread_bytes = 0;
  decoded.Clear();
  metadata.Clear();
}

void Frames::AppendOpaque(Bytes segment, size_t offset, size_t length) {
  while (length > 0) {
    const size_t piece = std::min(length, kMaxRecordBytes);
    list.Append({.offset = offset,
                 .length = piece,
                 .record = segment.subspan(offset, piece),
                 .opaque = true,
                 .verified = false});
    offset += piece;
    length -= piece;
  }
}

const Container& ContainerOf(ContainerKind kind) {
  return *std::ranges::find(kContainers, kind, &Container::kind);
}

Result<ContainerKind> SniffContainer(Bytes head, bool whole) {
  if (head.empty() || StartsWithMagic(head)) return ContainerKind::kBlobs;
  if (LooksLikeKinesisJson(head, whole)) return ContainerKind::kJson;
  if (LooksLikeBase64Lines(head, whole)) return ContainerKind::kBase64Lines;
  return tl::unexpected(Refusal(head));
}

}  // namespace thresh
