// One rule divides all inputs: however the same content is read, the same
// windows are offered and the same segments are returned.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <algorithm>
#include <thread>

#include "input/open.h"
#include "input/testing.h"
#include "io/buffer_pool.h"
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

// The calls of a cut function. It is a plain function, so this is global.
std::vector<std::pair<size_t, bool>> g_windows;
uint64_t g_seed = 0;

// A position that depends only on the window's bytes; often none.
size_t RandomCut(Bytes window, bool at_end) {
  g_windows.emplace_back(window.size(), at_end);
  uint64_t hash = g_seed + window.size() * 31 + (at_end ? 7 : 0);
  for (const uint8_t byte : window) hash = (hash ^ byte) * 0x100000001B3;
  std::mt19937_64 random(hash);
  switch (random() % 4) {
    case 0:
      return 0;
    case 1:
      return random() % (window.size() + 1);
    case 2:
      return window.size() - random() % std::min<size_t>(window.size(), 8);
    default:
      return window.size();
  }
}

size_t CutBehindNewline(Bytes window, bool at_end) {
  g_windows.emplace_back(window.size(), at_end);
  if (at_end) return window.size();
  return AsText(window).rfind('\n') + 1;
}

size_t CutAtEndOnly(Bytes window, bool at_end) {
  g_windows.emplace_back(window.size(), at_end);
  return at_end ? window.size() : 0;
}

// A FIFO whose writer delivers `content` in pieces of small random sizes.
class SlowPipe {
 public:
  SlowPipe(const TempDir& dir, std::string content, size_t largest_write)
      : path_(dir / "fifo") {
    std::filesystem::remove(path_);
    EXPECT_EQ(::mkfifo(path_.c_str(), 0600), 0);
    writer_ = std::thread([this, content = std::move(content), largest_write] {
      const int fd = ::open(path_.c_str(), O_WRONLY);
      std::mt19937_64 random(content.size());
      for (size_t done = 0; done < content.size();) {
        const size_t size =
            std::min(content.size() - done, random() % largest_write + 1);
        const ssize_t wrote = ::write(fd, content.data() + done, size);
        if (wrote < 0) break;
        done += static_cast<size_t>(wrote);
      }
      ::close(fd);
    });
  }
  ~SlowPipe() { writer_.join(); }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
  std::thread writer_;
};

struct Plan {
  size_t target;
  size_t limit;
  CutFunction cut;
};

std::pair<Reading, std::vector<std::pair<size_t, bool>>> ReadBy(
    Result<std::unique_ptr<SegmentSource>> source, const Plan& plan,
    size_t peek) {
  EXPECT_TRUE(source.has_value());
  g_windows.clear();
  if (peek > 0) {
    EXPECT_TRUE((*source)->Peek(peek).has_value());
  }
  Reading reading = ReadAll(**source, plan.target, plan.limit, plan.cut);
  return {std::move(reading), g_windows};
}

void ExpectSameAllWays(const TempDir& dir, const std::string& content,
                       const Plan& plan, size_t peek) {
  const std::string raw = dir.Write("raw", content);
  const std::string zipped = dir.Write("zipped", Gzip(content));
  const auto memory = ReadBy(OpenMemorySource(AsBytes(content)), plan, peek);
  EXPECT_EQ(memory.first.content, content);
  EXPECT_EQ(memory.first.stored_offset, content.size());
  const auto expect_same = [&](const auto& other, uint64_t stored) {
    EXPECT_EQ(other.first.pieces, memory.first.pieces);
    EXPECT_EQ(other.second, memory.second);
    EXPECT_EQ(other.first.error, std::nullopt);
    EXPECT_EQ(other.first.stored_offset, stored);
  };
  expect_same(ReadBy(OpenSource(raw, true), plan, peek), content.size());
  expect_same(ReadBy(OpenSource(raw, false), plan, peek), content.size());
  const SlowPipe pipe(dir, content, 1 + content.size() / 7);
  expect_same(ReadBy(OpenSource(pipe.path(), true), plan, peek),
              content.size());
  expect_same(ReadBy(OpenSource(zipped, true), plan, peek),
              std::filesystem::file_size(zipped));
}

TEST(SegmentsTest, AreTheSameHoweverTheInputIsRead) {
  const TempDir dir;
  std::mt19937_64 random(1);
  for (int round = 0; round < 150; ++round) {
    SCOPED_TRACE(round);
    g_seed = random();
    std::string content = RandomText(random(), random() % 3000);
    for (size_t i = 0; i < content.size(); ++i) {
      if (random() % 40 == 0) content[i] = '\n';
    }
    const Plan plan{.target = random() % 200,
                    .limit = random() % 1000,
                    .cut = round % 3 == 0 ? CutBehindNewline : RandomCut};
    const size_t peek = round % 2 == 0 ? 0 : random() % 400;
    ExpectSameAllWays(dir, content, plan, peek);
    if (HasFailure()) break;
  }
}

// The boundaries of a window of 64 bytes: one byte less, exact, one more.
TEST(SegmentsTest, AreTheSameAtTheEdgesOfAWindow) {
  const TempDir dir;
  for (const size_t size : {0U, 1U, 63U, 64U, 65U, 127U, 128U, 129U, 192U}) {
    SCOPED_TRACE(size);
    for (const CutFunction cut : {WholeWindow, CutAtEndOnly}) {
      ExpectSameAllWays(dir, RandomText(2, size),
                        {.target = 64, .limit = 128, .cut = cut}, 0);
    }
  }
}

TEST(SegmentsTest, LastSegmentWithBytesEndsTheInput) {
  const std::string content = RandomText(3, 128);
  const Reading reading = ReadAll(*OpenMemorySource(AsBytes(content)), 64, 64);
  ASSERT_EQ(reading.pieces.size(), 2);
  EXPECT_FALSE(reading.pieces[0].ends_input);
  EXPECT_TRUE(reading.pieces[1].ends_input);
}

TEST(SegmentsTest, EmptyInputIsOneEmptySegmentAndIsNotCut) {
  g_windows.clear();
  const Reading reading = ReadAll(*OpenMemorySource({}), 64, 128, RandomCut);
  ASSERT_EQ(reading.pieces.size(), 1);
  EXPECT_TRUE(reading.pieces[0].ends_input);
  EXPECT_THAT(g_windows, ::testing::IsEmpty());
}

TEST(SegmentsTest, WindowsDoubleUpToTheLimitAndAreTakenWholeThere) {
  const std::string content = RandomText(4, 1000);
  g_windows.clear();
  const Reading reading =
      ReadAll(*OpenMemorySource(AsBytes(content)), 100, 350, CutAtEndOnly);
  using Window = std::pair<size_t, bool>;
  EXPECT_THAT(g_windows,
              ::testing::ElementsAre(
                  Window(100, false), Window(200, false), Window(350, false),
                  Window(100, false), Window(200, false), Window(350, false),
                  Window(100, false), Window(200, false), Window(300, true)));
  ASSERT_EQ(reading.pieces.size(), 3);
  EXPECT_EQ(reading.pieces[1].offset, 350);
}

TEST(SegmentsTest, PeekShowsTheStartAndLeavesItToBeRead) {
  const TempDir dir;
  const std::string content = RandomText(5, 300);
  const std::string path = dir.Write("file", content);
  for (const bool use_mmap : {true, false}) {
    for (const size_t size : {0U, 10U, 300U, 1000U}) {
      auto source = OpenSource(path, use_mmap).value();
      EXPECT_EQ(AsText(source->Peek(3).value()), content.substr(0, 3));
      EXPECT_EQ(AsText(source->Peek(size).value()), content.substr(0, size));
      EXPECT_EQ(ReadAll(*source, 50, 50).content, content);
    }
  }
}

// Segments do not change, on any thread and in any order of destruction, while
// the source reads further into other buffers.
TEST(SegmentsTest, StayValidWhileTheSourceReadsOn) {
  const TempDir dir;
  const std::string content = RandomText(6, 200'000);
  const std::string path = dir.Write("file", content);
  for (const bool use_mmap : {true, false}) {
    auto source = OpenSource(path, use_mmap).value();
    std::vector<std::thread> checkers;
    std::vector<Segment> held;
    for (bool ended = false; !ended;) {
      Segment segment = source->Next(5000, 10'000, [](Bytes window, bool end) {
        return end ? window.size() : window.size() - 700;
      });
      ended = segment.ends_input;
      if (held.size() % 3 == 0) held.push_back(segment);
      checkers.emplace_back([&content, segment = std::move(segment)]() mutable {
        EXPECT_EQ(AsText(segment.bytes),
                  std::string_view(content).substr(segment.offset,
                                                   segment.bytes.size()));
        segment.owner.reset();
      });
    }
    source.reset();
    for (std::thread& checker : checkers) checker.join();
    for (const Segment& segment : held) {
      EXPECT_EQ(AsText(segment.bytes),
                std::string_view(content).substr(segment.offset,
                                                 segment.bytes.size()));
    }
  }
}

TEST(BufferPoolTest, ReusesBuffersButNotGiantOnes) {
  const auto pool = std::make_shared<BufferPool>();
  auto buffer = pool->Take(1000);
  const uint8_t* address = buffer->room().data();
  buffer->Fill(10);
  buffer.reset();
  EXPECT_EQ(pool->idle(), 1);
  buffer = pool->Take(1000);
  EXPECT_EQ(buffer->room().data(), address);
  EXPECT_TRUE(buffer->filled().empty());
  EXPECT_EQ(pool->idle(), 0);
  ASSERT_TRUE(buffer->Reserve(1'000'000));
  buffer.reset();
  EXPECT_EQ(pool->idle(), 0);
}

TEST(BufferPoolTest, GrowingKeepsWhatIsFilled) {
  const auto pool = std::make_shared<BufferPool>();
  const auto buffer = pool->Take(4);
  std::copy_n("abcd", 4, buffer->room().begin());
  buffer->Fill(4);
  ASSERT_TRUE(buffer->Reserve(100'000));
  EXPECT_EQ(AsText(buffer->filled()), "abcd");
}

// Sanitizers report a request for too much memory as an error.
#ifndef THRESH_SANITIZED
TEST(SegmentsTest, NoMemoryForAWindowEndsTheInputWithAnError) {
  const TempDir dir;
  const std::string path = dir.Write("file", "content");
  auto source = OpenSource(path, false).value();
  EXPECT_EQ(AsText(source->Next(3, 3, WholeWindow).bytes), "con");
  const Segment segment = source->Next(SIZE_MAX, SIZE_MAX, WholeWindow);
  EXPECT_EQ(AsText(segment.bytes), "t");  // had been read
  EXPECT_TRUE(segment.ends_input);
  ASSERT_TRUE(segment.error.has_value());
  EXPECT_EQ(segment.error->code, ErrorCode::kIo);
  EXPECT_EQ(segment.error->file, path);
}
#endif

TEST(BufferPoolTest, BuffersOutliveTheLastHandleOnThePool) {
  auto pool = std::make_shared<BufferPool>();
  auto buffer = pool->Take(100);
  pool.reset();
  buffer->room()[99] = 1;
}

}  // namespace
}  // namespace thresh
