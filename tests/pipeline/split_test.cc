// Splits: what is divided and what is not, hostile archives, files that change.
#include "thresh/split.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "input/testing.h"
#include "oracle/archives.h"
#include "oracle/compress.h"
#include "oracle/reference_archive.h"
#include "oracle/samples.h"
#include "pipeline/split_run.h"
#include "thresh/line_reader.h"

namespace thresh {
namespace {

using input_testing::TempDir;
using oracle::EncodeBase64;
using oracle::Random;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::string BlobHolding(std::string_view data) {
  return oracle::Seal(oracle::LengthField(1, "key") +
                      oracle::RecordField(0, std::nullopt, data));
}

std::string ManyBlobs(size_t count) {
  return oracle::Join(oracle::SampleBlobs(count, 1));
}

std::vector<Split> Plan(const std::string& file, uint64_t target,
                        const Options& options = {}) {
  const auto splits = PlanSplits(InputList({file}), options, target);
  EXPECT_TRUE(splits.has_value());
  return splits.value_or(std::vector<Split>());
}

// The bytes of a run that are in neither records nor opaque spans, nor counted
// as framing.
uint64_t LostBytes(const SplitRun& run) {
  uint64_t found = run.summary.framing_bytes;
  for (const oracle::ReferenceRow& row : run.rows) found += row.length;
  return run.summary.bytes - found;
}

SplitRun ReadSplits(const std::vector<Split>& splits) {
  SplitRun sum;
  for (const Split& split : splits) {
    sum.Add(RunOver(InputList::OfSplits({split}), {}));
  }
  return sum;
}

TEST(SplitTest, BlobsAreDividedAndReadAsOne) {
  TempDir directory;
  const std::string archive = ManyBlobs(2000);
  const std::string file = directory.Write("blobs", archive);
  const std::vector<Split> splits = Plan(file, 50'000);
  EXPECT_GT(splits.size(), 5);
  ExpectCover(splits, file, archive.size(), 50'000);
  ExpectSame(splits, RunOver(InputList({file}), {}), {});
}

TEST(SplitTest, ASmallFileIsOneSplit) {
  TempDir directory;
  const std::string archive = ManyBlobs(10);
  const std::string file = directory.Write("blobs", archive);
  EXPECT_THAT(Plan(file, archive.size()),
              ElementsAre(Split{file, 0, archive.size()}));
  EXPECT_THAT(Plan(file, UINT64_MAX),
              ElementsAre(Split{file, 0, archive.size()}));
}

TEST(SplitTest, SplitsAreDividedFurther) {
  TempDir directory;
  const std::string file = directory.Write("blobs", ManyBlobs(2000));
  const std::vector<Split> large = Plan(file, 200'000);
  ASSERT_GT(large.size(), 1);
  const auto small = PlanSplits(InputList::OfSplits(large), {}, 20'000);
  ASSERT_TRUE(small.has_value());
  EXPECT_GT(small->size(), 2 * large.size());
  ExpectSame(*small, RunOver(InputList({file}), {}), {});
}

// Each is one split, and read as such is what the file is.
TEST(SplitTest, WhatCannotBeDividedIsOneSplit) {
  TempDir directory;
  const std::string blobs = ManyBlobs(200);
  std::string delimited;
  std::string lines;
  for (const std::string& blob : oracle::SampleBlobs(200, 1)) {
    delimited += oracle::Varint(blob.size()) + blob;
    std::string text = EncodeBase64(blob);
    for (size_t at = 64; at < text.size(); at += 65) text.insert(at, "\n");
    lines += text + "\n";
  }
  std::string list;
  for (const std::string& blob : oracle::SampleBlobs(200, 1)) {
    list += (list.empty() ? "{\"Records\":[\n" : ",\n") +
            (R"({"SequenceNumber":"1","Data":")" + EncodeBase64(blob) + "\"}");
  }
  list += "\n]}\n";
  const std::vector<std::pair<std::string, ContainerKind>> files = {
      {directory.Write("gzip", oracle::Gzip(blobs)), ContainerKind::kAuto},
      {directory.Write("tar", oracle::Tar({{blobs, "a"}, {blobs, "b"}})),
       ContainerKind::kAuto},
      {directory.Write("wrapped", lines), ContainerKind::kAuto},
      {directory.Write("list", list), ContainerKind::kAuto},
      {directory.Write("varint", delimited), ContainerKind::kVarint},
      {directory.Write("record", blobs), ContainerKind::kRecord},
  };
  for (const auto& [file, container] : files) {
    SCOPED_TRACE(file);
    Options options;
    options.container = container;
    const SplitRun whole = RunOver(InputList({file}), options);
    EXPECT_THAT(whole.errors, IsEmpty());
    const std::vector<Split> splits = Plan(file, 1000, options);
    EXPECT_THAT(splits,
                ElementsAre(Split{file, 0, std::filesystem::file_size(file)}));
    ExpectSame(splits, whole, options);
  }
}

TEST(SplitTest, WhatHasNoSizeIsOneSplitToItsEnd) {
  TempDir directory;
  const std::string pipe = directory / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const std::string empty = directory.Write("empty", "");
  const std::string absent = directory / "absent";
  std::vector<Split> expected;
  for (const std::string& input :
       {std::string("-"), pipe, empty, absent, directory.path()}) {
    expected.push_back({input});
    EXPECT_THAT(Plan(input, 1), ElementsAre(Split{input, 0, UINT64_MAX}));
  }
  // An input that is refused is so by whoever reads it.
  const std::string text = directory.Write("text", std::string(5000, 'x'));
  const std::vector<Split> refused = Plan(text, 1000);
  EXPECT_THAT(refused, ElementsAre(Split{text, 0, 5000}));
  EXPECT_THAT(RunOver(InputList::OfSplits(refused), {}).errors, SizeIs(1));
}

TEST(SplitTest, TheStartOfTheFileShowsTheContainerOfEachSplit) {
  TempDir directory;
  // Past its first line, nothing shows what this file is.
  std::string lines = EncodeBase64(BlobHolding("data")) + "\n";
  for (int i = 0; i < 2000; ++i) {
    lines += EncodeBase64("plain " + std::to_string(i)) + "\n";
  }
  const std::string file = directory.Write("lines", lines);
  const SplitRun whole = RunOver(InputList({file}), {});
  EXPECT_EQ(whole.summary.not_aggregated, 2000);
  // The first line does not fit into the first split with its end.
  std::vector<Split> splits = Plan(file, 10);
  EXPECT_GT(splits.size(), 500);
  ExpectSame(splits, whole, {});
  for (const bool use_mmap : {false, true}) {
    Options options;
    options.use_mmap = use_mmap;
    ExpectSame({{file, 0, 20}},
               RunOver(InputList::OfSplits({{file, 0, 20}}), {}), options);
    EXPECT_EQ(RunOver(InputList::OfSplits({{file, 0, 20}}), options)
                  .summary.record_bytes,
              20);
  }
}

// A blob of more than the lookback whose user data are blobs.
TEST(SplitTest, ALargeBlobOfBlobsIsASuspectIfItIsDivided) {
  TempDir directory;
  constexpr size_t kSmallLookback = 1000;
  std::string inner;
  for (int i = 0; i < 300; ++i)
    inner += BlobHolding("inner " + std::to_string(i));
  const std::string before = BlobHolding("before");
  const std::string outer = BlobHolding(inner);
  const std::string after = BlobHolding("after");
  const std::string archive = before + outer + after;
  ASSERT_GT(outer.size(), 10 * kSmallLookback);
  const std::string file = directory.Write("blobs", archive);
  EXPECT_EQ(RunOver(InputList({file}), {}).rows.size(), 3);

  const std::vector<Split> splits =
      PlanWith(kSmallLookback, file, {}, 2 * kSmallLookback);
  ExpectCover(splits, file, archive.size(), 2 * kSmallLookback);
  ASSERT_GT(splits.size(), 2);
  const SplitRun sum = ReadSplits(splits);
  EXPECT_EQ(LostBytes(sum), 0);
  EXPECT_GE(sum.summary.opaque_spans, 2U);  // what is around the inner blobs
  EXPECT_EQ(sum.summary.aggregated, 302U);
  EXPECT_EQ(sum.rows.front().user_records[0].data, "before");
  EXPECT_EQ(sum.rows.back().user_records[0].data, "after");
}

TEST(SplitTest, ABlobOfTheLargestRecordIsNotDivided) {
  TempDir directory;
  const std::string inner = BlobHolding(std::string(10'000, 'x'));
  std::string data;
  while (data.size() + inner.size() < kLargestKinesisRecord - 100)
    data += inner;
  data.resize(kLargestKinesisRecord - (BlobHolding(data).size() - data.size()));
  const std::string largest = BlobHolding(data);
  ASSERT_EQ(largest.size(), kLargestKinesisRecord);
  const std::string archive =
      "\n" + ManyBlobs(50) + largest + "\r\n" + largest + ManyBlobs(50);
  const std::string file = directory.Write("blobs", archive);
  const SplitRun whole = RunOver(InputList({file}), {});
  for (const bool use_mmap : {false, true}) {
    Options options;
    options.use_mmap = use_mmap;
    const uint64_t target = use_mmap ? 12'000'000 : 1'000'000;
    const std::vector<Split> splits = Plan(file, target, options);
    EXPECT_GT(splits.size(), 1);
    ExpectCover(splits, file, archive.size(), target);
    ExpectSame(splits, whole, options);
  }
}

TEST(SplitTest, ALargerBlobOfBlobsLosesNothing) {
  TempDir directory;
  const std::string inner = BlobHolding(std::string(100'000, 'x'));
  std::string data;
  for (int i = 0; i < 250; ++i) data += inner;
  const std::string archive = ManyBlobs(50) + BlobHolding(data) + ManyBlobs(50);
  const std::string file = directory.Write("blobs", archive);
  const std::vector<Split> splits = Plan(file, 20'000'000);
  ASSERT_EQ(splits.size(), 2);
  const SplitRun whole = RunOver(InputList({file}), {});
  const SplitRun sum = ReadSplits(splits);
  EXPECT_EQ(LostBytes(sum), 0);
  EXPECT_EQ(sum.summary.bytes, archive.size());
  EXPECT_EQ(sum.summary.opaque_spans, 2U + whole.summary.opaque_spans);
  EXPECT_EQ(sum.summary.aggregated, 249U + whole.summary.aggregated);
}

// Bytes that start blobs as far as can be seen limit the search for those after
// them, so some are hidden. They are hidden in splits as well.
TEST(SplitTest, WhereTheSearchIsLimitedNothingIsDivided) {
  TempDir directory;
  const std::string magic(oracle::kReferenceMagic);
  // A field that covers the blobs after it.
  constexpr size_t kCovered = 30'000;
  std::string starts;
  for (int i = 0; i < 6; ++i) {
    starts += magic + "\x0A" + oracle::Varint(kCovered);
  }
  std::string magics;
  for (int i = 0; i < 12; ++i) magics += magic + "text";
  std::string blobs;
  for (int i = 0; i < 12; ++i) {
    blobs +=
        BlobHolding("small") + BlobHolding(magics + std::string(6'000, 'x'));
  }
  const std::string archive = BlobHolding("first") + starts + blobs;
  const std::string file = directory.Write("blobs", archive);
  const SplitRun whole = RunOver(InputList({file}), {});
  ASSERT_GT(whole.summary.opaque_spans, 3U);
  ASSERT_GT(whole.summary.aggregated, 12U);
  const std::vector<Split> splits = Plan(file, 100);
  EXPECT_GT(splits.size(), 2);
  ExpectCover(splits, file, archive.size(), 100);
  ExpectSame(splits, whole, {});
}

// Bytes without a blob are passed over, and the next one is found.
TEST(SplitTest, ALongOpaqueSpanIsNotDivided) {
  TempDir directory;
  const std::string blobs = ManyBlobs(20);
  const std::string archive = blobs + std::string(80'000'000, '\0') + blobs;
  const std::string file = directory.Write("blobs", archive);
  const std::vector<Split> splits = Plan(file, blobs.size() + 1);
  EXPECT_THAT(splits, SizeIs(2));
  EXPECT_EQ(splits.back().begin, archive.size() - blobs.size());
  ExpectSame(splits, RunOver(InputList({file}), {}), {});
}

TEST(SplitTest, AFileThatHasBecomeShorterIsAnInputError) {
  TempDir directory;
  const std::string file = directory.Write("blobs", ManyBlobs(2000));
  const std::vector<Split> splits = Plan(file, 100'000);
  ASSERT_GT(splits.size(), 3);
  const uint64_t size = splits[1].begin + 10'000;
  for (const bool use_mmap : {true, false}) {
    for (const uint64_t left : {size, uint64_t{0}}) {
      std::filesystem::resize_file(file, left);
      Options options;
      options.use_mmap = use_mmap;
      for (const Split& split : {splits[1], splits[2], splits.back()}) {
        const SplitRun run = RunOver(InputList::OfSplits({split}), options);
        EXPECT_THAT(run.rows, IsEmpty());
        ASSERT_THAT(run.errors, SizeIs(1));
        EXPECT_EQ(run.errors[0].code, ErrorCode::kIo);
        EXPECT_EQ(run.errors[0].file, file);
        EXPECT_EQ(run.errors[0].offset, left);
      }
    }
    directory.Write("blobs", ManyBlobs(2000));
  }
}

TEST(SplitTest, AFileThatHasGrownIsReadAsFarAsItWent) {
  TempDir directory;
  const std::string archive = ManyBlobs(2000);
  const std::string file = directory.Write("blobs", archive);
  const SplitRun whole = RunOver(InputList({file}), {});
  const std::vector<Split> splits = Plan(file, 100'000);
  directory.Write("blobs", archive + BlobHolding("more"));
  ExpectSame(splits, whole, {});
}

TEST(SplitTest, PartsOfOtherInputsAreErrors) {
  TempDir directory;
  const std::string zipped =
      directory.Write("gzip", oracle::Gzip(ManyBlobs(100)));
  const std::string plain = directory.Write("blobs", ManyBlobs(100));
  const struct {
    Split split;
    ErrorCode code;
    std::optional<uint64_t> offset;
  } cases[] = {
      {{zipped, 10, 50}, ErrorCode::kContainer, 10},
      {{"-", 10, 50}, ErrorCode::kIo, std::nullopt},
      {{"/dev/null", 0, 50}, ErrorCode::kIo, std::nullopt},
      {{plain, 50, 10}, ErrorCode::kInvalidArgument, 50},
      {{plain, 1'000'000'000, UINT64_MAX},
       ErrorCode::kIo,
       std::filesystem::file_size(plain)},
  };
  for (const auto& [split, code, offset] : cases) {
    SCOPED_TRACE(split.input);
    const SplitRun run = RunOver(InputList::OfSplits({split}), {});
    ASSERT_THAT(run.errors, SizeIs(1));
    EXPECT_EQ(run.errors[0].code, code);
    EXPECT_EQ(run.errors[0].offset, offset);
    EXPECT_EQ(run.errors[0].file, split.input);
    // Planned again, they are what they were.
    EXPECT_THAT(PlanSplits(InputList::OfSplits({split}), {}, 1).value(),
                ElementsAre(split));
  }
}

TEST(SplitTest, AnEmptySplitHasNoRecords) {
  TempDir directory;
  const std::string archive = ManyBlobs(100);
  const std::string file = directory.Write("blobs", archive);
  for (const uint64_t at : {uint64_t{0}, uint64_t{archive.size()}}) {
    const SplitRun run = RunOver(InputList::OfSplits({{file, at, at}}), {});
    EXPECT_THAT(run.errors, IsEmpty());
    EXPECT_THAT(run.rows, IsEmpty());
    EXPECT_EQ(run.summary.bytes, 0);
  }
}

TEST(SplitTest, LinesOfSplitsAreLinesOfTheFile) {
  TempDir directory;
  const std::string file = directory.Write("lines", "one\ntwo\nthree\n");
  LineReader reader =
      LineReader::Open(InputList::OfSplits({{file, 0, 4}, {file, 4, 14}}))
          .value();
  std::vector<std::pair<uint64_t, std::string>> blocks;
  while (const auto block = reader.Next()) {
    blocks.emplace_back(block->offset, AsText(block->bytes));
  }
  EXPECT_THAT(blocks,
              ElementsAre(std::pair(0, "one\n"), std::pair(4, "two\nthree\n")));
  EXPECT_EQ(reader.report().summary.stored_bytes, 14);
  EXPECT_EQ(reader.report().summary.inputs, 1);
}

TEST(SplitTest, ProgressIsOfTheSplits) {
  TempDir directory;
  const std::string file = directory.Write("blobs", ManyBlobs(100));
  Options options;
  uint64_t total = 0;
  uint64_t read = 0;
  options.progress = [&](const Progress& progress) {
    total = progress.stored_bytes_total;
    read = progress.so_far.stored_bytes;
  };
  const std::vector<Split> splits = Plan(file, 10'000);
  ASSERT_GT(splits.size(), 3);
  RunOver(InputList::OfSplits({splits[1], splits[2]}), options);
  EXPECT_EQ(total, splits[2].end - splits[1].begin);
  EXPECT_EQ(read, total);
}

TEST(SplitTest, BadOptionsAreErrors) {
  const InputList inputs({"/dev/null"});
  EXPECT_EQ(PlanSplits(inputs, {}, 0).error().code,
            ErrorCode::kInvalidArgument);
  Options options;
  options.jobs = 1'000'000;
  EXPECT_EQ(PlanSplits(inputs, options, 1).error().code,
            ErrorCode::kInvalidArgument);
  std::stop_source stop;
  stop.request_stop();
  options = {};
  options.cancel = stop.get_token();
  EXPECT_EQ(PlanSplits(inputs, options, 1).error().code, ErrorCode::kCancelled);
}

}  // namespace
}  // namespace thresh
