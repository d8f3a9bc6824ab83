// Regular files: published completely or not at all, with every write error
// reported.
#include "io/file_output.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "sink/must_write.h"
#include "sink/output_text.h"
#include "sink/scratch_dir.h"

namespace thresh {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(FileOutputTest, PublishesOnCommitAndNotBefore) {
  const ScratchDir directory;
  const std::string path = directory.File("out");
  FileOutput output = MustOpen(path);
  MustWrite(&output, "one");
  MustWrite(&output, "");
  MustWrite(&output, "two");
  EXPECT_FALSE(Exists(path));
  EXPECT_EQ(ReadFile(path + ".partial"), "onetwo");
  ASSERT_TRUE(output.Commit().has_value());
  EXPECT_EQ(ReadFile(path), "onetwo");
  EXPECT_FALSE(Exists(path + ".partial"));
}

TEST(FileOutputTest, PiecesComeInOrder) {
  const ScratchDir directory;
  const std::string path = directory.File("out");
  std::string text;
  while (text.size() < 5'000'000) text += std::to_string(text.size());
  FileOutput output = MustOpen(path);
  ASSERT_TRUE(output.Write(OutputBuffer()).has_value());
  ASSERT_TRUE(output.Write(InPieces(text)).has_value());
  ASSERT_TRUE(output.Commit().has_value());
  EXPECT_TRUE(ReadFile(path) == text);
}

// A sink may refer to the mapping of a file that is truncated before it is
// written: the kernel then fails the write, and no signal is raised.
TEST(FileOutputTest, AMappedFileThatIsGoneIsAnErrorThatSaysSo) {
  constexpr size_t kSize = 10000;
  const ScratchDir directory;
  const std::string input = directory.File("input");
  WriteFile(input, std::string(kSize, 'x'));
  const int descriptor = ::open(input.c_str(), O_RDONLY);
  void* mapped = ::mmap(nullptr, kSize, PROT_READ, MAP_SHARED, descriptor, 0);
  ASSERT_NE(mapped, MAP_FAILED);
  std::filesystem::resize_file(input, 0);
  OutputBuffer encoded;
  encoded.Refer({static_cast<const uint8_t*>(mapped), kSize});
  FileOutput output = MustOpen(directory.File("out"));
  const Result<void> written = output.Write(encoded);
  ASSERT_FALSE(written.has_value());
  EXPECT_THAT(written.error().remedy, HasSubstr("truncated"));
  ::munmap(mapped, kSize);
  ::close(descriptor);
}

TEST(FileOutputTest, AnEmptyOutputIsAFileToo) {
  const ScratchDir directory;
  ASSERT_TRUE(MustOpen(directory.File("out")).Commit().has_value());
  EXPECT_TRUE(Exists(directory.File("out")));
}

TEST(FileOutputTest, DestroyedUncommittedItLeavesTheOldFile) {
  const ScratchDir directory;
  const std::string path = directory.File("out");
  {
    FileOutput output = MustOpen(path);
    MustWrite(&output, "half");
  }
  EXPECT_FALSE(Exists(path));
  EXPECT_FALSE(Exists(path + ".partial"));
  WriteFile(path, "old");
  {
    FileOutput output = MustOpen(path);
    MustWrite(&output, "half");
    EXPECT_EQ(ReadFile(path), "old");
  }
  EXPECT_EQ(ReadFile(path), "old");
  EXPECT_FALSE(Exists(path + ".partial"));
}

TEST(FileOutputTest, ReplacesTheOldFileAndKeepsItsPermissions) {
  const ScratchDir directory;
  const std::string path = directory.File("out");
  WriteFile(path, "old and longer");
  ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
  FileOutput output = MustOpen(path);
  MustWrite(&output, "new");
  ASSERT_TRUE(output.Commit().has_value());
  EXPECT_EQ(ReadFile(path), "new");
  struct stat status;
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST(FileOutputTest, OverwritesWhatADeadProcessLeft) {
  const ScratchDir directory;
  const std::string path = directory.File("out");
  WriteFile(path + ".partial", "left over from before");
  FileOutput output = MustOpen(path);
  MustWrite(&output, "new");
  ASSERT_TRUE(output.Commit().has_value());
  EXPECT_EQ(ReadFile(path), "new");
}

unsigned ModeOf(const std::string& path) {
  struct stat status;
  return ::lstat(path.c_str(), &status) == 0 ? status.st_mode & 0777U : ~0U;
}

TEST(FileOutputTest, IsPrivateWhileItIsWritten) {
  const ScratchDir directory;
  const std::string path = directory.File("out");
  for (const mode_t mask : {0022U, 0077U, 0U}) {
    const mode_t before = ::umask(mask);
    FileOutput output = MustOpen(path);
    MustWrite(&output, "new");
    EXPECT_EQ(ModeOf(path + ".partial"), 0600U);
    EXPECT_TRUE(output.Commit().has_value());
    ::umask(before);
    EXPECT_EQ(ModeOf(path), 0666U & ~mask);
    std::filesystem::remove(path);
  }
}

// Its permissions were set by another user, who would be able to read the new
// one.
TEST(FileOutputTest, AnotherUsersFileHandsDownNoMoreThanTheUmaskLeaves) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can act for two users";
  const ScratchDir directory;
  const std::string path = directory.File("out");
  for (const auto& [theirs, ours] :
       {std::pair(0666U, 0644U), std::pair(0600U, 0600U)}) {
    WriteFile(path, "theirs");
    ASSERT_EQ(::chown(path.c_str(), 65534, 65534), 0);
    ASSERT_EQ(::chmod(path.c_str(), theirs), 0);
    const mode_t before = ::umask(0022);
    FileOutput output = MustOpen(path);
    EXPECT_TRUE(output.Commit().has_value());
    ::umask(before);
    EXPECT_EQ(ModeOf(path), ours);
  }
}

// A file that cannot be left by a crashed run is neither written to nor
// removed.
TEST(FileOutputTest, NothingElseIsTakenForALeftover) {
  const ScratchDir directory;
  const std::string path = directory.File("out");
  const std::string partial = path + ".partial";
  const std::string victim = directory.File("victim");
  WriteFile(victim, "precious");
  const auto make = [&](const std::string& kind) {
    if (kind == "link") std::filesystem::create_symlink(victim, partial);
    if (kind == "nowhere") std::filesystem::create_symlink("nowhere", partial);
    if (kind == "hard") std::filesystem::create_hard_link(victim, partial);
    if (kind == "pipe") {
      EXPECT_EQ(::mkfifo(partial.c_str(), 0600), 0);
    }
    if (kind == "directory") std::filesystem::create_directory(partial);
    if (kind == "foreign") {
      WriteFile(partial, "theirs");
      EXPECT_EQ(::chown(partial.c_str(), 65534, 65534), 0);
    }
  };
  std::vector<std::string> kinds = {"link", "nowhere", "hard", "pipe",
                                    "directory"};
  if (::geteuid() == 0) kinds.emplace_back("foreign");
  for (const std::string& kind : kinds) {
    make(kind);
    const Result<FileOutput> output = FileOutput::Open(path);
    ASSERT_FALSE(output.has_value()) << kind;
    EXPECT_EQ(output.error().file, partial) << kind;
    EXPECT_THAT(output.error().remedy, HasSubstr("remove it")) << kind;
    EXPECT_TRUE(Exists(partial)) << kind;
    std::filesystem::remove(partial);
  }
  EXPECT_EQ(ReadFile(victim), "precious");
  EXPECT_FALSE(Exists(directory.File("nowhere")));
}

TEST(FileOutputTest, TwoRunsDoNotShareAPartialFile) {
  const ScratchDir directory;
  const std::string path = directory.File("out");
  FileOutput first = MustOpen(path);
  MustWrite(&first, "first");
  const Result<FileOutput> second = FileOutput::Open(path);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().file, path + ".partial");
  EXPECT_THAT(second.error().remedy, HasSubstr("another run"));
  ASSERT_TRUE(first.Commit().has_value());
  EXPECT_EQ(ReadFile(path), "first");
  EXPECT_TRUE(FileOutput::Open(path).has_value());
}

TEST(FileOutputTest, ALinkStaysAndItsFileIsReplaced) {
  const ScratchDir directory;
  std::filesystem::create_directory(directory.File("there"));
  std::filesystem::create_symlink("there/file", directory.File("relative"));
  std::filesystem::create_symlink(directory.File("relative"),
                                  directory.File("chain"));
  for (const std::string text : {"made", "replaced"}) {
    FileOutput output = MustOpen(directory.File("chain"));
    MustWrite(&output, text);
    EXPECT_TRUE(Exists(directory.File("there/file.partial")));
    ASSERT_TRUE(output.Commit().has_value());
    EXPECT_EQ(ReadFile(directory.File("there/file")), text);
  }
  EXPECT_TRUE(std::filesystem::is_symlink(directory.File("chain")));
  EXPECT_TRUE(std::filesystem::is_symlink(directory.File("relative")));
}

TEST(FileOutputTest, MovesTakeTheFileAlong) {
  const ScratchDir directory;
  FileOutput a = MustOpen(directory.File("a"));
  {
    FileOutput b = MustOpen(directory.File("b"));
    FileOutput moved = std::move(a);
    MustWrite(&moved, "a");
    moved = std::move(b);
    MustWrite(&moved, "b");
    ASSERT_TRUE(moved.Commit().has_value());
  }
  EXPECT_FALSE(Exists(directory.File("a")));
  EXPECT_FALSE(Exists(directory.File("a.partial")));
  EXPECT_EQ(ReadFile(directory.File("b")), "b");
}

void ExpectCannotOpen(const std::string& path, const std::string& named,
                      const std::string& remedy) {
  const Result<FileOutput> output = FileOutput::Open(path);
  ASSERT_FALSE(output.has_value()) << path;
  EXPECT_EQ(output.error().file, named);
  EXPECT_THAT(output.error().message, Not(IsEmpty()));
  EXPECT_THAT(output.error().remedy, HasSubstr(remedy));
}

TEST(FileOutputTest, SaysWhatCannotBeOpened) {
  const ScratchDir directory;
  ExpectCannotOpen(directory.File("no/out"), directory.File("no/out.partial"),
                   "create its directory");
  ExpectCannotOpen(directory.File(""), directory.File(""), "name a file");
  ExpectCannotOpen("", "", "name a file");
  WriteFile(directory.File("file"), "");
  ExpectCannotOpen(directory.File("file/out"), directory.File("file/out"),
                   "create its directory");
  std::filesystem::create_symlink("loop", directory.File("loop"));
  ExpectCannotOpen(directory.File("loop"), directory.File("loop"), "");
}

TEST(FileOutputTest, SaysWhenADirectoryIsNotWritable) {
  const ScratchDir directory;
  ASSERT_EQ(::chmod(directory.File("").c_str(), 0555), 0);
  // Root has all permissions, so use another user.
  const uid_t self = ::geteuid();
  if (self == 0 && ::seteuid(65534) != 0) GTEST_SKIP() << "cannot leave root";
  ExpectCannotOpen(directory.File("out"), directory.File("out.partial"),
                   "permission");
  ASSERT_EQ(::seteuid(self), 0);
  ASSERT_EQ(::chmod(directory.File("").c_str(), 0700), 0);
}

TEST(FileOutputTest, ARenameThatFailsKeepsTheBytes) {
  const ScratchDir directory;
  const std::string path = directory.File("out");
  {
    FileOutput output = MustOpen(path);
    MustWrite(&output, "hours of work");
    std::filesystem::create_directories(path + "/in the way");
    const Result<void> committed = output.Commit();
    ASSERT_FALSE(committed.has_value());
    EXPECT_EQ(committed.error().file, path);
    EXPECT_THAT(committed.error().message, HasSubstr(path + ".partial"));
  }
  EXPECT_EQ(ReadFile(path + ".partial"), "hours of work");
}

}  // namespace
}  // namespace thresh
