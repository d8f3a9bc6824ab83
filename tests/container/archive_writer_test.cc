// Archives written by the library, read back by it.
#include "thresh/archive_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "blob_maker.h"
#include "container/read_archive.h"
#include "read_file.h"
#include "sink/scratch_dir.h"

namespace thresh {
namespace {

std::string BlobOfOne(const std::string& data) {
  BlobMaker maker;
  maker.Add({"key", AsBytes(data)});
  return maker.Take();
}

class ArchiveWriterTest : public testing::Test {
 protected:
  ArchiveWriter Open(const ContainerFormat& format) {
    return ArchiveWriter::Open(path_, format, {}, {.sync = false}).value();
  }
  ArchiveContent Read(ContainerKind container) {
    return ReadArchive(ReadFile(path_), container);
  }

  ScratchDir directory_;
  std::string path_ = directory_.File("archive");
};

TEST_F(ArchiveWriterTest, EveryFormatIsReadBack) {
  for (const NamedContainerFormat& written : WritableFormats()) {
    SCOPED_TRACE(written.name);
    std::vector<std::string> records;
    std::filesystem::remove(path_);
    ArchiveWriter archive = Open(written.format);
    // More than is collected before a write.
    for (int i = 0; i < 40; ++i) {
      records.push_back(
          BlobOfOne(std::string(100'000, 'x') + std::to_string(i)));
      ASSERT_TRUE(archive.Add(
          {.bytes = AsBytes(records.back()), .partition_key = "key"}));
    }
    EXPECT_FALSE(Exists(path_));
    ASSERT_TRUE(archive.Finish());
    EXPECT_EQ(archive.records(), 40U);
    EXPECT_EQ(archive.bytes(), ReadFile(path_).size());
    const ArchiveContent read = Read(written.format.container);
    EXPECT_TRUE(read.records == records);
    EXPECT_EQ(read.summary.suspects(), 0U);
  }
}

TEST_F(ArchiveWriterTest, AnEmptyArchiveIsAFile) {
  ArchiveWriter archive = Open({.container = ContainerKind::kJson});
  ASSERT_TRUE(archive.Finish());
  EXPECT_EQ(ReadFile(path_), "");
}

TEST_F(ArchiveWriterTest, JsonKeepsMetadata) {
  constexpr int64_t kMillis = 1'700'000'000'123'000;
  constexpr int64_t kMicros = 1'700'000'000'000'456;
  for (const JsonShape shape : {JsonShape::kLambda, JsonShape::kGetRecords}) {
    ArchiveWriter archive =
        Open({.container = ContainerKind::kJson, .json = shape});
    ASSERT_TRUE(archive.Add({.bytes = AsBytes("1"),
                             .partition_key = "\"\xC3\xA4",
                             .shard = "shardId-000000000007",
                             .sequence_number = "12345678901234567890",
                             .arrival_time = kMillis}));
    ASSERT_TRUE(archive.Add({.bytes = AsBytes("2"),
                             .partition_key = "b",
                             .sequence_number = std::string(128, '9'),
                             .arrival_time = kMicros}));
    ASSERT_TRUE(archive.Add({.bytes = AsBytes("3"),
                             .partition_key = "c",
                             .arrival_time = kMaxArrivalTime}));
    ASSERT_TRUE(archive.Add(
        {.bytes = AsBytes("4"), .partition_key = "d", .arrival_time = 0}));
    ASSERT_TRUE(archive.Finish());
    const ArchiveContent read = Read(ContainerKind::kJson);
    EXPECT_THAT(read.records, testing::ElementsAre("1", "2", "3", "4"));
    ASSERT_EQ(read.metadata.size(), 4U);
    EXPECT_EQ(read.metadata[0].partition_key, "\"\xC3\xA4");
    EXPECT_EQ(read.metadata[0].sequence_number, "12345678901234567890");
    EXPECT_EQ(read.metadata[0].arrival_time, kMillis);
    if (shape == JsonShape::kLambda) {
      EXPECT_EQ(read.metadata[0].shard, "shardId-000000000007");
    }
    EXPECT_EQ(read.metadata[1].sequence_number, std::string(128, '9'));
    EXPECT_EQ(read.metadata[1].arrival_time, kMicros);
    EXPECT_EQ(read.metadata[2].arrival_time, kMaxArrivalTime);
    EXPECT_EQ(read.metadata[2].sequence_number.size(), 56U);  // generated
    EXPECT_EQ(read.metadata[3].arrival_time, 0);
  }
}

TEST_F(ArchiveWriterTest, WhatCannotBeReadBackIsRefused) {
  const std::string large(kMaxArchivedRecord + 1, 'x');
  ArchiveWriter archive = Open({.container = ContainerKind::kJson});
  const std::vector<OutgoingRecord> wrong = {
      {.bytes = AsBytes("x"), .partition_key = "\xFF"},
      {.bytes = AsBytes("x"), .partition_key = "k", .shard = "\xFF"},
      {.bytes = AsBytes("x"), .partition_key = "k", .sequence_number = "1a"},
      {.bytes = AsBytes("x"), .partition_key = "k", .arrival_time = -1},
      {.bytes = AsBytes("x"),
       .partition_key = "k",
       .arrival_time = kMaxArrivalTime + 1}};
  for (const OutgoingRecord& record : wrong) {
    const Result<void> added = archive.Add(record);
    ASSERT_FALSE(added.has_value());
    EXPECT_EQ(added.error().code, ErrorCode::kInvalidArgument);
  }
  const std::string digits(129, '9');
  EXPECT_FALSE(archive.Add({.bytes = AsBytes("x"),
                            .partition_key = "k",
                            .sequence_number = digits}));
  const Result<void> added =
      archive.Add({.bytes = AsBytes(large), .partition_key = "k"});
  ASSERT_FALSE(added.has_value());
  EXPECT_EQ(added.error().code, ErrorCode::kTooLarge);
  // None of them has written anything.
  ASSERT_TRUE(archive.Add({.bytes = AsBytes("sound"), .partition_key = "k"}));
  ASSERT_TRUE(archive.Finish());
  EXPECT_EQ(archive.records(), 1U);
  EXPECT_THAT(Read(ContainerKind::kJson).records,
              testing::ElementsAre("sound"));
}

TEST_F(ArchiveWriterTest, BlobsHoldNoPlainRecords) {
  ArchiveWriter archive = Open({.container = ContainerKind::kBlobs});
  const Result<void> added = archive.Add({.bytes = AsBytes("plain")});
  ASSERT_FALSE(added.has_value());
  EXPECT_EQ(added.error().code, ErrorCode::kInvalidArgument);
  const std::string blob = BlobOfOne("1");
  ASSERT_TRUE(archive.Add({.bytes = AsBytes(blob)}));
  ASSERT_TRUE(archive.Finish());
  EXPECT_EQ(ReadFile(path_), blob);
}

// Containers that do not store keys do not check them.
TEST_F(ArchiveWriterTest, MetadataIsLeftOutWhereThereIsNoPlace) {
  ArchiveWriter archive = Open({.container = ContainerKind::kU32Be});
  ASSERT_TRUE(archive.Add({.bytes = AsBytes("1"),
                           .partition_key = "\xFF",
                           .sequence_number = "x"}));
  ASSERT_TRUE(archive.Finish());
  EXPECT_THAT(Read(ContainerKind::kU32Be).records, testing::ElementsAre("1"));
}

TEST_F(ArchiveWriterTest, UnfinishedArchivesLeaveWhatWasThere) {
  WriteFile(path_, "before");
  {
    ArchiveWriter archive = Open({.container = ContainerKind::kVarint});
    ASSERT_TRUE(archive.Add({.bytes = AsBytes("1")}));
  }
  EXPECT_EQ(ReadFile(path_), "before");
  EXPECT_FALSE(Exists(path_ + ".partial"));
}

TEST_F(ArchiveWriterTest, WhatCannotBeOpenedIsAnError) {
  EXPECT_EQ(ArchiveWriter::Open(directory_.File("no/archive"), {}).error().code,
            ErrorCode::kIo);
  EXPECT_EQ(ArchiveWriter::Open(path_, {.container = ContainerKind::kAuto})
                .error()
                .code,
            ErrorCode::kInvalidArgument);
  EXPECT_FALSE(Exists(path_ + ".partial"));
}

}  // namespace
}  // namespace thresh
