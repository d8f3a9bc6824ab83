// Runs the `thresh` program as a user would, and returns all its output.
#ifndef THRESH_TESTS_CLI_RUN_PROGRAM_H_
#define THRESH_TESTS_CLI_RUN_PROGRAM_H_

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "read_file.h"

namespace thresh {

// A temporary directory, removed at the end.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = testing::TempDir() + "thresh-XXXXXX";
    if (mkdtemp(name.data()) == nullptr) std::abort();
    path_ = name;
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  [[nodiscard]] std::string path() const { return path_; }
  // The path of `name` in it.
  [[nodiscard]] std::string operator/(std::string_view name) const {
    return path_ + "/" + std::string(name);
  }

 private:
  std::string path_;
};

inline void WriteFile(const std::string& path, std::string_view content) {
  std::ofstream file(path, std::ios::binary);
  file.write(content.data(), static_cast<std::streamsize>(content.size()));
  ASSERT_TRUE(file.flush()) << path;
}

struct RunOptions {
  std::optional<std::string> pipe;  // standard input; /dev/null if null
  std::string stdout_path;          // where output is written instead of `out`
  std::string directory;            // to run in
  std::string target = {};          // THRESH_TARGET, if not empty
  uint64_t memory = 0;              // memory limit in bytes, if not 0
};

struct Outcome {
  int status = -1;  // exit status, or 1000 + the signal that ended it
  std::string out;
  std::string err;
};

namespace run_program_internal {

// In the child: replaces `target` by `fd`.
inline void Redirect(int fd, int target) {
  if (fd < 0 || dup2(fd, target) < 0) _exit(125);
}

[[noreturn]] inline void Execute(const std::vector<std::string>& arguments) {
  static const std::string program = THRESH_PROGRAM;
  std::vector<char*> argv = {const_cast<char*>(program.c_str())};
  for (const std::string& argument : arguments) {
    argv.push_back(const_cast<char*>(argument.c_str()));
  }
  argv.push_back(nullptr);
  execv(argv[0], argv.data());
  _exit(126);
}

inline int StatusOf(int wait_status) {
  return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status)
                                : 1000 + WTERMSIG(wait_status);
}

inline void FeedAndClose(int fd, const std::string& text) {
  std::string_view rest = text;
  while (!rest.empty()) {
    const ssize_t written = write(fd, rest.data(), rest.size());
    if (written <= 0) break;  // the program has read enough
    rest.remove_prefix(static_cast<size_t>(written));
  }
  close(fd);
}

}  // namespace run_program_internal

// Runs the program with these arguments and waits for it to end.
inline Outcome RunProgram(const std::vector<std::string>& arguments,
                          const RunOptions& options = {}) {
  namespace internal = run_program_internal;
  const TemporaryDirectory scratch;
  const std::string out =
      options.stdout_path.empty() ? scratch / "out" : options.stdout_path;
  const std::string err = scratch / "err";
  int input[2] = {-1, -1};
  if (options.pipe && pipe2(input, O_CLOEXEC) != 0) std::abort();
  const pid_t child = fork();
  if (child == 0) {
    internal::Redirect(options.pipe ? input[0] : open("/dev/null", O_RDONLY),
                       STDIN_FILENO);
    internal::Redirect(open(out.c_str(), O_WRONLY | O_CREAT, 0600),
                       STDOUT_FILENO);
    internal::Redirect(open(err.c_str(), O_WRONLY | O_CREAT, 0600),
                       STDERR_FILENO);
    if (!options.directory.empty() && chdir(options.directory.c_str()) != 0) {
      _exit(125);
    }
    if (!options.target.empty() &&
        setenv("THRESH_TARGET", options.target.c_str(), 1) != 0) {
      _exit(125);
    }
    const rlimit limit = {options.memory, options.memory};
    if (options.memory != 0 && setrlimit(RLIMIT_DATA, &limit) != 0) {
      _exit(125);
    }
    internal::Execute(arguments);
  }
  std::signal(SIGPIPE, SIG_IGN);
  std::thread feeder;
  if (options.pipe) {
    close(input[0]);
    feeder = std::thread(internal::FeedAndClose, input[1], *options.pipe);
  }
  int wait_status = 0;
  EXPECT_EQ(waitpid(child, &wait_status, 0), child);
  if (feeder.joinable()) feeder.join();
  Outcome outcome;
  outcome.status = internal::StatusOf(wait_status);
  outcome.out = options.stdout_path.empty() ? ReadFile(out) : "";
  outcome.err = ReadFile(err);
  return outcome;
}

}  // namespace thresh

#endif  // THRESH_TESTS_CLI_RUN_PROGRAM_H_
