// thresh::Aggregate on lines: its stages on many threads give what one thread
// gives, and every way in which a run ends.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <new>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "cli/run_program.h"
#include "thresh/aggregate.h"
#include "thresh/byte_output.h"
#include "thresh/chunk.h"
#include "thresh/sink.h"

namespace thresh {
namespace {

using testing::HasSubstr;

constexpr size_t kMebibyte = size_t{1} << 20;

// What a run on lines says and writes.
struct LinesResult {
  std::string bytes;
  std::vector<std::string> problems;
  std::vector<uint64_t> progress;  // user records, at each call
  Report read;
};

// Fails, or throws, where it is told to.
class FailingOutput final : public ByteOutput {
 public:
  enum class Fault : uint8_t { kError, kNoMemory, kException };
  explicit FailingOutput(Fault fault) : fault_(fault) {}

  [[nodiscard]] Result<void> Write(const OutputBuffer& /*pieces*/) override {
    if (fault_ == Fault::kNoMemory) throw std::bad_alloc();
    if (fault_ == Fault::kException) throw std::runtime_error("by the sink");
    return tl::unexpected(Error{.code = ErrorCode::kIo,
                                .file = "output",
                                .offset = {},
                                .message = "full",
                                .remedy = {}});
  }
  [[nodiscard]] Result<void> Complete() override { return {}; }
  [[nodiscard]] Result<void> Commit() override {
    committed = true;
    return {};
  }
  [[nodiscard]] Result<std::string> CommitIncomplete() override {
    committed = true;
    return {};
  }

  bool committed = false;

 private:
  Fault fault_;
};

// A quarantine for which there is no memory at the suspect "bad 1".
class MemorylessQuarantine final : public Sink {
 public:
  [[nodiscard]] std::unique_ptr<Chunk> NewChunk() const override {
    return std::make_unique<TextChunk>();
  }
  void Encode(const Batch& batch, Chunk* /*chunk*/) const override {
    for (const KinesisRecord& record : batch.kinesis_records) {
      if (AsText(record.bytes) == "bad 1") throw std::bad_alloc();
    }
  }
  Result<void> Write(Chunk* /*chunk*/) override { return {}; }
  Result<void> Finish() override { return {}; }
};

class LinesOnManyThreads : public testing::Test {
 protected:
  LinesOnManyThreads() {
    options_.input = AggregateInput::kNdjson;
    options_.data_encoding = DataEncoding::kText;
    options_.reading.on_suspect = SuspectPolicy::kSkip;
    options_.limits.max_blob_bytes = 50 << 10;
  }

  std::string Write(std::string_view name, std::string_view content) {
    std::string path = directory_ / name;
    WriteFile(path, content);
    return path;
  }

  static std::string Line(size_t number, size_t bytes) {
    return R"({"partitionKey":")" + std::to_string(number % 100) +
           R"(","data":")" + std::string(bytes, 'x') + "\"}\n";
  }

  // Long lines and short, so that blocks have few lines and as many as are
  // parsed together, and more; and one line larger than other blocks.
  static std::string MixedLines() {
    std::string lines;
    for (size_t i = 0; lines.size() < 4 * kMebibyte; ++i) {
      lines += i % 1000 == 7 ? "bad\n" : Line(i, i % 400);
    }
    lines += Line(1, 5 * kMebibyte);
    for (size_t i = 0; i < 40; ++i) lines += Line(i, 200);
    lines += std::string(kMebibyte, '\n');
    for (size_t i = 0; i < 200'000; ++i)
      lines += i % 50'000 == 9 ? "!\n" : "\r\n";
    for (size_t i = 0; i < 20'000; ++i) lines += Line(i, 30);
    return lines + R"({"partitionKey":"last","data":"without end"})";
  }

  [[nodiscard]] Result<AggregateReport> Run(
      const std::vector<std::string>& inputs, unsigned jobs,
      ByteOutput* output = nullptr) {
    options_.reading.jobs = jobs;
    if (output != nullptr) {
      return Aggregate(InputList(inputs), options_, output);
    }
    const auto opened = OpenOutput(Out(), {.sync = false});
    EXPECT_TRUE(opened.has_value());
    return Aggregate(InputList(inputs), options_, opened->get());
  }

  LinesResult ResultOf(const std::vector<std::string>& inputs, unsigned jobs) {
    LinesResult result;
    options_.on_line_problem = [&](const LineProblem& problem) {
      result.problems.push_back(problem.file + ":" +
                                std::to_string(problem.line) + ":" +
                                std::to_string(problem.offset));
    };
    options_.reading.progress = [&](const Progress& progress) {
      result.progress.push_back(progress.so_far.user_records);
    };
    const auto report = Run(inputs, jobs);
    EXPECT_TRUE(report.has_value()) << report.error().ToString();
    if (report.has_value()) result.read = report->read;
    result.bytes = ReadFile(Out());
    return result;
  }

  // The write end of a new pipe with a name, which never has a reader that
  // sees its end.
  int OpenPipe(const std::string& path) {
    EXPECT_EQ(::mkfifo(path.c_str(), 0600), 0);
    return ::open(path.c_str(), O_RDWR);
  }

  [[nodiscard]] std::string Out() const { return directory_ / "out"; }

  TemporaryDirectory directory_;
  AggregateOptions options_;
};

TEST_F(LinesOnManyThreads, JobsChangeNothing) {
  options_.limits.max_blob_bytes = 10 * kMebibyte;
  const std::vector<std::string> inputs = {Write("one", MixedLines()),
                                           Write("two", Line(2, 3) + "bad\n")};
  const LinesResult expected = ResultOf(inputs, 1);
  EXPECT_EQ(expected.read.summary.bytes,
            expected.read.summary.record_bytes +
                expected.read.summary.opaque_bytes +
                expected.read.summary.framing_bytes);
  EXPECT_GT(expected.problems.size(), 10U);
  EXPECT_EQ(expected.problems.back(),
            inputs[1] + ":2:" + std::to_string(Line(2, 3).size()));
  EXPECT_TRUE(std::ranges::is_sorted(expected.progress));
  EXPECT_EQ(expected.progress.back(), expected.read.summary.user_records);
  for (const unsigned jobs : {2U, 3U, 8U}) {
    SCOPED_TRACE(jobs);
    const LinesResult result = ResultOf(inputs, jobs);
    EXPECT_TRUE(result.bytes == expected.bytes);
    EXPECT_EQ(result.problems, expected.problems);
    EXPECT_EQ(result.progress, expected.progress);
    EXPECT_EQ(result.read.summary.framing_bytes,
              expected.read.summary.framing_bytes);
    EXPECT_EQ(result.read.summary.record_bytes,
              expected.read.summary.record_bytes);
    EXPECT_EQ(result.read.summary.opaque_spans,
              expected.read.summary.opaque_spans);
  }
}

// The line that ends a run does not depend on what else is in its block.
TEST_F(LinesOnManyThreads, TheFirstLineThatEndsTheRunIsReported) {
  const std::string keyless = "{\"data\":\"y\"}\n";
  const std::string good = Line(1, 1);
  const auto error_of = [&](const std::string& content) {
    std::string all;
    for (const unsigned jobs : {1U, 4U}) {
      const auto report = Run({Write("in", content)}, jobs);
      if (report.has_value()) return std::string("none");
      if (all.empty()) all = report.error().message;
      EXPECT_EQ(report.error().message, all);
      EXPECT_FALSE(std::filesystem::exists(Out()));
    }
    return all;
  };
  options_.reading.on_suspect = SuspectPolicy::kFail;
  EXPECT_THAT(error_of(good + keyless + "bad\n"), HasSubstr("line 2: no part"));
  EXPECT_THAT(error_of(good + "bad\n" + keyless),
              HasSubstr("line 2: not a JSON"));
  const std::string large = Line(1, 60 << 10);
  EXPECT_THAT(error_of(good + large + "bad\n"), HasSubstr("bytes"));
  EXPECT_THAT(error_of(good + "bad\n" + large),
              HasSubstr("line 2: not a JSON"));
}

TEST_F(LinesOnManyThreads, CancelEndsARunThatWaitsForAPipe) {
  for (const unsigned jobs : {1U, 3U}) {
    SCOPED_TRACE(jobs);
    const std::string path = directory_ / ("pipe" + std::to_string(jobs));
    const int pipe = OpenPipe(path);
    std::stop_source stop;
    options_.reading.cancel = stop.get_token();
    std::jthread canceller([&stop] {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      stop.request_stop();
    });
    const auto report = Run({path}, jobs);
    ASSERT_FALSE(report.has_value());
    EXPECT_EQ(report.error().code, ErrorCode::kCancelled);
    EXPECT_FALSE(std::filesystem::exists(Out()));
    ::close(pipe);
  }
}

TEST_F(LinesOnManyThreads, CancelEndsARunBetweenBlocks) {
  const std::string in = Write("in", MixedLines());
  for (const unsigned jobs : {1U, 3U}) {
    SCOPED_TRACE(jobs);
    std::stop_source stop;
    options_.reading.cancel = stop.get_token();
    options_.reading.progress = [&](const Progress&) { stop.request_stop(); };
    const auto report = Run({in}, jobs);
    ASSERT_FALSE(report.has_value());
    EXPECT_EQ(report.error().code, ErrorCode::kCancelled);
    EXPECT_FALSE(std::filesystem::exists(Out()));
  }
}

// The pipe has no more lines when the output fails, and stays open.
TEST_F(LinesOnManyThreads, AnOutputThatFailsEndsARunThatWaitsForAPipe) {
  std::string lines;
  for (size_t i = 0; lines.size() < 8 * kMebibyte; ++i) lines += Line(i, 200);
  for (const unsigned jobs : {2U, 4U}) {
    SCOPED_TRACE(jobs);
    const std::string path = directory_ / ("pipe" + std::to_string(jobs));
    const int pipe = OpenPipe(path);
    std::jthread writer([&] {
      // More than fits once the run has ended would wait for ever.
      ::fcntl(pipe, F_SETFL, O_NONBLOCK);
      for (size_t at = 0, waits = 0; at < lines.size() && waits < 1000;) {
        const ssize_t put = ::write(pipe, lines.data() + at, lines.size() - at);
        if (put > 0) at += static_cast<size_t>(put);
        if (put > 0) continue;
        ++waits;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
    });
    FailingOutput output(FailingOutput::Fault::kError);
    const auto report = Run({path}, jobs, &output);
    ASSERT_FALSE(report.has_value());
    EXPECT_EQ(report.error().message, "full");
    EXPECT_FALSE(output.committed);
    writer.join();
    ::close(pipe);
  }
}

TEST_F(LinesOnManyThreads, WhatTheOutputThrowsReachesTheCaller) {
  std::string lines;
  for (size_t i = 0; lines.size() < 8 * kMebibyte; ++i) lines += Line(i, 200);
  const std::string in = Write("in", lines);
  for (const unsigned jobs : {1U, 2U, 4U}) {
    SCOPED_TRACE(jobs);
    FailingOutput throws(FailingOutput::Fault::kException);
    EXPECT_THROW((void)Run({in}, jobs, &throws), std::runtime_error);
    EXPECT_FALSE(throws.committed);
    FailingOutput memoryless(FailingOutput::Fault::kNoMemory);
    const auto report = Run({in}, jobs, &memoryless);
    ASSERT_FALSE(report.has_value());
    EXPECT_EQ(report.error().code, ErrorCode::kMemory);
    EXPECT_EQ(report.error().file, in);
    EXPECT_FALSE(memoryless.committed);
  }
}

TEST_F(LinesOnManyThreads, MemoryThatIsOutNamesTheBlock) {
  std::string lines;
  for (size_t i = 0; lines.size() < 4 * kMebibyte; ++i) lines += Line(i, 200);
  const std::string in = Write("in", lines + "bad 1\n" + lines);
  options_.reading.on_suspect = SuspectPolicy::kQuarantine;
  std::vector<uint64_t> offsets;
  for (const unsigned jobs : {1U, 4U}) {
    SCOPED_TRACE(jobs);
    options_.reading.jobs = jobs;
    const auto output = OpenOutput(Out(), {.sync = false});
    MemorylessQuarantine quarantine;
    const auto report =
        Aggregate(InputList({in}), options_, output->get(), &quarantine);
    ASSERT_FALSE(report.has_value());
    EXPECT_EQ(report.error().code, ErrorCode::kMemory);
    EXPECT_EQ(report.error().file, in);
    offsets.push_back(report.error().offset.value_or(0));
  }
  EXPECT_GT(offsets[0], 3 * kMebibyte);
  EXPECT_LE(offsets[0], lines.size());
  EXPECT_EQ(offsets[0], offsets[1]);
}

}  // namespace
}  // namespace thresh
