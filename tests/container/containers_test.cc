// Every row of the table of containers: its names, and that its writer, its
// recognizer and its reader are for the same container.
#include "container/container.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "blob_maker.h"
#include "container/read_archive.h"
#include "thresh/record_writer.h"

namespace thresh {
namespace {

TEST(ContainersTest, EachKindHasOneRowAndName) {
  const std::vector<ContainerKind> kinds = ContainerKinds();
  ASSERT_EQ(kinds.size(), Containers().size());
  std::vector<std::string_view> names;
  for (size_t i = 0; i < kinds.size(); ++i) {
    EXPECT_EQ(static_cast<size_t>(kinds[i]), i + 1);  // after kAuto
    const std::string_view name = ContainerKindName(kinds[i]);
    EXPECT_EQ(ParseContainerKind(name), kinds[i]) << name;
    EXPECT_EQ(ContainerOf(kinds[i]).kind, kinds[i]);
    EXPECT_THAT(names, testing::Not(testing::Contains(name)));
    names.push_back(name);
  }
  EXPECT_EQ(ContainerKindName(static_cast<ContainerKind>(kinds.size() + 1)),
            "unknown");
  EXPECT_EQ(ParseContainerKind("auto"), ContainerKind::kAuto);
  EXPECT_EQ(ParseContainerKind("zip"), std::nullopt);
}

TEST(ContainersTest, EachRowIsComplete) {
  for (const Container& container : Containers()) {
    SCOPED_TRACE(container.name);
    EXPECT_NE(container.cut, nullptr);
    EXPECT_NE(container.frame, nullptr);
    EXPECT_GT(container.segment_limit, kMaxRecordBytes);
    size_t formats = 0;
    for (const NamedContainerFormat& writable : WritableFormats()) {
      if (writable.format.container == container.kind) ++formats;
    }
    EXPECT_EQ(formats, container.write == nullptr
                           ? 0
                           : std::max<size_t>(1, container.shapes.size()));
  }
}

TEST(ContainersTest, WhatIsNotWrittenIsRefused) {
  for (const ContainerKind kind : {ContainerKind::kAuto, ContainerKind::kRecord,
                                   static_cast<ContainerKind>(200)}) {
    const auto writer = NewRecordWriter({.container = kind});
    ASSERT_FALSE(writer.has_value());
    EXPECT_EQ(writer.error().code, ErrorCode::kInvalidArgument);
  }
}

class WrittenContainer : public testing::TestWithParam<NamedContainerFormat> {
 protected:
  // Aggregated records, and plain ones if the format supports them.
  WrittenContainer() {
    const bool plain = Writer()->plain().data;
    for (int i = 0; i < 100; ++i) {
      if (plain && i % 3 == 1) {
        records_.push_back("plain " + std::to_string(i));
        continue;
      }
      BlobMaker maker;
      const std::string data(static_cast<size_t>(7 * i), 'x');
      maker.Add({"key", AsBytes(data)});
      maker.Add({"other", AsBytes("data")});
      records_.push_back(maker.Take());
    }
  }

  static std::unique_ptr<RecordWriter> Writer() {
    return NewRecordWriter(GetParam().format).value();
  }

  // The archive; `ends_` gets the position where each record ends.
  std::string Written() {
    Column<uint8_t> out;
    const auto writer = Writer();
    for (const std::string& record : records_) {
      writer->Add({.bytes = AsBytes(record),
                   .partition_key = "key",
                   .shard = "shardId-000000000000"},
                  &out);
      ends_.push_back(out.size());
    }
    writer->Finish(&out);
    return std::string(AsText({out.data(), out.size()}));
  }

  std::vector<std::string> records_;
  std::vector<size_t> ends_;
};

TEST_P(WrittenContainer, IsReadBack) {
  const std::string archive = Written();
  const ArchiveContent read = ReadArchive(archive, GetParam().format.container);
  EXPECT_EQ(read.records, records_);
  EXPECT_EQ(read.summary.suspects(), 0U);
  EXPECT_EQ(read.summary.bytes, archive.size());
}

TEST_P(WrittenContainer, IsRecognized) {
  const std::string archive = Written();
  const ContainerKind kind = GetParam().format.container;
  if (ContainerOf(kind).recognize == nullptr) {
    EXPECT_NE(SniffContainer(AsBytes(archive), true), kind);
    return;
  }
  EXPECT_EQ(SniffContainer(AsBytes(archive), true), kind);
  EXPECT_EQ(ReadArchive(archive, ContainerKind::kAuto).records, records_);
  EXPECT_FALSE(CheckContainer(kind, AsBytes(archive), true).has_value());
}

// Where its row of the table divides it, both parts have whole records.
TEST_P(WrittenContainer, IsDividedBetweenRecords) {
  const std::string archive = Written();
  const ContainerKind kind = GetParam().format.container;
  const Container& container = ContainerOf(kind);
  std::set<size_t> places;
  Segment segment;
  segment.bytes = AsBytes(archive);
  segment.ends_input = true;
  if (container.split != nullptr) {
    for (size_t at = 1; at < archive.size(); at += 13) {
      if (const auto place = container.split(segment, at)) {
        ASSERT_GE(*place, at);
        places.insert(*place);
      }
    }
  }
  for (const size_t place : places) {
    std::vector<std::string> records =
        ReadArchive(archive.substr(0, place), kind).records;
    const std::vector<std::string> rest =
        ReadArchive(archive.substr(place), kind).records;
    EXPECT_FALSE(records.empty());
    EXPECT_FALSE(rest.empty());
    records.insert(records.end(), rest.begin(), rest.end());
    ASSERT_EQ(records, records_) << place;
  }
  const bool is_lines = archive.find("\"Records\"") == std::string::npos;
  const bool is_divided = kind == ContainerKind::kBlobs ||
                          kind == ContainerKind::kBase64Lines ||
                          (kind == ContainerKind::kJson && is_lines);
  EXPECT_EQ(places.size() > 50, is_divided) << places.size();
}

INSTANTIATE_TEST_SUITE_P(All, WrittenContainer,
                         testing::ValuesIn(WritableFormats()),
                         [](const auto& format) {
                           std::string name(format.param.name);
                           std::erase(name, '-');
                           return name;
                         });

}  // namespace
}  // namespace thresh
