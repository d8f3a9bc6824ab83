// See deduplicator.h.
#include "filter/deduplicator.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <array>
#include <cstring>
#include <optional>
#include <vector>

namespace thresh {
namespace {

RecordHash HashBytes(Bytes bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return {hash.low64, hash.high64};
}

// Appends `text` behind its length, null told from empty.
void Append(const std::optional<Bytes>& text, std::vector<uint8_t>* out) {
  const uint64_t length = text.has_value() ? uint64_t{text->size()} + 1 : 0;
  for (unsigned shift = 0; shift < 64; shift += 8) {
    out->push_back(static_cast<uint8_t>(length >> shift));
  }
  if (text.has_value()) out->insert(out->end(), text->begin(), text->end());
}

}  // namespace

void Deduplicator::Enter(const KinesisMetadata& metadata) {
  numbered_ = metadata.sequence_number.has_value();
  if (by_ != Dedupe::kSequence || !numbered_) return;
  std::vector<uint8_t> identity;
  Append(metadata.stream, &identity);
  Append(metadata.shard_id, &identity);
  Append(metadata.sequence_number, &identity);
  entered_ = HashBytes(identity);
}

Deduplicator::Outcome Deduplicator::Look(const UserRecord& record) {
  RecordHash hash = {0, 0};
  if (by_ == Dedupe::kContent) {
    hash = HashRecord(record);
  } else if (!numbered_) {
    return Outcome::kUnnumbered;
  } else {
    std::array<uint8_t, sizeof(RecordHash) + sizeof(uint32_t)> identity;
    std::memcpy(identity.data(), &entered_, sizeof(RecordHash));
    std::memcpy(identity.data() + sizeof(RecordHash),
                &record.sub_sequence_number, sizeof(uint32_t));
    hash = HashBytes(identity);
  }
  switch (set_.Add(hash)) {
    case HashSet::Outcome::kAdded:
      return Outcome::kFirst;
    case HashSet::Outcome::kPresent:
      return Outcome::kRepeated;
    case HashSet::Outcome::kFull:
      break;
  }
  return Outcome::kFull;
}

}  // namespace thresh
