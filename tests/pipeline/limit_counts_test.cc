// The counts of a run with a limit: everything up to the end of the Kinesis
// record that reaches it, which equals the counts of a whole run on an archive
// that ends there, regardless of windows, workers and the way of reading.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "base/base64.h"
#include "blob_maker.h"
#include "oracle/compress.h"
#include "sink/scratch_dir.h"
#include "thresh/batch_reader.h"
#include "thresh/sinks.h"

namespace thresh {
namespace {

std::string CountedBlob(size_t first, size_t count, const std::string& inner) {
  BlobMaker maker;
  for (size_t i = first; i < first + count; ++i) {
    maker.Add({"key-" + std::to_string(i % 7),
               AsBytes("data-" + std::to_string(i % 61))});
  }
  if (!inner.empty()) maker.Add({"key", AsBytes(inner)});
  return maker.Take();
}

// The i-th record of an archive: some hold aggregates, some are damaged, some
// are base64 of an aggregate.
std::string CountedRecord(size_t i) {
  std::string data =
      CountedBlob(i, 1 + i % 3, i % 4 == 1 ? CountedBlob(i, 2, "") : "");
  if (i % 7 == 3) data = Base64Text(AsBytes(data));
  if (i % 13 == 7) data.back() = static_cast<char>(data.back() ^ 1);
  return data;
}

// One document per line: data without padding, unreadable times, reports
// without records, lines that are not JSON.
std::string CountedJson() {
  std::string text;
  for (size_t i = 0; i < 40; ++i) {
    std::string data = Base64Text(AsBytes(CountedRecord(i)));
    if (i % 2 == 1) {
      while (data.ends_with('=')) data.pop_back();
    }
    text +=
        R"({"Records":[{"kinesis":{"partitionKey":"outer","sequenceNumber":")" +
        std::to_string(i) + R"(","approximateArrivalTimestamp":)" +
        (i % 3 == 2 ? R"("2025-06-15 12:00")" : "1750000000") + R"(,"data":")" +
        data +
        R"("},"eventID":"shardId-000000000000:1"}]})"
        "\n";
    if (i % 5 == 4) {
      text += R"({"KinesisBatchInfo":{"shardId":"shardId-000000000000",)"
              R"("batchSize":)" +
              std::to_string(i) + "}}\n";
    }
    if (i % 11 == 6) text += "no record at all\n";
  }
  return text;
}

std::string CountedLines() {
  std::string text;
  for (size_t i = 0; i < 60; ++i) {
    text += (i % 3 == 1 ? " " : "") + Base64Text(AsBytes(CountedRecord(i))) +
            (i % 2 == 1 ? "\r\n" : "\n");
    if (i % 10 == 8) text += "no base64!\n";
  }
  return text;
}

std::string CountedBlobs() {
  std::string text;
  for (size_t i = 0; i < 60; ++i) {
    if (i % 7 != 3) text += CountedRecord(i);
    if (i % 5 == 2) text += "\r\n";
    if (i % 6 == 4) text += "opaque";
  }
  return text;
}

// Everything that a run counts.
std::string Counts(const Summary& s) {
  std::ostringstream text;
  for (const uint64_t count : {s.inputs,
                               s.stored_bytes,
                               s.bytes,
                               s.record_bytes,
                               s.framing_bytes,
                               s.opaque_bytes,
                               s.unread_bytes,
                               s.kinesis_records,
                               s.aggregated,
                               s.not_aggregated,
                               s.empty_aggregates,
                               s.digest_mismatch,
                               s.malformed,
                               s.key_index_out_of_range,
                               s.opaque_spans,
                               s.lenient_data,
                               s.unreadable_metadata,
                               s.suspicious_data,
                               s.skipped_records,
                               s.skipped_without_metadata,
                               s.skipped_unreadable_time,
                               s.filtered_records,
                               s.without_sequence_number,
                               s.sequence_conflicts,
                               s.reports_without_records,
                               s.nested_aggregates,
                               s.nested_left_whole,
                               s.explicit_hash_keys_without_table}) {
    text << count << ' ';
  }
  for (const uint64_t count : s.reasons) text << count << ' ';
  for (const MissingRange& range : s.missing_ranges) {
    text << range.offset << ':' << range.records << ' ';
  }
  return text.str();
}

struct CountedRun {
  Summary summary;
  size_t errors = 0;
  std::vector<uint64_t> ends;   // of Kinesis records
  std::vector<uint64_t> users;  // user records up to each of them
  std::vector<uint64_t> shown;  // Kinesis records and spans up to each of them
};

CountedRun PullCounts(const std::string& archive, const Options& options) {
  CountedRun run;
  Result<BatchReader> reader =
      BatchReader::OpenBytes(AsBytes(archive), options);
  uint64_t users = 0;
  uint64_t shown = 0;
  for (;;) {
    const Result<std::shared_ptr<const Batch>> batch = reader->Next();
    if (!batch || *batch == nullptr) break;
    for (const KinesisRecord& record : (*batch)->kinesis_records) {
      const bool held_back = record.user_record_count == 0 &&
                             (record.verdict == Verdict::kAggregated ||
                              record.verdict == Verdict::kNotAggregated);
      shown += held_back ? 0 : 1;
      if (record.user_record_count == 0) continue;
      run.shown.push_back(shown);
      run.ends.push_back(record.offset + record.length);
      run.users.push_back(users += record.user_record_count);
    }
  }
  run.summary = reader->report().summary;
  run.errors = reader->report().input_errors.size();
  return run;
}

CountedRun PushCounts(const std::vector<std::string>& files,
                      const Options& options) {
  const auto sink = OpenSink("-", OutputFormat::kNull).value();
  const Result<Report> report = Deaggregate(files, options, sink.get());
  EXPECT_TRUE(report) << report.error().ToString();
  return {report->summary, report->input_errors.size(), {}, {}, {}};
}

struct CountedCase {
  std::string name;
  std::string archive;
  ContainerKind container;
};

class LimitCountsTest : public testing::TestWithParam<CountedCase> {
 protected:
  // Compares every limit of `options` with a whole run of the archive that ends
  // with the record that reaches it.
  void ExpectAll(Options options) {
    options.container = GetParam().container;
    options.window_bytes = size_t{1} << 20;
    options.on_suspect = options.on_suspect == SuspectPolicy::kQuarantine
                             ? SuspectPolicy::kSkip
                             : options.on_suspect;
    const std::string& archive = GetParam().archive;
    const CountedRun whole = PullCounts(archive, options);
    const ScratchDir dir;
    WriteFile(dir.File("archive"), archive);
    ASSERT_GT(whole.ends.size(), 20U);
    for (size_t i = 0; i < whole.ends.size(); i += 7) {
      Options plain = options;
      CountedRun expected = PullCounts(archive.substr(0, whole.ends[i]), plain);
      for (const uint64_t limit :
           {i == 0 ? 1 : whole.users[i - 1] + 1, whole.users[i]}) {
        for (const unsigned jobs : {1U, 3U}) {
          // Tiny windows are slow if many threads wait for each other.
          for (const size_t window :
               {size_t{jobs == 1 ? 1U : 300U}, size_t{700}, size_t{1} << 20}) {
            Options limited = options;
            limited.filter.limit = limit;
            limited.jobs = jobs;
            limited.window_bytes = window;
            limited.use_mmap = jobs == 1;
            const CountedRun pulled = PullCounts(archive, limited);
            const CountedRun pushed =
                PushCounts({dir.File("archive"), dir.File("archive")}, limited);
            if (limit == whole.users[i]) {
              Options records = limited;
              records.filter.limit.reset();
              records.filter.kinesis_record_limit = whole.shown[i];
              const CountedRun by_record = PullCounts(archive, records);
              ASSERT_EQ(Counts(by_record.summary), Counts(expected.summary));
              ASSERT_EQ(by_record.summary.user_records, limit);
            }
            // In the second of two inputs.
            limited.filter.limit = whole.users.back() + limit;
            const CountedRun later =
                PushCounts({dir.File("archive"), dir.File("archive")}, limited);
            Summary both = whole.summary;
            both.Merge(expected.summary);
            ASSERT_EQ(Counts(later.summary), Counts(both))
                << "limit " << limit << ", window " << window << ", jobs "
                << jobs;
            for (const CountedRun& run : {pulled, pushed}) {
              ASSERT_EQ(Counts(run.summary), Counts(expected.summary))
                  << "limit " << limit << ", window " << window << ", jobs "
                  << jobs;
              ASSERT_EQ(run.summary.user_records, limit);
              ASSERT_TRUE(run.summary.limited);
              ASSERT_EQ(run.errors, 0U);
            }
          }
        }
      }
    }
  }
};

TEST_P(LimitCountsTest, AreThoseUpToTheRecordThatReachesIt) { ExpectAll({}); }

TEST_P(LimitCountsTest, WithNestedAggregatesTakenApart) {
  Options options;
  options.nested = true;
  ExpectAll(options);
}

TEST_P(LimitCountsTest, WithSuspectsPassed) {
  Options options;
  options.on_suspect = SuspectPolicy::kPass;
  ExpectAll(options);
}

TEST_P(LimitCountsTest, WithFilters) {
  Options options;
  options.filter.partition_key_globs = {"key-[0-4]"};
  if (GetParam().container == ContainerKind::kJson) {
    options.filter.since = 0;
    options.filter.partition_key_globs.emplace_back("outer");
  }
  ExpectAll(options);
}

INSTANTIATE_TEST_SUITE_P(
    All, LimitCountsTest,
    testing::Values(
        CountedCase{"json", CountedJson(), ContainerKind::kJson},
        CountedCase{"lines", CountedLines(), ContainerKind::kBase64Lines},
        CountedCase{"blobs", CountedBlobs(), ContainerKind::kBlobs}),
    [](const auto& test) { return test.param.name; });

// A record in the middle of a document ends the counts; framing after it, and a
// report in the same document, do not count.
TEST(LimitInADocumentTest, EndsWithTheRecord) {
  const std::string record = R"({"data":")" +
                             Base64Text(AsBytes(CountedBlob(0, 2, ""))) +
                             R"(","recordId":"1"})";
  const std::string archive =
      R"({"Messages":[{"Body":{"records":[)" + record + ", " + record +
      R"(]}},{"Body":{"KinesisBatchInfo":{"batchSize":3}}}]})";
  Options options;
  options.filter.limit = 1;
  const Summary first = PullCounts(archive, options).summary;
  EXPECT_EQ(first.bytes, archive.find(record) + record.size());
  EXPECT_EQ(first.kinesis_records, 1U);
  EXPECT_THAT(first.missing_ranges, testing::IsEmpty());
  options.filter.limit = 5;
  EXPECT_EQ(PullCounts(archive, options).summary.missing_ranges.size(), 1U);
}

// For a compressed input only what was read of it is known: everything else is
// the same as without compression.
TEST(LimitInACompressedFileTest, CountsItsContent) {
  const ScratchDir dir;
  const std::string archive = CountedJson();
  WriteFile(dir.File("plain"), archive);
  WriteFile(dir.File("gz"), oracle::Gzip(archive));
  for (const uint64_t limit : {uint64_t{3}, uint64_t{30}}) {
    for (const size_t window : {size_t{100}, size_t{1} << 20}) {
      Options options;
      options.on_suspect = SuspectPolicy::kSkip;
      options.window_bytes = window;
      options.filter.limit = limit;
      Summary plain = PushCounts({dir.File("plain")}, options).summary;
      Summary gz = PushCounts({dir.File("gz")}, options).summary;
      EXPECT_GT(gz.stored_bytes, 0U);
      gz.stored_bytes = plain.stored_bytes;
      EXPECT_EQ(Counts(gz), Counts(plain));
    }
  }
}

// Windows are large because of the records at the start, and are divided
// because of those after them.
TEST(LimitInACompressedFileTest, CountsTheBytesOfADividedWindow) {
  const ScratchDir dir;
  const std::string file = dir.File("records.gz");
  const std::string size("\0\0\x10\0", 4);
  std::string records;
  for (int i = 0; i < 4; ++i) records += size + std::string(1 << 20, 'x');
  const std::string stored =
      oracle::Gzip(records + std::string(8'000'000, '\0'));
  WriteFile(file, stored);
  Options options;
  options.container = ContainerKind::kU32Le;
  options.on_suspect = SuspectPolicy::kSkip;
  options.filter.limit = 10;
  const Summary summary = PushCounts({file}, options).summary;
  EXPECT_GT(summary.stored_bytes, stored.size() / 2);
  EXPECT_LE(summary.stored_bytes, stored.size());
}

}  // namespace
}  // namespace thresh
