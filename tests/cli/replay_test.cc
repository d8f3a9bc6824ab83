// `thresh replay` as far as it needs no service: its options, dry runs, and its
// messages when there is no service. tests/kinesis/service has the rest.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "cli/archives.h"
#include "cli/run_program.h"

namespace thresh {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class Replay : public testing::Test {
 protected:
  Replay() {
    // The tests must not use the user's own account.
    for (const char* name :
         {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE",
          "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_SESSION_TOKEN"}) {
      unsetenv(name);
    }
    setenv("HOME", directory_.path().c_str(), 1);
    WriteFile(shards_, R"({"Shards": [
        {"ShardId": "shardId-0", "HashKeyRange": {"StartingHashKey": "0",
         "EndingHashKey": "99999999999999999999999999999999999999"}},
        {"ShardId": "shardId-1", "HashKeyRange": {
         "StartingHashKey": "100000000000000000000000000000000000000",
         "EndingHashKey": "340282366920938463463374607431768211455"}}]})");
    WriteFile(archive_, MakeBlob({"one", "two", "three"}));
  }

  std::vector<std::string> DryRun(std::vector<std::string> more) {
    std::vector<std::string> all = {"replay",    "--stream", "s",
                                    "--dry-run", "--shards", shards_};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  nlohmann::json DryRunJson(std::vector<std::string> more, int status = 0) {
    more.insert(more.end(), {"--summary", "json"});
    const Outcome outcome = RunProgram(DryRun(std::move(more)));
    EXPECT_EQ(outcome.status, status) << outcome.err;
    return ParseJson(outcome.out);
  }

  TemporaryDirectory directory_;
  std::string shards_ = directory_ / "shards";
  std::string archive_ = directory_ / "archive";
};

TEST_F(Replay, ADryRunTellsWhatWouldBeSent) {
  const Outcome outcome = RunProgram(DryRun({archive_}));
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, IsEmpty());
  EXPECT_THAT(
      outcome.err,
      StartsWith("would send      3 user records in 2 Kinesis records"));
  EXPECT_THAT(outcome.err, HasSubstr("in 1 requests"));
  EXPECT_THAT(outcome.err, HasSubstr("would take      about 0.000 s"));
}

TEST_F(Replay, ADryRunOnlyEstimatesTheTime) {
  const std::string large = directory_ / "large";
  WriteFile(large, LargeArchive());
  const nlohmann::json all =
      DryRunJson({large, "--content-checksum", "--content-digest"});
  EXPECT_EQ(all["replay"]["records"], kLargeRecords);
  EXPECT_EQ(all["replay"]["complete"], true);
  EXPECT_EQ(all["user_records"], kLargeRecords);
  EXPECT_FALSE(all["content_checksum"].is_null());
  EXPECT_FALSE(all["content_digest"].is_null());
  const double seconds = all["replay"]["seconds"];
  // The first shard has 29% of the hash keys, the second 71%.
  const double bytes = all["replay"]["bytes"];
  EXPECT_GT(seconds, bytes * 0.6 / (1 << 20) - 1);
  EXPECT_LT(seconds, bytes * 0.8 / (1 << 20));
  const nlohmann::json half = DryRunJson({large, "--rate", "0.5"});
  EXPECT_NEAR(half["replay"]["seconds"], 2 * seconds, 2);
  // For single records, the number of records is the limit.
  const nlohmann::json single = DryRunJson({large, "--aggregate", "none"});
  EXPECT_EQ(single["replay"]["kinesis_records"], kLargeRecords);
  EXPECT_GT(single["replay"]["seconds"], kLargeRecords / 1500);
}

TEST_F(Replay, DedupeKeepsRecordsOfOneSequenceNumber) {
  const std::string in = directory_ / "in";
  WriteFile(in, FirehoseEvents({"a", "b", "a"}, /*sequence_number=*/"7"));
  const nlohmann::json json = DryRunJson({in, "--dedupe", "sequence"});
  EXPECT_EQ(json["user_records"], 2);
  EXPECT_EQ(json["sequence_conflicts"], 1);
}

TEST_F(Replay, FiltersChooseWhatIsSent) {
  EXPECT_EQ(DryRunJson({archive_, "--partition-key", "b"})["replay"]["records"],
            1);
  EXPECT_EQ(DryRunJson({archive_, "--limit", "2"})["replay"]["records"], 2);
}

TEST_F(Replay, SuspectsAreLeftOutOrEndTheRun) {
  WriteFile(archive_, U32Le({MakeBlob({"x"}), MakeDamagedBlob()}));
  const nlohmann::json json = DryRunJson({archive_, "--container", "u32le"}, 1);
  EXPECT_EQ(json["replay"]["records"], 1);
  EXPECT_EQ(json["digest_mismatch"], 1);
  DryRunJson({archive_, "--container", "u32le", "--on-suspect", "fail"}, 1);
}

TEST_F(Replay, UnsendableRecordsEndTheRunUnlessTheyAreLeftOut) {
  WriteFile(archive_, U32Le({"plain", MakeBlob({"x"})}));
  const std::vector<std::string> input = {archive_, "--container", "u32le"};
  const Outcome outcome = RunProgram(DryRun(input));
  EXPECT_EQ(outcome.status, 3);
  EXPECT_THAT(outcome.err,
              HasSubstr(archive_ + ": offset 4: a record without"));
  auto skipping = input;
  skipping.insert(skipping.end(), {"--on-unsendable", "skip"});
  const nlohmann::json json = DryRunJson(skipping, 1);
  EXPECT_EQ(json["replay"]["unsendable"], 1);
  EXPECT_EQ(json["replay"]["records"], 1);
  auto keyed = input;
  keyed.insert(keyed.end(), {"--default-partition-key", "k"});
  EXPECT_EQ(DryRunJson(keyed)["replay"]["records"], 2);
}

TEST_F(Replay, HashKeysThatKinesisWouldNotTake) {
  WriteFile(archive_, MixedBlob(std::vector<NewUserRecord>{
                          {"k", AsBytes("1")},
                          {"k", AsBytes("2"), "undefined"},
                          {"k", AsBytes("3"), "007"}}));
  // When sent by itself, a record cannot have a hash key with leading zeros.
  for (const auto& [aggregate, wrong] :
       {std::pair("shards", 1), std::pair("none", 2)}) {
    const std::vector<std::string> input = {archive_, "--aggregate", aggregate};
    const auto with = [&](const char* policy) {
      auto all = input;
      all.insert(all.end(), {"--on-unsendable", policy});
      return all;
    };
    const Outcome outcome = RunProgram(DryRun(input));
    EXPECT_EQ(outcome.status, 3);
    EXPECT_THAT(outcome.err, HasSubstr(archive_ + ": offset 0: "));
    EXPECT_THAT(outcome.err, HasSubstr("'undefined'"));
    EXPECT_THAT(outcome.err, HasSubstr("--on-unsendable drop-hash-key"));
    EXPECT_THAT(outcome.err, HasSubstr("--on-unsendable skip"));
    const nlohmann::json left_out = DryRunJson(with("skip"), 1)["replay"];
    EXPECT_EQ(left_out["unsendable"], wrong);
    EXPECT_EQ(left_out["dropped_hash_keys"], 0);
    EXPECT_EQ(left_out["records"], 3 - wrong);
    const nlohmann::json dropped = DryRunJson(with("drop-hash-key"))["replay"];
    EXPECT_EQ(dropped["unsendable"], 0);
    EXPECT_EQ(dropped["dropped_hash_keys"], wrong);
    EXPECT_EQ(dropped["records"], 3);
    EXPECT_THAT(RunProgram(DryRun(with("drop-hash-key"))).err,
                HasSubstr("records sent by their partition keys"));
  }
}

// Records that are left out have no number; records that are sent have one.
TEST_F(Replay, ACheckpointIsOfOnePolicyForHashKeys) {
  setenv("AWS_ACCESS_KEY_ID", "AKID", 1);
  setenv("AWS_SECRET_ACCESS_KEY", "the-secret", 1);
  const std::string checkpoint = directory_ / "checkpoint";
  const auto run = [&](const char* policy) {
    return RunProgram({"replay", archive_, "--stream", "s", "--region", "r-1",
                       "--shards", shards_, "--endpoint", "http://127.0.0.1:1",
                       "--attempts", "1", "--checkpoint", checkpoint,
                       "--on-unsendable", policy});
  };
  const auto expect_refused = [&](const char* policy) {
    const Outcome outcome = run(policy);
    EXPECT_EQ(outcome.status, 2) << policy;
    EXPECT_THAT(outcome.err, HasSubstr("other options"));
  };
  // The service does not exist, but the checkpoint is written.
  for (const char* policy : {"fail", "fail", "skip", "drop-hash-key"}) {
    EXPECT_EQ(run(policy).status, 3) << policy;
  }
  std::filesystem::remove(checkpoint);
  EXPECT_EQ(run("drop-hash-key").status, 3);
  EXPECT_EQ(run("drop-hash-key").status, 3);
  expect_refused("skip");
  expect_refused("fail");
  std::filesystem::remove(checkpoint);
  EXPECT_EQ(run("skip").status, 3);
  EXPECT_EQ(run("skip").status, 3);
  expect_refused("drop-hash-key");
  expect_refused("fail");
}

TEST_F(Replay, RequestDocumentsMayComeFromAPipe) {
  const Outcome outcome = RunProgram(
      DryRun({"--requests", "-", "--summary", "json"}),
      {.pipe = "{\"Records\": [{\"Data\": \"eA==\", \"PartitionKey\": \"k\"}]}",
       .stdout_path = {},
       .directory = {}});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(ParseJson(outcome.out)["replay"]["kinesis_records"], 1);
  const Outcome archive = RunProgram(DryRun({"--requests", archive_}));
  EXPECT_EQ(archive.status, 3);
  EXPECT_THAT(archive.err, HasSubstr("is no request document"));
}

TEST_F(Replay, AnAbsentInputIsToldAndTheOthersAreSent) {
  const nlohmann::json json = DryRunJson({directory_ / "absent", archive_}, 3);
  EXPECT_EQ(json["replay"]["records"], 3);
  EXPECT_EQ(json["replay"]["complete"], false);
  EXPECT_EQ(json["errors"].size(), 1U);
}

TEST_F(Replay, AServiceThatIsNotThereIsTold) {
  setenv("AWS_ACCESS_KEY_ID", "AKID", 1);
  setenv("AWS_SECRET_ACCESS_KEY", "the-secret", 1);
  const Outcome outcome =
      RunProgram({"replay", archive_, "--stream", "s", "--region", "r-1",
                  "--endpoint", "http://127.0.0.1:1", "--attempts", "2"});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_THAT(outcome.err, HasSubstr("http://127.0.0.1:1"));
  EXPECT_EQ(outcome.err.find("the-secret"), std::string::npos);
}

TEST_F(Replay, AnEndpointIsAHost) {
  setenv("AWS_ACCESS_KEY_ID", "AKID", 1);
  setenv("AWS_SECRET_ACCESS_KEY", "the-secret", 1);
  for (const char* endpoint :
       {"localhost", "ftp://host", "http://", "https:///", "http://a/b",
        "http://a?b", "http://u@a"}) {
    const Outcome outcome =
        RunProgram({"replay", archive_, "--stream", "s", "--region", "r-1",
                    "--endpoint", endpoint, "--attempts", "1"});
    EXPECT_EQ(outcome.status, 2) << endpoint;
    EXPECT_THAT(outcome.err, HasSubstr("no endpoint"));
  }
}

TEST_F(Replay, WithoutEncryptionOnlyToThisMachine) {
  setenv("AWS_ACCESS_KEY_ID", "AKID", 1);
  setenv("AWS_SECRET_ACCESS_KEY", "the-secret", 1);
  const auto run = [this](std::vector<std::string> more) {
    more.insert(more.begin(), {"replay", archive_, "--stream", "s", "--region",
                               "r-1", "--attempts", "1", "--timeout", "1"});
    return RunProgram(more);
  };
  const Outcome refused = run({"--endpoint", "http://kinesis.invalid"});
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.err, HasSubstr("--allow-http"));
  const Outcome allowed =
      run({"--endpoint", "http://kinesis.invalid", "--allow-http"});
  EXPECT_EQ(allowed.status, 3);  // there is no such host
}

// The proxy of the environment is not used for this machine.
TEST_F(Replay, ThisMachineIsReachedWithoutAProxy) {
  setenv("AWS_ACCESS_KEY_ID", "AKID", 1);
  setenv("AWS_SECRET_ACCESS_KEY", "the-secret", 1);
  const int proxy = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  ASSERT_EQ(bind(proxy, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(listen(proxy, 1), 0);
  ASSERT_EQ(getsockname(proxy, reinterpret_cast<sockaddr*>(&address), &size),
            0);
  const std::string url =
      "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  setenv("http_proxy", url.c_str(), 1);
  const Outcome outcome = RunProgram(
      {"replay", archive_, "--stream", "s", "--region", "r-1", "--endpoint",
       "http://127.0.0.1:1", "--attempts", "1", "--timeout", "1"});
  unsetenv("http_proxy");
  EXPECT_EQ(outcome.status, 3);
  EXPECT_LT(accept(proxy, nullptr, nullptr), 0) << "somebody came";
  close(proxy);
}

// libcurl and its dependencies take longer to load than a small run takes.
TEST_F(Replay, OtherCommandsDoNotLoadLibcurl) {
  setenv("LD_DEBUG", "libs", 1);
  const Outcome outcome = RunProgram({"verify", archive_});
  unsetenv("LD_DEBUG");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.err, HasSubstr("libc.so"));
  EXPECT_EQ(outcome.err.find("libcurl"), std::string::npos);
}

TEST_F(Replay, SaysWhatIsMissing) {
  const std::vector<std::string> base = {"replay", archive_, "--stream", "s"};
  EXPECT_THAT(RunProgram(base).err, HasSubstr("AWS_REGION"));
  auto in_region = base;
  in_region.insert(in_region.end(), {"--region", "eu-west-1"});
  EXPECT_THAT(RunProgram(in_region).err, HasSubstr("no credentials"));
}

TEST_F(Replay, ACheckpointNeedsInputsThatStay) {
  const Outcome outcome =
      RunProgram(DryRun({"-", "--checkpoint", directory_ / "c"}),
                 {.pipe = MakeBlob({"x"}), .stdout_path = {}, .directory = {}});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("--checkpoint"));
}

TEST_F(Replay, ACheckpointDestroysNoInput) {
  const std::string before = ReadFile(archive_);
  const Outcome same = RunProgram(DryRun({archive_, "--checkpoint", archive_}));
  EXPECT_EQ(same.status, 2);
  EXPECT_THAT(same.err, HasSubstr("same file"));
  const std::string other = directory_ / "other";
  WriteFile(other, "something else");
  const Outcome foreign = RunProgram(DryRun({archive_, "--checkpoint", other}));
  EXPECT_NE(foreign.status, 0);
  EXPECT_THAT(foreign.err, HasSubstr("no checkpoint"));
  EXPECT_EQ(ReadFile(archive_), before);
  EXPECT_EQ(ReadFile(other), "something else");
}

TEST_F(Replay, ShardsMustCoverAllHashKeys) {
  WriteFile(shards_, R"({"Shards": [{"ShardId": "s", "HashKeyRange":
      {"StartingHashKey": "0", "EndingHashKey": "5"}}]})");
  const Outcome outcome = RunProgram(DryRun({archive_}));
  EXPECT_NE(outcome.status, 0);
  EXPECT_THAT(outcome.err, HasSubstr(shards_));
}

TEST_F(Replay, WrongUsageIsTold) {
  struct Case {
    std::vector<std::string> options;
    const char* told;
  };
  for (const Case& wrong : std::vector<Case>{
           {{"--rate", "0"}, "--rate"},
           {{"--rate", "1.1"}, "--rate"},
           {{"--rate", "0.0009"}, "--rate"},
           {{"--rate", "nan"}, "--rate"},
           {{"--attempts", "0"}, "--attempts"},
           {{"--timeout", "0"}, "--timeout"},
           {{"--blob-size", "1023"}, "--blob-size"},
           {{"--blob-size", "1MiB"}, "--blob-size"},
           {{"--max-record-size", "11MiB"}, "--max-record-size"},
           {{"--max-record-size", "1KiB"}, "--max-record-size"},
           {{"--max-request-size", "1MB"}, "--max-request-size"},
           {{"--default-partition-key", std::string(257, 'k')}, "257"},
           {{"--aggregate", "all"}, "'all'"},
           {{"--on-unsendable", "drop"}, "'drop'"},
           {{"--on-suspect", "pass"}, "'pass'"}}) {
    std::vector<std::string> arguments = {archive_};
    arguments.insert(arguments.end(), wrong.options.begin(),
                     wrong.options.end());
    const Outcome outcome = RunProgram(DryRun(arguments));
    EXPECT_EQ(outcome.status, 2) << wrong.told;
    EXPECT_THAT(outcome.err, HasSubstr(wrong.told));
    EXPECT_THAT(outcome.err, EndsWith("--help'\n"));
  }
  // Documents are neither filtered nor packed.
  for (const std::vector<std::string>& option :
       {std::vector<std::string>{"--partition-key", "k"},
        {"--limit", "1"},
        {"--aggregate", "none"},
        {"--content-checksum"},
        {"--content-digest"}}) {
    std::vector<std::string> arguments = {archive_, "--requests"};
    arguments.insert(arguments.end(), option.begin(), option.end());
    const Outcome outcome = RunProgram(DryRun(arguments));
    EXPECT_EQ(outcome.status, 2) << option[0];
    EXPECT_THAT(outcome.err, HasSubstr(option[0]));
  }
  EXPECT_EQ(RunProgram({"replay", archive_}).status, 2);
  EXPECT_EQ(RunProgram({"replay", archive_, "--stream", "a/b"}).status, 2);
}

}  // namespace
}  // namespace thresh
