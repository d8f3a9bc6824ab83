// Keeps the process alive when the kernel cannot deliver bytes of a mapped
// file, because another program cut the file or the disk failed. The kernel
// says so by SIGBUS at the instruction that reads, on any thread, in the midst
// of any kernel; there is nothing to return an error from. So the handler notes
// where it happened and puts zeros in the place of the missing pages, and the
// reader goes on, to learn of it afterwards.
#ifndef THRESH_IO_SIGBUS_GUARD_H_
#define THRESH_IO_SIGBUS_GUARD_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "thresh/bytes.h"

namespace thresh {

// Guards one mapping for as long as it lives, which must be while the mapping
// does and no longer. The first one installs the handler for the process;
// a SIGBUS that hits no guarded mapping is passed on to whatever handled it
// before, and kills the process if nothing did. Thread-safe.
class SigbusGuard {
 public:
  // As many mappings as can be guarded at the same time.
  static constexpr size_t kMaxGuards = 1024;

  // Guards `mapping`, which begins on a page and was mapped with PROT_READ.
  explicit SigbusGuard(Bytes mapping);
  SigbusGuard(const SigbusGuard&) = delete;
  SigbusGuard& operator=(const SigbusGuard&) = delete;
  ~SigbusGuard();

  // False if there was no room for one more, or the handler could not be
  // installed: the mapping is not guarded and should not be read.
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
