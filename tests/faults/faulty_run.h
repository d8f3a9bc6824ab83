// Runs the program with the library of shim.cc preloaded.
#ifndef THRESH_TESTS_FAULTS_FAULTY_RUN_H_
#define THRESH_TESTS_FAULTS_FAULTY_RUN_H_

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "cli/run_program.h"
#include "read_file.h"

namespace thresh {

struct Faults {
  std::string under;  // the directory whose files are affected
  uint64_t seed = 0;
  uint64_t fail = 0;
  int error = 0;
  uint64_t kill = 0;
  std::string log = {};
};

struct FaultyOutcome {
  int status = -1;  // 1000 + the signal that ended it
  std::string out;
  std::string err;
  uint64_t calls = 0;  // seen by the library; 0 if it was killed
};

// Kills a process that has not ended after a minute.
constexpr unsigned kLongestSeconds = 60;

inline void SetFault(const char* name, const std::string& value) {
  if (setenv(name, value.c_str(), 1) != 0) _exit(125);
}

// `kill_after`: kills the program after this time.
inline FaultyOutcome RunFaulty(
    const std::vector<std::string>& arguments, const Faults& faults,
    std::optional<std::chrono::microseconds> kill_after = {}) {
  const TemporaryDirectory scratch;
  const std::string out = scratch / "out";
  const std::string err = scratch / "err";
  const std::string count = scratch / "count";
  const pid_t child = fork();
  if (child == 0) {
    run_program_internal::Redirect(open("/dev/null", O_RDONLY), STDIN_FILENO);
    run_program_internal::Redirect(open(out.c_str(), O_WRONLY | O_CREAT, 0600),
                                   STDOUT_FILENO);
    run_program_internal::Redirect(open(err.c_str(), O_WRONLY | O_CREAT, 0600),
                                   STDERR_FILENO);
    SetFault("LD_PRELOAD", THRESH_FAULTS);
    SetFault("THRESH_FAULTS_UNDER", faults.under);
    SetFault("THRESH_FAULTS_SEED", std::to_string(faults.seed));
    SetFault("THRESH_FAULTS_FAIL", std::to_string(faults.fail));
    SetFault("THRESH_FAULTS_ERROR", std::to_string(faults.error));
    SetFault("THRESH_FAULTS_KILL", std::to_string(faults.kill));
    SetFault("THRESH_FAULTS_LOG", faults.log);
    SetFault("THRESH_FAULTS_COUNT", count);
    alarm(kLongestSeconds);
    run_program_internal::Execute(arguments);
  }
  if (kill_after.has_value()) {
    std::this_thread::sleep_for(*kill_after);
    kill(child, SIGKILL);
  }
  int wait_status = 0;
  EXPECT_EQ(waitpid(child, &wait_status, 0), child);
  FaultyOutcome outcome;
  outcome.status = run_program_internal::StatusOf(wait_status);
  // A program that was killed early has not created them.
  const auto content = [](const std::string& path) {
    return std::filesystem::exists(path) ? ReadFile(path) : "";
  };
  outcome.out = content(out);
  outcome.err = content(err);
  outcome.calls = std::strtoull(content(count).c_str(), nullptr, 10);
  return outcome;
}

// The content of each file in `directory`, by name.
inline std::map<std::string, std::string> FilesIn(
    const std::string& directory) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.is_regular_file()) {
      files[entry.path().filename()] = ReadFile(entry.path());
    }
  }
  return files;
}

}  // namespace thresh

#endif  // THRESH_TESTS_FAULTS_FAULTY_RUN_H_
