// Uses a streaming state, piece by piece, which avoids a copy. On x86 the
// library selects its code for the processor at run time.
#include "digest/record_hash.h"

#define XXH_STATIC_LINKING_ONLY  // for the streaming state on the stack
#include <xxhash.h>
#if defined(__x86_64__) && __has_include(<xxh_x86dispatch.h>)
#include <xxh_x86dispatch.h>
#endif

namespace thresh {

Hash128 HashLongRecord(const EncodedRecord& record) {
  const EncodingHeader header = record.Header();
  XXH3_state_t state;
  XXH3_128bits_reset(&state);
  XXH3_128bits_update(&state, header.data(), header.size());
  for (const Bytes field : record.Fields()) {
    if (!field.empty()) {
      XXH3_128bits_update(&state, field.data(), field.size());
    }
  }
  const XXH128_hash_t hash = XXH3_128bits_digest(&state);
  return {hash.low64, hash.high64};
}

}  // namespace thresh
