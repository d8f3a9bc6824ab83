// Keeps the process alive when the kernel cannot deliver bytes of a mapped
// file, because another program truncated the file or the disk failed. The
// kernel raises SIGBUS at the instruction that reads, on any thread, within any
// SIMD kernel; no call can return an error. So the handler records the place
// and replaces the missing pages by zeros. The reader continues, and checks for
// a fault afterwards.
#ifndef THRESH_IO_SIGBUS_GUARD_H_
#define THRESH_IO_SIGBUS_GUARD_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "thresh/bytes.h"

namespace thresh {

// Guards one mapping during the guard's lifetime, which must not exceed the
// mapping's. The first guard installs the handler for the process; a SIGBUS
// that hits no guarded mapping is passed on to the previous handler, and kills
// the process if there was none. Thread-safe.
class SigbusGuard {
 public:
  // The maximum number of mappings that can be guarded at the same time.
  static constexpr size_t kMaxGuards = 1024;

  // Guards `mapping`, which begins on a page and was mapped with PROT_READ.
  explicit SigbusGuard(Bytes mapping);
  SigbusGuard(const SigbusGuard&) = delete;
  SigbusGuard& operator=(const SigbusGuard&) = delete;
  ~SigbusGuard();

  // False if the table was full or the handler could not be installed: the
  // mapping is not guarded and should not be read.
  [[nodiscard]] bool active() const { return slot_ < kMaxGuards; }

  // The lowest offset in the mapping, a multiple of the page size, from which
  // on it has been replaced by zeros.
  [[nodiscard]] std::optional<uint64_t> LowestFault() const;

  // Lowers LowestFault to `offset`, for a fault found by other means.
  void RecordFault(uint64_t offset) const;

 private:
  size_t slot_ = kMaxGuards;  // in the table of all guards
};

}  // namespace thresh

#endif  // THRESH_IO_SIGBUS_GUARD_H_
