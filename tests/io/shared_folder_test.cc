// Directories that all users may write to, with another user who has created
// files in them first.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <string>

#include "io/file_output.h"
#include "sink/scratch_dir.h"

namespace thresh {
namespace {

constexpr uid_t kVictim = 65533;
constexpr uid_t kOther = 65534;

// A directory like /tmp, used by two users.
class SharedFolderTest : public testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can act for two users";
    ASSERT_EQ(::chmod(directory_.File("").c_str(), 0755), 0);
    ASSERT_EQ(::mkdir(Shared("").c_str(), 0700), 0);
    ASSERT_EQ(::chmod(Shared("").c_str(), 01777), 0);
    // The victim's home, with a file in it.
    ASSERT_EQ(::mkdir(directory_.File("home").c_str(), 0700), 0);
    WriteFile(Home("precious"), "precious");
    ASSERT_EQ(::chown(Home("precious").c_str(), kVictim, kVictim), 0);
    ASSERT_EQ(::chown(Home("").c_str(), kVictim, kVictim), 0);
  }

  [[nodiscard]] std::string Shared(const std::string& name) const {
    return directory_.File("shared/" + name);
  }
  [[nodiscard]] std::string Home(const std::string& name) const {
    return directory_.File("home/" + name);
  }

  // Whether `act` returns true in a process of that user.
  static bool As(uid_t user, const std::function<bool()>& act) {
    const pid_t child = ::fork();
    if (child == 0) {
      ::alarm(10);  // a pipe may have to wait for its reader
      if (::setgid(user) != 0 || ::setuid(user) != 0) ::_exit(2);
      ::_exit(act() ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }

  // Whether an output of that name is refused, with this text in the error.
  static bool Refuses(const std::string& path, const std::string& text) {
    const Result<FileOutput> output = FileOutput::Open(path);
    return !output.has_value() &&
           output.error().ToString().find(text) != std::string::npos &&
           !output.error().remedy.empty();
  }

  static bool Publishes(const std::string& path) {
    Result<FileOutput> output = FileOutput::Open(path);
    return output.has_value() && output->Commit().has_value();
  }

  ScratchDir directory_;
};

TEST_F(SharedFolderTest, AnotherUsersLinkIsNotFollowed) {
  for (const std::string to : {"precious", "absent"}) {
    const std::string link = Shared("to-" + to);
    ASSERT_TRUE(As(kOther, [&] {
      return ::symlink(Home(to).c_str(), link.c_str()) == 0;
    }));
    EXPECT_TRUE(As(kVictim, [&] { return Refuses(link, "symbolic link"); }));
    // The same for root, who has all permissions.
    EXPECT_TRUE(Refuses(link, "symbolic link"));
    EXPECT_TRUE(Exists(link));
  }
  EXPECT_EQ(ReadFile(Home("precious")), "precious");
  EXPECT_FALSE(Exists(Home("absent")));
}

TEST_F(SharedFolderTest, OnesOwnLinkAndRootsAreFollowed) {
  ASSERT_EQ(::symlink(Home("roots").c_str(), Shared("roots").c_str()), 0);
  EXPECT_TRUE(As(kVictim, [&] {
    return ::symlink(Home("own").c_str(), Shared("own").c_str()) == 0 &&
           Publishes(Shared("own")) && Publishes(Shared("roots"));
  }));
  EXPECT_TRUE(Exists(Home("own")));
  EXPECT_TRUE(Exists(Home("roots")));
}

TEST_F(SharedFolderTest, AnotherUsersLeftoverIsNoLeftover) {
  ASSERT_TRUE(As(kOther, [&] {
    WriteFile(Shared("out.partial"), "theirs");
    return ::chmod(Shared("out.partial").c_str(), 0666) == 0;
  }));
  EXPECT_TRUE(
      As(kVictim, [&] { return Refuses(Shared("out"), "another user"); }));
  EXPECT_EQ(ReadFile(Shared("out.partial")), "theirs");
}

TEST_F(SharedFolderTest, AnotherUsersFileIsNotReplaced) {
  ASSERT_TRUE(As(kOther, [&] {
    WriteFile(Shared("out"), "theirs");
    return true;
  }));
  EXPECT_TRUE(As(kVictim, [&] { return !Publishes(Shared("out")); }));
  EXPECT_EQ(ReadFile(Shared("out")), "theirs");
}

TEST_F(SharedFolderTest, AnotherUsersPipeIsNotWrittenTo) {
  ASSERT_TRUE(As(kOther, [&] {
    return ::mkfifo(Shared("out").c_str(), 0666) == 0 &&
           ::chmod(Shared("out").c_str(), 0666) == 0;
  }));
  EXPECT_TRUE(As(kVictim, [&] { return Refuses(Shared("out"), "pipe"); }));
}

// A side file of that name could be mistaken for the run's own.
TEST_F(SharedFolderTest, AnotherUsersSideFileKeepsTheOutputBack) {
  ASSERT_TRUE(As(kOther, [&] {
    return ::symlink(Home("precious").c_str(), Shared("side").c_str()) == 0;
  }));
  EXPECT_TRUE(As(kVictim, [&] {
    const Result<std::unique_ptr<ByteOutput>> output = OpenOutput(
        Shared("out"), {.sync = false, .stale_side_file = Shared("side")});
    return output.has_value() && !(*output)->Commit().has_value();
  }));
  EXPECT_FALSE(Exists(Shared("out")));
  EXPECT_TRUE(Exists(Shared("side")));
  EXPECT_EQ(ReadFile(Home("precious")), "precious");
}

TEST_F(SharedFolderTest, WhatIsBeingWrittenIsPrivate) {
  EXPECT_TRUE(As(kVictim, [&] {
    const Result<FileOutput> output = FileOutput::Open(Shared("out"));
    return output.has_value() && As(kVictim, [&] {
             return ::access(Shared("out.partial").c_str(), R_OK) == 0;
           });
  }));
  ASSERT_EQ(::seteuid(kVictim), 0);
  const Result<FileOutput> output = FileOutput::Open(Shared("out"));
  ASSERT_EQ(::seteuid(0), 0);
  ASSERT_TRUE(output.has_value());
  EXPECT_TRUE(As(kOther, [&] {
    return ::access(Shared("out.partial").c_str(), R_OK) != 0;
  }));
}

}  // namespace
}  // namespace thresh
