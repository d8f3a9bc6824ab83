// A file that is written to while it is read: as blobs, as JSON and as gzip,
// mapped and by read(2). Whatever happens to it, the output is the original
// records, in order and once; and the run ends with an error that names the
// file, or with counts that match what was read.
#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include "blob_maker.h"
#include "input/testing.h"
#include "oracle/compress.h"
#include "oracle/reference_archive.h"
#include "oracle/samples.h"
#include "sanitized.h"
#include "thresh/deaggregate.h"

namespace thresh {
namespace {

using input_testing::RandomText;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr size_t kDataSize = 70'000;
constexpr size_t kChangingWindow = 200'000;

// The data of the record whose partition key is `index`.
std::string_view RecordData(size_t index) {
  static const std::string text = RandomText(1, 2 * kDataSize);
  return std::string_view(text).substr(index * 97 % kDataSize, kDataSize);
}

std::string BlobOfRecord(size_t index) {
  BlobMaker maker;
  const std::string key = std::to_string(index);
  maker.Add({.partition_key = key, .data = AsBytes(RecordData(index))});
  return maker.Take();
}

std::string JsonLine(size_t index) {
  return R"({"SequenceNumber":"1","Data":")" +
         oracle::EncodeBase64(BlobOfRecord(index)) + "\"}\n";
}

std::string Repeat(size_t count, std::string (*write)(size_t)) {
  std::string all;
  for (size_t i = 0; i < count; ++i) all += write(i);
  return all;
}

struct Format {
  const char* name;
  size_t records;
  std::string (*write)(size_t records);
};

void PrintTo(const Format& format, std::ostream* out) { *out << format.name; }

// Gzip of this size is not read completely before it is decoded. Stored blocks,
// so that half of the file is half of the records.
constexpr Format kFormats[] = {
    {"blobs", 60, [](size_t records) { return Repeat(records, BlobOfRecord); }},
    {"json", 60, [](size_t records) { return Repeat(records, JsonLine); }},
    {"gzip", 600, [](size_t records) {
       return oracle::Gzip(Repeat(records, BlobOfRecord), /*level=*/0);
     }}};

// Notes which records are written, and calls `change` before the first one.
class ChangingSink : public TypedSink<TextChunk> {
 public:
  explicit ChangingSink(std::function<void()> change)
      : change_(std::move(change)) {}

  void EncodeTo(const Batch& batch, TextChunk* chunk) const override {
    OutputBuffer* const out = chunk->mutable_text();
    for (const KinesisRecord& from : batch.kinesis_records) {
      for (uint32_t i = 0; i < from.user_record_count; ++i) {
        const UserRecord record = batch.At(from, from.first_user_record + i);
        const std::string key(AsText(record.partition_key.value()));
        EXPECT_TRUE(AsText(record.data) == RecordData(std::stoul(key))) << key;
        for (const char c : key + "\n") out->Append(static_cast<uint8_t>(c));
      }
    }
  }
  Result<void> WriteFrom(TextChunk* chunk) override {
    if (change_) std::exchange(change_, nullptr)();
    chunk->text().ForEachPiece([this](Bytes piece) { keys_ += AsText(piece); });
    return {};
  }
  Result<void> Finish() override { return {}; }

  [[nodiscard]] std::vector<size_t> keys() const {
    std::vector<size_t> keys;
    std::istringstream lines(keys_);
    for (std::string key; std::getline(lines, key);) {
      keys.push_back(std::stoul(key));
    }
    return keys;
  }

 private:
  std::function<void()> change_;
  std::string keys_;
};

std::vector<size_t> Upto(size_t count) {
  std::vector<size_t> keys(count);
  for (size_t i = 0; i < count; ++i) keys[i] = i;
  return keys;
}

// Reads every byte of the records, and keeps none.
class ReadingSink : public TypedSink<TextChunk> {
 public:
  void EncodeTo(const Batch& batch, TextChunk* chunk) const override {
    uint8_t sum = 0;
    for (const KinesisRecord& from : batch.kinesis_records) {
      for (uint32_t i = 0; i < from.user_record_count; ++i) {
        const UserRecord record = batch.At(from, from.first_user_record + i);
        for (const uint8_t byte : record.data) sum ^= byte;
        for (const uint8_t byte : record.partition_key.value_or(Bytes())) {
          sum ^= byte;
        }
      }
    }
    chunk->mutable_text()->Append(sum);
  }
  Result<void> WriteFrom(TextChunk* /*chunk*/) override { return {}; }
  Result<void> Finish() override { return {}; }
};

class ChangingFileTest
    : public ::testing::TestWithParam<std::tuple<Format, bool, unsigned>> {
 protected:
  static const Format& format() { return std::get<0>(GetParam()); }
  static bool is_gzip() { return std::string_view(format().name) == "gzip"; }

  // Runs with `change` during the run, and checks what always holds.
  Report Run(const std::function<void()>& change) {
    Options options;
    options.use_mmap = std::get<1>(GetParam());
    options.jobs = std::get<2>(GetParam());
    options.window_bytes = kChangingWindow;
    options.on_suspect = SuspectPolicy::kSkip;
    // A change in the same tick of the clock would not be detected.
    std::filesystem::last_write_time(
        path_,
        std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
    ChangingSink sink(change);
    Result<Report> report = Deaggregate({path_}, options, &sink);
    EXPECT_TRUE(report.has_value());
    if (!report) return {};
    keys_ = sink.keys();
    const Summary& summary = report->summary;
    EXPECT_EQ(summary.bytes, summary.record_bytes + summary.framing_bytes +
                                 summary.opaque_bytes + summary.unread_bytes);
    EXPECT_EQ(summary.user_records, keys_.size());
    EXPECT_EQ(std::ranges::adjacent_find(keys_, std::greater_equal()),
              keys_.end());
    for (const Error& error : report->input_errors) {
      EXPECT_EQ(error.file, path_);
    }
    return *std::move(report);
  }

  const std::string archive_ = format().write(format().records);
  input_testing::TempDir dir_;
  const std::string path_ = dir_.Write("archive", archive_);
  std::vector<size_t> keys_;  // of the user records that were written
};

TEST_P(ChangingFileTest, Truncated) {
  const size_t left = archive_.size() / 4 * 3 + 5;
  const Report report = Run([&] { std::filesystem::resize_file(path_, left); });
  ASSERT_THAT(report.input_errors, SizeIs(1));
  EXPECT_EQ(report.input_errors[0].code, ErrorCode::kIo);
  const size_t whole = format().records / 4 * 3;
  EXPECT_EQ(keys_, Upto(whole));
}

TEST_P(ChangingFileTest, Grown) {
  const Report report = Run([&] {
    std::ofstream(path_, std::ios::app | std::ios::binary) << archive_;
  });
  EXPECT_THAT(report.input_errors, IsEmpty());
  EXPECT_EQ(keys_, Upto(format().records));
  EXPECT_EQ(report.summary.stored_bytes, archive_.size());
}

TEST_P(ChangingFileTest, OverwrittenInTheMiddle) {
  const size_t middle = format().records / 2;
  const Report report = Run([&] {
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    const size_t record = archive_.size() / format().records;
    file.seekp(static_cast<std::streamoff>(middle * record + record / 2));
    file << std::string(1000, '#');
  });
  std::vector<size_t> expected = Upto(format().records);
  expected.erase(expected.begin() + static_cast<ptrdiff_t>(middle));
  EXPECT_EQ(keys_, expected);
  EXPECT_EQ(report.summary.suspects(), 1U);
  EXPECT_TRUE(report.incomplete);
  ASSERT_THAT(report.input_errors, SizeIs(is_gzip() ? 2 : 1));
  EXPECT_EQ(report.input_errors.back().code, ErrorCode::kIo);
  EXPECT_THAT(report.input_errors.back().message, HasSubstr("was written to"));
  if (!is_gzip()) {
    EXPECT_EQ(report.summary.bytes, archive_.size());
    return;
  }
  EXPECT_EQ(report.input_errors[0].code, ErrorCode::kContainer);
  EXPECT_THAT(report.input_errors[0].message,
              HasSubstr("gzip data is damaged"));
}

INSTANTIATE_TEST_SUITE_P(FormatsMappingAndJobs, ChangingFileTest,
                         ::testing::Combine(::testing::ValuesIn(kFormats),
                                            ::testing::Bool(),
                                            ::testing::Values(1U, 3U)));

// The file is written to continuously, so also between checking a blob's digest
// and reading its fields. The records of a mapped file are undefined then; but
// all of its bytes are accounted for, and nothing crashes.
TEST(BusyFileTest, IsSurvived) {
  const input_testing::TempDir dir;
  std::string blobs;
  while (blobs.size() < 1'500'000) {
    blobs += oracle::Join(oracle::SampleBlobs(200, blobs.size()));
  }
  const std::string path = dir.Write("archive", blobs);
  std::atomic<bool> done = false;
  std::thread writer([&] {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    oracle::Random random(1);
    while (!done) {
      const size_t size = 1 + random.Below(5000);
      file.seekp(
          static_cast<std::streamoff>(random.Below(blobs.size() - size)));
      file << blobs.substr(random.Below(blobs.size() - size), size)
           << std::flush;
    }
  });
  for (size_t i = 0; i < RoundsOf(12); ++i) {
    Options options;
    options.jobs = 1 + static_cast<unsigned>(i % 2);
    options.use_mmap = i % 3 != 0;
    options.container = ContainerKind::kBlobs;
    options.content_checksum = true;
    options.on_suspect = SuspectPolicy::kSkip;
    ReadingSink sink;
    const Result<Report> report = Deaggregate({path}, options, &sink);
    ASSERT_TRUE(report.has_value());
    // It may be read between two ticks of the clock for file times.
    EXPECT_LE(report->input_errors.size(), 1U);
    EXPECT_EQ(report->incomplete, !report->input_errors.empty());
    EXPECT_EQ(report->summary.bytes, blobs.size());
    // A line end after a damaged blob is framing.
    EXPECT_EQ(report->summary.bytes, report->summary.record_bytes +
                                         report->summary.framing_bytes +
                                         report->summary.opaque_bytes);
  }
  done = true;
  writer.join();
}

}  // namespace
}  // namespace thresh
