// A growable array for the hot path: its elements are plain data, growth does
// not initialize, and Clear keeps the memory, so that a reused batch stops
// allocating once it has seen its largest input.
#ifndef THRESH_COLUMN_H_
#define THRESH_COLUMN_H_

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace thresh {

template <typename T>
class Column {
  static_assert(std::is_trivially_copyable_v<T>);
  static_assert(std::is_trivially_destructible_v<T>);
  static_assert(alignof(T) <= alignof(std::max_align_t));

 public:
  Column() = default;
  Column(Column&& other) noexcept
      : data_(std::move(other.data_)),
        size_(std::exchange(other.size_, 0)),
        capacity_(std::exchange(other.capacity_, 0)) {}
  Column& operator=(Column&& other) noexcept {
    data_ = std::move(other.data_);
    size_ = std::exchange(other.size_, 0);
    capacity_ = std::exchange(other.capacity_, 0);
    return *this;
  }

  [[nodiscard]] size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] const T* data() const { return data_.get(); }
  [[nodiscard]] T* data() { return data_.get(); }
  [[nodiscard]] const T& operator[](size_t i) const { return data_.get()[i]; }
  [[nodiscard]] T& operator[](size_t i) { return data_.get()[i]; }
  [[nodiscard]] const T& back() const { return data_.get()[size_ - 1]; }
  [[nodiscard]] T& back() { return data_.get()[size_ - 1]; }
  [[nodiscard]] const T* begin() const { return data(); }
  [[nodiscard]] const T* end() const { return data() + size_; }
  [[nodiscard]] T* begin() { return data(); }
  [[nodiscard]] T* end() { return data() + size_; }

  void Append(const T& value) {
    if (size_ == capacity_) [[unlikely]] {
      const T copy = value;  // `value` may be in the memory that moves
      Reserve(size_ + 1);
      data_.get()[size_++] = copy;
      return;
    }
    data_.get()[size_++] = value;
  }

  // The number of elements that fit without growth.
  [[nodiscard]] size_t capacity() const { return capacity_; }

  // Reserves memory for at least `capacity` elements; when it grows, it at
  // least doubles, or grows by a quarter if it is large. Throws std::bad_alloc
  // if memory is out, as containers of the standard library do: a run catches
  // it and ends with an error.
  void Reserve(size_t capacity) {
    if (capacity > capacity_) Grow(capacity);
  }

  // Sets the size; elements past the old size have unspecified values, which
  // the caller must write before they are read.
  void Resize(size_t size) {
    Reserve(size);
    size_ = size;
  }

  void Clear() { size_ = 0; }

 private:
  // Not inlined: that would take registers from the loops that append.
  [[gnu::noinline]] void Grow(size_t capacity) {
    constexpr size_t kMuch = (size_t{1} << 20) / sizeof(T);
    const size_t grown_by = capacity_ < kMuch ? capacity_ : capacity_ / 4;
    const size_t wanted =
        capacity - capacity_ > grown_by ? capacity : capacity_ + grown_by;
    void* grown =
        std::realloc(static_cast<void*>(data_.get()), wanted * sizeof(T));
    if (grown == nullptr) throw std::bad_alloc();
    static_cast<void>(data_.release());
    data_.reset(static_cast<T*>(grown));
    capacity_ = wanted;
  }

  struct Free {
    void operator()(T* pointer) const {
      std::free(static_cast<void*>(pointer));
    }
  };
  std::unique_ptr<T[], Free> data_;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace thresh

#endif  // THRESH_COLUMN_H_
