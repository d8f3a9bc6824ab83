// In a build without ISA-L.
#include <algorithm>
#include <array>

#include "compression/crc32c.h"
#include "compression/inflater.h"
#include "compression/missing_decoder.h"

// Completes ISA-L's type, which Inflater owns a pointer to.
struct inflate_state {};

namespace thresh {

std::optional<uint32_t> Crc32c(Bytes /*bytes*/) { return std::nullopt; }

bool Inflates(Bytes /*deflated*/, bool /*with_trailer*/) { return true; }

// As long as the shortest: what follows is not examined.
GzipHeader ReadGzipHeader(Bytes head) {
  constexpr size_t kHeader = 10;
  if (head.size() < kHeader) return {GzipHeader::State::kCut, 0};
  return {GzipHeader::State::kWhole, kHeader};
}

Inflater::Inflater() = default;
Inflater::~Inflater() = default;
void Inflater::Start() {}

// NOLINTNEXTLINE(readability-convert-member-functions-to-static)
LayerStep Inflater::Decode(LayerInput* /*input*/, std::span<uint8_t> /*out*/) {
  return Missing("gzip", "ISA-L");
}

}  // namespace thresh
