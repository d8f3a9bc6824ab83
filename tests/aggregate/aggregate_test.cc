// thresh::Aggregate: the library packs what the program packs, and reports
// invalid options.
#include "thresh/aggregate.h"
#include "thresh/byte_output.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/archives.h"
#include "cli/run_program.h"

namespace thresh {
namespace {

using testing::HasSubstr;

// A plain record among aggregated ones, with its own keys.
std::string EventOf(const std::string& data, const std::string& key) {
  return R"({"kinesis":{"partitionKey":")" + key + R"(","data":")" +
         Base64Text(AsBytes(data)) +
         "\"},\"eventID\":\"shardId-000000000000:7\"}\n";
}

class LibraryAggregate : public testing::Test {
 protected:
  LibraryAggregate() { options_.reading.on_suspect = SuspectPolicy::kSkip; }

  std::string Write(std::string_view name, std::string_view content) {
    const std::string path = directory_ / name;
    WriteFile(path, content);
    return path;
  }

  // Packs `inputs` into Library().
  Result<AggregateReport> Run(const std::vector<std::string>& inputs) {
    const auto output = OpenOutput(Library(), {.sync = false});
    EXPECT_TRUE(output.has_value());
    return Aggregate(InputList(inputs), options_, output->get());
  }

  // Runs both and compares the files and the counts.
  void Compare(const std::string& input,
               const std::vector<std::string>& arguments) {
    std::vector<std::string> all = {"aggregate",
                                    input,
                                    "-o",
                                    Program(),
                                    "--no-sync",
                                    "--summary",
                                    "json",
                                    "--on-suspect",
                                    "skip",
                                    "--content-checksum",
                                    "--content-digest"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    const Outcome outcome = RunProgram(all);
    options_.reading.content_checksum = true;
    options_.reading.content_digest = true;
    const Result<AggregateReport> report = Run({input});
    ASSERT_TRUE(report.has_value()) << report.error().ToString();
    const std::string written = ReadFile(Library());
    EXPECT_GT(written.size(), 0U);
    EXPECT_TRUE(written == ReadFile(Program()));
    const nlohmann::json summary = ParseJson(outcome.out);
    EXPECT_EQ(summary["written"]["bytes"], report->packed.bytes);
    EXPECT_EQ(summary["written"]["aggregated"], report->packed.blobs);
    EXPECT_EQ(summary["written"]["plain"], report->packed.plain_records);
    EXPECT_EQ(summary["written"]["user_records"], report->packed.user_records);
    EXPECT_EQ(summary["written"]["without_all_keys"], report->lost_keys);
    EXPECT_EQ(summary["user_records"], report->read.summary.user_records);
    EXPECT_EQ(summary["content_checksum"],
              report->read.summary.content_checksum->ToHex());
    EXPECT_EQ(summary["content_digest"],
              report->read.summary.content_digest->ToHex());
  }

  [[nodiscard]] std::string Library() const { return directory_ / "library"; }
  [[nodiscard]] std::string Program() const { return directory_ / "program"; }

  TemporaryDirectory directory_;
  AggregateOptions options_;
};

TEST_F(LibraryAggregate, BlobsAreThoseOfTheProgram) {
  options_.limits.max_blob_bytes = 50 << 10;
  options_.limits.max_plain_bytes = kMaxBlobLimit;
  Compare(Write("in", LargeArchive(20'000)), {"--blob-size", "50KiB"});
}

TEST_F(LibraryAggregate, LengthsWithPlainRecordsAreThoseOfTheProgram) {
  const std::string in =
      Write("in", EventOf(std::string(3000, 'x'), "k") + EventOf("y", "l"));
  options_.limits = {.max_blob_bytes = 2 << 10,
                     .max_plain_bytes = kMaxBlobLimit};
  options_.format.container = ContainerKind::kU32Le;
  options_.large_plain = true;
  Compare(in, {"--blob-size", "2KiB", "--too-large", "plain", "--container",
               "u32le"});
}

TEST_F(LibraryAggregate, GetRecordsOfShardsAreThoseOfTheProgram) {
  const std::vector<HashKeyRange> shards = EqualRanges(3);
  nlohmann::json map = nlohmann::json::array();
  for (const HashKeyRange& range : shards) {
    map.push_back({{"ShardId", range.name},
                   {"HashKeyRange",
                    {{"StartingHashKey", HashKeyText(range.first)},
                     {"EndingHashKey", HashKeyText(range.last)}}},
                   {"SequenceNumberRange", {{"StartingSequenceNumber", "1"}}}});
  }
  options_.shards = shards;
  options_.format = {.container = ContainerKind::kJson,
                     .json = JsonShape::kGetRecords};
  options_.limits.max_blob_records = 100;
  options_.limits.max_plain_bytes = kMaxBlobLimit;
  Compare(Write("in", LargeArchive(5'000)),
          {"--shard-map", Write("map", nlohmann::json{{"Shards", map}}.dump()),
           "--container", "get-records-json", "--max-records", "100"});
}

TEST_F(LibraryAggregate, NdjsonIsThatOfTheProgram) {
  const std::string lines = directory_ / "lines";
  RunProgram({"deaggregate", Write("archive", LargeArchive(5'000)), "-o", lines,
              "-q", "--data-encoding", "text"});
  options_.input = AggregateInput::kNdjson;
  options_.data_encoding = DataEncoding::kText;
  Compare(lines, {"--from", "ndjson", "--data-encoding", "text"});
}

TEST_F(LibraryAggregate, LinesAreThoseOfTheProgram) {
  std::string lines;
  for (int i = 0; i < 2000; ++i) {
    lines += R"({"user":{"id":)" + std::to_string(i % 7) + "}}\n";
  }
  lines += "no json\n{\"user\":{}}\n";
  options_.input = AggregateInput::kLines;
  options_.key_pointer = "/user/id";
  options_.default_key = "none";
  options_.format = {.container = ContainerKind::kJson};
  std::vector<std::string> problems;
  options_.on_line_problem = [&](const LineProblem& problem) {
    problems.push_back(std::to_string(problem.line) + ": " + problem.problem);
  };
  Compare(Write("in", lines),
          {"--from", "lines", "--key-pointer", "/user/id", "--default-key",
           "none", "--container", "lambda-json"});
  EXPECT_THAT(problems,
              testing::ElementsAre(testing::StartsWith("2001: not a JSON")));
}

TEST_F(LibraryAggregate, JobsChangeNothing) {
  const std::string in = Write("in", LargeArchive(20'000));
  options_.reading.jobs = 1;
  ASSERT_TRUE(Run({in}));
  const std::string expected = ReadFile(Library());
  options_.reading.jobs = 4;
  ASSERT_TRUE(Run({in}));
  EXPECT_TRUE(ReadFile(Library()) == expected);
}

// The caller's own writer decides what a document is.
class CountingWriter final : public RecordWriter {
 public:
  void Add(const OutgoingRecord& record, Column<uint8_t>* out) override {
    for (const char c : std::to_string(record.bytes.size()) + "\n") {
      out->Append(static_cast<uint8_t>(c));
    }
  }
  void Finish(Column<uint8_t>* out) override { out->Append('.'); }
  [[nodiscard]] PlainSupport plain() const override { return {}; }
};

TEST_F(LibraryAggregate, CallersWriterIsUsed) {
  const std::string blob = MakeBlob({"1", "2"});
  const std::string in = Write("in", blob);
  const auto output = OpenOutput(Library());
  const auto report =
      Aggregate(InputList({in}), options_, std::make_unique<CountingWriter>(),
                output->get());
  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(ReadFile(Library()), std::to_string(blob.size()) + "\n.");
  EXPECT_EQ(report->packed.bytes, ReadFile(Library()).size());
}

TEST_F(LibraryAggregate, HashKeysThatKinesisRefusesAreTreatedAsAsked) {
  std::vector<NewUserRecord> records(3, {"k", AsBytes("datum")});
  records[1].explicit_hash_key = "undefined";
  const std::string in = Write("in", MixedBlob(records));
  options_.on_unsendable = OnUnsendable::kFail;
  const auto failed = Run({in});
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().code, ErrorCode::kContainer);
  EXPECT_EQ(failed.error().file, in);
  EXPECT_FALSE(std::filesystem::exists(Library()));
  options_.on_unsendable = OnUnsendable::kSkip;
  auto report = Run({in});
  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(report->unsendable.unsendable, 1U);
  EXPECT_EQ(report->packed.user_records, 2U);
  options_.on_unsendable = OnUnsendable::kDropHashKey;
  report = Run({in});
  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(report->unsendable.dropped_hash_keys, 1U);
  EXPECT_EQ(report->packed.user_records, 3U);
  EXPECT_EQ(report->packed.unplaced_records, 0U);
}

TEST_F(LibraryAggregate, ARecordTooLargeNamesItsPlace) {
  const std::string in =
      Write("in", MakeBlob({"1"}) + MakeBlob({std::string(3000, 'x')}));
  options_.limits.max_blob_bytes = 2 << 10;
  auto report = Run({in});
  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(report.error().offset, MakeBlob({"1"}).size());
  EXPECT_FALSE(report.error().remedy.empty());
  options_.too_large_remedy = "ask the caller";
  report = Run({in});
  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().remedy, "ask the caller");
}

TEST_F(LibraryAggregate, OptionsThatMakeNoSenseAreRefused) {
  const auto refused = [](const AggregateOptions& options) {
    const Result<void> ok = CheckAggregateOptions(options);
    return !ok && ok.error().code == ErrorCode::kInvalidArgument;
  };
  EXPECT_FALSE(refused(options_));
  AggregateOptions lines;
  lines.input = AggregateInput::kLines;
  EXPECT_TRUE(refused(lines));
  lines.key = "k";
  EXPECT_FALSE(refused(lines));
  lines.key_pointer = "/k";
  EXPECT_TRUE(refused(lines));
  lines.key.reset();
  EXPECT_FALSE(refused(lines));
  lines.key_pointer = "k";
  EXPECT_TRUE(refused(lines));
  lines.key_pointer = "/k";
  lines.reading.filter.limit = 1;
  EXPECT_TRUE(refused(lines));
  lines.reading.filter = {};
  lines.reading.filter.sample = 2;
  EXPECT_TRUE(refused(lines));
  AggregateOptions archives;
  archives.reading.filter.limit = 1;
  EXPECT_FALSE(refused(archives));
  archives.key = "k";
  EXPECT_TRUE(refused(archives));
  archives.key.reset();
  archives.default_key = "";
  EXPECT_TRUE(refused(archives));
  archives.default_key = "k";
  EXPECT_FALSE(refused(archives));
  archives.limits.max_blob_bytes = kMinBlobLimit - 1;
  EXPECT_TRUE(refused(archives));
}

TEST_F(LibraryAggregate, WhatDependsOnTheOutputIsCheckedToo) {
  const std::string in = Write("in", MakeBlob({"1"}));
  const auto code = [&] {
    const auto report = Run({in});
    EXPECT_FALSE(std::filesystem::exists(Library()));
    return report.has_value() ? ErrorCode::kIo : report.error().code;
  };
  options_.large_plain = true;  // blobs cannot hold such records
  EXPECT_EQ(code(), ErrorCode::kInvalidArgument);
  options_.large_plain = false;
  options_.format.container = ContainerKind::kRecord;
  EXPECT_EQ(code(), ErrorCode::kInvalidArgument);
  options_.format.container = ContainerKind::kBlobs;
  options_.shards = {{.name = "half", .first = {}, .last = {}}};
  EXPECT_EQ(code(), ErrorCode::kInvalidArgument);
  options_.shards.clear();
  options_.reading.on_suspect = SuspectPolicy::kQuarantine;
  EXPECT_EQ(code(), ErrorCode::kInvalidArgument);
  const auto report = Aggregate(InputList({in}), options_, nullptr, nullptr);
  ASSERT_FALSE(report.has_value());
  EXPECT_THAT(report.error().message, HasSubstr("no output"));
}

TEST_F(LibraryAggregate, AnInputThatFailsLeavesAnIncompleteFile) {
  const std::string in = Write("in", MakeBlob({"1"}));
  const auto report = Run({in, directory_ / "none"});
  ASSERT_TRUE(report.has_value());
  EXPECT_TRUE(report->read.incomplete);
  ASSERT_EQ(report->read.input_errors.size(), 1U);
  EXPECT_EQ(report->read.input_errors[0].file, directory_ / "none");
  EXPECT_EQ(report->read.incomplete_file,
            Library() + std::string(kIncompleteSuffix));
  EXPECT_FALSE(std::filesystem::exists(Library()));
}

}  // namespace
}  // namespace thresh
