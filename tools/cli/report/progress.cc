// The bar requires only the carriage return of a terminal: it erases with
// blanks, so it works on any terminal.
#include "cli/report/progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "cli/report/units.h"

namespace thresh::cli {
namespace {

constexpr std::chrono::milliseconds kRedraw(100);
constexpr size_t kWidestBar = 24;
constexpr size_t kNarrowestBar = 8;
constexpr size_t kBarFrame = 3;  // brackets and a blank
constexpr size_t kUsualWidth = 80;

size_t TerminalWidth() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
    return kUsualWidth;
  }
  return size.ws_col;
}

std::string DrawBar(double share, size_t width) {
  const auto filled = static_cast<size_t>(share * static_cast<double>(width));
  return fmt::format("[{:#<{}}{:.<{}}] ", "", filled, "", width - filled);
}

// An estimate printed to the millisecond would look more precise than it is.
std::string TimeLeft(double seconds) {
  return seconds < 59.5 ? fmt::format("{:.0f} s left", seconds)
                        : HumanDuration(seconds) + " left";
}

void WriteToTerminal(const std::string& text) {
  // A failure to draw the bar is not an error.
  static_cast<void>(std::fwrite(text.data(), 1, text.size(), stderr));
  static_cast<void>(std::fflush(stderr));
}

}  // namespace

ProgressState StateOf(const Progress& progress) {
  return {.done = progress.so_far.stored_bytes,
          .total = progress.stored_bytes_total,
          .bytes = progress.so_far.stored_bytes,
          .records = progress.so_far.user_records};
}

std::string ProgressLine(const ProgressState& state, double seconds,
                         size_t width) {
  const bool known = state.total > 0;
  // On a narrow terminal the parts that do not fit next to the bar are left
  // out, and on a very narrow one the bar.
  const size_t least = known ? kNarrowestBar + kBarFrame : 0;
  const size_t room = width < 2 * least ? width : width - least;
  std::string line;
  const auto add = [&line, room](const std::string& part) {
    const size_t gap = line.empty() ? 0 : 2;
    if (line.size() + gap + part.size() > room) return;
    line.append(gap, ' ').append(part);
  };
  const double share = known
                           ? std::min(1.0, static_cast<double>(state.done) /
                                               static_cast<double>(state.total))
                           : 0;
  if (known) add(fmt::format("{:3.0f}%", share * 100));
  const auto bytes = static_cast<double>(state.bytes);
  add(HumanBytes(bytes));
  if (seconds > 0) add(HumanBytes(bytes / seconds) + "/s");
  add(HumanCount(static_cast<double>(state.records)) + " records");
  if (known && share > 0) {
    add(TimeLeft(seconds * (1 - share) / share));
  }
  if (known && line.size() + least <= width) {
    const size_t left = width - line.size() - kBarFrame;
    line.insert(0, DrawBar(share, std::min(kWidestBar, left)));
  }
  return line;
}

ProgressBar::ProgressBar(bool wanted)
    : shown_(wanted && isatty(STDERR_FILENO) == 1),
      start_(Clock::now()),
      last_drawn_(start_) {}

void ProgressBar::Update(const ProgressState& state) {
  if (!shown_) return;
  const Clock::time_point now = Clock::now();
  if (now - last_drawn_ < kRedraw) return;
  last_drawn_ = now;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  // The last column stays empty: some terminals wrap as soon as it is filled.
  const std::string line = ProgressLine(state, seconds, TerminalWidth() - 1);
  // Padded to erase a longer line drawn before.
  WriteToTerminal(
      fmt::format("\r{:<{}}", line, std::max(line.size(), drawn_width_)));
  drawn_width_ = line.size();
}

void ProgressBar::Clear() {
  if (drawn_width_ == 0) return;
  WriteToTerminal(fmt::format("\r{:{}}\r", "", drawn_width_));
  drawn_width_ = 0;
}

}  // namespace thresh::cli
