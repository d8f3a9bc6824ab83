// Memory between two inaccessible pages: detects kernels that access memory
// past an end, since kernels are not instrumented.
#ifndef THRESH_TESTS_GUARDED_BYTES_H_
#define THRESH_TESTS_GUARDED_BYTES_H_

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "thresh/bytes.h"

namespace thresh {

class GuardedBytes {
 public:
  explicit GuardedBytes(size_t pages)
      : page_(static_cast<size_t>(sysconf(_SC_PAGESIZE))),
        size_(pages * page_),
        start_(
            static_cast<uint8_t*>(mmap(nullptr, size_ + 2 * page_, PROT_NONE,
                                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))) {
    if (start_ == MAP_FAILED ||
        mprotect(start_ + page_, size_, PROT_READ | PROT_WRITE) != 0) {
      std::abort();
    }
  }
  GuardedBytes(const GuardedBytes&) = delete;
  GuardedBytes& operator=(const GuardedBytes&) = delete;
  ~GuardedBytes() { munmap(start_, size_ + 2 * page_); }

  // `size` bytes, followed by an inaccessible one.
  [[nodiscard]] uint8_t* Last(size_t size) {
    return start_ + page_ + size_ - size;
  }

  // Bytes that follow an inaccessible one.
  [[nodiscard]] uint8_t* First() { return start_ + page_; }

  // Copies `bytes` to the end, or to the start.
  Bytes Last(Bytes bytes) { return Copy(bytes, Last(bytes.size())); }
  Bytes First(Bytes bytes) { return Copy(bytes, First()); }

 private:
  static Bytes Copy(Bytes bytes, uint8_t* to) {
    std::copy(bytes.begin(), bytes.end(), to);
    return {to, bytes.size()};
  }

  size_t page_;
  size_t size_;
  uint8_t* start_;
};

}  // namespace thresh

#endif  // THRESH_TESTS_GUARDED_BYTES_H_
