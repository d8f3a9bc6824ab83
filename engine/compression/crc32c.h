// CRC-32C, the checksum of framed snappy, by ISA-L. isal_missing.cc takes the
// place of crc32c.cc and inflater.cc in a build without that library.
#ifndef THRESH_COMPRESSION_CRC32C_H_
#define THRESH_COMPRESSION_CRC32C_H_

#include <cstdint>
#include <optional>

#include "thresh/bytes.h"

namespace thresh {

// Null if the build cannot compute it. `bytes` are fewer than 2^31.
std::optional<uint32_t> Crc32c(Bytes bytes);

}  // namespace thresh

#endif  // THRESH_COMPRESSION_CRC32C_H_
