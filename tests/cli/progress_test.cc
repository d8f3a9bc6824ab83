// The progress bar, as text and on a pseudo-terminal.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pty.h>

#include "cli/report/progress.h"
#include "cli/report/units.h"
#include "cli/run_program.h"

namespace thresh {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr cli::ProgressState kHalf = {
    .done = 500, .total = 1000, .bytes = 3'000'000'000, .records = 1'500'000};

TEST(ProgressLine, SaysAllOnAWideTerminal) {
  EXPECT_EQ(cli::ProgressLine(kHalf, 2.0, 120),
            "[############............]  50%  3.00 GB  1.50 GB/s  1.50 M "
            "records  2 s left");
}

TEST(ProgressLine, KeepsABarOnANarrowTerminal) {
  EXPECT_EQ(cli::ProgressLine(kHalf, 2.0, 64),
            "[#####......]  50%  3.00 GB  1.50 GB/s  1.50 M records  2 s left");
  EXPECT_EQ(cli::ProgressLine(kHalf, 2.0, 40),
            "[######.......]  50%  3.00 GB  1.50 GB/s");
}

TEST(ProgressLine, FitsEveryWidth) {
  for (size_t width = 0; width < 120; ++width) {
    EXPECT_LE(cli::ProgressLine(kHalf, 2.0, width).size(), width);
  }
  EXPECT_EQ(cli::ProgressLine(kHalf, 2.0, 6), " 50%");
}

TEST(ProgressLine, WithoutKnownEnd) {
  cli::ProgressState state = kHalf;
  state.total = 0;
  EXPECT_EQ(cli::ProgressLine(state, 2.0, 120),
            "3.00 GB  1.50 GB/s  1.50 M records");
}

TEST(ProgressLine, BeyondTheEnd) {
  cli::ProgressState state = kHalf;
  state.done = 2000;  // the file grew
  EXPECT_THAT(cli::ProgressLine(state, 2.0, 120), HasSubstr("100%"));
  EXPECT_THAT(cli::ProgressLine({}, 0.0, 120), Not(IsEmpty()));
}

// Runs the program with standard error on a terminal of 100 columns, and
// returns the output to the terminal.
std::string RunOnTerminal(const std::vector<std::string>& arguments) {
  winsize size{};
  size.ws_col = 100;
  size.ws_row = 24;
  int terminal = -1;
  const pid_t child = forkpty(&terminal, nullptr, nullptr, &size);
  if (child == 0) {
    run_program_internal::Redirect(open("/dev/null", O_WRONLY), STDOUT_FILENO);
    run_program_internal::Execute(arguments);
  }
  std::string sent;
  char buffer[4096];
  // Reading fails once the other end is closed.
  for (ssize_t n = 0; (n = read(terminal, buffer, sizeof buffer)) > 0;) {
    sent.append(buffer, static_cast<size_t>(n));
  }
  close(terminal);
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(run_program_internal::StatusOf(status), 0) << sent;
  return sent;
}

// Long enough for several redraws on any machine; a program with sanitizers
// takes ten times as long.
#ifdef THRESH_SANITIZED
constexpr char kRecords[] = "200000";
constexpr char kCounted[] = "200,000 user records";
#else
constexpr char kRecords[] = "1500000";
constexpr char kCounted[] = "1,500,000 user records";
#endif
const std::vector<std::string> kLongRun = {
    "generate", "--records", kRecords, "--record-size", "200", "-o", "-"};

TEST(ProgressBar, ShowsOnATerminalAndCleansUp) {
  const std::string sent = RunOnTerminal(kLongRun);
  EXPECT_THAT(sent, testing::ContainsRegex("\r\\[#*\\.*\\] +[0-9]+%  "));
  EXPECT_THAT(sent, testing::ContainsRegex("[0-9] MB  [0-9.]+ [MG]B/s"));
  EXPECT_THAT(sent, HasSubstr("records"));
  EXPECT_THAT(sent, HasSubstr(" left"));
  // Only the summary follows the last carriage return: the bar's line was
  // erased over its full width.
  const size_t summary = sent.find(kCounted);
  ASSERT_NE(summary, std::string::npos);
  ASSERT_GT(summary, 50U);
  EXPECT_EQ(sent.substr(summary - 41, 41), std::string(40, ' ') + "\r");
}

TEST(ProgressBar, QuietShowsNothing) {
  std::vector<std::string> quiet = kLongRun;
  quiet.push_back("--quiet");
  EXPECT_THAT(RunOnTerminal(quiet), IsEmpty());
}

TEST(ProgressBar, NotWithoutATerminal) {
  const Outcome outcome = RunProgram(
      kLongRun, {.pipe = {}, .stdout_path = "/dev/null", .directory = {}});
  EXPECT_THAT(outcome.err, Not(HasSubstr("\r")));
  EXPECT_THAT(outcome.err, HasSubstr(kCounted));
}

TEST(ProgressBar, WhileReading) {
  // The archive comes through a pipe that is filled slowly, so that reading
  // takes as long on any machine.
  const TemporaryDirectory directory;
  const std::string pipe = directory / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  std::thread writer([&pipe] {
    RunProgram(kLongRun, {.pipe = {}, .stdout_path = pipe, .directory = {}});
  });
  const std::string sent =
      RunOnTerminal({"verify", "--container", "blobs", pipe});
  writer.join();
  EXPECT_THAT(sent, testing::ContainsRegex("\r[0-9.]+ MB  [0-9.]+ [MG]B/s  "
                                           "[0-9.]+ [kM] records"));
  EXPECT_THAT(sent, Not(HasSubstr("%"))) << "the end is not known";
}

TEST(Units, Sizes) {
  EXPECT_EQ(cli::ParseByteSize("0"), 0U);
  EXPECT_EQ(cli::ParseByteSize("50KiB"), 51'200U);
  EXPECT_EQ(cli::ParseByteSize("50kb"), 50'000U);
  EXPECT_EQ(cli::ParseByteSize("1MiB"), 1U << 20);
  EXPECT_EQ(cli::ParseByteSize("2GB"), 2'000'000'000U);
  EXPECT_EQ(cli::ParseByteSize("18446744073709551615"), UINT64_MAX);
  for (const char* wrong :
       {"", "B", "-1", "+1", " 1", "1 KiB", "1K", "1.5MiB", "0x10", "1KiBs",
        "18446744073709551616", "17179869185GiB"}) {
    EXPECT_EQ(cli::ParseByteSize(wrong), std::nullopt) << wrong;
  }
}

TEST(Units, Texts) {
  EXPECT_EQ(cli::WithThousands(0), "0");
  EXPECT_EQ(cli::WithThousands(999), "999");
  EXPECT_EQ(cli::WithThousands(1000), "1,000");
  EXPECT_EQ(cli::WithThousands(123456789), "123,456,789");
  EXPECT_EQ(cli::HumanBytes(999), "999 B");
  EXPECT_EQ(cli::HumanBytes(999.7), "1.00 kB");
  EXPECT_EQ(cli::HumanBytes(99'960), "100 kB");
  EXPECT_EQ(cli::HumanBytes(12'345'678), "12.3 MB");
  EXPECT_EQ(cli::HumanDuration(0.1234), "0.123 s");
  EXPECT_EQ(cli::HumanDuration(59.96), "1:00");
  EXPECT_EQ(cli::HumanDuration(3725), "1:02:05");
}

}  // namespace
}  // namespace thresh
