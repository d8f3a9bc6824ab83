// Devices, pipes and standard output, which are written to directly.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "io/file_output.h"
#include "sink/must_write.h"
#include "sink/output_text.h"
#include "sink/scratch_dir.h"

namespace thresh {
namespace {

using testing::HasSubstr;

TEST(StreamOutputTest, AFullDeviceIsAnErrorThatNamesIt) {
  FileOutput output = MustOpen("/dev/full");
  const Result<void> written = output.Write(BufferOf("data"));
  ASSERT_FALSE(written.has_value());
  EXPECT_EQ(written.error().code, ErrorCode::kIo);
  EXPECT_EQ(written.error().file, "/dev/full");
  EXPECT_THAT(written.error().message, HasSubstr("No space left"));
  EXPECT_THAT(written.error().remedy, HasSubstr("free space"));
}

TEST(StreamOutputTest, DevicesAreWrittenToAndStay) {
  FileOutput output = MustOpen("/dev/null");
  MustWrite(&output, "data");
  EXPECT_TRUE(output.Commit().has_value());
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
  EXPECT_FALSE(Exists("/dev/null.partial"));
}

// Reads all of a descriptor into `content`, slowly.
std::string ReadSlowly(int descriptor) {
  std::string content;
  char buffer[50000];
  for (;;) {
    const ssize_t size = ::read(descriptor, buffer, sizeof(buffer));
    if (size <= 0) return content;
    content.append(buffer, static_cast<size_t>(size));
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
}

std::string Megabytes() {
  std::string text;
  while (text.size() < size_t{4} << 20) text += std::to_string(text.size());
  return text;
}

TEST(StreamOutputTest, AFifoIsWrittenToAndStays) {
  const ScratchDir directory;
  const std::string path = directory.File("fifo");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  std::string received;
  std::thread reader([&] {
    const int descriptor = ::open(path.c_str(), O_RDONLY);
    received = ReadSlowly(descriptor);
    ::close(descriptor);
  });
  {
    FileOutput output = MustOpen(path);
    MustWrite(&output, Megabytes());
    EXPECT_TRUE(output.Commit().has_value());
  }
  reader.join();
  EXPECT_TRUE(received == Megabytes());
  EXPECT_TRUE(std::filesystem::is_fifo(path));
}

TEST(StreamOutputTest, AReaderThatEndsEarlyIsAnError) {
  ::signal(SIGPIPE, SIG_IGN);
  const ScratchDir directory;
  const std::string path = directory.File("fifo");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  const int reader = ::open(path.c_str(), O_RDONLY | O_NONBLOCK);
  FileOutput output = MustOpen(path);
  ::close(reader);
  const Result<void> written = output.Write(BufferOf("data"));
  ASSERT_FALSE(written.has_value());
  EXPECT_EQ(written.error().file, path);
  EXPECT_THAT(written.error().remedy, HasSubstr("ended early"));
}

// Redirects standard output for its lifetime.
class Redirected {
 public:
  explicit Redirected(int to) : saved_(::dup(STDOUT_FILENO)) {
    ::fflush(stdout);
    ::dup2(to, STDOUT_FILENO);
  }
  ~Redirected() {
    ::dup2(saved_, STDOUT_FILENO);
    ::close(saved_);
  }

 private:
  int saved_;
};

TEST(StreamOutputTest, StandardOutputByEitherNameStaysOpen) {
  const ScratchDir directory;
  const std::string path = directory.File("redirected");
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  for (const std::string name : {"-", "/dev/stdout"}) {
    const Redirected redirected(file);
    {
      FileOutput output = MustOpen(name);
      MustWrite(&output, "data\n");
      EXPECT_TRUE(output.Commit().has_value());
    }
    EXPECT_EQ(::write(STDOUT_FILENO, "more\n", 5), 5);
  }
  ::close(file);
  EXPECT_EQ(ReadFile(path), "data\nmore\ndata\nmore\n");
  EXPECT_FALSE(Exists(path + ".partial"));
}

TEST(StreamOutputTest, ErrorsOfStandardOutputNameIt) {
  const int full = ::open("/dev/full", O_WRONLY);
  std::optional<Redirected> redirected(full);
  const Result<void> written = MustOpen("-").Write(BufferOf("data"));
  ::close(STDOUT_FILENO);
  const Result<FileOutput> closed = FileOutput::Open("-");
  redirected.reset();
  ::close(full);
  ASSERT_FALSE(written.has_value());
  EXPECT_EQ(written.error().file, "standard output");
  ASSERT_FALSE(closed.has_value());
  EXPECT_EQ(closed.error().file, "standard output");
}

// Short writes, EAGAIN and EINTR, all of which occur when a large buffer is
// written to a small pipe while signals arrive.
TEST(StreamOutputTest, WritesAllThroughInterruptions) {
  struct sigaction action = {};
  action.sa_handler = [](int) {};  // without SA_RESTART
  struct sigaction before;
  ASSERT_EQ(::sigaction(SIGUSR1, &action, &before), 0);
  const std::string text = Megabytes();
  const OutputBuffer pieces = InPieces(text);
  const OutputBuffer whole = BufferOf(text);
  for (const auto& [flags, in_pieces] :
       {std::pair(0, false), std::pair(O_NONBLOCK, false), std::pair(0, true),
        std::pair(O_NONBLOCK, true)}) {
    int pipe[2];
    ASSERT_EQ(::pipe(pipe), 0);
    ASSERT_EQ(::fcntl(pipe[1], F_SETFL, O_WRONLY | flags), 0);
    std::string received;
    std::thread reader([&] { received = ReadSlowly(pipe[0]); });
    std::atomic<bool> done = false;
    std::thread pest([&done, writer = ::pthread_self()] {
      while (!done) {
        ::pthread_kill(writer, SIGUSR1);
        std::this_thread::sleep_for(std::chrono::microseconds(100));
      }
    });
    {
      const Redirected redirected(pipe[1]);
      ::close(pipe[1]);
      FileOutput output = MustOpen("-");
      const Result<void> written = output.Write(in_pieces ? pieces : whole);
      EXPECT_TRUE(written.has_value());
      EXPECT_TRUE(output.Commit().has_value());
    }
    done = true;
    pest.join();
    reader.join();
    ::close(pipe[0]);
    EXPECT_TRUE(received == text);
  }
  ASSERT_EQ(::sigaction(SIGUSR1, &before, nullptr), 0);
}

}  // namespace
}  // namespace thresh
