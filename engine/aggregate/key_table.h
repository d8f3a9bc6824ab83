// One of the two key tables of an open blob: its fields as they will stand in
// the message, and the index of each key. It is asked for every record, and
// emptied for every blob, so it is an open-addressing table that is emptied by
// counting on: a slot of another generation is free.
#ifndef THRESH_AGGREGATE_KEY_TABLE_H_
#define THRESH_AGGREGATE_KEY_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "aggregate/short_bytes.h"
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
    const uint32_t label = LabelOf(hash);
    for (size_t i = hash & mask_;; i = (i + 1) & mask_) {
      const Slot slot = slots_[i];
      if (slot.label == label && Holds(slot.index, key)) {
        return {i, slot.index, false};
      }
      if (slot.label >> kGenerationShift != generation_) {
        return {i, static_cast<uint32_t>(keys_.size()), true};
      }
    }
  }

  // Adds `key`, which Find has found to be new, at `place`.
  void Add(const Place& place, uint64_t hash, std::string_view key) {
    uint8_t* const field = Extend(KeyFieldSize(key.size()), &fields_);
    *field = static_cast<uint8_t>(tag_);
    uint8_t* const at = WriteVarint(key.size(), field + 1);
    CopyShort(key.data(), key.size(), reinterpret_cast<char*>(at));
    slots_[place.slot] = {.label = LabelOf(hash), .index = place.index};
    keys_.Append({.hash = hash,
                  .offset = static_cast<uint32_t>(fields_.size() - key.size()),
                  .size = static_cast<uint32_t>(key.size())});
    if (keys_.size() * kSlotsPerKey > slots_.size()) Grow();
  }

  // The keys in order of first use, each with its tag and length.
  [[nodiscard]] Bytes fields() const {
    return {fields_.data(), fields_.size()};
  }

  // Forgets all keys and keeps the memory.
  void Clear() {
    fields_.Clear();
    keys_.Clear();
    if (++generation_ == kGenerations) {
      slots_.assign(slots_.size(), Slot());
      generation_ = 1;
    }
  }

 private:
  static constexpr size_t kLeastSlots = 64;  // a power of two, as all sizes are
  static constexpr size_t kSlotsPerKey = 4;
  static constexpr int kGenerationShift = 16;
  static constexpr uint32_t kGenerations = 1 << 16;

  // Small, so that the table stays in the nearest cache. The label is the
  // generation, and below it bits of the hash that do not choose the slot: what
  // has another label is another key, or none.
  struct Slot {
    uint32_t label = 0;
    uint32_t index = 0;
  };

  struct Key {
    uint64_t hash;
    uint32_t offset;  // in fields_
    uint32_t size;
  };

  [[nodiscard]] uint32_t LabelOf(uint64_t hash) const {
    return generation_ << kGenerationShift | static_cast<uint32_t>(hash >> 48);
  }

  [[nodiscard]] bool Holds(uint32_t index, std::string_view key) const {
    const Key& known = keys_[index];
    return known.size == key.size() &&
           SameShort(AsText(fields()).data() + known.offset, key.data(),
                     key.size());
  }

  // Doubles the slots.
  void Grow() {
    slots_.assign(2 * slots_.size(), Slot());
    mask_ = slots_.size() - 1;
    for (uint32_t index = 0; index < keys_.size(); ++index) {
      const uint64_t hash = keys_[index].hash;
      size_t i = hash & mask_;
      while (slots_[i].label != 0) i = (i + 1) & mask_;
      slots_[i] = {.label = LabelOf(hash), .index = index};
    }
  }

  KeyTableTag tag_;
  uint32_t generation_ = 1;  // 0: of slots that were never used
  std::vector<Slot> slots_;
  size_t mask_ = kLeastSlots - 1;  // takes a hash to a slot
  Column<Key> keys_;               // by index
  Column<uint8_t> fields_;
};

}  // namespace thresh

#endif  // THRESH_AGGREGATE_KEY_TABLE_H_
