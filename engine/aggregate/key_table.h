// One of the two key tables of an open blob: its fields as they will stand in
// the message, and the index of each key. It is asked for every record, and
// emptied for every blob, so it is an open-addressing table that is emptied by
// counting on: a slot of another generation is free.
#ifndef THRESH_AGGREGATE_KEY_TABLE_H_
#define THRESH_AGGREGATE_KEY_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "thresh/bytes.h"
#include "thresh/column.h"
#include "wire/aggregated_record_writer.h"

namespace thresh {

class KeyTable {
 public:
  explicit KeyTable(KeyTableTag tag) : tag_(tag), slots_(kLeastSlots) {}

  // Where a key is, or would be if it were added next.
  struct Place {
    size_t slot;
    uint32_t index;
    bool is_new;
  };

  // `hash` is any hash of `key`, always the same one. Valid until Add or Clear.
  [[nodiscard]] Place Find(uint64_t hash, std::string_view key) const {
    const size_t mask = slots_.size() - 1;
    for (size_t i = hash & mask;; i = (i + 1) & mask) {
      const Slot& slot = slots_[i];
      if (slot.generation != generation_) return {i, count_, true};
      if (slot.hash == hash && Holds(slot, key)) return {i, slot.index, false};
    }
  }

  // Adds `key`, which Find has found to be new, at `place`.
  void Add(const Place& place, uint64_t hash, std::string_view key) {
    AppendKey(tag_, key, &fields_);
    slots_[place.slot] = {
        .hash = hash,
        .generation = generation_,
        .index = place.index,
        .offset = static_cast<uint32_t>(fields_.size() - key.size()),
        .size = static_cast<uint32_t>(key.size())};
    if (++count_ > slots_.size() / 2) Grow();
  }

  // The keys in order of first use, each with its tag and length.
  [[nodiscard]] Bytes fields() const {
    return {fields_.data(), fields_.size()};
  }

  // Forgets all keys and keeps the memory.
  void Clear() {
    fields_.Clear();
    count_ = 0;
    if (++generation_ == 0) Restart();
  }

 private:
  static constexpr size_t kLeastSlots = 64;  // a power of two

  struct Slot {
    uint64_t hash = 0;
    uint32_t generation = 0;  // 0: never used
    uint32_t index = 0;
    uint32_t offset = 0;  // of the key in fields_
    uint32_t size = 0;
  };

  [[nodiscard]] bool Holds(const Slot& slot, std::string_view key) const {
    return slot.size == key.size() &&
           (key.empty() || std::memcmp(fields_.data() + slot.offset, key.data(),
                                       key.size()) == 0);
  }

  // Doubles the slots.
  void Grow() {
    std::vector<Slot> old(2 * slots_.size());
    old.swap(slots_);
    const size_t mask = slots_.size() - 1;
    for (const Slot& slot : old) {
      if (slot.generation != generation_) continue;
      size_t i = slot.hash & mask;
      while (slots_[i].generation == generation_) i = (i + 1) & mask;
      slots_[i] = slot;
    }
  }

  // After 2^32 blobs the generations begin anew.
  void Restart() {
    slots_.assign(slots_.size(), Slot());
    generation_ = 1;
  }

  KeyTableTag tag_;
  uint32_t generation_ = 1;
  uint32_t count_ = 0;
  std::vector<Slot> slots_;
  Column<uint8_t> fields_;
};

}  // namespace thresh

#endif  // THRESH_AGGREGATE_KEY_TABLE_H_
