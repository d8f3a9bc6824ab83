// Every command with reads and writes that are short, interrupted or fail: the
// result is correct or an error, and an output is never partial.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "cli/archives.h"
#include "faults/faulty_run.h"
#include "oracle/compress.h"

namespace thresh {
namespace {

using testing::HasSubstr;

constexpr char kShards[] = R"({"Shards": [
  {"ShardId": "shardId-0", "HashKeyRange": {"StartingHashKey": "0",
   "EndingHashKey": "99999999999999999999999999999999999999"}},
  {"ShardId": "shardId-1", "HashKeyRange": {
   "StartingHashKey": "100000000000000000000000000000000000000",
   "EndingHashKey": "340282366920938463463374607431768211455"}}]})";

// The result of a run without faults.
struct Expected {
  int status;
  std::string out;
  std::map<std::string, std::string> files;
  uint64_t calls;
};

class Commands : public testing::Test {
 protected:
  Commands() {
    unsetenv("AWS_PROFILE");
    std::string blobs;
    for (int i = 0; i < 40; ++i) {
      blobs += MakeBlob({std::string(static_cast<size_t>(i * 37), 'x'), "y",
                         std::to_string(i)});
    }
    WriteFile(In("blobs"), blobs);
    WriteFile(In("blobs.gz"), oracle::Gzip(blobs));
    WriteFile(In("zip"),
              oracle::Zip({{.content = blobs, .name = "a"},
                           {.content = MakeBlob({"b"}), .name = "b"}}));
    WriteFile(In("mixed"), U32Le({MakeBlob({"first"}), MakeDamagedBlob(),
                                  MakeBlob({"last"})}));
    std::filesystem::create_directories(directory_ / "folder/deep");
    WriteFile(In("folder/one"), blobs);
    WriteFile(In("folder/deep/two"), MakeBlob({"two"}));
    WriteFile(In("lines"), "one\ntwo\nthree\n");
    WriteFile(In("keys"), "a\nb\n");
    WriteFile(In("shards"), kShards);
    std::filesystem::create_directory(directory_ / "out");
  }

  [[nodiscard]] std::string In(const std::string& name) const {
    return directory_ / name;
  }
  [[nodiscard]] std::string Out() const { return directory_ / "out/o"; }

  // Each with one job, so that calls have fixed numbers.
  [[nodiscard]] std::vector<std::vector<std::string>> All() const {
    return {
        {"deaggregate", In("mixed"), "--container", "u32le", "-o", Out(),
         "-j1"},
        {"deaggregate", In("blobs"), In("blobs.gz"), In("zip"), "-o", Out(),
         "-j1", "--partition-key-file", In("keys")},
        {"deaggregate", In("blobs"), "--no-mmap", "--format", "lines", "-j1"},
        {"aggregate", In("blobs"), "--container", "lambda-json", "--shard-map",
         In("shards"), "-o", Out(), "-j1"},
        {"aggregate", In("lines"), "--from", "lines", "--key", "k", "-o", Out(),
         "-j1"},
        {"deaggregate", In("folder"), "--format", "delimited", "-o", Out(),
         "-j1"},
        {"verify", In("mixed"), In("blobs.gz"), "-j1"},
        {"inspect", In("blobs"), "--json", "-j1"},
        {"stats", In("blobs"), In("zip"), "--html", Out(), "-j1"},
        {"generate", "--records", "2000", "-o", Out()},
        {"replay", In("blobs"), "--stream", "s", "--dry-run", "--shards",
         In("shards"), "--checkpoint", directory_ / "out/checkpoint",
         "--on-suspect", "skip", "-j1"}};
  }

  // Runs it without any earlier output files.
  FaultyOutcome Run(const std::vector<std::string>& command, Faults faults) {
    std::filesystem::remove_all(directory_ / "out");
    std::filesystem::create_directory(directory_ / "out");
    faults.under = directory_.path();
    return RunFaulty(command, faults);
  }

  Expected Expect(const std::vector<std::string>& command) {
    const FaultyOutcome outcome = Run(command, {});
    EXPECT_LE(outcome.status, 1) << command.front() << outcome.err;
    EXPECT_GT(outcome.calls, 3U);
    return {outcome.status, outcome.out, FilesIn(directory_ / "out"),
            outcome.calls};
  }

  // Whether the result is the same as without faults.
  bool IsRight(const FaultyOutcome& outcome, const Expected& expected) {
    return outcome.status == expected.status && outcome.out == expected.out &&
           FilesIn(directory_ / "out") == expected.files;
  }

  // A run with faults by seed, or by the number of the call, must be correct or
  // fail with nothing published. It may have printed less.
  void ExpectRightOrFailed(const FaultyOutcome& outcome,
                           const Expected& expected, const std::string& what) {
    if (IsRight(outcome, expected)) return;
    EXPECT_EQ(outcome.status, 3) << what << "\n" << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("thresh: ")) << what;
    std::map<std::string, std::string> files = FilesIn(directory_ / "out");
    // Two calls follow after the output is complete: its directory is synced,
    // and `stats` prints its results.
    const bool is_complete =
        outcome.err.find("sync its directory") != std::string::npos ||
        outcome.err.find("thresh: standard output") != std::string::npos;
    if (is_complete && files.contains("o")) {
      EXPECT_EQ(files, expected.files) << what;
      return;
    }
    EXPECT_FALSE(files.contains("o")) << what << "\n" << outcome.err;
  }

  TemporaryDirectory directory_;
};

uint64_t Rounds(uint64_t usual) {
  const char* more = std::getenv("THRESH_FAULTS_ROUNDS");
  return more == nullptr ? usual : std::strtoull(more, nullptr, 10);
}

TEST_F(Commands, ShortCountsAndInterruptionsChangeNothing) {
  for (const std::vector<std::string>& command : All()) {
    const Expected expected = Expect(command);
    for (uint64_t seed = 1; seed <= Rounds(8); ++seed) {
      const FaultyOutcome outcome = Run(command, {.under = {}, .seed = seed});
      ASSERT_TRUE(IsRight(outcome, expected))
          << command.front() << " with seed " << seed << ": status "
          << outcome.status << "\n"
          << outcome.err;
    }
  }
}

TEST_F(Commands, EachCallThatFailsIsAnErrorOrOfNoConsequence) {
  for (const std::vector<std::string>& command : All()) {
    const Expected expected = Expect(command);
    uint64_t failed = 0;
    const uint64_t step = expected.calls / 30 + 1;
    for (uint64_t call = 1; call <= expected.calls; call += step) {
      const int error = call % 2 == 0 ? EIO : ENOSPC;
      const FaultyOutcome outcome =
          Run(command, {.under = {}, .fail = call, .error = error});
      failed += outcome.status == 3 ? 1 : 0;
      ExpectRightOrFailed(
          outcome, expected,
          command.front() + " with call " + std::to_string(call));
      if (HasFailure()) return;
    }
    EXPECT_GT(failed, 0U) << command.front();
  }
}

// Failures among short counts, on several threads.
TEST_F(Commands, FailuresAmongShortCounts) {
  for (std::vector<std::string> command : All()) {
    const Expected expected = Expect(command);
    if (command.back() == "-j1") command.back() = "-j2";
    for (uint64_t seed = 1; seed <= Rounds(6); ++seed) {
      const FaultyOutcome outcome =
          Run(command, {.under = {},
                        .seed = seed,
                        .fail = 1 + seed * 7919 % (expected.calls * 2),
                        .error = seed % 2 == 0 ? EIO : ENOSPC});
      ExpectRightOrFailed(
          outcome, expected,
          command.front() + " with seed " + std::to_string(seed));
      if (HasFailure()) return;
    }
  }
}

}  // namespace
}  // namespace thresh
