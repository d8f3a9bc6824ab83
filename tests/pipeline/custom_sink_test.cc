// A sink with its own chunk type: filled on several threads, written in input
// order, reused, and taken into account when windows are divided.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "blob_maker.h"
#include "sink/scratch_dir.h"
#include "thresh/deaggregate.h"

namespace thresh {
namespace {

constexpr size_t kCustomRecords = 20'000;
constexpr unsigned kCustomJobs = 4;

std::string ArchiveOfNumbers() {
  BlobMaker maker;
  std::string blobs;
  for (size_t i = 0; i < kCustomRecords; ++i) {
    const std::string number = std::to_string(i) + std::string(i % 200, '#');
    maker.Add({.partition_key = "key", .data = AsBytes(number)});
    if (i % 9 == 8) blobs += maker.Take();
  }
  return blobs + maker.Take();
}

// The numbers of records, in lists that Write removes.
class NumbersChunk final : public Chunk {
 public:
  void Clear() override { lists.clear(); }
  [[nodiscard]] bool empty() const override { return lists.empty(); }
  [[nodiscard]] size_t memory() const override {
    return memory_of_each * count;
  }
  [[nodiscard]] size_t reserved_memory() const override { return reserved; }
  [[nodiscard]] bool refers() const override {
    return says_it_refers && !empty();
  }

  std::vector<std::unique_ptr<std::vector<size_t>>> lists;
  size_t count = 0;
  size_t memory_of_each = 0;
  size_t reserved = 0;
  bool says_it_refers = false;
};

class NumbersSink final : public TypedSink<NumbersChunk> {
 public:
  [[nodiscard]] std::unique_ptr<Chunk> NewChunk() const override {
    ++chunks;
    auto chunk = std::make_unique<NumbersChunk>();
    chunk->memory_of_each = memory_of_each;
    chunk->reserved = reserved;
    chunk->says_it_refers = says_it_refers;
    return chunk;
  }
  Result<void> Finish() override { return {}; }

  size_t memory_of_each = 0;
  size_t reserved = 0;
  bool says_it_refers = false;
  std::string cut_when_written;  // file

  mutable std::atomic<size_t> chunks = 0;
  size_t writes = 0;
  size_t largest = 0;  // number of records in a chunk
  std::vector<size_t> numbers;

 protected:
  void EncodeTo(const Batch& batch, NumbersChunk* chunk) const override {
    if (chunk->lists.empty()) chunk->count = 0;
    auto list = std::make_unique<std::vector<size_t>>();
    ForEachUserRecord(
        batch, [&](const KinesisRecord&, const UserRecord& record) {
          // Not stoul: what is read of a file that was truncated may be zeros.
          const std::string number(AsText(record.data));
          list->push_back(std::strtoul(number.c_str(), nullptr, 10));
        });
    chunk->count += list->size();
    chunk->lists.push_back(std::move(list));
  }

  Result<void> WriteFrom(NumbersChunk* chunk) override {
    ++writes;
    largest = std::max(largest, chunk->count);
    if (!cut_when_written.empty()) {
      std::filesystem::resize_file(cut_when_written, 5000);
    }
    while (!chunk->lists.empty()) {
      auto list = std::move(chunk->lists.front());
      chunk->lists.erase(chunk->lists.begin());
      numbers.insert(numbers.end(), list->begin(), list->end());
    }
    return {};
  }
};

class CustomSinkTest : public testing::Test {
 protected:
  CustomSinkTest() {
    WriteFile(path_, archive_);
    options_.jobs = kCustomJobs;
    options_.window_bytes = 30'000;
    options_.on_suspect = SuspectPolicy::kSkip;
  }

  Result<Report> Run() { return Deaggregate({path_}, options_, &sink_); }

  void ExpectAllInOrder() const {
    ASSERT_EQ(sink_.numbers.size(), kCustomRecords);
    for (size_t i = 0; i < kCustomRecords; ++i) ASSERT_EQ(sink_.numbers[i], i);
  }

  const std::string archive_ = ArchiveOfNumbers();
  const ScratchDir directory_;
  const std::string path_ = directory_.File("archive");
  Options options_;
  NumbersSink sink_;
};

TEST_F(CustomSinkTest, ChunksComeInInputOrder) {
  ASSERT_TRUE(Run().has_value());
  ExpectAllInOrder();
  EXPECT_GE(sink_.writes, archive_.size() / options_.window_bytes);
}

TEST_F(CustomSinkTest, ChunksAreUsedAgain) {
  ASSERT_TRUE(Run().has_value());
  EXPECT_GT(sink_.writes, 50U);
  // Windows in flight, and some in the last stage.
  EXPECT_LE(sink_.chunks, kCustomJobs + 4);
}

TEST_F(CustomSinkTest, LargeChunksAreNotKept) {
  sink_.reserved = size_t{100} << 20;
  ASSERT_TRUE(Run().has_value());
  ExpectAllInOrder();
  EXPECT_GE(sink_.chunks, sink_.writes);
}

TEST_F(CustomSinkTest, WindowsWhoseChunksAreLargeAreDivided) {
  options_.window_bytes = size_t{1} << 20;
  ASSERT_TRUE(Run().has_value());
  const size_t undivided = sink_.largest;
  sink_.numbers.clear();
  sink_.largest = 0;
  // Large enough for a thousand records to fill a window's memory.
  sink_.memory_of_each = size_t{8} << 10;
  ASSERT_TRUE(Run().has_value());
  ExpectAllInOrder();
  EXPECT_LT(sink_.largest, undivided);
}

TEST_F(CustomSinkTest, OrderedFiltersEncodeInOrderAsWell) {
  options_.filter.limit = kCustomRecords / 2;
  ASSERT_TRUE(Run().has_value());
  ASSERT_EQ(sink_.numbers.size(), kCustomRecords / 2);
  for (size_t i = 0; i < sink_.numbers.size(); ++i) {
    ASSERT_EQ(sink_.numbers[i], i);
  }
}

// Even if Write has removed everything that refers to the input.
TEST_F(CustomSinkTest, WhatRefersIsCheckedAfterItIsWritten) {
  sink_.cut_when_written = path_;
  sink_.says_it_refers = true;
  const Result<Report> report = Run();
  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().file, path_);
  EXPECT_EQ(report.error().offset, 5000U);
}

}  // namespace
}  // namespace thresh
