// Decides which windows are framed by guesses (Frames::may_guess): a window in
// which one is wrong is worked on twice.
#ifndef THRESH_PIPELINE_GUESS_LIMIT_H_
#define THRESH_PIPELINE_GUESS_LIMIT_H_

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace thresh {

// Thread-safe.
class GuessLimit {
 public:
  // Whether the next window may be framed by guesses.
  bool Allows() {
    uint32_t pause = pause_;
    while (pause > 0) {
      if (pause_.compare_exchange_weak(pause, pause - 1)) return false;
    }
    return true;
  }

  // A window was framed by guesses, which held.
  void Held() {
    uint32_t pause = last_pause_;
    while (pause > 0 && !last_pause_.compare_exchange_weak(pause, pause - 1)) {
    }
  }

  // A guess was wrong: none are made for twice as many windows as after the
  // last wrong one.
  void WasWrong() {
    const uint32_t pause = std::min(2 * last_pause_ + 1, kMaxPause);
    last_pause_ = pause;
    pause_ = pause;
  }

 private:
  static constexpr uint32_t kMaxPause = 127;

  std::atomic<uint32_t> pause_ = 0;  // windows to come without guesses
  // One less for each window since then whose guesses held.
  std::atomic<uint32_t> last_pause_ = 0;
};

}  // namespace thresh

#endif  // THRESH_PIPELINE_GUESS_LIMIT_H_
