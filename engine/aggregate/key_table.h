// One of the two key tables of an open blob: its fields as they will be stored
// in the message, and the index of each key. It is looked up for every record,
// and cleared for every blob, so it is an open-addressing table that is cleared
// by incrementing a generation: a slot of another generation is free.
#ifndef THRESH_AGGREGATE_KEY_TABLE_H_
#define THRESH_AGGREGATE_KEY_TABLE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "record/aggregated_record_writer.h"
#include "record/short_bytes.h"
#include "thresh/bytes.h"
#include "thresh/column.h"

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

  // For loops over many keys: locals, so that the table's state stays in
  // registers, whereas members would be read again after each byte that is
  // written. While there is a Run, the table itself must not be used; a Finder
  // is valid until the table changes.
  class Finder;
  class Run;

  // Prefetches the slot that Find examines first.
  void Prefetch(uint64_t hash) const {
    __builtin_prefetch(slots_.data() + (hash & mask_));
  }

  // `hash` is a hash of `key`, always the same one. Valid until Add or Clear.
  [[nodiscard]] Place Find(uint64_t hash, std::string_view key) const;

  // Adds `key`, which Find has found to be new, at `place`.
  void Add(const Place& place, uint64_t hash, std::string_view key);

  // The keys in order of first use, each with its tag and length.
  [[nodiscard]] Bytes fields() const {
    return {fields_.data(), fields_.size()};
  }

  // Removes all keys and keeps the memory.
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

  // Small, so that the table stays in the L1 cache. The label is the
  // generation, and below it bits of the hash that do not select the slot: a
  // slot with another label has another key, or none.
  struct Slot {
    uint32_t label = 0;
    uint32_t index = 0;
  };

  struct Key {
    uint64_t hash;
    uint32_t offset;  // in fields_
    uint32_t size;
  };

  static uint32_t LabelOf(uint32_t generation, uint64_t hash) {
    return generation << kGenerationShift | static_cast<uint32_t>(hash >> 48);
  }

  // Doubles the slots.
  void Grow() {
    slots_.assign(2 * slots_.size(), Slot());
    mask_ = slots_.size() - 1;
    for (uint32_t index = 0; index < keys_.size(); ++index) {
      const uint64_t hash = keys_[index].hash;
      size_t i = hash & mask_;
      while (slots_[i].label != 0) i = (i + 1) & mask_;
      slots_[i] = {.label = LabelOf(generation_, hash), .index = index};
    }
  }

  KeyTableTag tag_;
  uint32_t generation_ = 1;  // 0: slots that were never used
  std::vector<Slot> slots_;
  size_t mask_ = kLeastSlots - 1;  // maps a hash to a slot
  Column<Key> keys_;               // by index
  Column<uint8_t> fields_;
};

class KeyTable::Finder {
 public:
  explicit Finder(const KeyTable& table)
      : slots_(table.slots_.data()),
        mask_(table.mask_),
        generation_(table.generation_),
        count_(static_cast<uint32_t>(table.keys_.size())),
        keys_(table.keys_.data()),
        fields_(table.fields_.data()) {}

  // See KeyTable::Find.
  [[nodiscard]] Place Find(uint64_t hash, std::string_view key) const {
    const uint32_t label = LabelOf(generation_, hash);
    for (size_t i = hash & mask_;; i = (i + 1) & mask_) {
      const Slot slot = slots_[i];
      if (slot.label == label && Holds(slot.index, key)) {
        return {i, slot.index, false};
      }
      if (slot.label >> kGenerationShift != generation_) {
        return {i, count_, true};
      }
    }
  }

 private:
  friend class Run;

  [[nodiscard]] bool Holds(uint32_t index, std::string_view key) const {
    const Key& known = keys_[index];
    return known.size == key.size() &&
           SameShort(fields_ + known.offset, AsBytes(key).data(), key.size());
  }

  const Slot* slots_;
  size_t mask_;
  uint32_t generation_;
  uint32_t count_;
  const Key* keys_;
  const uint8_t* fields_;
};

class KeyTable::Run {
 public:
  explicit Run(KeyTable* table)
      : table_(table),
        finder_(*table),
        slots_(table->slots_.data()),
        keys_(table->keys_.data()),
        max_keys_(std::min(table->keys_.capacity(),
                           table->slots_.size() / kSlotsPerKey)),
        at_(table->fields_.end()),
        end_(table->fields_.data() + table->fields_.capacity()) {}
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  ~Run() {
    table_->keys_.Resize(finder_.count_);
    table_->fields_.Resize(static_cast<size_t>(at_ - finder_.fields_));
  }

  // See KeyTable::Find; valid until Add.
  [[nodiscard]] Place Find(uint64_t hash, std::string_view key) const {
    return finder_.Find(hash, key);
  }

  // Whether the table has room for one more key, of `key_size` bytes.
  [[nodiscard]] bool HasRoom(size_t key_size) const {
    return finder_.count_ < max_keys_ &&
           KeyFieldSize(key_size) + kWriterSlack <=
               static_cast<size_t>(end_ - at_);
  }

  // See KeyTable::Add. There must be room.
  void Add(const Place& place, uint64_t hash, std::string_view key) {
    at_ =
        WriteBytesField(static_cast<uint32_t>(table_->tag_), AsBytes(key), at_);
    const auto size = static_cast<uint32_t>(key.size());
    const auto end = static_cast<uint32_t>(at_ - finder_.fields_);
    slots_[place.slot] = {.label = LabelOf(finder_.generation_, hash),
                          .index = place.index};
    keys_[place.index] = {.hash = hash, .offset = end - size, .size = size};
    ++finder_.count_;
  }

 private:
  KeyTable* table_;
  Finder finder_;
  Slot* slots_;
  Key* keys_;
  size_t max_keys_;  // keys
  uint8_t* at_;      // where the next field goes
  uint8_t* end_;
};

inline KeyTable::Place KeyTable::Find(uint64_t hash,
                                      std::string_view key) const {
  return Finder(*this).Find(hash, key);
}

inline void KeyTable::Add(const Place& place, uint64_t hash,
                          std::string_view key) {
  keys_.Reserve(keys_.size() + 1);
  fields_.Reserve(fields_.size() + KeyFieldSize(key.size()) + kWriterSlack);
  Run(this).Add(place, hash, key);
  if (keys_.size() * kSlotsPerKey > slots_.size()) Grow();
}

}  // namespace thresh

#endif  // THRESH_AGGREGATE_KEY_TABLE_H_
