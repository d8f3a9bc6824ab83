// Repeats system calls that a signal interrupts, here and nowhere else.
#ifndef THRESH_IO_SYSTEM_CALL_H_
#define THRESH_IO_SYSTEM_CALL_H_

#include <cerrno>

namespace thresh {

// The result of `call` once it is not interrupted (EINTR); errno is the call's.
// Not for close(2), which has closed the descriptor by then.
template <typename Call>
auto Uninterrupted(Call&& call) {
  for (;;) {
    const auto result = call();
    if (result >= 0 || errno != EINTR) return result;
  }
}

}  // namespace thresh

#endif  // THRESH_IO_SYSTEM_CALL_H_
