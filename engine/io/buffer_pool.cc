// Buffers are taken and returned once per segment, so a mutex is fast enough.
#include "io/buffer_pool.h"

#include <cstdlib>
#include <utility>

namespace thresh {

Buffer::~Buffer() { std::free(data_); }

bool Buffer::Reserve(size_t capacity) {
  if (capacity <= capacity_) return true;
  void* grown = std::realloc(data_, capacity);
  if (grown == nullptr) return false;
  data_ = static_cast<uint8_t*>(grown);
  capacity_ = capacity;
  return true;
}

std::shared_ptr<Buffer> BufferPool::Take(size_t capacity) {
  std::unique_ptr<Buffer> buffer;
  {
    const std::lock_guard lock(mutex_);
    usual_capacity_ = capacity;
    if (!idle_.empty()) {
      buffer = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (buffer == nullptr) buffer = std::make_unique<Buffer>();
  if (!buffer->Reserve(capacity)) return nullptr;
  return {buffer.release(), [pool = shared_from_this()](Buffer* returned) {
            pool->Return(std::unique_ptr<Buffer>(returned));
          }};
}

size_t BufferPool::idle() const {
  const std::lock_guard lock(mutex_);
  return idle_.size();
}

void BufferPool::Return(std::unique_ptr<Buffer> buffer) {
  buffer->Clear();
  const std::lock_guard lock(mutex_);
  // A buffer that one very large record made grow is not kept.
  if (buffer->capacity() / 2 <= usual_capacity_) {
    idle_.push_back(std::move(buffer));
  }
}

}  // namespace thresh
