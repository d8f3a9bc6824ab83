// One record per line in base64: both kinds of line ends, text that programs
// add around a line, and lines that are not base64 among lines that are.
#include <gmock/gmock.h>

#include "oracle/engine_run.h"
#include "oracle/samples.h"
#include "pipeline/base64_run.h"

namespace thresh {
namespace {

using oracle::EncodeBase64;
using oracle::ReferenceVerdict;

std::string Lines(const std::vector<std::string>& records,
                  const std::string& end) {
  std::string archive;
  for (const std::string& record : records) {
    archive += EncodeBase64(record) + end;
  }
  return archive;
}

TEST(Base64LinesTest, ReadsEveryKindOfBlobWithEitherLineEnd) {
  const std::vector<std::string> blobs = oracle::SampleBlobs(33, 1);
  for (const std::string end : {"\n", "\r\n", "\n\n", "\r\n\n\r\n"}) {
    const oracle::EngineRun run = ReadLines(Lines(blobs, end));
    EXPECT_THAT(run.rows, testing::SizeIs(33));
    EXPECT_EQ(run.report.summary.framing_bytes, 33 * end.size());
    EXPECT_EQ(run.report.summary.opaque_spans, 0U);
  }
}

TEST(Base64LinesTest, TheLastLineNeedsNoLineEnd) {
  const std::string blobs = Lines(oracle::SampleBlobs(5, 2), "\n");
  const std::string last = EncodeBase64("last");
  EXPECT_THAT(ReadLines(blobs + last).rows, testing::SizeIs(6));
  EXPECT_THAT(ReadLines(last).rows, testing::SizeIs(1));
  EXPECT_THAT(ReadLines(last + "\r").rows, testing::SizeIs(1));
}

TEST(Base64LinesTest, LineEndsAloneAreFramingAndNothingElse) {
  for (const std::string ends : {"", "\n", "\r\n", "\n\n\n\r\n\n"}) {
    const oracle::EngineRun run = ReadLines(ends);
    EXPECT_THAT(run.rows, testing::IsEmpty());
    EXPECT_EQ(run.report.summary.framing_bytes, ends.size());
  }
}

TEST(Base64LinesTest, ALineThatIsNoBase64IsOneOpaqueSpanOfItsOwn) {
  const std::vector<std::string> blobs = oracle::SampleBlobs(2, 3);
  const std::string before = EncodeBase64(blobs[0]) + "\n";
  const std::string after = EncodeBase64(blobs[1]) + "\n";
  for (const std::string broken : {"Zg=",
                                   "Zh==",
                                   "Zm9=",
                                   "Zm9",
                                   "Z",
                                   "=",
                                   "====",
                                   "Zg==Zg==",
                                   "Zm9v Zm9v",
                                   "Zm+_",
                                   "# comment",
                                   "{\"data\":\"Zm9v\"}",
                                   "Zm9v,Zm9v",
                                   "\"Zm9v",
                                   "Zm9v\"",
                                   "\"Zm9v\" \"Zm9v\"",
                                   "\"Zm9v\",\"Zm9v\"",
                                   "\"Zm9v\",,",
                                   "\"Zm\\/v\"",
                                   "'Zm9v'",
                                   "[Zm9v]",
                                   "[[\"Zm9v\"]]",
                                   "b'Zm9v'"}) {
    SCOPED_TRACE(broken);
    const oracle::EngineRun run =
        ReadLines(before + broken + "\r\n" + broken + "\n" + after);
    ASSERT_THAT(run.rows, testing::SizeIs(4));
    EXPECT_EQ(run.rows[1].verdict, ReferenceVerdict::kOpaqueSpan);
    EXPECT_EQ(run.rows[1].offset, before.size());
    EXPECT_EQ(run.rows[1].bytes, broken);
    EXPECT_EQ(run.rows[3].bytes, blobs[1]);
  }
}

struct MangledLines {
  std::string archive;
  std::vector<std::string> records;
  uint64_t lenient;
};

// The forms in which programs write the lines of "foo", "ba" and FF EF.
const std::vector<MangledLines>& MangledCases() {
  static const std::vector<MangledLines> cases = {
      {"\xEF\xBB\xBFZm9v\r\nYmE=\r\n/+8=", {"foo", "ba", "\xFF\xEF"}, 1},
      {" Zm9v\t\nYmE= \r\n  \n\t\n/+8=", {"foo", "ba", "\xFF\xEF"}, 2},
      {"\"Zm9v\"\n\"YmE=\"\r\n\"/+8=\"", {"foo", "ba", "\xFF\xEF"}, 3},
      {"[\n  \"Zm9v\",\n  \"YmE=\",\n  \"/+8=\"\n]\n",
       {"foo", "ba", "\xFF\xEF"},
       3},
      {"[\"Zm9v\", \"YmE=\",\"/+8=\"]", {"foo", "ba", "\xFF\xEF"}, 3},
      {"[\"Zm9v\",\r\n \"YmE=\",\r\n \"/+8=\"]", {"foo", "ba", "\xFF\xEF"}, 3},
      {"[\n]\n[]\n[\n[\n\"Zm9v\"\n],\n[\"YmE\"]\n]\n", {"foo", "ba"}, 2},
      {"Zm9v\nYmE\n_-8\n_-8=", {"foo", "ba", "\xFF\xEF", "\xFF\xEF"}, 3},
      {"Zm9v,\nYmE ,\n/+8 , \n,\n", {"foo", "ba", "\xFF\xEF"}, 3},
      {"\"\"\n\"Zm9v\" ,\n", {"", "foo"}, 2},
  };
  return cases;
}

TEST(Base64LinesTest, TakesOffWhatProgramsPutAroundAText) {
  for (const MangledLines& mangled : MangledCases()) {
    SCOPED_TRACE(mangled.archive);
    const oracle::EngineRun run = ReadLinesInEveryWindow(mangled.archive);
    std::vector<std::string> records;
    for (const oracle::ReferenceRow& row : run.rows) {
      records.push_back(row.bytes);
    }
    EXPECT_EQ(records, mangled.records);
    EXPECT_EQ(run.report.summary.opaque_spans, 0U);
    EXPECT_EQ(run.report.summary.lenient_data, mangled.lenient);
  }
}

TEST(Base64LinesTest, AStringOfAListThatIsNoBase64CostsNoOther) {
  const std::string archive =
      "[\"Zm9v\", \"Zm9\", \"Zm 9v\",\"YmE=\"]\n\"Zm9v\"\n";
  const oracle::EngineRun run = ReadLines(archive);
  ASSERT_THAT(run.rows, testing::SizeIs(5));
  EXPECT_EQ(run.rows[1].verdict, ReferenceVerdict::kOpaqueSpan);
  EXPECT_EQ(run.rows[1].offset, archive.find("\"Zm9\"") + 1);
  EXPECT_EQ(run.rows[1].bytes, "Zm9");
  EXPECT_EQ(run.rows[2].bytes, "Zm 9v");
  EXPECT_EQ(run.rows[3].bytes, "ba");
}

TEST(Base64LinesTest, OneBrokenCharacterCostsOneLine) {
  const std::string archive = Lines(oracle::SampleBlobs(22, 4), "\n");
  oracle::Random random(5);
  for (size_t at = 0; at < archive.size(); at += 1 + random.Below(20)) {
    std::string damaged = archive;
    damaged[at] = "\n\r =A!\xFF"[random.Below(7)];
    Options options;
    options.container = ContainerKind::kBase64Lines;
    options.window_bytes = 64 + random.Below(2000);
    options.jobs = static_cast<unsigned>(1 + random.Below(4));
    const oracle::EngineRun run = oracle::RunEngine(damaged, options);
    ASSERT_EQ(oracle::Diff(run, oracle::ReadBase64Lines(damaged)), "")
        << "byte " << at;
    ASSERT_GE(CountRows(run.rows, ReferenceVerdict::kAggregated), 22U - 8U);
  }
}

TEST(Base64LinesTest, BinaryDataHasLinesToo) {
  oracle::Random random(6);
  ReadLines(random.Bytes(5000));
}

TEST(Base64LinesTest, ALineOfTenMebibytes) {
  oracle::Random random(7);
  const std::string large = random.Bytes(10 << 20);
  EXPECT_THAT(ReadLines("Zm9v\n" + EncodeBase64(large) + "\r\nZm9v").rows,
              testing::SizeIs(3));
}

}  // namespace
}  // namespace thresh
