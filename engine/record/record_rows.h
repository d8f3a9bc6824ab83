// The rows that a message appends to the record columns, while it is not yet
// known whether the message is valid. The columns are sized in advance, so that
// appending a row is four stores and no test.
#ifndef THRESH_RECORD_RECORD_ROWS_H_
#define THRESH_RECORD_RECORD_ROWS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "thresh/batch.h"

namespace thresh {

class RecordRows {
 public:
  // `columns` must outlive this object, and its record columns must not be used
  // otherwise until CutBack. Indices are stored as rows of the key columns,
  // where this message's tables start at the current ends.
  explicit RecordRows(UserRecordColumns* columns)
      : first_row_(columns->size()),
        row_(first_row_),
        row_end_(first_row_),
        first_key_(static_cast<uint32_t>(columns->partition_keys.size())),
        first_hash_key_(
            static_cast<uint32_t>(columns->explicit_hash_keys.size())) {}

  [[nodiscard]] bool full() const { return row_ == row_end_; }
  [[nodiscard]] size_t room() const { return row_end_ - row_; }
  [[nodiscard]] size_t size() const { return row_ - first_row_; }

  // Makes room for more rows: as many as are expected, within limits, and at
  // least one.
  void Grow(size_t expected, UserRecordColumns* columns) {
    constexpr size_t kMaxRows = 1 << 14;
    row_end_ = row_ + std::clamp<size_t>(expected, 1, kMaxRows);
    Resize(row_end_, columns);
    data_ = columns->data.data();
    data_size_ = columns->data_size.data();
    partition_key_ = columns->partition_key.data();
    explicit_hash_key_ = columns->explicit_hash_key.data();
  }

  // There must be room.
  void Append(const uint8_t* data, uint32_t data_size,
              uint64_t partition_key_index) {
    data_[row_] = data;
    data_size_[row_] = data_size;
    partition_key_[row_] =
        first_key_ + static_cast<uint32_t>(partition_key_index);
    explicit_hash_key_[row_] = kNoKey;
    ++row_;
    key_bound_ = std::max(key_bound_, partition_key_index);
  }

  // Appends many rows without explicit hash keys. A local of this type keeps
  // the state of the loop in registers and fills the explicit hash keys at
  // once; until it is destroyed the RecordRows must not be used.
  class Run {
   public:
    explicit Run(RecordRows* rows)
        : rows_(rows),
          row_(rows->row_),
          key_bound_(rows->key_bound_),
          first_key_(rows->first_key_),
          data_(rows->data_),
          data_size_(rows->data_size_),
          partition_key_(rows->partition_key_) {}
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;
    ~Run() {
      std::fill(rows_->explicit_hash_key_ + rows_->row_,
                rows_->explicit_hash_key_ + row_, kNoKey);
      rows_->row_ = row_;
      rows_->key_bound_ = key_bound_;
    }

    void Append(const uint8_t* data, uint32_t data_size,
                uint64_t partition_key_index) {
      data_[row_] = data;
      data_size_[row_] = data_size;
      partition_key_[row_] =
          first_key_ + static_cast<uint32_t>(partition_key_index);
      ++row_;
      key_bound_ = std::max(key_bound_, partition_key_index);
    }

   private:
    RecordRows* rows_;
    size_t row_;
    uint64_t key_bound_;
    uint32_t first_key_;
    const uint8_t** data_;
    uint32_t* data_size_;
    uint32_t* partition_key_;
  };

  // Sets that of the row appended last.
  void SetExplicitHashKey(uint64_t index) {
    explicit_hash_key_[row_ - 1] =
        first_hash_key_ + static_cast<uint32_t>(index);
    ++hash_keys_;
    hash_key_bound_ = std::max(hash_key_bound_, index);
  }

  // Whether every index is within tables of these sizes. Indices are compared
  // as read, in 64 bits.
  [[nodiscard]] bool PartitionKeysWithin(size_t table_size) const {
    return size() == 0 || key_bound_ < table_size;
  }
  [[nodiscard]] bool ExplicitHashKeysWithin(size_t table_size) const {
    return hash_keys_ == 0 || hash_key_bound_ < table_size;
  }

  // Sets all explicit hash keys to null and returns how many were not.
  uint64_t DropExplicitHashKeys() {
    if (hash_keys_ != 0) {
      std::fill(explicit_hash_key_ + first_row_, explicit_hash_key_ + row_,
                kNoKey);
    }
    return hash_keys_;
  }

  // Returns the columns with only the rows that were appended.
  void CutBack(UserRecordColumns* columns) const { Resize(row_, columns); }

 private:
  static void Resize(size_t rows, UserRecordColumns* columns) {
    columns->data.Resize(rows);
    columns->data_size.Resize(rows);
    columns->partition_key.Resize(rows);
    columns->explicit_hash_key.Resize(rows);
  }

  size_t first_row_;
  size_t row_;      // the next to be written
  size_t row_end_;  // rows that there is room for
  const uint8_t** data_ = nullptr;
  uint32_t* data_size_ = nullptr;
  uint32_t* partition_key_ = nullptr;
  uint32_t* explicit_hash_key_ = nullptr;
  uint32_t first_key_;
  uint32_t first_hash_key_;
  uint64_t key_bound_ = 0;       // the largest index so far
  uint64_t hash_key_bound_ = 0;  // the same
  uint64_t hash_keys_ = 0;       // rows that have one
};

}  // namespace thresh

#endif  // THRESH_RECORD_RECORD_ROWS_H_
