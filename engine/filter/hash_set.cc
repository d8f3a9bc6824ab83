// See hash_set.h. The hashes are uniform: their bits are used as indices.
#include "filter/hash_set.h"

#include <utility>

namespace thresh {
namespace {

constexpr size_t kSmallest = 16;

bool IsEmpty(const Hash128& slot) { return slot.low == 0 && slot.high == 0; }

// The slot that has `hash`, or the empty one for it.
Hash128* Find(Hash128 hash, std::vector<Hash128>* slots) {
  const size_t mask = slots->size() - 1;
  size_t i = static_cast<size_t>(hash.low) & mask;
  while (!IsEmpty((*slots)[i]) && (*slots)[i] != hash) {
    i = (i + 1) & mask;
  }
  return &(*slots)[i];
}

}  // namespace

bool HashSet::Grow(Part* part) {
  const size_t size = part->slots.empty() ? kSmallest : 2 * part->slots.size();
  const uint64_t added = size * sizeof(Hash128);
  if (added > max_bytes_ - bytes_) return false;
  std::vector<Hash128> grown(size, Hash128{0, 0});
  for (const Hash128& slot : part->slots) {
    if (!IsEmpty(slot)) *Find(slot, &grown) = slot;
  }
  bytes_ += added - part->slots.size() * sizeof(Hash128);
  part->slots = std::move(grown);
  return true;
}

HashSet::Outcome HashSet::Add(Hash128 hash) {
  // The one hash that equals an empty slot is replaced by another.
  if (IsEmpty(hash)) hash.low = 1;
  Part* part = &parts_[hash.high >> 56];
  if (part->slots.empty() && !Grow(part)) return Outcome::kFull;
  Hash128* slot = Find(hash, &part->slots);
  if (!IsEmpty(*slot)) return Outcome::kPresent;
  if (4 * (part->used + 1) > 3 * part->slots.size()) {
    if (!Grow(part)) return Outcome::kFull;
    slot = Find(hash, &part->slots);
  }
  *slot = hash;
  ++part->used;
  ++size_;
  return Outcome::kAdded;
}

}  // namespace thresh
