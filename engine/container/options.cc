// The names of containers, as options and reports spell them.
#include "thresh/options.h"

#include <algorithm>
#include <array>
#include <utility>

namespace thresh {
namespace {

constexpr std::array<std::pair<ContainerKind, std::string_view>, 8>
    kContainerNames = {{
        {ContainerKind::kAuto, "auto"},
        {ContainerKind::kBlobs, "blobs"},
        {ContainerKind::kU32Le, "u32le"},
        {ContainerKind::kU32Be, "u32be"},
        {ContainerKind::kVarint, "varint"},
        {ContainerKind::kBase64Lines, "base64-lines"},
        {ContainerKind::kJson, "json"},
        {ContainerKind::kRecord, "record"},
    }};

}  // namespace

std::optional<ContainerKind> ParseContainerKind(std::string_view name) {
  const auto* found = std::ranges::find(
      kContainerNames, name, &decltype(kContainerNames)::value_type::second);
  if (found == kContainerNames.end()) return std::nullopt;
  return found->first;
}

std::string_view ContainerKindName(ContainerKind kind) {
  const auto* found = std::ranges::find(
      kContainerNames, kind, &decltype(kContainerNames)::value_type::first);
  return found == kContainerNames.end() ? "unknown" : found->second;
}

}  // namespace thresh
