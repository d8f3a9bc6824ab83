// One record a line in base64: line ends of both kinds, and lines that are no
// base64 among lines that are.
#include <gmock/gmock.h>

#include "oracle/engine_run.h"
#include "oracle/samples.h"

namespace thresh {
namespace {

using oracle::EncodeBase64;
using oracle::ReferenceVerdict;

oracle::EngineRun ReadLines(const std::string& archive) {
  const oracle::ReferenceArchive reference = oracle::ReadBase64Lines(archive);
  oracle::EngineRun run;
  for (const size_t window : {64U, 1000U, 1U << 20}) {
    for (const unsigned jobs : {1U, 2U, 4U}) {
      Options options;
      options.container = ContainerKind::kBase64Lines;
      options.window_bytes = window;
      options.jobs = jobs;
      run = oracle::RunEngine(archive, options);
      EXPECT_EQ(oracle::Diff(run, reference), "")
          << "window " << window << " jobs " << jobs;
    }
  }
  return run;
}

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
  for (const std::string broken :
       {"Zg", "Zg=", "Zh==", "Zm9=", "=", "====", "Zg==Zg==", " Zm9v", "Zm9v ",
        "Zm-_", "Zm9v\r", "\r\r", "\t", "# comment", "\xEF\xBB\xBFZm9v",
        "{\"data\":\"Zm9v\"}"}) {
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
