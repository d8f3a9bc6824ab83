// Buffers for segments of streamed inputs. A buffer returns when its last
// segment is destroyed, on any thread, and is reused: its pages are already
// mapped, and memory is bounded by the segments in flight.
#ifndef THRESH_IO_BUFFER_POOL_H_
#define THRESH_IO_BUFFER_POOL_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "io/memory_owner.h"
#include "thresh/bytes.h"

namespace thresh {

class Buffer final : public MemoryOwner {
 public:
  Buffer() = default;
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() override;

  // Makes room for `capacity` bytes in all; the filled bytes are kept, at
  // another address. False, and nothing changes, if there is no memory.
  [[nodiscard]] bool Reserve(size_t capacity);

  [[nodiscard]] size_t capacity() const { return capacity_; }
  [[nodiscard]] Bytes filled() const { return {data_, filled_}; }
  [[nodiscard]] std::span<uint8_t> room() {
    return {data_ + filled_, capacity_ - filled_};
  }
  // The first `size` bytes of room() have been written.
  void Fill(size_t size) { filled_ += size; }
  void Clear() { filled_ = 0; }
  // Removes the first `size` bytes; the other filled bytes move to the front.
  void DropFront(size_t size) {
    std::copy(data_ + size, data_ + filled_, data_);
    filled_ -= size;
  }

 private:
  uint8_t* data_ = nullptr;  // from malloc, so that growing need not copy pages
  size_t capacity_ = 0;
  size_t filled_ = 0;
};

class BufferPool : public std::enable_shared_from_this<BufferPool> {
 public:
  // An empty buffer with room for `capacity` bytes, used only by the caller;
  // null if there is no memory. It keeps the pool alive.
  [[nodiscard]] std::shared_ptr<Buffer> Take(size_t capacity);

  // The number of buffers not in use.
  [[nodiscard]] size_t idle() const;

 private:
  void Return(std::unique_ptr<Buffer> buffer);

  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<Buffer>> idle_;
  size_t usual_capacity_ = 0;  // the last capacity passed to Take
};

}  // namespace thresh

#endif  // THRESH_IO_BUFFER_POOL_H_
