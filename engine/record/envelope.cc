// Searches for the magic: at the front of a record, and anywhere in a run of
// bytes that has lost its framing.
#include "record/envelope.h"

#include <cstring>

namespace thresh {

size_t CountMagicBytes(Bytes bytes) {
  if (bytes.size() < kMagic.size()) return 0;
  size_t right = 0;
  for (size_t i = 0; i < kMagic.size(); ++i) {
    right += bytes[i] == kMagic[i] ? 1 : 0;
  }
  return right;
}

bool LooksAggregated(Bytes record) {
  return record.size() >= kMinAggregateSize && StartsWithMagic(record);
}

Bytes MessageOf(Bytes record) {
  return record.subspan(kMagic.size(),
                        record.size() - kMagic.size() - kDigestSize);
}

Bytes DigestOf(Bytes record) { return record.last(kDigestSize); }

size_t FindMagic(Bytes bytes, size_t from) {
  while (from < bytes.size()) {
    const void* hit =
        std::memchr(bytes.data() + from, kMagic[0], bytes.size() - from);
    if (hit == nullptr) break;
    from = static_cast<size_t>(static_cast<const uint8_t*>(hit) - bytes.data());
    if (StartsWithMagic(bytes.subspan(from))) return from;
    ++from;
  }
  return bytes.size();
}

size_t FindLastMagic(Bytes bytes) {
  size_t end = bytes.size();
  while (end > 0) {
    const void* hit = memrchr(bytes.data(), kMagic[0], end);
    if (hit == nullptr) break;
    end = static_cast<size_t>(static_cast<const uint8_t*>(hit) - bytes.data());
    if (StartsWithMagic(bytes.subspan(end))) return end;
  }
  return bytes.size();
}

}  // namespace thresh
