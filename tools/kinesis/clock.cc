// See clock.h. A signal that comes between the question and the sleep would be
// slept through, so it is let in only while ppoll waits.
#include "kinesis/clock.h"

#include <poll.h>

#include <csignal>
#include <ctime>

namespace thresh::kinesis {
namespace {

volatile std::sig_atomic_t interrupted = 0;
struct sigaction old_interrupt{};
struct sigaction old_terminate{};

void Note(int /*signal*/) { interrupted = 1; }

sigset_t Signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

}  // namespace

SystemClock::SystemClock() {
  interrupted = 0;
  struct sigaction action{};
  action.sa_handler = Note;
  // The second signal finds the default: a service that does not answer must
  // not hold anybody up.
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigaction(SIGINT, &action, &old_interrupt);
  sigaction(SIGTERM, &action, &old_terminate);
}

SystemClock::~SystemClock() {
  sigaction(SIGINT, &old_interrupt, nullptr);
  sigaction(SIGTERM, &old_terminate, nullptr);
}

Time SystemClock::Now() {
  return std::chrono::steady_clock::now().time_since_epoch();
}

void SystemClock::SleepUntil(Time time) {
  const sigset_t signals = Signals();
  sigset_t before;
  pthread_sigmask(SIG_BLOCK, &signals, &before);
  for (Time now = Now(); now < time && !Interrupted(); now = Now()) {
    const auto rest = (time - now).count();
    constexpr long kSecond = 1'000'000'000;
    const timespec wait{.tv_sec = rest / kSecond, .tv_nsec = rest % kSecond};
    static_cast<void>(ppoll(nullptr, 0, &wait, &before));
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

bool SystemClock::Interrupted() { return interrupted != 0; }

}  // namespace thresh::kinesis
