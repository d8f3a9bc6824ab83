// Aggregates within aggregates, against a naive recursion with protobuf's
// codec.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "oracle/reference.h"
#include "oracle/reference_aggregator.h"
#include "oracle/samples.h"
#include "thresh/batch_reader.h"

namespace thresh {
namespace {

using oracle::ReferenceRecord;
using testing::ElementsAre;

// A user record with its position in each of its aggregates.
struct NestedRecord {
  std::string path;
  std::string partition_key;
  std::string explicit_hash_key;
  std::string data;

  friend bool operator==(const NestedRecord&, const NestedRecord&) = default;
  friend void PrintTo(const NestedRecord& record, std::ostream* out) {
    *out << record.path << " " << record.data.size() << " bytes";
  }
};

ReferenceRecord NestedRecordOf(std::string data) {
  ReferenceRecord record;
  record.partition_key = "k";
  record.data = std::move(data);
  return record;
}

std::string MakeNestedBlob(const std::vector<std::string>& data) {
  std::vector<ReferenceRecord> records;
  for (const std::string& one : data) records.push_back(NestedRecordOf(one));
  return oracle::BlobOf(records);
}

// A blob of `least` to five records, of which some are blobs, valid or damaged.
std::string RandomNestedBlob(oracle::Random* random, int depth, size_t least) {
  std::vector<ReferenceRecord> records;
  const size_t count = least + random->Below(6 - least);
  for (size_t i = 0; i < count; ++i) {
    ReferenceRecord record = NestedRecordOf(random->Bytes(random->Below(60)));
    record.partition_key = "key-" + std::to_string(random->Below(4));
    if (random->Below(3) == 0) record.explicit_hash_key = "17";
    if (depth > 0 && random->Below(2) == 0) {
      record.data =
          random->Below(4) == 0
              ? oracle::SampleBlob(static_cast<oracle::SampleKind>(
                                       random->Below(oracle::kSampleKinds)),
                                   random)
              : RandomNestedBlob(random, depth - 1, 0);
      if (random->Below(5) == 0) record.data.back() ^= 1;
    }
    records.push_back(std::move(record));
  }
  return oracle::BlobOf(records);
}

class NaiveNested {
 public:
  explicit NaiveNested(bool take_apart) : take_apart_(take_apart) {}

  void Add(const std::string& blob, const std::string& path, size_t depth) {
    for (const ReferenceRecord& record : oracle::Judge(blob).user_records) {
      const std::string position =
          path + std::to_string(record.sub_sequence_number);
      const oracle::ReferenceRow inner = oracle::Judge(record.data);
      if (inner.verdict == oracle::ReferenceVerdict::kAggregated) {
        ++nested;
        if (take_apart_ && depth < kMaxNesting) {
          Add(record.data, position + ".", depth + 1);
          continue;
        }
        ++left_whole;
      }
      records.push_back({position, record.partition_key.value_or("null"),
                         record.explicit_hash_key.value_or("null"),
                         record.data});
    }
  }

  std::vector<NestedRecord> records;
  uint64_t nested = 0;
  uint64_t left_whole = 0;

 private:
  bool take_apart_;
};

struct NestedRun {
  std::vector<NestedRecord> records;
  Summary summary;
};

NestedRun ReadNested(const std::string& archive, const Options& options) {
  NestedRun run;
  Result<BatchReader> reader =
      BatchReader::OpenBytes(AsBytes(archive), options);
  EXPECT_TRUE(reader);
  for (;;) {
    const Result<std::shared_ptr<const Batch>> batch = reader->Next();
    EXPECT_TRUE(batch);
    if (!batch || *batch == nullptr) break;
    ForEachUserRecord(**batch, [&](const KinesisRecord&, const UserRecord& u) {
      std::string path;
      for (const uint32_t number : u.nested_path.outer()) {
        path += std::to_string(number) + ".";
      }
      const auto text = [](const std::optional<Bytes>& key) {
        return key ? std::string(AsText(*key)) : "null";
      };
      run.records.push_back({path + std::to_string(u.sub_sequence_number),
                             text(u.partition_key), text(u.explicit_hash_key),
                             std::string(AsText(u.data))});
    });
  }
  run.summary = reader->report().summary;
  EXPECT_EQ(run.summary.user_records, run.records.size());
  EXPECT_EQ(run.summary.bytes,
            run.summary.record_bytes + run.summary.framing_bytes +
                run.summary.opaque_bytes + run.summary.unread_bytes);
  return run;
}

std::vector<std::string> PathsOf(const NestedRun& run) {
  std::vector<std::string> paths;
  for (const NestedRecord& record : run.records) paths.push_back(record.path);
  return paths;
}

Options NestedOptions() {
  Options options;
  options.container = ContainerKind::kBlobs;
  options.nested = true;
  return options;
}

TEST(Nested, RandomOnesAreTakenApartAsANaiveReaderDoes) {
  oracle::Random random(4711);
  uint64_t nested = 0;
  uint64_t left_whole = 0;
  for (int round = 0; round < 80; ++round) {
    SCOPED_TRACE(round);
    std::vector<std::string> blobs;
    for (size_t i = 0; i < 5; ++i)
      blobs.push_back(RandomNestedBlob(&random, 6, 1));
    for (const bool take_apart : {false, true}) {
      NaiveNested naive(take_apart);
      for (const std::string& blob : blobs) naive.Add(blob, "", 0);
      for (const size_t window : {size_t{300}, size_t{1} << 20}) {
        Options options = NestedOptions();
        options.nested = take_apart;
        options.window_bytes = window;
        options.jobs = 2;
        const NestedRun run = ReadNested(oracle::Join(blobs), options);
        ASSERT_EQ(run.records, naive.records);
        EXPECT_EQ(run.summary.nested_aggregates, naive.nested);
        EXPECT_EQ(run.summary.nested_left_whole, naive.left_whole);
      }
      nested += naive.nested;
      if (take_apart) left_whole += naive.left_whole;
    }
  }
  EXPECT_GT(nested, 500U);
  EXPECT_GT(left_whole, 10U) << "none was nested too deep";
}

TEST(Nested, FiltersAndLimitSeeWhatIsWithin) {
  const std::string archive =
      MakeNestedBlob(
          {"a", MakeNestedBlob({"b", MakeNestedBlob({"c", "d"}), "e"}), "f"}) +
      MakeNestedBlob({"g", "h"});
  EXPECT_THAT(PathsOf(ReadNested(archive, NestedOptions())),
              ElementsAre("0", "1.0", "1.1.0", "1.1.1", "1.2", "2", "0", "1"));
  Options options = NestedOptions();
  options.filter.limit = 4;
  EXPECT_THAT(PathsOf(ReadNested(archive, options)),
              ElementsAre("0", "1.0", "1.1.0", "1.1.1"));
  options = NestedOptions();
  options.filter.dedupe = Dedupe::kContent;
  EXPECT_THAT(PathsOf(ReadNested(archive + archive, options)),
              ElementsAre("0", "1.0", "1.1.0", "1.1.1", "1.2", "2", "0", "1"));
  options.filter.dedupe = Dedupe::kNone;
  options.filter.partition_keys = {"k"};
  EXPECT_EQ(ReadNested(archive, options).records,
            ReadNested(archive, NestedOptions()).records);
}

TEST(Nested, RecordsBehindOneKeepTheirNumbers) {
  // Empty data at the end of a message, followed only by the digest.
  const std::string archive = MakeNestedBlob({"a", "b"}) +
                              MakeNestedBlob({MakeNestedBlob({""}), ""}) +
                              MakeNestedBlob({"c", ""});
  EXPECT_THAT(PathsOf(ReadNested(archive, NestedOptions())),
              ElementsAre("0", "1", "0.0", "1", "0", "1"));
}

TEST(Nested, EmptyAndDamagedOnesComeOutAsTheyAre) {
  std::string damaged = MakeNestedBlob({"x"});
  damaged.back() ^= 1;
  const std::string empty = oracle::BlobOf({});
  const NestedRun run = ReadNested(
      MakeNestedBlob({damaged, empty, "\xF3\x89\x9A\xC2"}), NestedOptions());
  EXPECT_THAT(PathsOf(run), ElementsAre("0", "1", "2"));
  EXPECT_EQ(run.records[0].data, damaged);
  EXPECT_EQ(run.summary.nested_aggregates, 0U);
}

}  // namespace
}  // namespace thresh
