// A program that is killed, and a machine that fails: whatever state of a run
// is on disk then, no output is found with the suspects of another one or
// without its own.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "faults/pair.h"

namespace thresh {
namespace {

constexpr int kKilled = 1000 + SIGKILL;

// Kills before every second call, alternately starting with the first or the
// second: cases that differ little complement each other.
TEST(Crash, KilledBeforeAnyCall) {
  uint64_t first = 1;
  for (const PairCase& pair_case : PairCases()) {
    PairScene scene(pair_case);
    SCOPED_TRACE(scene.Name());
    first = 3 - first;
    for (uint64_t call = first;; call += 2) {
      scene.Reset();
      const FaultyOutcome outcome = scene.RunNew({.under = {}, .kill = call});
      ASSERT_TRUE(scene.IsSound(scene.Now())) << "killed before call " << call;
      if (outcome.status != kKilled) {
        EXPECT_EQ(scene.Now(), scene.new_pair());
        EXPECT_GT(call, 5U);
        break;
      }
      // The next run succeeds with the files that this one left.
      if (call % 8 > 1) continue;
      scene.RunNew({});
      ASSERT_EQ(scene.Now(), scene.new_pair()) << "after call " << call;
    }
  }
}

TEST(Crash, KilledAtAnyMoment) {
  std::mt19937 random(1);
  int killed = 0;
  for (const PairCase& pair_case : PairCases()) {
    PairScene scene(pair_case);
    SCOPED_TRACE(scene.Name());
    for (int round = 0; round < 4; ++round) {
      scene.Reset();
      const std::chrono::microseconds after(random() % 12'000);
      killed += scene.RunNew({}, after).status == kKilled ? 1 : 0;
      ASSERT_TRUE(scene.IsSound(scene.Now())) << "after " << after.count();
    }
  }
  EXPECT_GT(killed, 5);
}

// A run's operations on files, from its log, and the states that may be on
// disk.
class Disk {
 public:
  explicit Disk(const PairScene& scene) : scene_(scene) {
    Put(scene.Output(), scene.old_pair().first);
    Put(scene.Side(), scene.old_pair().second);
  }

  // Takes one line of the log.
  void Apply(const std::string& line) {
    std::istringstream words(line);
    std::string what;
    std::string first;
    std::string second;
    words >> what >> first >> second;
    if (what == "create") {
      const size_t file = NewFile("");
      inodes_[first] = file;
      Change(second, file);
    } else if (what == "write") {
      files_[inodes_.at(first)].content += FromHex(second);
    } else if (what == "truncate") {
      files_[inodes_.at(first)].content.clear();
    } else if (what == "sync") {
      File& file = files_[inodes_.at(first)];
      file.synced = file.content;
    } else if (what == "rename") {
      const size_t file = names_.at(first);
      Change(first, kNone);
      // Both names change atomically: the second entry goes with the first.
      pending_.back().with_next = true;
      Change(second, file);
    } else if (what == "unlink") {
      Change(first, kNone);
    } else if (what == "syncdir") {
      std::erase_if(pending_, [&](const Entry& entry) {
        if (FolderOf(entry.path) != first) return false;
        stored_[entry.path] = entry.file;
        return true;
      });
    } else {
      ADD_FAILURE() << line;
    }
  }

  // Calls `see` with each pair that a crash could leave now.
  template <typename See>
  void ForEachState(const See& see) const {
    std::vector<std::vector<Entry>> changes;
    for (size_t i = 0; i < pending_.size(); ++i) {
      if (i == 0 || !pending_[i - 1].with_next) changes.emplace_back();
      changes.back().push_back(pending_[i]);
    }
    ASSERT_LT(changes.size(), 12U);
    for (size_t kept = 0; kept < size_t{1} << changes.size(); ++kept) {
      std::map<std::string, size_t> names = stored_;
      for (size_t i = 0; i < changes.size(); ++i) {
        if ((kept >> i & 1) == 0) continue;
        for (const Entry& entry : changes[i]) names[entry.path] = entry.file;
      }
      for (const auto& output : ContentsOf(names, scene_.Output())) {
        for (const auto& side : ContentsOf(names, scene_.Side())) {
          see(Pair(output, side));
        }
      }
    }
  }

 private:
  static constexpr size_t kNone = SIZE_MAX;

  struct File {
    std::string content;
    std::string synced;
  };
  // A name and its file after a change.
  struct Entry {
    std::string path;
    size_t file;
    bool with_next = false;
  };

  static std::string FolderOf(const std::string& path) {
    return path.substr(0, path.rfind('/') + 1);
  }

  static std::string FromHex(const std::string& text) {
    std::string bytes;
    for (size_t i = 0; i + 1 < text.size(); i += 2) {
      bytes += static_cast<char>(std::stoi(text.substr(i, 2), nullptr, 16));
    }
    return bytes;
  }

  size_t NewFile(const std::string& synced) {
    files_.push_back({synced, synced});
    return files_.size() - 1;
  }

  void Put(const std::string& path, const std::optional<std::string>& content) {
    if (content) names_[path] = stored_[path] = NewFile(*content);
  }

  void Change(const std::string& path, size_t file) {
    names_[path] = file;
    pending_.push_back({path, file});
  }

  // The possible contents of the file of that name: data written after the last
  // sync may be missing or partial.
  [[nodiscard]] std::vector<std::optional<std::string>> ContentsOf(
      const std::map<std::string, size_t>& names,
      const std::string& path) const {
    const auto found = names.find(path);
    if (found == names.end() || found->second == kNone) return {std::nullopt};
    const File& file = files_[found->second];
    if (file.content == file.synced) return {file.content};
    const size_t half = (file.content.size() + file.synced.size()) / 2;
    return {file.synced, file.content.substr(0, half), file.content};
  }

  const PairScene& scene_;
  std::vector<File> files_;
  std::map<std::string, size_t> inodes_;
  std::map<std::string, size_t> names_;   // as the running program sees them
  std::map<std::string, size_t> stored_;  // as they are on disk at least
  std::vector<Entry> pending_;            // changes that may also be on disk
};

struct States {
  uint64_t seen = 0;
  uint64_t unsound = 0;
};

States CountStates(PairScene* scene, const std::vector<std::string>& options) {
  const TemporaryDirectory scratch;
  scene->Reset();
  scene->RunNew({.under = {}, .log = scratch / "log"}, {}, options);
  EXPECT_EQ(scene->Now(), scene->new_pair());
  Disk disk(*scene);
  States states;
  const auto see = [&](const Pair& pair) {
    ++states.seen;
    states.unsound += scene->IsSound(pair) ? 0 : 1;
  };
  disk.ForEachState(see);
  std::istringstream log(ReadFile(scratch / "log"));
  for (std::string line; std::getline(log, line);) {
    disk.Apply(line);
    disk.ForEachState(see);
  }
  return states;
}

TEST(Crash, NothingThatMayBeOnDiskIsUnsound) {
  uint64_t seen = 0;
  for (const PairCase& pair_case : PairCases()) {
    PairScene scene(pair_case);
    SCOPED_TRACE(scene.Name());
    const States states = CountStates(&scene, {});
    EXPECT_EQ(states.unsound, 0U);
    seen += states.seen;
  }
  EXPECT_GT(seen, 200U);
  RecordProperty("states", std::to_string(seen));
}

// Syncing prevents this; the test shows that the states above would be
// detected.
TEST(Crash, WithoutSyncingMuchMayBeOnDisk) {
  PairScene scene({true, true, true});
  EXPECT_GT(CountStates(&scene, {"--no-sync"}).unsound, 0U);
}

}  // namespace
}  // namespace thresh
