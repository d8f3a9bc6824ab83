// Files that are truncated while they are mapped. None of this may crash, and
// unread data must be reported; a SIGBUS from other code must still have the
// same effect as before.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/mman.h>

#include <atomic>
#include <thread>

#include "input/open.h"
#include "input/testing.h"
#include "io/mapped_file.h"
#include "io/sigbus_guard.h"

namespace thresh {
namespace {

using input_testing::OpenSource;
using input_testing::RandomText;
using input_testing::TempDir;

const auto kPage = static_cast<size_t>(sysconf(_SC_PAGESIZE));

std::shared_ptr<const MappedFile> Map(const std::string& path) {
  auto descriptor = std::make_shared<const FileDescriptor>(
      ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  return MappedFile::Map(std::move(descriptor),
                         std::filesystem::file_size(path));
}

// Reads every byte by an access that the compiler cannot remove.
uint64_t Touch(Bytes bytes) {
  uint64_t sum = 0;
  for (const uint8_t& byte : bytes) {
    sum += *static_cast<const volatile uint8_t*>(&byte);
  }
  return sum;
}

bool AllZero(Bytes bytes) { return Touch(bytes) == 0; }

TEST(MappedFileTest, SurvivesACutAndSaysWhere) {
  const TempDir dir;
  const size_t size = 64 * kPage + 5;
  const std::string content = RandomText(1, size);
  for (const size_t cut : {size_t{0}, kPage - 1, kPage, 10 * kPage + 17,
                           64 * kPage, 64 * kPage + 4}) {
    SCOPED_TRACE(cut);
    const auto file = Map(dir.Write("file", content));
    EXPECT_EQ(file->FaultOffset(), std::nullopt);
    std::filesystem::resize_file(dir / "file", cut);
    Touch(file->bytes());
    EXPECT_EQ(file->FaultOffset(), cut);
    EXPECT_EQ(AsText(file->bytes().first(cut)), content.substr(0, cut));
    EXPECT_TRUE(AllZero(file->bytes().subspan(cut)));
    // The truncation stays recorded when the file grows again, and zeros stay
    // zeros.
    std::filesystem::resize_file(dir / "file", size);
    EXPECT_EQ(file->FaultOffset(), cut);
    EXPECT_TRUE(AllZero(file->bytes().subspan(cut)));
  }
}

TEST(MappedFileTest, NothingIsWrongWithAFileThatGrew) {
  const TempDir dir;
  const auto file = Map(dir.Write("file", RandomText(2, kPage + 1)));
  std::filesystem::resize_file(dir / "file", 5 * kPage);
  Touch(file->bytes());
  EXPECT_EQ(file->FaultOffset(), std::nullopt);
}

// Only the guard, without the check of the file's size.
TEST(SigbusGuardTest, NotesTheLowestPageWhicheverOrderPagesFaultIn) {
  const TempDir dir;
  const std::string path = dir.Write("file", RandomText(3, 20 * kPage));
  const FileDescriptor fd(::open(path.c_str(), O_RDONLY));
  auto* address = static_cast<const uint8_t*>(
      mmap(nullptr, 20 * kPage, PROT_READ, MAP_SHARED, fd.number(), 0));
  const Bytes mapping(address, 20 * kPage);
  {
    const SigbusGuard guard(mapping);
    ASSERT_TRUE(guard.active());
    ASSERT_EQ(::truncate(path.c_str(), static_cast<off_t>(2 * kPage)), 0);
    Touch(mapping.subspan(15 * kPage + 100, 1));
    EXPECT_EQ(guard.LowestFault(), 15 * kPage);
    Touch(mapping.subspan(17 * kPage, 1));
    EXPECT_EQ(guard.LowestFault(), 15 * kPage);
    Touch(mapping.subspan(4 * kPage + 1, 1));
    EXPECT_EQ(guard.LowestFault(), 4 * kPage);
    EXPECT_NE(Touch(mapping.first(kPage)), 0);
    EXPECT_EQ(guard.LowestFault(), 4 * kPage);
  }
  munmap(const_cast<uint8_t*>(address), 20 * kPage);
}

TEST(SigbusGuardTest, ManyThreadsFaultAtOnceInManyMappings) {
  const TempDir dir;
  constexpr size_t kFiles = 8;
  constexpr size_t kPages = 200;
  std::vector<std::shared_ptr<const MappedFile>> files;
  for (size_t i = 0; i < kFiles; ++i) {
    files.push_back(
        Map(dir.Write(std::to_string(i), RandomText(i, kPages * kPage))));
    std::filesystem::resize_file(dir / std::to_string(i), (i + 1) * kPage);
  }
  std::atomic<int> ready = 0;
  std::vector<std::thread> threads;
  for (size_t t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      std::mt19937_64 random(t);
      ++ready;
      while (ready < 4) {
      }
      for (size_t n = 0; n < kFiles * kPages; ++n) {
        const size_t i = random() % kFiles;
        const size_t page = random() % kPages;
        const bool zero =
            AllZero(files[i]->bytes().subspan(page * kPage, kPage));
        EXPECT_EQ(zero, page > i);
        if (zero) {
          EXPECT_LE(files[i]->FaultOffset(), page * kPage);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (size_t i = 0; i < kFiles; ++i) {
    EXPECT_EQ(files[i]->FaultOffset(), (i + 1) * kPage);
  }
}

// Some threads fault while others map and unmap, so that slots are reused while
// the handler runs. No fault may be assigned to another file.
TEST(SigbusGuardTest, FaultsWhileOthersMapAndUnmap) {
  const TempDir dir;
  const std::string sound = dir.Write("sound", RandomText(9, 3 * kPage));
  std::atomic<bool> stop = false;
  std::vector<std::thread> threads;
  for (int t = 0; t < 2; ++t) {
    threads.emplace_back([&] {
      while (!stop) {
        const auto file = Map(sound);
        EXPECT_NE(Touch(file->bytes()), 0);
        EXPECT_EQ(file->FaultOffset(), std::nullopt);
      }
    });
  }
  for (size_t t = 0; t < 2; ++t) {
    threads.emplace_back([&, t] {
      for (size_t n = 0; n < 300; ++n) {
        const std::string name = "cut" + std::to_string(t);
        const auto file = Map(dir.Write(name, RandomText(n, 5 * kPage)));
        std::filesystem::resize_file(dir / name, kPage);
        EXPECT_TRUE(AllZero(file->bytes().subspan(3 * kPage)));
        EXPECT_TRUE(AllZero(file->bytes().subspan(kPage)));
        EXPECT_EQ(file->FaultOffset(), kPage);
      }
    });
  }
  threads[2].join();
  threads[3].join();
  stop = true;
  threads[0].join();
  threads[1].join();
}

TEST(SigbusGuardTest, InputsAreReadWhenAllGuardsAreTaken) {
  const TempDir dir;
  const std::string content = RandomText(4, 3000);
  const std::string path = dir.Write("file", content);
  std::vector<std::unique_ptr<SigbusGuard>> guards;
  do {
    guards.push_back(std::make_unique<SigbusGuard>(AsBytes(content)));
  } while (guards.back()->active());
  EXPECT_EQ(guards.size(), SigbusGuard::kMaxGuards + 1);
  EXPECT_EQ(Map(path), nullptr);
  auto source = OpenSource(path, true).value();
  EXPECT_EQ(input_testing::ReadAll(*source).content, content);
  guards.clear();
  EXPECT_NE(Map(path), nullptr);
}

TEST(SegmentTest, OfAMappedFileReportsTheFault) {
  const TempDir dir;
  const size_t size = 40 * kPage;
  const std::string path = dir.Write("file", RandomText(5, size));
  auto source = OpenSource(path, true).value();
  source->Next(4 * kPage, size, input_testing::WholeWindow);
  std::filesystem::resize_file(path, 5 * kPage + 1);
  const Segment second =
      source->Next(4 * kPage, size, input_testing::WholeWindow);
  EXPECT_EQ(second.offset, 4 * kPage);
  EXPECT_TRUE(AllZero(second.bytes.subspan(kPage + 1)));
  EXPECT_EQ(second.owner->FaultOffset(), 5 * kPage + 1);
}

// An unguarded mapping of a file that has been truncated.
const volatile uint8_t* UnguardedHole(const TempDir& dir) {
  const std::string path = dir.Write("hole", RandomText(6, 2 * kPage));
  const FileDescriptor fd(::open(path.c_str(), O_RDONLY));
  void* address =
      mmap(nullptr, 2 * kPage, PROT_READ, MAP_SHARED, fd.number(), 0);
  std::filesystem::resize_file(path, 0);
  return static_cast<const volatile uint8_t*>(address);
}

class SigbusDeathTest : public ::testing::Test {
 protected:
  // Each statement runs in its own process, in which no handler is installed
  // yet.
  void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }

  void MapSomething() { mapped_ = Map(dir_.Write("file", RandomText(7, 100))); }

  TempDir dir_;
  std::shared_ptr<const MappedFile> mapped_;
};

// A sanitizer installs a handler before us, and reports the signal in its own
// way.
#ifdef THRESH_SANITIZED
#define EXPECT_SIGBUS(statement) EXPECT_DEATH(statement, "")
#else
#define EXPECT_SIGBUS(statement) \
  EXPECT_EXIT(statement, ::testing::KilledBySignal(SIGBUS), "")
#endif

TEST_F(SigbusDeathTest, AFaultElsewhereStillKills) {
  EXPECT_SIGBUS({
    MapSomething();
    (void)*UnguardedHole(dir_);
  });
}

TEST_F(SigbusDeathTest, ASentSignalStillKills) {
  EXPECT_SIGBUS({
    MapSomething();
    ::kill(::getpid(), SIGBUS);
    ::sleep(5);
  });
}

TEST_F(SigbusDeathTest, AFaultElsewhereKillsEvenIfTheSignalIsIgnored) {
  EXPECT_SIGBUS({
    ::signal(SIGBUS, SIG_IGN);
    MapSomething();
    (void)*UnguardedHole(dir_);
  });
}

TEST_F(SigbusDeathTest, ASentSignalIsIgnoredIfItWas) {
  EXPECT_EXIT(
      {
        ::signal(SIGBUS, SIG_IGN);
        MapSomething();
        ::kill(::getpid(), SIGBUS);
        ::_exit(7);
      },
      ::testing::ExitedWithCode(7), "");
}

TEST_F(SigbusDeathTest, AnEarlierHandlerIsCalledForAFaultElsewhere) {
  EXPECT_EXIT(
      {
        ::signal(SIGBUS, [](int) { ::_exit(42); });
        MapSomething();
        (void)*UnguardedHole(dir_);
      },
      ::testing::ExitedWithCode(42), "");
}

TEST_F(SigbusDeathTest, AnEarlierHandlerGetsTheAddressIfItAskedForIt) {
  static const volatile uint8_t* hole = nullptr;
  EXPECT_EXIT(
      {
        struct sigaction action{};
        action.sa_flags = SA_SIGINFO;
        action.sa_sigaction = [](int, siginfo_t* info, void*) {
          ::_exit(info->si_addr == const_cast<uint8_t*>(hole) ? 43 : 1);
        };
        ::sigaction(SIGBUS, &action, nullptr);
        MapSomething();
        hole = UnguardedHole(dir_);
        (void)*hole;
      },
      ::testing::ExitedWithCode(43), "");
}

TEST_F(SigbusDeathTest, AnEarlierHandlerIsNotCalledForAFaultOfOurs) {
  EXPECT_EXIT(
      {
        ::signal(SIGBUS, [](int) { ::_exit(1); });
        const std::string path = dir_.Write("file", RandomText(8, 2 * kPage));
        const auto file = Map(path);
        std::filesystem::resize_file(path, 0);
        ::_exit(AllZero(file->bytes()) && file->FaultOffset() == 0 ? 44 : 2);
      },
      ::testing::ExitedWithCode(44), "");
}

}  // namespace
}  // namespace thresh
