// Expands the words of a command line to files.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "input/testing.h"
#include "thresh/options.h"

namespace thresh {
namespace {

using input_testing::TempDir;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

using Words = std::vector<std::string>;

// The expansion, without the directory's own path.
Words Expand(const TempDir& dir, const Words& names) {
  Words words;
  for (const std::string& name : names) {
    words.push_back(name == "-" ? name : dir / name);
  }
  const Result<InputList> files = ExpandInputs(words);
  if (!files.has_value()) return {"error: " + files.error().message};
  Words relative;
  for (const std::string& file : files->Files()) {
    relative.push_back(file == "-" ? file : file.substr(dir.path().size() + 1));
  }
  return relative;
}

Error Failure(const std::string& word) {
  const Result<InputList> files = ExpandInputs({word});
  EXPECT_FALSE(files.has_value());
  if (files.has_value()) return {};
  EXPECT_EQ(files.error().code, ErrorCode::kIo);
  EXPECT_FALSE(files.error().remedy.empty());
  return files.error();
}

TEST(ExpandTest, KeepsWordsInOrderAndTwiceIfTheyAre) {
  const TempDir dir;
  dir.Write("b", "");
  dir.Write("a", "");
  EXPECT_THAT(Expand(dir, {"b", "-", "a", "b"}),
              ElementsAre("b", "-", "a", "b"));
  EXPECT_THAT(Expand(dir, {}), ElementsAre());
}

TEST(ExpandTest, LeavesOutOfDirectoriesWhatHoldsNoRecordsAndCountsIt) {
  const TempDir dir;
  for (const char* name :
       {"d/1.json", "d/.1.json.crc", "d/_SUCCESS", "d/.DS_Store", "d/._1.json",
        "d/__MACOSX/x", "d/e/2.json", "d/e/3.txt"}) {
    dir.Write(name, "");
  }
  Options options;
  const auto expand = [&](const std::string& word) {
    const InputList list = ExpandInputs({dir / word}, options).value();
    Words names;
    for (const std::string& file : list.Files()) {
      names.push_back(file.substr(dir.path().size() + 1));
    }
    return std::pair(names, list.left_out());
  };
  EXPECT_EQ(
      expand("d"),
      std::pair(Words({"d/1.json", "d/e/2.json", "d/e/3.txt"}), LeftOut{5, 0}));
  EXPECT_EQ(
      expand("d/"),
      std::pair(Words({"d/1.json", "d/e/2.json", "d/e/3.txt"}), LeftOut{5, 0}));
  options.include = {"*.json"};
  options.exclude = {"e/*"};
  EXPECT_EQ(expand("d"), std::pair(Words({"d/1.json"}), LeftOut{5, 2}));
  EXPECT_EQ(expand("d/e"), std::pair(Words({"d/e/2.json"}), LeftOut{0, 1}));
  options.exclude = {"*"};
  EXPECT_EQ(expand("d"), std::pair(Words(), LeftOut{5, 3})) << "no error";
  EXPECT_EQ(expand("d/_SUCCESS"), std::pair(Words({"d/_SUCCESS"}), LeftOut()))
      << "named itself";
}

TEST(ExpandTest, WalksDirectoriesInByteOrderOfNames) {
  const TempDir dir;
  for (const char* name : {"d/b", "d/B", "d/a/2", "d/a/10", "d/a.x",
                           "d/.hidden", "d/\xC3\xA9", "d/.git/config"}) {
    dir.Write(name, "");
  }
  std::filesystem::create_directories(dir / "d/empty/deep");
  EXPECT_THAT(Expand(dir, {"d"}),
              ElementsAre("d/.git/config", "d/.hidden", "d/B", "d/a/10",
                          "d/a/2", "d/a.x", "d/b", "d/\xC3\xA9"));
}

TEST(ExpandTest, TakesOnlyRegularFilesOfADirectory) {
  const TempDir dir;
  dir.Write("d/file", "");
  ASSERT_EQ(::mkfifo((dir / "d/fifo").c_str(), 0600), 0);
  EXPECT_THAT(Expand(dir, {"d"}), ElementsAre("d/file"));
  EXPECT_THAT(Expand(dir, {"d/fifo"}), ElementsAre("d/fifo"));
}

LeftOut LeftOutOf(const std::string& word) {
  const Result<InputList> files = ExpandInputs({word});
  EXPECT_TRUE(files.has_value());
  return files.has_value() ? files->left_out() : LeftOut();
}

// Otherwise their targets would be read twice.
TEST(ExpandTest, LeavesLinksInDirectoriesOutAndCountsThem) {
  const TempDir dir;
  dir.Write("d/z", "");
  dir.Write("d/sub/file", "");
  dir.Write("elsewhere/other", "");
  std::filesystem::create_symlink("z", dir / "d/a");
  std::filesystem::create_symlink("sub", dir / "d/b");
  std::filesystem::create_symlink("..", dir / "d/sub/up");
  std::filesystem::create_symlink(".", dir / "d/self");
  std::filesystem::create_symlink("../elsewhere", dir / "d/out");
  std::filesystem::create_symlink("nowhere", dir / "d/dangling");
  EXPECT_THAT(Expand(dir, {"d"}), ElementsAre("d/sub/file", "d/z"));
  EXPECT_EQ(LeftOutOf(dir / "d"), (LeftOut{6, 0}));
}

TEST(ExpandTest, FollowsLinksThatAreNamed) {
  const TempDir dir;
  dir.Write("d/z", "");
  dir.Write("d/sub/file", "");
  std::filesystem::create_symlink("z", dir / "d/a");
  std::filesystem::create_symlink("d", dir / "link");
  EXPECT_THAT(Expand(dir, {"d/a"}), ElementsAre("d/a"));
  EXPECT_THAT(Expand(dir, {"link"}), ElementsAre("link/sub/file", "link/z"));
  EXPECT_THAT(Expand(dir, {"d/?"}), ElementsAre("d/a", "d/z"));
}

TEST(ExpandTest, NothingButLinksIsNoErrorOfTheDirectory) {
  const TempDir dir;
  dir.Write("file", "");
  std::filesystem::create_directories(dir / "d");
  std::filesystem::create_symlink("../file", dir / "d/link");
  EXPECT_THAT(Expand(dir, {"d"}), ElementsAre());
  EXPECT_EQ(LeftOutOf(dir / "d"), (LeftOut{1, 0}));
}

// Opening one would wait for a writer.
TEST(ExpandTest, PatternsLeavePipesOutAndCountThem) {
  const TempDir dir;
  dir.Write("d/file", "");
  ASSERT_EQ(::mkfifo((dir / "d/fifo").c_str(), 0600), 0);
  std::filesystem::create_symlink("fifo", dir / "d/flink");
  EXPECT_THAT(Expand(dir, {"d/f*"}), ElementsAre("d/file"));
  EXPECT_EQ(LeftOutOf(dir / "d/f*"), (LeftOut{2, 0}));
  EXPECT_EQ(LeftOutOf(dir / "d"), (LeftOut{2, 0}));
  EXPECT_THAT(Expand(dir, {"d/fif?"}), ElementsAre());
  EXPECT_EQ(LeftOutOf("/dev/nul*"), (LeftOut{1, 0}));
}

TEST(ExpandTest, KeepsALinkThatLeadsNowhereIfAPatternMatchesIt) {
  const TempDir dir;
  dir.Write("d/file", "");
  std::filesystem::create_symlink("nowhere", dir / "d/dangling");
  EXPECT_THAT(Expand(dir, {"d/*"}), ElementsAre("d/dangling", "d/file"));
  EXPECT_EQ(Failure(dir / "d/dangling").message, "No such file or directory");
}

TEST(ExpandTest, ExpandsPatternsInByteOrder) {
  const TempDir dir;
  for (const char* name : {"p/b.gz", "p/B.gz", "p/a1.gz", "p/a2.gz", "p/.c.gz",
                           "p/c.txt", "q/d/e.gz"}) {
    dir.Write(name, "");
  }
  EXPECT_THAT(Expand(dir, {"p/*.gz"}),
              ElementsAre("p/B.gz", "p/a1.gz", "p/a2.gz", "p/b.gz"));
  EXPECT_THAT(Expand(dir, {"p/a[2-9].gz", "p/?.gz"}),
              ElementsAre("p/a2.gz", "p/B.gz", "p/b.gz"));
  EXPECT_THAT(Expand(dir, {"*/c.txt"}), ElementsAre("p/c.txt"));
  // A match that is a directory is walked.
  EXPECT_THAT(Expand(dir, {"q*"}), ElementsAre("q/d/e.gz"));
  // Intermediate matches that are not directories are ignored.
  EXPECT_THAT(Expand(dir, {"p/*/x", "q/*/*"}),
              ElementsAre("error: the pattern matches nothing"));
}

TEST(ExpandTest, AFileOfThePatternsNameIsTakenLiterally) {
  const TempDir dir;
  dir.Write("a*", "");
  dir.Write("ab", "");
  EXPECT_THAT(Expand(dir, {"a*"}), ElementsAre("a*"));
  EXPECT_THAT(Expand(dir, {"a?"}), ElementsAre("a*", "ab"));
}

TEST(ExpandTest, RefusesWordsThatNameNothing) {
  const TempDir dir;
  EXPECT_EQ(Failure(dir / "missing").message, "No such file or directory");
  EXPECT_EQ(Failure(dir / "missing").file, dir / "missing");
  EXPECT_EQ(Failure(dir / "no*").message, "the pattern matches nothing");
  EXPECT_EQ(Failure(dir / "no/dir/*.gz").file, dir / "no/dir/*.gz");
  EXPECT_EQ(Failure("").message, "No such file or directory");
  std::filesystem::create_directories(dir / "empty/deep");
  EXPECT_THAT(Failure(dir / "empty").message, HasSubstr("no regular file"));
}

TEST(ExpandTest, NamesADirectoryThatCannotBeRead) {
  const TempDir dir;
  dir.Write("d/open/file", "");
  dir.Write("d/shut/file", "");
  std::filesystem::permissions(dir / "d/shut", std::filesystem::perms::none);
  const uid_t user = ::geteuid();
  if (user == 0) {
    ASSERT_EQ(::seteuid(65534), 0);
  }
  EXPECT_THAT(Expand(dir, {"d"}), ElementsAre("d/open/file", "d/shut"));
  for (const char* word : {"d/shut", "d/shut/*", "d/*/*"}) {
    const Error error = Failure(dir / word);
    EXPECT_EQ(error.file, dir / "d/shut") << word;
    EXPECT_EQ(error.message, "Permission denied");
  }
  if (user == 0) {
    ASSERT_EQ(::seteuid(user), 0);
  }
  std::filesystem::permissions(dir / "d/shut", std::filesystem::perms(0755));
}

}  // namespace
}  // namespace thresh
