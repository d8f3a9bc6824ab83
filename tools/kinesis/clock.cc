// See clock.h. Reader threads exist, and any of them may receive a signal
// without waking the thread that sleeps: so sleeps are short and check for
// interruption.
#include "kinesis/clock.h"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <thread>

namespace thresh::kinesis {
namespace {

constexpr Time kLongestSleep = std::chrono::milliseconds(100);

std::atomic<bool> interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free, "handlers may set it");
struct sigaction old_interrupt{};
struct sigaction old_terminate{};

void Note(int /*signal*/) { interrupted = true; }

void Catch(int signal, struct sigaction* old) {
  sigaction(signal, nullptr, old);
  // A shell that starts a program in the background sets Ctrl-C to be ignored.
  if ((old->sa_flags & SA_SIGINFO) == 0 && old->sa_handler == SIG_IGN) return;
  struct sigaction action{};
  action.sa_handler = Note;
  // The second signal gets the default action, so that the user can stop a run
  // whose service does not answer.
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigaction(signal, &action, nullptr);
}

}  // namespace

SystemClock::SystemClock() {
  interrupted = false;
  Catch(SIGINT, &old_interrupt);
  Catch(SIGTERM, &old_terminate);
}

SystemClock::~SystemClock() {
  sigaction(SIGINT, &old_interrupt, nullptr);
  sigaction(SIGTERM, &old_terminate, nullptr);
}

Time SystemClock::Now() {
  return std::chrono::steady_clock::now().time_since_epoch();
}

void SystemClock::SleepUntil(Time time) {
  for (Time now = Now(); now < time && !Interrupted(); now = Now()) {
    std::this_thread::sleep_for(std::min(time - now, kLongestSleep));
  }
}

bool SystemClock::Interrupted() { return interrupted; }

}  // namespace thresh::kinesis
