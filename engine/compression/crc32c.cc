#include "compression/crc32c.h"

#include <isa-l/crc.h>

namespace thresh {

std::optional<uint32_t> Crc32c(Bytes bytes) {
  // The library takes a pointer that it does not write through.
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
  auto* const data = const_cast<uint8_t*>(bytes.data());
  return ~crc32_iscsi(data, static_cast<int>(bytes.size()), ~0U);
}

}  // namespace thresh
