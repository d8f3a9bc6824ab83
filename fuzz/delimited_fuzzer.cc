// Containers that frame every record, through the engine and through the naive
// readers. The first byte chooses the container and the window.
#include <array>
#include <cstdio>
#include <cstdlib>

#include "compression/layers.h"
#include "input/archive_format.h"
#include "mutate.h"
#include "oracle/engine_run.h"

namespace {

using thresh::ContainerKind;
using thresh::oracle::LengthPrefix;
using thresh::oracle::ReferenceArchive;

constexpr std::array<ContainerKind, 4> kContainers = {
    ContainerKind::kU32Le, ContainerKind::kU32Be, ContainerKind::kVarint,
    ContainerKind::kBase64Lines};
constexpr std::array<size_t, 4> kWindows = {1, 30, 200, 1 << 20};

ReferenceArchive Read(std::string_view archive, ContainerKind container) {
  switch (container) {
    case ContainerKind::kU32Le:
      return thresh::oracle::ReadDelimited(archive, LengthPrefix::kU32Le);
    case ContainerKind::kU32Be:
      return thresh::oracle::ReadDelimited(archive, LengthPrefix::kU32Be);
    case ContainerKind::kVarint:
      return thresh::oracle::ReadDelimited(archive, LengthPrefix::kVarint);
    default:
      return thresh::oracle::ReadBase64Lines(archive);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view archive = thresh::fuzz::AsText(data + 1, size - 1);
  // A layer would be removed.
  if (thresh::FindLayer(thresh::AsBytes(archive)) != nullptr ||
      thresh::FindArchive(thresh::AsBytes(archive)) != nullptr) {
    return 0;
  }
  thresh::Options options;
  options.container = kContainers[data[0] % kContainers.size()];
  options.window_bytes =
      kWindows[data[0] / kContainers.size() % kWindows.size()];
  options.jobs = 1;
  const std::string difference =
      thresh::oracle::Diff(thresh::oracle::RunEngine(archive, options),
                           Read(archive, options.container));
  if (!difference.empty()) {
    std::fprintf(stderr, "window %zu\n%s", options.window_bytes,
                 difference.c_str());
    std::abort();
  }
  return 0;
}
