// Every row of the table of containers: its names, and that its writer, its
// recognizer and its reader are for the same container.
#include "container/container.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
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

TEST_P(WrittenContainer, IsRecognised) {
  const std::string archive = Written();
  const ContainerKind kind = GetParam().format.container;
  if (ContainerOf(kind).recognise == nullptr) {
    EXPECT_NE(SniffContainer(AsBytes(archive), true), kind);
    return;
  }
  EXPECT_EQ(SniffContainer(AsBytes(archive), true), kind);
  EXPECT_EQ(ReadArchive(archive, ContainerKind::kAuto).records, records_);
  EXPECT_FALSE(CheckContainer(kind, AsBytes(archive), true).has_value());
}

// A reader that starts anywhere finds all records that begin later; the others
// cannot be read in this way.
TEST_P(WrittenContainer, IsReadFromTheMiddleIfItIsSplittable) {
  const std::string archive = Written();
  const ContainerKind kind = GetParam().format.container;
  size_t missing = 0;
  size_t next = 0;  // the first record that begins at `at` or later
  for (size_t at = 1; at < ends_[ends_.size() - 2]; at += 13) {
    while (ends_[next] < at) ++next;
    const std::vector<std::string> later(
        records_.begin() + static_cast<ptrdiff_t>(next) + 1, records_.end());
    std::vector<std::string> found =
        ReadArchive(archive.substr(at), kind).records;
    const size_t more = found.size() - std::min(found.size(), later.size());
    found.erase(found.begin(), found.begin() + static_cast<ptrdiff_t>(more));
    if (IsSplittable(kind)) {
      ASSERT_EQ(found, later) << at;
    }
    missing += found == later ? 0 : 1;
  }
  EXPECT_EQ(missing == 0, IsSplittable(kind));
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
