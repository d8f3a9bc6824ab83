// The work to find where records end, in bytes scanned and hashed, must be
// linear in the input, for any input. The first byte chooses the container, the
// second how often the rest is repeated: quadratic work shows when there are
// many repeats.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "container/container.h"
#include "digest/md5.h"
#include "mutate.h"
#include "record/envelope.h"

namespace {

using thresh::ContainerKind;

// Bytes of work allowed for any input, regardless of its size.
constexpr uint64_t kMaxAnyhow = uint64_t{1} << 16;

struct Bound {
  ContainerKind kind;
  uint64_t work;  // upper bound, in bytes per byte of input
};
constexpr std::array<Bound, 3> kBounds = {{
    // As derived in blob_search.h, with two blocks of MD5 for a field of two
    // bytes.
    {ContainerKind::kBlobs, 2300},
    {ContainerKind::kBase64Lines, 40},
    // From each level, a document may be read to the maximum nesting depth.
    {ContainerKind::kJson, 300},
}};
constexpr size_t kLargestInput = size_t{1} << 16;

uint64_t WorkOf(ContainerKind kind, std::string_view bytes) {
  const thresh::Container& container = thresh::ContainerOf(kind);
  thresh::Segment segment;
  segment.bytes = thresh::AsBytes(bytes);
  segment.ends_input = true;
  thresh::Frames frames;
  container.frame(segment, &frames);
  uint64_t work = 0;
  if (container.resolve != nullptr) {
    for (thresh::Frame& frame : frames.list) {
      work += frame.length;
      frame.verified =
          std::ranges::equal(thresh::Md5(thresh::MessageOf(frame.record)),
                             thresh::DigestOf(frame.record));
    }
    container.resolve(segment, &frames);
  }
  return work + frames.work;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 3) return 0;
  const std::string_view unit = thresh::fuzz::AsText(data + 2, size - 2);
  const size_t times = std::min<size_t>(size_t{data[1]} * data[1] + 1,
                                        kLargestInput / unit.size() + 1);
  std::string bytes;
  for (size_t i = 0; i < times; ++i) bytes += unit;
  const Bound& bound = kBounds[data[0] % kBounds.size()];
  const uint64_t work = WorkOf(bound.kind, bytes);
  if (work > bound.work * bytes.size() + kMaxAnyhow) {
    std::fprintf(stderr, "%llu bytes of work for %zu of %s\n",
                 static_cast<unsigned long long>(work), bytes.size(),
                 std::string(ContainerKindName(bound.kind)).c_str());
    std::abort();
  }
  return 0;
}
