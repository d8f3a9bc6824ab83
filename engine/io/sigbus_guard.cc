// The handler may run on any thread at any time, so it accesses only a fixed
// table of atomics and calls only mmap. Nothing here is hot, so the atomics use
// the default, sequentially consistent order.
#include "io/sigbus_guard.h"

#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>

namespace thresh {
namespace {

constexpr uint64_t kNoFault = UINT64_MAX;

// One guarded mapping, as a sequence lock: `version` is odd while the range is
// being changed, so that a handler on another thread never combines the begin
// of one mapping with the end of the next. The slot of the mapping that the
// handler was called for does not change, since its reader keeps it alive.
struct Slot {
  std::atomic<uint64_t> version = 0;
  std::atomic<uintptr_t> begin = 0;  // 0: the slot is free
  std::atomic<uintptr_t> end = 0;
  std::atomic<uint64_t> lowest_fault = kNoFault;
};
static_assert(std::atomic<uint64_t>::is_always_lock_free);
static_assert(std::atomic<uintptr_t>::is_always_lock_free);

// Constant-initialized, and never destroyed: the handler may outlive main.
constinit Slot g_slots[SigbusGuard::kMaxGuards];
struct sigaction g_previous;  // written before the handler is installed
uintptr_t g_page_size;        // likewise

void LowerTo(std::atomic<uint64_t>& lowest, uint64_t offset) {
  uint64_t seen = lowest;
  while (offset < seen && !lowest.compare_exchange_weak(seen, offset)) {
  }
}

// Replaces the page of `address` and all after it in its mapping by zeros.
// False if it is in no guarded mapping.
bool ReplaceByZeros(uintptr_t address) {
  for (Slot& slot : g_slots) {
    const uint64_t version = slot.version;
    const uintptr_t begin = slot.begin;
    const uintptr_t end = slot.end;
    if (version % 2 != 0 || slot.version != version) continue;
    if (address < begin || address >= end) continue;
    const uintptr_t page = address & ~(g_page_size - 1);
    // The fault is recorded before the zeros appear: a thread that reads zeros
    // must find the record.
    LowerTo(slot.lowest_fault, page - begin);
    // NOLINTNEXTLINE(performance-no-int-to-ptr)
    return mmap(reinterpret_cast<void*>(page), end - page, PROT_READ,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1,
                0) != MAP_FAILED;
  }
  return false;
}

// Does what would have been done without this handler.
void PassOn(int signal, siginfo_t* info, void* context) {
  if ((g_previous.sa_flags & SA_SIGINFO) != 0) {
    return g_previous.sa_sigaction(signal, info, context);
  }
  const bool raised_by_kernel = info->si_code > 0;
  if (g_previous.sa_handler == SIG_IGN && !raised_by_kernel) return;
  if (g_previous.sa_handler != SIG_IGN && g_previous.sa_handler != SIG_DFL) {
    return g_previous.sa_handler(signal);
  }
  struct sigaction default_action{};
  default_action.sa_handler = SIG_DFL;
  sigaction(signal, &default_action, nullptr);
  // On return the faulting instruction runs again, and kills the process at the
  // fault; a signal that was sent must be sent again.
  if (!raised_by_kernel) raise(signal);
}

void OnSigbus(int signal, siginfo_t* info, void* context) {
  const int saved_errno = errno;
  const bool is_fault =
      info->si_code == BUS_ADRERR || info->si_code == BUS_MCEERR_AR;
  if (!is_fault ||
      !ReplaceByZeros(reinterpret_cast<uintptr_t>(info->si_addr))) {
    PassOn(signal, info, context);
  }
  errno = saved_errno;
}

bool InstallHandler() {
  g_page_size = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  if (sigaction(SIGBUS, nullptr, &g_previous) != 0) return false;
  struct sigaction action{};
  action.sa_sigaction = OnSigbus;
  action.sa_mask = g_previous.sa_mask;  // as the previous handler expects it
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
  return sigaction(SIGBUS, &action, nullptr) == 0;
}

}  // namespace

SigbusGuard::SigbusGuard(Bytes mapping) {
  static const bool installed = InstallHandler();
  if (!installed) return;
  const auto begin = reinterpret_cast<uintptr_t>(mapping.data());
  for (size_t i = 0; i < kMaxGuards; ++i) {
    Slot& slot = g_slots[i];
    uint64_t version = slot.version;
    if (version % 2 != 0 || slot.begin != 0) continue;
    if (!slot.version.compare_exchange_strong(version, version + 1)) continue;
    slot.begin = begin;
    slot.end = begin + mapping.size();
    slot.lowest_fault = kNoFault;
    slot.version = version + 2;
    slot_ = i;
    return;
  }
}

SigbusGuard::~SigbusGuard() {
  if (!active()) return;
  Slot& slot = g_slots[slot_];
  ++slot.version;
  slot.begin = 0;
  slot.end = 0;
  ++slot.version;
}

std::optional<uint64_t> SigbusGuard::LowestFault() const {
  if (!active()) return std::nullopt;
  const uint64_t offset = g_slots[slot_].lowest_fault;
  return offset == kNoFault ? std::nullopt : std::optional(offset);
}

void SigbusGuard::RecordFault(uint64_t offset) const {
  if (active()) LowerTo(g_slots[slot_].lowest_fault, offset);
}

}  // namespace thresh
