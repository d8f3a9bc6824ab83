// What can be an input, and the error for each that cannot.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <array>
#include <thread>

#include "input/open.h"
#include "input/testing.h"
#include "io/file_stream.h"
#include "oracle/compress.h"

namespace thresh {
namespace {

using input_testing::OpenMemorySource;
using input_testing::OpenSource;
using input_testing::RandomText;
using input_testing::ReadAll;
using input_testing::Reading;
using input_testing::TempDir;
using input_testing::WholeWindow;
using oracle::Gzip;
using ::testing::HasSubstr;

void ExpectRefused(const std::string& path, const std::string& message) {
  for (const bool use_mmap : {true, false}) {
    const auto source = OpenSource(path, use_mmap);
    ASSERT_FALSE(source.has_value()) << path;
    EXPECT_EQ(source.error().code, ErrorCode::kIo);
    EXPECT_EQ(source.error().file, path);
    EXPECT_EQ(source.error().message, message);
    EXPECT_FALSE(source.error().remedy.empty());
  }
}

TEST(OpenTest, RefusesWhatIsNotThereOrNotAFile) {
  const TempDir dir;
  const std::string file = dir.Write("file", "x");
  ExpectRefused(dir / "missing", "No such file or directory");
  ExpectRefused(file + "/below", "Not a directory");
  ExpectRefused(dir.path(), "Is a directory");
  ExpectRefused("", "No such file or directory");
}

TEST(OpenTest, RefusesAFileWithoutPermission) {
  const TempDir dir;
  const std::string path = dir.Write("file", "x");
  std::filesystem::permissions(path, std::filesystem::perms::none);
  const uid_t user = ::geteuid();
  if (user == 0) {
    ASSERT_EQ(::seteuid(65534), 0);
  }
  ExpectRefused(path, "Permission denied");
  if (user == 0) {
    ASSERT_EQ(::seteuid(user), 0);
  }
}

TEST(OpenTest, EmptyInputsAreOneEmptySegment) {
  const TempDir dir;
  for (const std::string& path :
       {dir.Write("empty", ""), std::string("/dev/null")}) {
    for (const bool use_mmap : {true, false}) {
      auto source = OpenSource(path, use_mmap).value();
      EXPECT_EQ(source->stored_size(), 0);
      EXPECT_TRUE(source->Peek(10).value().empty());
      const Reading reading = ReadAll(*source);
      EXPECT_EQ(reading.pieces.size(), 1);
      EXPECT_EQ(reading.error, std::nullopt);
    }
  }
}

TEST(OpenTest, ReadsFilesWhoseSizeTheKernelDoesNotTell) {
  for (const bool use_mmap : {true, false}) {
    auto source = OpenSource("/proc/self/status", use_mmap).value();
    EXPECT_THAT(ReadAll(*source, 64).content, HasSubstr("Name:"));
  }
}

TEST(OpenTest, KnowsTheStoredSize) {
  const TempDir dir;
  const std::string raw = dir.Write("raw", RandomText(1, 12345));
  const std::string archive = Gzip(RandomText(1, 12345));
  const std::string zipped = dir.Write("zipped", archive);
  for (const bool use_mmap : {true, false}) {
    EXPECT_EQ(OpenSource(raw, use_mmap).value()->stored_size(), 12345);
    EXPECT_EQ(OpenSource(zipped, use_mmap).value()->stored_size(),
              archive.size());
  }
  EXPECT_EQ(OpenMemorySource(AsBytes(archive))->stored_size(), archive.size());
}

// Temporarily replaces standard input by another descriptor.
class StandardInput {
 public:
  explicit StandardInput(int descriptor) : saved_(::dup(STDIN_FILENO)) {
    ::dup2(descriptor, STDIN_FILENO);
    ::close(descriptor);
  }
  StandardInput(const StandardInput&) = delete;
  StandardInput& operator=(const StandardInput&) = delete;
  ~StandardInput() {
    ::dup2(saved_, STDIN_FILENO);
    ::close(saved_);
  }

 private:
  int saved_;
};

TEST(OpenTest, ReadsStandardInputAndLeavesItOpen) {
  const TempDir dir;
  const std::string content = RandomText(2, 5000);
  for (const std::string& stored : {content, Gzip(content)}) {
    const StandardInput input(
        ::open(dir.Write("file", stored).c_str(), O_RDONLY));
    auto source = OpenSource("-", true).value();
    EXPECT_EQ(source->stored_size(), 0);
    EXPECT_EQ(ReadAll(*source).content, content);
    source.reset();
    EXPECT_GE(::fcntl(STDIN_FILENO, F_GETFD), 0);
  }
}

// A pipe that another program made non-blocking has no data now; that is not
// its end.
TEST(OpenTest, WaitsForANonBlockingPipe) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_NONBLOCK), 0);
  const StandardInput input(ends[0]);
  std::thread writer([&] {
    for (const char* word : {"one ", "two ", "three"}) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      EXPECT_GT(::write(ends[1], word, std::string_view(word).size()), 0);
    }
    ::close(ends[1]);
  });
  const Reading reading = ReadAll(*OpenSource("-", true).value());
  writer.join();
  EXPECT_EQ(reading.error, std::nullopt);
  EXPECT_EQ(reading.content, "one two three");
}

TEST(OpenTest, AFileThatGrewIsReadAsFarAsItWas) {
  const TempDir dir;
  const std::string content = RandomText(3, 10'000);
  for (const bool use_mmap : {true, false}) {
    const std::string path = dir.Write("file", content);
    auto source = OpenSource(path, use_mmap).value();
    std::ofstream(path, std::ios::app) << "more";
    const Reading reading = ReadAll(*source, 999);
    EXPECT_EQ(reading.content, content);
    EXPECT_EQ(reading.error, std::nullopt);
  }
}

TEST(OpenTest, AFileThatShrankWhileItIsReadIsAnError) {
  const TempDir dir;
  const std::string content = RandomText(4, 200'000);
  // The size read at once when the file is opened, to recognize its type.
  constexpr size_t kFirstRead = size_t{64} << 10;
  for (const size_t cut : {0U, 5'001U, 80'000U, 199'999U}) {
    SCOPED_TRACE(cut);
    const std::string path = dir.Write("file", content);
    auto source = OpenSource(path, false).value();
    const Segment first = source->Next(5'000, 10'000, WholeWindow);
    EXPECT_EQ(AsText(first.bytes), content.substr(0, 5'000));
    std::filesystem::resize_file(path, cut);
    std::string got(AsText(first.bytes));
    Segment segment;
    while (!segment.ends_input) {
      segment = source->Next(5'000, 10'000, WholeWindow);
      got += AsText(segment.bytes);
    }
    ASSERT_TRUE(segment.error.has_value());
    EXPECT_EQ(segment.error->code, ErrorCode::kIo);
    EXPECT_EQ(segment.error->file, path);
    EXPECT_EQ(segment.error->message, "file shrank while it was read");
    EXPECT_FALSE(segment.error->remedy.empty());
    const size_t good = std::max<size_t>(cut, kFirstRead);
    EXPECT_EQ(segment.error->offset, good);
    EXPECT_EQ(got, content.substr(0, good));
  }
}

TEST(OpenTest, AGzipFileThatShrankIsAnErrorToo) {
  const TempDir dir;
  // More than is read at a time.
  const std::string content = RandomText(5, 40'000'000);
  const std::string path = dir.Write("file.gz", Gzip(content, 0));
  auto source = OpenSource(path, true).value();
  std::filesystem::resize_file(path, 35'000'000);
  const Reading reading = ReadAll(*source);
  ASSERT_TRUE(reading.error.has_value());
  EXPECT_EQ(reading.error->code, ErrorCode::kIo);
  EXPECT_EQ(reading.error->offset, reading.content.size());
  EXPECT_EQ(reading.error->message,
            "file shrank while it was read (at byte 35000000 of the compressed "
            "data)");
  EXPECT_TRUE(content.starts_with(reading.content));
}

// Reading fails permanently: here because the descriptor is open for writing
// only.
TEST(FileStreamTest, AFailedReadEndsTheStreamWithAnError) {
  const TempDir dir;
  const std::string path = dir.Write("file", "content");
  FileStream stream(std::make_shared<const FileDescriptor>(
                        ::open(path.c_str(), O_WRONLY | O_CLOEXEC)),
                    path, std::nullopt);
  std::array<uint8_t, 10> buffer;
  EXPECT_EQ(stream.Read(buffer), 0);
  ASSERT_TRUE(stream.error().has_value());
  EXPECT_EQ(stream.error()->message, "Bad file descriptor");
  EXPECT_EQ(stream.error()->offset, 0);
  EXPECT_EQ(stream.Read(buffer), 0);
}

}  // namespace
}  // namespace thresh
