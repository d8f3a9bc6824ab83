// Filters over whole runs: the output is what a naive implementation of
// FORMAT.md selects from the unfiltered run, regardless of windows and workers,
// and every byte read is accounted for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "base/base64.h"
#include "blob_maker.h"
#include "sink/scratch_dir.h"
#include "thresh/batch_reader.h"
#include "thresh/sinks.h"

namespace thresh {
namespace {

std::string Blob(size_t first, size_t count) {
  BlobMaker maker;
  for (size_t i = first; i < first + count; ++i) {
    // Equal records repeat; so do keys.
    maker.Add({"key-" + std::to_string(i % 7),
               AsBytes("data-" + std::to_string(i % 61))});
  }
  return maker.Take();
}

// The records of a Lambda event, one per line, of three shards: sequence
// numbers occur twice, and some records have none, or no time; some are
// damaged.
std::string Events(size_t records) {
  std::string text;
  for (size_t i = 0; i < records; ++i) {
    std::string data =
        i % 5 == 4 ? "plain " + std::to_string(i % 10) : Blob(i, 1 + i % 6);
    if (i % 13 == 7) data.back() = static_cast<char>(data.back() ^ 1);
    text += R"({"kinesis":{"partitionKey":"outer",)";
    if (i % 11 != 3) {
      text += R"("sequenceNumber":")" + std::to_string(i / 2) + R"(",)";
    }
    if (i % 17 != 5) {
      text +=
          R"("approximateArrivalTimestamp":)" + std::to_string(1000 + i) + ",";
    }
    text += R"("data":")" + Base64Text(AsBytes(data)) +
            R"("},"eventID":"shardId-00000000000)" + std::to_string(i / 2 % 3) +
            ":1\"}\n";
    if (i % 29 == 11) text += "no record at all\n";
  }
  return text;
}

struct Row {
  std::optional<std::string> partition_key;
  std::string data;
  uint32_t sub_sequence_number = 0;
  std::optional<std::string> sequence_number;
  std::optional<std::string> shard;
  std::optional<int64_t> time;

  friend bool operator==(const Row&, const Row&) = default;
};

struct Pulled {
  std::vector<Row> rows;
  Summary summary;
  size_t suspects = 0;
};

std::optional<std::string> Copy(const std::optional<Bytes>& bytes) {
  if (!bytes) return std::nullopt;
  return std::string(AsText(*bytes));
}

void ExpectAccount(const Summary& summary) {
  EXPECT_EQ(summary.bytes, summary.record_bytes + summary.framing_bytes +
                               summary.opaque_bytes + summary.unread_bytes);
}

Pulled Pull(const std::string& archive, const Options& options) {
  Pulled run;
  Result<BatchReader> reader =
      BatchReader::OpenBytes(AsBytes(archive), options);
  EXPECT_TRUE(reader);
  for (;;) {
    const Result<std::shared_ptr<const Batch>> batch = reader->Next();
    EXPECT_TRUE(batch);
    if (!batch || *batch == nullptr) break;
    for (const KinesisRecord& record : (*batch)->kinesis_records) {
      const KinesisMetadata metadata = (*batch)->MetadataOf(record);
      run.suspects += IsSuspect(record.verdict) ? 1 : 0;
      for (uint32_t i = 0; i < record.user_record_count; ++i) {
        const UserRecord user =
            (*batch)->At(record, record.first_user_record + i);
        run.rows.push_back(
            {Copy(user.partition_key), std::string(AsText(user.data)),
             user.sub_sequence_number, Copy(metadata.sequence_number),
             Copy(metadata.shard_id), metadata.arrival_time});
      }
    }
  }
  run.summary = reader->report().summary;
  ExpectAccount(run.summary);
  EXPECT_EQ(run.summary.user_records, run.rows.size());
  return run;
}

// The expected result: the records for which `passes` returns true, in order,
// and at most `limit` of them.
std::vector<Row> Expected(const std::string& archive,
                          const std::function<bool(const Row&)>& passes,
                          size_t limit = SIZE_MAX) {
  std::vector<Row> rows;
  for (const Row& row : Pull(archive, {}).rows) {
    if (rows.size() < limit && passes(row)) rows.push_back(row);
  }
  return rows;
}

// Compares pulled and pushed runs, for all windows and workers, with
// `expected`.
void ExpectRows(const std::string& archive, const Filter& filter,
                const std::vector<Row>& expected) {
  std::string lines;
  for (const Row& row : expected) lines += row.data + "\n";
  const ScratchDir dir;
  WriteFile(dir.File("archive"), archive);
  std::set<std::tuple<size_t, std::string, std::string>> seen;
  for (const unsigned jobs : {1U, 2U, 4U}) {
    for (const size_t window : {size_t{300}, size_t{5000}, size_t{1} << 20}) {
      Options options;
      options.jobs = jobs;
      options.window_bytes = window;
      options.content_checksum = true;
      options.content_digest = true;
      options.filter = filter;
      const Pulled run = Pull(archive, options);
      EXPECT_EQ(run.rows, expected) << jobs << " jobs, window " << window;
      const auto sink = OpenSink(dir.File("out"), OutputFormat::kLines).value();
      const auto quarantine =
          OpenQuarantine(dir.File("suspects"), InputList({dir.File("archive")}))
              .value();
      const Result<Report> report = Deaggregate({dir.File("archive")}, options,
                                                sink.get(), quarantine.get());
      ASSERT_TRUE(report) << report.error().ToString();
      EXPECT_EQ(ReadFile(dir.File("out")), lines);
      ExpectAccount(report->summary);
      EXPECT_EQ(report->summary.user_records, expected.size());
      EXPECT_EQ(report->summary.suspects(), run.suspects);
      EXPECT_EQ(report->summary.content_checksum, run.summary.content_checksum);
      EXPECT_EQ(report->summary.content_digest, run.summary.content_digest);
      EXPECT_EQ(report->summary.limited, run.summary.limited);
      EXPECT_EQ(report->summary.limited,
                filter.limit && *filter.limit <= expected.size());
      seen.insert({run.suspects,
                   report->summary.content_checksum->ToHex() +
                       report->summary.content_digest->ToHex(),
                   Exists(dir.File("suspects")) ? ReadFile(dir.File("suspects"))
                                                : std::string()});
    }
  }
  EXPECT_EQ(seen.size(), 1U) << "the window or the jobs matter";
}

class FilterRunTest : public testing::Test {
 protected:
  const std::string archive_ = Events(400);
};

TEST_F(FilterRunTest, Keys) {
  Filter filter;
  filter.partition_keys = {"key-2"};
  filter.partition_key_globs = {"o*"};
  ExpectRows(archive_, filter, Expected(archive_, [](const Row& row) {
               return row.partition_key == "key-2" ||
                      row.partition_key == "outer";
             }));
}

TEST_F(FilterRunTest, ShardAndTime) {
  Filter filter;
  filter.shards = {"1"};
  filter.since = 1'050'000'000;
  filter.until = 1'300'000'000;
  const std::vector<Row> expected = Expected(archive_, [](const Row& row) {
    return row.shard == "shardId-000000000001" && row.time &&
           *row.time >= 1'050'000'000 && *row.time < 1'300'000'000;
  });
  ASSERT_FALSE(expected.empty());
  ExpectRows(archive_, filter, expected);
  Options options;
  options.filter = filter;
  const Summary summary = Pull(archive_, options).summary;
  EXPECT_EQ(summary.kinesis_records, 400U);
  EXPECT_EQ(summary.filtered_records, 0U);
  // Of the 134 in the shard, every 17th has no time.
  EXPECT_EQ(summary.skipped_records + summary.aggregated +
                summary.not_aggregated + summary.digest_mismatch,
            400U);
  EXPECT_GT(summary.skipped_without_metadata, 0U);
  EXPECT_LT(summary.skipped_without_metadata, 20U);
}

TEST_F(FilterRunTest, SkippedRecordsAreNotVerified) {
  Options options;
  options.filter.shards = {"no such shard"};
  const Pulled run = Pull(archive_, options);
  EXPECT_EQ(run.summary.digest_mismatch, 0U);
  EXPECT_EQ(run.summary.skipped_records, 400U);
  EXPECT_EQ(run.summary.skipped_without_metadata, 0U);
  EXPECT_EQ(run.suspects, run.summary.opaque_spans);
  EXPECT_GT(run.suspects, 0U);
}

TEST_F(FilterRunTest, BlobsHaveNoMetadataToMatch) {
  std::string blobs;
  for (size_t i = 0; i < 50; ++i) blobs += Blob(i, 3);
  blobs.insert(blobs.size() / 2, "damage");
  Options options;
  options.filter.since = 0;
  for (const size_t window : {size_t{100}, size_t{1} << 20}) {
    options.window_bytes = window;
    const Pulled run = Pull(blobs, options);
    EXPECT_TRUE(run.rows.empty());
    EXPECT_EQ(run.summary.skipped_without_metadata, 49U);
    EXPECT_EQ(run.summary.opaque_spans, 1U);
  }
}

TEST_F(FilterRunTest, DedupeBySequence) {
  std::set<std::tuple<std::string, std::string, uint32_t,
                      std::optional<std::string>, std::string>>
      known;
  const auto is_first = [&known](const Row& row) {
    return !row.sequence_number ||
           known
               .insert({*row.shard, *row.sequence_number,
                        row.sub_sequence_number, row.partition_key, row.data})
               .second;
  };
  Filter filter;
  filter.dedupe = Dedupe::kSequence;
  const std::vector<Row> expected = Expected(archive_, is_first);
  ExpectRows(archive_, filter, expected);
  Options options;
  options.filter = filter;
  const Pulled run = Pull(archive_, options);
  EXPECT_EQ(run.summary.filtered_records,
            Pull(archive_, {}).rows.size() - expected.size());
  EXPECT_EQ(
      run.summary.without_sequence_number,
      static_cast<uint64_t>(std::ranges::count(
          expected, std::optional<std::string>(), &Row::sequence_number)));
  EXPECT_GT(run.summary.without_sequence_number, 0U);
}

TEST_F(FilterRunTest, DedupeByContent) {
  std::set<std::pair<std::optional<std::string>, std::string>> known;
  Filter filter;
  filter.dedupe = Dedupe::kContent;
  ExpectRows(archive_, filter, Expected(archive_, [&known](const Row& row) {
               return known.insert({row.partition_key, row.data}).second;
             }));
}

TEST_F(FilterRunTest, AllTogether) {
  std::set<std::pair<std::optional<std::string>, std::string>> known;
  Filter filter;
  filter.partition_key_regexes = {"key-[1-4]"};
  filter.shards = {"0", "2"};
  filter.dedupe = Dedupe::kContent;
  filter.limit = 20;
  const auto passes = [&known](const Row& row) {
    return row.shard != "shardId-000000000001" && row.partition_key &&
           *row.partition_key >= "key-1" && *row.partition_key <= "key-4" &&
           known.insert({row.partition_key, row.data}).second;
  };
  ExpectRows(archive_, filter, Expected(archive_, passes, 20));
}

TEST_F(FilterRunTest, LimitAnywhere) {
  const size_t all = Pull(archive_, {}).rows.size();
  for (const size_t limit : {size_t{0}, size_t{1}, size_t{2}, size_t{3},
                             size_t{17}, all - 1, all, all + 1}) {
    Filter filter;
    filter.limit = limit;
    ExpectRows(archive_, filter,
               Expected(archive_, [](const Row&) { return true; }, limit));
  }
}

TEST_F(FilterRunTest, LimitEndsBeforeLaterDamage) {
  const ScratchDir dir;
  WriteFile(dir.File("good"), Blob(0, 10));
  WriteFile(dir.File("bad"), "this is no archive of anything");
  Options options;
  options.on_suspect = SuspectPolicy::kFail;
  const auto errors = [&](uint64_t limit) {
    options.filter.limit = limit;
    const auto sink = OpenSink("-", OutputFormat::kNull).value();
    return Deaggregate({dir.File("good"), dir.File("bad")}, options, sink.get())
        ->input_errors.size();
  };
  EXPECT_EQ(errors(10), 0U);
  EXPECT_EQ(errors(11), 1U);
}

// An input's error comes after all of its records.
TEST_F(FilterRunTest, LimitEndsBeforeTheErrorOfItsInput) {
  const ScratchDir dir;
  WriteFile(dir.File("cut"), "\1a\1b\5c");
  WriteFile(dir.File("good"), "\1d");
  Options options;
  options.container = ContainerKind::kVarint;
  options.on_suspect = SuspectPolicy::kSkip;
  const auto errors = [&](std::vector<std::string> inputs, uint64_t limit) {
    options.filter.limit = limit;
    const auto sink = OpenSink("-", OutputFormat::kNull).value();
    const Report report =
        Deaggregate(std::move(inputs), options, sink.get()).value();
    EXPECT_EQ(report.summary.user_records, std::min<uint64_t>(limit, 3));
    return report.input_errors.size();
  };
  const std::string cut = dir.File("cut");
  const std::string good = dir.File("good");
  EXPECT_EQ(errors({cut, good}, 1), 0U);
  EXPECT_EQ(errors({cut, good}, 2), 0U);
  EXPECT_EQ(errors({cut, good}, 3), 1U);
  EXPECT_EQ(errors({good, cut}, 3), 0U);
  EXPECT_EQ(errors({good, cut}, 4), 1U);
}

TEST_F(FilterRunTest, LimitWithPassedSuspects) {
  std::string blobs = Blob(0, 2) + "opaque" + Blob(1, 2) + "more" + Blob(2, 2);
  for (const size_t window : {size_t{1}, size_t{30}, size_t{1} << 20}) {
    for (uint64_t limit = 0; limit < 10; ++limit) {
      Options options;
      options.on_suspect = SuspectPolicy::kPass;
      options.window_bytes = window;
      options.filter.limit = limit;
      const Pulled run = Pull(blobs, options);
      EXPECT_EQ(run.rows.size(), std::min<uint64_t>(limit, 8));
      const auto sink = OpenSink("-", OutputFormat::kNull).value();
      const ScratchDir dir;
      WriteFile(dir.File("archive"), blobs);
      const Result<Report> report =
          Deaggregate({dir.File("archive")}, options, sink.get());
      ASSERT_TRUE(report);
      ExpectAccount(report->summary);
      EXPECT_EQ(report->summary.user_records, run.rows.size());
    }
  }
}

TEST_F(FilterRunTest, DedupeRefusesToOutgrowItsMemory) {
  std::string blobs;
  BlobMaker maker;
  for (size_t i = 0; i < 60'000; ++i) {
    maker.Add({"key", AsBytes(std::to_string(i))});
    if (i % 1000 == 999) blobs += maker.Take();
  }
  Options options;
  options.filter.dedupe = Dedupe::kContent;
  options.filter.dedupe_memory = kMinDedupeMemory;
  Result<BatchReader> reader = BatchReader::OpenBytes(AsBytes(blobs), options);
  ASSERT_TRUE(reader);
  Result<std::shared_ptr<const Batch>> batch = reader->Next();
  while (batch && *batch != nullptr) batch = reader->Next();
  ASSERT_FALSE(batch);
  EXPECT_EQ(batch.error().code, ErrorCode::kMemory);
  EXPECT_EQ(batch.error().detail, ErrorDetail::kDedupeMemory);
  options.filter.dedupe_memory *= 4;
  EXPECT_EQ(Pull(blobs, options).rows.size(), 60'000U);
}

}  // namespace
}  // namespace thresh
