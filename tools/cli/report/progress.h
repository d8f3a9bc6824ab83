// The progress bar of long runs, on terminals only.
#ifndef THRESH_TOOLS_CLI_REPORT_PROGRESS_H_
#define THRESH_TOOLS_CLI_REPORT_PROGRESS_H_

#include <chrono>
#include <cstdint>
#include <string>

#include "thresh/options.h"

namespace thresh::cli {

struct ProgressState {
  uint64_t done = 0;     // in the unit of `total`
  uint64_t total = 0;    // 0: not known
  uint64_t bytes = 0;    // for the rate
  uint64_t records = 0;  // user records
};

// The state for the progress that the engine reports.
[[nodiscard]] ProgressState StateOf(const Progress& progress);

// The bar as one line of at most `width` characters, without line end: share,
// bytes, rate, records and time left, as many as fit.
[[nodiscard]] std::string ProgressLine(const ProgressState& state,
                                       double seconds, size_t width);

// Draws on standard error if it is a terminal and erases its line at the end.
class ProgressBar {
 public:
  // If `wanted` is false, never draws.
  explicit ProgressBar(bool wanted);
  ~ProgressBar() { Clear(); }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  // Whether there is a terminal to draw on.
  [[nodiscard]] bool shown() const { return shown_; }

  // Redraws if a tenth of a second has passed since the last time. Not
  // thread-safe.
  void Update(const ProgressState& state);

  // Erases the line; must be called before anything else is printed.
  void Clear();

 private:
  using Clock = std::chrono::steady_clock;
  bool shown_;
  Clock::time_point start_;
  Clock::time_point last_drawn_;
  size_t drawn_width_ = 0;  // characters on the terminal now
};

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_REPORT_PROGRESS_H_
