// Batches that are pulled: who owns them, and how reading ends.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/task_group.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <future>
#include <memory>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "blob_maker.h"
#include "input/testing.h"
#include "thresh/batch_reader.h"
#include "thresh/deaggregate.h"
#include "thresh/sinks.h"

namespace thresh {
namespace {

using input_testing::TempDir;

// Each test with one job, and with several.
class BatchReaderTest : public testing::TestWithParam<unsigned> {
 protected:
  static constexpr size_t kBlobs = 2000;

  BatchReaderTest() {
    options_.jobs = GetParam();
    options_.window_bytes = size_t{4} << 10;
    BlobMaker maker;
    for (size_t i = 0; i < kBlobs; ++i) {
      data_.push_back(std::to_string(i) + std::string(i % 50, 'x'));
      maker.Add({"k", AsBytes(data_.back())});
      archive_ += maker.Take();
    }
  }

  static void Append(const Batch& batch, std::vector<std::string>* data) {
    ForEachUserRecord(batch,
                      [data](const KinesisRecord&, const UserRecord& user) {
                        data->emplace_back(AsText(user.data));
                      });
  }

  Options options_;
  std::string archive_;
  std::vector<std::string> data_;  // of the user records
};

TEST_P(BatchReaderTest, BatchesAreThereAsLongAsTheyAreShared) {
  const TempDir dir;
  const std::string path = dir.Write("archive", archive_);
  std::vector<std::shared_ptr<const Batch>> batches;
  {
    BatchReader reader = BatchReader::Open({path}, options_).value();
    while (std::shared_ptr<const Batch> batch = reader.Next().value()) {
      batches.push_back(std::move(batch));
    }
  }
  EXPECT_GT(batches.size(), 10U);
  std::vector<std::string> found;
  for (const auto& batch : batches) Append(*batch, &found);
  EXPECT_EQ(found, data_);
}

TEST_P(BatchReaderTest, AfterTheEndThereIsNoneAgainAndAgain) {
  BatchReader reader =
      BatchReader::OpenBytes(AsBytes(archive_), options_).value();
  std::vector<std::string> found;
  while (const auto batch = reader.Next().value()) Append(*batch, &found);
  EXPECT_EQ(found, data_);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(reader.Next().value(), nullptr);
  EXPECT_EQ(reader.report().summary.user_records, kBlobs);
}

TEST_P(BatchReaderTest, WhatWasNotPulledIsNotCounted) {
  BatchReader reader =
      BatchReader::OpenBytes(AsBytes(archive_), options_).value();
  std::vector<std::string> found;
  for (int i = 0; i < 5; ++i) Append(*reader.Next().value(), &found);
  EXPECT_EQ(reader.report().summary.user_records, found.size());
  EXPECT_LT(found.size(), kBlobs);
}

TEST_P(BatchReaderTest, ASuspectComesAfterTheBatchesBeforeIt) {
  options_.on_suspect = SuspectPolicy::kFail;
  const std::string archive = archive_ + "damage" + archive_;
  BatchReader reader =
      BatchReader::OpenBytes(AsBytes(archive), options_).value();
  std::vector<std::string> found;
  Result<std::shared_ptr<const Batch>> batch = reader.Next();
  for (; batch && *batch != nullptr; batch = reader.Next()) {
    Append(**batch, &found);
  }
  ASSERT_FALSE(batch);
  EXPECT_EQ(batch.error().code, ErrorCode::kSuspect);
  EXPECT_EQ(batch.error().offset, archive_.size());
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(reader.Next().error().code, ErrorCode::kSuspect);
  }
  // The last of them may be in the window of the suspect.
  EXPECT_GT(found.size(), kBlobs / 2);
  EXPECT_LE(found.size(), kBlobs);
}

TEST_P(BatchReaderTest, IsCancelled) {
  std::stop_source stop;
  options_.cancel = stop.get_token();
  BatchReader reader =
      BatchReader::OpenBytes(AsBytes(archive_), options_).value();
  EXPECT_NE(reader.Next().value(), nullptr);
  stop.request_stop();
  Result<std::shared_ptr<const Batch>> batch = reader.Next();
  for (; batch && *batch != nullptr; batch = reader.Next()) {
  }
  ASSERT_FALSE(batch);
  EXPECT_EQ(batch.error().code, ErrorCode::kCancelled);
  EXPECT_LT(reader.report().summary.user_records, kBlobs);
}

TEST_P(BatchReaderTest, ACancelledRunPublishesNothing) {
  const TempDir dir;
  const std::string path = dir.Write("archive", archive_);
  const std::string out = dir / "out";
  std::stop_source stop;
  options_.cancel = stop.get_token();
  options_.on_suspect = SuspectPolicy::kSkip;
  options_.progress = [&stop](const Progress& progress) {
    if (progress.so_far.user_records > 0) stop.request_stop();
  };
  const auto sink = OpenSink(out, OutputFormat::kLines).value();
  const Result<Report> report = Deaggregate({path}, options_, sink.get());
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::kCancelled);
  EXPECT_FALSE(std::filesystem::exists(out));
}

// Its records are read in turns, of which each is a window.
TEST_P(BatchReaderTest, IsCancelledWithinADocument) {
  std::string json = R"({"Records":[)";
  for (size_t i = 0; i < 100'000; ++i) json += R"({"Data":"YQ=="},)";
  json.back() = ']';
  json += '}';
  std::stop_source stop;
  options_.cancel = stop.get_token();
  BatchReader reader = BatchReader::OpenBytes(AsBytes(json), options_).value();
  EXPECT_NE(reader.Next().value(), nullptr);
  stop.request_stop();
  Result<std::shared_ptr<const Batch>> batch = reader.Next();
  for (; batch && *batch != nullptr; batch = reader.Next()) {
  }
  ASSERT_FALSE(batch);
  EXPECT_EQ(batch.error().code, ErrorCode::kCancelled);
  EXPECT_LT(reader.report().summary.user_records, 50'000U);
}

TEST_P(BatchReaderTest, IsDestroyedAtAnyTime) {
  for (int batches = 0; batches < 4; ++batches) {
    BatchReader reader =
        BatchReader::OpenBytes(AsBytes(archive_), options_).value();
    for (int i = 0; i < batches; ++i) EXPECT_NE(reader.Next().value(), nullptr);
  }
}

// What a writer has not written yet is waited for on another thread.
TEST_P(BatchReaderTest, IsDestroyedWhileAPipeIsSilent) {
  const TempDir dir;
  const std::string path = dir / "pipe";
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  const int end = open(path.c_str(), O_RDWR);
  ASSERT_GE(end, 0);
  const std::string some = archive_.substr(0, 40'000);  // a pipe has room
  ASSERT_EQ(write(end, some.data(), some.size()),
            static_cast<ssize_t>(some.size()));
  {
    options_.container = ContainerKind::kBlobs;
    BatchReader reader = BatchReader::Open({path}, options_).value();
    EXPECT_NE(reader.Next().value(), nullptr);
  }
  close(end);
}

// 20,000 user records.
std::string SmallBlobs() {
  const std::string data(200, 'x');
  BlobMaker maker;
  std::string archive;
  for (int i = 0; i < 20'000; ++i) {
    maker.Add({"k", AsBytes(data)});
    archive += maker.Take();
  }
  return archive;
}

// 100,000 user records. One window that is read becomes more than the reader's
// queue holds while its caller pauses; they are so few that each thread
// finishes some between two pauses.
std::string LargeDocuments() {
  std::string archive;
  for (int document = 0; document < 100; ++document) {
    archive += R"({"Records":[)";
    for (int i = 0; i < 1000; ++i) {
      archive += i == 0 ? "" : ",";
      archive += R"({"kinesis":{"data":"eA=="}})";
    }
    archive += "]}\n";
  }
  return archive;
}

// A thread that waits for the caller of a reader would be missing elsewhere.
class PausedBatchReaderTest : public testing::TestWithParam<bool> {};

TEST_P(PausedBatchReaderTest, HoldsNoThreadOfOneTbb) {
  using Control = oneapi::tbb::global_control;
  const size_t threads =
      Control::active_value(Control::max_allowed_parallelism);
  if (threads < 2) GTEST_SKIP() << "oneTBB has no threads here";
  const std::string archive = GetParam() ? LargeDocuments() : SmallBlobs();
  Options options;
  options.jobs = 2;
  options.window_bytes = 20'000;
  std::vector<BatchReader> readers;
  for (size_t i = 0; i < 6 * threads; ++i) {
    readers.push_back(
        BatchReader::OpenBytes(AsBytes(archive), options).value());
  }
  // Which thread is at the queue when its reader pauses is up to chance.
  for (int round = 0; round < 8; ++round) {
    for (int i = 0; i < 10; ++i) {
      for (BatchReader& reader : readers) {
        ASSERT_NE(reader.Next().value(), nullptr);
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    std::atomic<bool> was_run = false;
    oneapi::tbb::task_group group;
    group.run([&was_run] { was_run = true; });
    for (int waits = 0; !was_run && waits < 2000; ++waits) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    EXPECT_TRUE(was_run);
    group.wait();
  }
  // And each goes on where it was.
  for (BatchReader& reader : readers) {
    while (reader.Next().value() != nullptr) {
    }
    EXPECT_EQ(reader.report().summary.user_records,
              GetParam() ? 100'000U : 20'000U);
  }
}

INSTANTIATE_TEST_SUITE_P(DividedWindows, PausedBatchReaderTest,
                         testing::Bool());

// A caller that goes on would miss the batch that was lost.
TEST_P(BatchReaderTest, AfterAnExceptionNoBatchFollows) {
  int calls = 0;
  options_.progress = [&calls](const Progress& /*progress*/) {
    if (++calls == 3) throw std::runtime_error("three");
  };
  BatchReader reader =
      BatchReader::OpenBytes(AsBytes(archive_), options_).value();
  std::vector<std::string> data;
  const auto read = [&] {
    while (const auto batch = reader.Next().value()) Append(*batch, &data);
  };
  EXPECT_THROW(read(), std::runtime_error);
  const size_t before = data.size();
  EXPECT_LT(before, kBlobs);
  EXPECT_THROW(read(), std::runtime_error);
  EXPECT_EQ(data.size(), before);
}

// Reading the pipe is under way on another thread when the limit is reached.
TEST_P(BatchReaderTest, ALimitEndsARunThatWaitsForAPipe) {
  const TempDir dir;
  const std::string path = dir / "pipe";
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  const std::string start = archive_.substr(0, 9'000);  // two windows
  options_.filter.limit = 5;
  options_.container = ContainerKind::kBlobs;
  for (int round = 0; round < 10; ++round) {
    const int end = open(path.c_str(), O_RDWR);
    ASSERT_GE(end, 0);
    ASSERT_EQ(write(end, start.data(), start.size()),
              static_cast<ssize_t>(start.size()));
    std::promise<void> done;
    std::thread writer([end, is_done = done.get_future()] {
      EXPECT_EQ(is_done.wait_for(std::chrono::seconds(20)),
                std::future_status::ready);
      close(end);
    });
    size_t records = 0;
    BatchReader reader = BatchReader::Open({path}, options_).value();
    while (const auto batch = reader.Next().value()) {
      records += batch->user_records.size();
    }
    done.set_value();
    writer.join();
    EXPECT_EQ(records, 5U);
  }
}

INSTANTIATE_TEST_SUITE_P(Jobs, BatchReaderTest, testing::Values(1U, 2U, 5U));

}  // namespace
}  // namespace thresh
