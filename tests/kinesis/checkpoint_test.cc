// A run continues where it ended, and only the same run does.
#include "kinesis/checkpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "cli/run_program.h"

namespace thresh::kinesis {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

TEST(Acknowledged, CountsInOrder) {
  Acknowledged done;
  EXPECT_FALSE(done.Contains(0));
  done.Add(0, 3);
  done.Add(3, 1);
  EXPECT_EQ(done.prefix(), 4U);
  EXPECT_TRUE(done.beyond().empty());
  EXPECT_TRUE(done.Contains(3));
  EXPECT_FALSE(done.Contains(4));
}

TEST(Acknowledged, JoinsWhatTouches) {
  Acknowledged done;
  done.Add(5, 2);
  done.Add(9, 1);
  done.Add(7, 1);
  EXPECT_THAT(done.beyond(), ElementsAre(Pair(5, 8), Pair(9, 10)));
  done.Add(8, 1);
  EXPECT_THAT(done.beyond(), ElementsAre(Pair(5, 10)));
  EXPECT_EQ(done.count(), 5U);
  done.Add(0, 5);
  EXPECT_EQ(done.prefix(), 10U);
  EXPECT_TRUE(done.beyond().empty());
}

TEST(Acknowledged, KnowsWhatASetKnows) {
  std::mt19937 random(3);
  for (int round = 0; round < 200; ++round) {
    Acknowledged done;
    std::set<uint64_t> numbers;
    for (int i = 0; i < 30; ++i) {
      const uint64_t first = random() % 60;
      const uint64_t count = random() % 4 + 1;
      bool is_new = true;
      for (uint64_t n = first; n < first + count; ++n) {
        is_new = is_new && !numbers.contains(n);
      }
      if (!is_new) continue;
      done.Add(first, count);
      for (uint64_t n = first; n < first + count; ++n) numbers.insert(n);
    }
    ASSERT_EQ(done.count(), numbers.size());
    for (uint64_t n = 0; n < 70; ++n) {
      ASSERT_EQ(done.Contains(n), numbers.contains(n)) << n;
    }
  }
}

Checkpoint Sample() {
  Checkpoint checkpoint{
      .run = {.stream = "s",
              .inputs = "abc",
              .options = "x=1",
              .shards = {{"shardId-0", {0, 0}, {1, UINT64_MAX}},
                         {"shardId-1", {2, 0}, {UINT64_MAX, UINT64_MAX}}}},
      .done = std::vector<Acknowledged>(2)};
  checkpoint.done[0].Add(0, 10);
  checkpoint.done[0].Add(12, 3);
  checkpoint.done[0].Add(20, 1);
  return checkpoint;
}

TEST(CheckpointText, IsReadBack) {
  for (const bool complete : {false, true}) {
    Checkpoint written = Sample();
    written.complete = complete;
    const Result<Checkpoint> read = ParseCheckpoint(ToText(written), "f");
    ASSERT_TRUE(read) << read.error().ToString();
    EXPECT_EQ(read->complete, complete);
    EXPECT_EQ(read->done, written.done);
    EXPECT_TRUE(CheckSameRun(read->run, written.run, "f"));
  }
}

TEST(CheckpointText, AnythingElseIsRefused) {
  const std::string text = ToText(Sample());
  for (size_t size = 0; size < text.size() - 2; ++size) {
    EXPECT_FALSE(ParseCheckpoint(text.substr(0, size), "f")) << size;
  }
  const auto with = [&text](const std::string& from, const std::string& to) {
    std::string changed = text;
    const size_t at = changed.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    changed.replace(at, from.size(), to);
    return ParseCheckpoint(changed, "f");
  };
  EXPECT_TRUE(with("\"x=1\"", "\"x=2\""));
  EXPECT_FALSE(with("\"thresh_replay_checkpoint\": 1",
                    "\"thresh_replay_checkpoint\": 2"));
  EXPECT_FALSE(with("\"records_before\": 10", "\"records_before\": -1"));
  EXPECT_FALSE(with("\"records_before\": 10", "\"records_before\": 12"));
  EXPECT_FALSE(with("\"records_before\": 10", "\"records_before\": \"1\""));
  EXPECT_FALSE(with("15", "11"));  // the end of a range before its start
  EXPECT_FALSE(with("20", "14"));  // overlapping ranges
  EXPECT_FALSE(with("\"first_hash_key\": \"0\"", "\"first_hash_key\": \"x\""));
  EXPECT_FALSE(with("\"complete\": false", "\"complete\": 0"));
}

TEST(CheckSameRun, SaysWhatIsDifferent) {
  const RunIdentity run = Sample().run;
  const auto differs = [&run](RunIdentity other) {
    const Result<void> same = CheckSameRun(run, other, "FILE");
    return same ? "" : same.error().ToString();
  };
  EXPECT_EQ(differs(run), "");
  RunIdentity other = run;
  other.stream = "t";
  EXPECT_THAT(differs(other), HasSubstr("FILE: is a checkpoint of the stream"));
  other = run;
  other.inputs = "z";
  EXPECT_THAT(differs(other), HasSubstr("other inputs"));
  other = run;
  other.options = "x=2";
  EXPECT_THAT(differs(other), HasSubstr("other options"));
  other = run;
  other.shards[1].first = {2, 1};
  EXPECT_THAT(differs(other), HasSubstr("other shards"));
  other = run;
  other.shards.pop_back();
  EXPECT_THAT(differs(other), HasSubstr("other shards"));
}

TEST(CheckpointFile, IsReplacedAsAWhole) {
  const TemporaryDirectory directory;
  const std::string path = directory / "c";
  const Result<std::optional<Checkpoint>> none = LoadCheckpoint(path);
  ASSERT_TRUE(none);
  EXPECT_FALSE(*none);
  ASSERT_TRUE(SaveCheckpoint(Sample(), path));
  Checkpoint later = Sample();
  later.done[1].Add(0, 7);
  // The old one is read while the new one is written.
  std::ifstream reader(path);
  ASSERT_TRUE(SaveCheckpoint(later, path));
  const std::string old = ReadStream(reader);
  EXPECT_EQ(old, ToText(Sample()));
  const Result<std::optional<Checkpoint>> loaded = LoadCheckpoint(path);
  ASSERT_TRUE(loaded && *loaded);
  EXPECT_EQ((*loaded)->done, later.done);
  EXPECT_FALSE(std::filesystem::exists(path + ".partial"));
}

TEST(CheckpointFile, IsPrivate) {
  const TemporaryDirectory directory;
  const std::string path = directory / "c";
  WriteFile(path, ToText(Sample()));
  ASSERT_EQ(chmod(path.c_str(), 0644), 0);
  ASSERT_TRUE(SaveCheckpoint(Sample(), path));
  struct stat status{};
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

// A file under one of the names is not one that a run leaves there.
TEST(CheckpointFile, LinksAndPipesAreRefused) {
  const TemporaryDirectory directory;
  const std::string victim = directory / "victim";
  WriteFile(victim, "precious");
  const auto make = [&victim](const std::string& kind,
                              const std::string& path) {
    std::filesystem::remove_all(path);
    if (kind == "link") std::filesystem::create_symlink(victim, path);
    if (kind == "hard") std::filesystem::create_hard_link(victim, path);
    if (kind == "nowhere") std::filesystem::create_symlink("nowhere", path);
    if (kind == "pipe") {
      ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
    }
    if (kind == "directory") std::filesystem::create_directory(path);
  };
  for (const std::string kind :
       {"link", "hard", "nowhere", "pipe", "directory"}) {
    make(kind, directory / "c");
    EXPECT_FALSE(LoadCheckpoint(directory / "c")) << kind;
    make(kind, directory / "d.partial");
    EXPECT_FALSE(SaveCheckpoint(Sample(), directory / "d")) << kind;
    EXPECT_FALSE(std::filesystem::exists(directory / "d"));
    make(kind, directory / "e.lock");
    const auto lock = CheckpointLock::Take(directory / "e");
    EXPECT_FALSE(lock) << kind;
    EXPECT_TRUE(std::filesystem::exists(
        std::filesystem::symlink_status(directory / "e.lock")))
        << kind;
  }
  EXPECT_FALSE(std::filesystem::exists(directory / "nowhere"));
  EXPECT_EQ(ReadFile(victim), "precious");
}

// SaveCheckpoint replaces a link, and does not change its target.
TEST(CheckpointFile, IsNotWrittenThroughALink) {
  const TemporaryDirectory directory;
  WriteFile(directory / "victim", "precious");
  std::filesystem::create_symlink(directory / "victim", directory / "c");
  ASSERT_TRUE(SaveCheckpoint(Sample(), directory / "c"));
  EXPECT_FALSE(std::filesystem::is_symlink(directory / "c"));
  EXPECT_EQ(ReadFile(directory / "victim"), "precious");
}

TEST(CheckpointFile, AnotherUsersIsRefused) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can act for two users";
  const TemporaryDirectory directory;
  WriteFile(directory / "c", ToText(Sample()));
  ASSERT_EQ(chown((directory / "c").c_str(), 65534, 65534), 0);
  const Result<std::optional<Checkpoint>> loaded =
      LoadCheckpoint(directory / "c");
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().ToString(), HasSubstr("another user"));
  WriteFile(directory / "c.lock", "");
  ASSERT_EQ(chown((directory / "c.lock").c_str(), 65534, 65534), 0);
  EXPECT_FALSE(CheckpointLock::Take(directory / "c"));
}

TEST(CheckpointFile, ErrorsNameTheFile) {
  const TemporaryDirectory directory;
  WriteFile(directory / "c", "{}");
  const Result<std::optional<Checkpoint>> loaded =
      LoadCheckpoint(directory / "c");
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().file, directory / "c");
  EXPECT_FALSE(LoadCheckpoint(directory.path()));
  const Result<void> saved = SaveCheckpoint(Sample(), directory / "no/c");
  ASSERT_FALSE(saved);
  EXPECT_THAT(saved.error().ToString(), HasSubstr("No such file"));
}

TEST(IdentifyInputs, LooksAtContentAndOrder) {
  const TemporaryDirectory directory;
  const std::string large(200'000, 'x');
  WriteFile(directory / "a", large);
  WriteFile(directory / "same", large);
  WriteFile(directory / "b", large + "y");
  std::string changed = large;
  changed[0] = 'z';
  WriteFile(directory / "head", changed);
  changed = large;
  changed.back() = 'z';
  WriteFile(directory / "tail", changed);
  const auto identity = [&directory](const std::vector<std::string>& names) {
    std::vector<std::string> paths;
    for (const std::string& name : names) paths.push_back(directory / name);
    const Result<std::string> text = IdentifyInputs(paths);
    EXPECT_TRUE(text);
    return text.value_or("");
  };
  EXPECT_EQ(identity({"a", "b"}), identity({"same", "b"}));
  EXPECT_NE(identity({"a", "b"}), identity({"b", "a"}));
  EXPECT_NE(identity({"a"}), identity({"a", "a"}));
  EXPECT_NE(identity({"a"}), identity({"head"}));
  EXPECT_NE(identity({"a"}), identity({"tail"}));
  const Result<std::string> absent = IdentifyInputs({directory / "absent"});
  ASSERT_FALSE(absent) << "or it would be other inputs the next time";
  EXPECT_EQ(absent.error().file, directory / "absent");
}

TEST(IdentifyInputs, RefusesWhatCanBeReadOnce) {
  EXPECT_FALSE(IdentifyInputs({"-"}));
  EXPECT_FALSE(IdentifyInputs({"/dev/null"}));
}

TEST(CheckpointLock, IsForOneRunAtATime) {
  const TemporaryDirectory directory;
  const std::string path = directory / "c";
  {
    const auto lock = CheckpointLock::Take(path);
    ASSERT_TRUE(lock) << lock.error().ToString();
    const auto second = CheckpointLock::Take(path);
    ASSERT_FALSE(second);
    EXPECT_THAT(second.error().ToString(), HasSubstr(path + ": another run"));
    EXPECT_FALSE(CheckpointLock::Take(path)) << "nor the time after";
    EXPECT_TRUE(CheckpointLock::Take(directory / "other"));
  }
  EXPECT_TRUE(std::filesystem::is_empty(directory.path()));
  // A killed run leaves the file, but no lock.
  WriteFile(path + ".lock", "");
  EXPECT_TRUE(CheckpointLock::Take(path));
  EXPECT_FALSE(CheckpointLock::Take(directory / "no/where"));
}

}  // namespace
}  // namespace thresh::kinesis
