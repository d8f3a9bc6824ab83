// A file that is truncated while it is mapped: the remaining records are
// returned, once, and the error gives the position where reading stopped.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "blob_maker.h"
#include "sink/scratch_dir.h"
#include "thresh/batch_reader.h"
#include "thresh/deaggregate.h"
#include "thresh/options.h"

namespace thresh {
namespace {

constexpr size_t kBlobs = 400;
constexpr size_t kWindow = 100000;

std::string BlobArchive() {
  const std::string data(4000, 'x');
  BlobMaker maker;
  std::string bytes;
  for (size_t i = 0; i < kBlobs; ++i) {
    maker.Add({"key", AsBytes(data)});
    bytes += maker.Take();
  }
  return bytes;
}

// Truncates the file when the first window is written.
class FileCuttingSink : public TypedSink<TextChunk> {
 public:
  FileCuttingSink(std::string path, size_t cut)
      : path_(std::move(path)), cut_(cut) {}
  void EncodeTo(const Batch& batch, TextChunk* chunk) const override {
    if (!batch.kinesis_records.empty()) chunk->mutable_text()->Append(0);
  }
  Result<void> WriteFrom(TextChunk* /*chunk*/) override {
    std::filesystem::resize_file(path_, cut_);
    return {};
  }
  Result<void> Finish() override { return {}; }
  Result<std::string> FinishIncomplete() override { return "incomplete"; }

 private:
  std::string path_;
  size_t cut_;
};

// The output must not be taken for the records of the whole file.
TEST(TruncationResultTest, IsFinishedAsIncomplete) {
  for (const bool use_mmap : {true, false}) {
    for (const bool keep_going : {false, true}) {
      const ScratchDir directory;
      const std::string path = directory.File("archive");
      const std::string archive = BlobArchive();
      WriteFile(path, archive);
      Options options;
      options.use_mmap = use_mmap;
      options.window_bytes = kWindow;
      options.on_suspect = SuspectPolicy::kSkip;
      options.keep_going = keep_going;
      FileCuttingSink sink(path, archive.size() / 2);
      const Result<Report> report = Deaggregate({path}, options, &sink);
      ASSERT_TRUE(report.has_value());
      ASSERT_EQ(report->input_errors.size(), 1U);
      EXPECT_EQ(report->incomplete, !keep_going);
      EXPECT_EQ(report->incomplete_file, keep_going ? "" : "incomplete");
    }
  }
}

class TruncationTest
    : public testing::TestWithParam<std::tuple<unsigned, size_t>> {
 protected:
  TruncationTest() {
    WriteFile(path_, archive_);
    options_.jobs = std::get<0>(GetParam());
    options_.window_bytes = kWindow;
    options_.on_suspect = SuspectPolicy::kSkip;
  }

  // Windows that were processed before the truncation may extend past it.
  void ExpectStopped(const Report& report) const {
    ASSERT_EQ(report.input_errors.size(), 1U);
    const Error& error = report.input_errors[0];
    EXPECT_EQ(error.file, path_);
    EXPECT_EQ(error.code, ErrorCode::kIo);
    ASSERT_TRUE(error.offset.has_value());
    EXPECT_GE(*error.offset, cut_);
    const Summary& summary = report.summary;
    EXPECT_EQ(summary.bytes, archive_.size());
    EXPECT_EQ(summary.bytes, summary.record_bytes + summary.framing_bytes +
                                 summary.opaque_bytes + summary.unread_bytes);
    EXPECT_EQ(summary.unread_bytes, archive_.size() - *error.offset);
    const size_t blob_size = archive_.size() / kBlobs;
    EXPECT_EQ(summary.aggregated, *error.offset / blob_size);
    EXPECT_EQ(summary.user_records, summary.aggregated);
  }

  const std::string archive_ = BlobArchive();
  const size_t cut_ = std::get<1>(GetParam());
  ScratchDir dir_;
  const std::string path_ = dir_.File("archive.blobs");
  Options options_;
};

TEST_P(TruncationTest, BetweenBatches) {
  Result<BatchReader> reader = BatchReader::Open({path_}, options_);
  ASSERT_TRUE(reader.has_value());
  ASSERT_NE(reader->Next().value_or(nullptr), nullptr);
  std::filesystem::resize_file(path_, cut_);
  while (reader->Next().value_or(nullptr) != nullptr) {
  }
  ExpectStopped(reader->report());
}

TEST_P(TruncationTest, WhileWindowsAreInFlight) {
  FileCuttingSink sink(path_, cut_);
  const Result<Report> report = Deaggregate({path_}, options_, &sink);
  ASSERT_TRUE(report.has_value());
  ExpectStopped(*report);
}

INSTANTIATE_TEST_SUITE_P(JobsAndCuts, TruncationTest,
                         testing::Combine(testing::Values(1U, 2U, 4U),
                                          testing::Values(0, 10, 50000, 700001,
                                                          1500000)));

}  // namespace
}  // namespace thresh
