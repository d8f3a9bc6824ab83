// The table of containers, and their names. To add one, add a line here, its
// kind in thresh/options.h and the files that the line names.
#include "container/container.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/base64.h"
#include "container/base64_lines.h"
#include "container/blobs.h"
#include "container/delimited.h"
#include "container/json.h"
#include "container/json_writer.h"
#include "container/whole_record.h"
#include "thresh/split.h"

namespace thresh {
namespace {

// Room after the largest record for the start of the next.
constexpr size_t kSlack = size_t{1} << 20;
constexpr size_t kBinaryLimit = kMaxRecordBytes + kSlack;
constexpr size_t kBase64Limit = Base64EncodedSize(kMaxRecordBytes) + kSlack;

constexpr size_t kMaxEncoded = size_t{24} << 20;

// What has to be seen before a place to divide an input there: a line end, or a
// blob around the place, and a line end.
constexpr size_t kLineEnd = 1;
constexpr size_t kLargestBlob = size_t{kLargestKinesisRecord} + 2;

// In the order in which they are tried: JSON before blobs, since documents
// after damage may contain blobs.
constexpr std::array<Container, 7> kContainers = {{
    {.kind = ContainerKind::kJson,
     .name = "json",
     .segment_limit = kMaxJsonBytes + kSlack,
     .cut = CutJson,
     .frame = FrameJson,
     .joins_opaque = true,
     .max_read = kMaxEncoded,
     .frame_bytes = sizeof(Frame) + sizeof(KinesisMetadata),
     .recognize = RecognizeJson,
     .refuse = RefuseJson,
     .write = NewJsonWriter,
     .shapes = kJsonShapes,
     .split = SplitJson,
     .split_lookback = kLineEnd},
    {.kind = ContainerKind::kBlobs,
     .name = "blobs",
     .segment_limit = kBinaryLimit,
     .cut = CutBlobs,
     .frame = FrameBlobs,
     .resolve = ResolveBlobs,
     .joins_opaque = true,
     .line_ends_frame = true,
     .recognize = RecognizeBlobs,
     .write = NewBlobsWriter,
     .split = SplitBlobs,
     .split_lookback = kLargestBlob},
    {.kind = ContainerKind::kBase64Lines,
     .name = "base64-lines",
     .segment_limit = kBase64Limit,
     .cut = CutBase64Lines,
     .frame = FrameBase64Lines,
     .ends_lines_with_files = true,
     .max_read = kMaxEncoded,
     .recognize = RecognizeBase64Lines,
     .write = NewBase64LinesWriter,
     .split = SplitBase64Lines,
     .split_lookback = kLineEnd},
    {.kind = ContainerKind::kU32Le,
     .name = "u32le",
     .segment_limit = kBinaryLimit,
     .cut = CutU32Le,
     .frame = FrameU32Le,
     .write = NewDelimitedWriter},
    {.kind = ContainerKind::kU32Be,
     .name = "u32be",
     .segment_limit = kBinaryLimit,
     .cut = CutU32Be,
     .frame = FrameU32Be,
     .write = NewDelimitedWriter},
    {.kind = ContainerKind::kVarint,
     .name = "varint",
     .segment_limit = kBinaryLimit,
     .cut = CutVarint,
     .frame = FrameVarint,
     .write = NewDelimitedWriter},
    {.kind = ContainerKind::kRecord,
     .name = "record",
     .segment_limit = kBinaryLimit,
     .cut = CutWholeRecord,
     .frame = FrameWholeRecord},
}};

constexpr std::string_view kAutoName = "auto";

}  // namespace

std::span<const Container> Containers() { return kContainers; }

const Container& ContainerOf(ContainerKind kind) {
  return *std::ranges::find(kContainers, kind, &Container::kind);
}

std::vector<ContainerKind> ContainerKinds() {
  std::vector<ContainerKind> kinds;
  kinds.reserve(kContainers.size());
  for (const Container& container : kContainers) {
    kinds.push_back(container.kind);
  }
  std::ranges::sort(kinds);
  return kinds;
}

std::optional<ContainerKind> ParseContainerKind(std::string_view name) {
  if (name == kAutoName) return ContainerKind::kAuto;
  const auto* found = std::ranges::find(kContainers, name, &Container::name);
  if (found == kContainers.end()) return std::nullopt;
  return found->kind;
}

std::string_view ContainerKindName(ContainerKind kind) {
  if (kind == ContainerKind::kAuto) return kAutoName;
  const auto* found = std::ranges::find(kContainers, kind, &Container::kind);
  return found == kContainers.end() ? "unknown" : found->name;
}

}  // namespace thresh
