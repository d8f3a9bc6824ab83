// Records after their lengths, in all three encodings, up to and beyond the
// maximum length.
#include <gmock/gmock.h>

#include "oracle/engine_run.h"
#include "oracle/samples.h"

namespace thresh {
namespace {

using oracle::LengthPrefix;
using oracle::ReferenceVerdict;

std::string Prefix(LengthPrefix kind, uint64_t length) {
  if (kind == LengthPrefix::kVarint) return oracle::Varint(length);
  std::string bytes;
  for (int i = 0; i < 4; ++i) {
    const int shift = kind == LengthPrefix::kU32Le ? 8 * i : 24 - 8 * i;
    bytes.push_back(static_cast<char>(length >> shift));
  }
  return bytes;
}

std::string DelimitAs(LengthPrefix kind,
                      const std::vector<std::string>& parts) {
  std::string archive;
  for (const std::string& part : parts) {
    archive += Prefix(kind, part.size()) + part;
  }
  return archive;
}

ContainerKind DelimitedKind(LengthPrefix prefix) {
  switch (prefix) {
    case LengthPrefix::kU32Le:
      return ContainerKind::kU32Le;
    case LengthPrefix::kU32Be:
      return ContainerKind::kU32Be;
    case LengthPrefix::kVarint:
      return ContainerKind::kVarint;
  }
  return ContainerKind::kAuto;
}

// Blobs of every kind, records that are not blobs, broken and empty ones.
std::vector<std::string> Records() {
  std::vector<std::string> records = oracle::SampleBlobs(22, 1);
  records[3].back() = static_cast<char>(records[3].back() ^ 1);
  records[4].erase(records[4].size() / 2, 1);
  records.insert(records.begin() + 5, {"", "plain", "", "\xF3\x89\x9A\xC2"});
  records.push_back(std::string(oracle::kReferenceMagic) +
                    std::string(16, 'x'));
  records.push_back(std::string(oracle::kReferenceMagic) +
                    std::string(17, 'x'));
  records.push_back("");
  return records;
}

class DelimitedTest : public testing::TestWithParam<LengthPrefix> {
 protected:
  // Reads `archive` in many configurations; returns the last run.
  static oracle::EngineRun ReadDelimited(const std::string& archive) {
    const oracle::ReferenceArchive reference =
        oracle::ReadDelimited(archive, GetParam());
    oracle::EngineRun run;
    for (const size_t window : {64U, 1000U, 1U << 20}) {
      for (const unsigned jobs : {1U, 2U, 4U}) {
        Options options;
        options.container = DelimitedKind(GetParam());
        options.window_bytes = window;
        options.jobs = jobs;
        run = oracle::RunEngine(archive, options);
        EXPECT_EQ(oracle::Diff(run, reference), "")
            << "window " << window << " jobs " << jobs;
      }
    }
    return run;
  }

  // `tail` cannot be read from its first byte.
  static void ExpectErrorAt(const std::string& tail) {
    const std::string good = DelimitAs(GetParam(), Records());
    const oracle::EngineRun run = ReadDelimited(good + tail);
    EXPECT_EQ(run.rows.size(), Records().size());
    EXPECT_EQ(run.report.summary.unread_bytes, tail.size());
    ASSERT_THAT(run.report.input_errors, testing::SizeIs(1));
    const Error& error = run.report.input_errors[0];
    EXPECT_EQ(error.code, ErrorCode::kContainer);
    EXPECT_EQ(error.offset, good.size());
    EXPECT_EQ(error.file, "memory");
    EXPECT_NE(error.message, "");
  }
};

TEST_P(DelimitedTest, ReadsEveryKindOfRecord) {
  const oracle::EngineRun run = ReadDelimited(DelimitAs(GetParam(), Records()));
  const Summary& summary = run.report.summary;
  EXPECT_EQ(summary.kinesis_records, Records().size());
  EXPECT_EQ(summary.not_aggregated, 6U);
  EXPECT_EQ(summary.digest_mismatch, 3U);
  EXPECT_EQ(summary.opaque_spans, 0U);
  EXPECT_EQ(summary.unread_bytes, 0U);
}

TEST_P(DelimitedTest, AnEmptyArchiveAndEmptyRecords) {
  EXPECT_THAT(ReadDelimited("").rows, testing::IsEmpty());
  const oracle::EngineRun run =
      ReadDelimited(DelimitAs(GetParam(), std::vector<std::string>(300)));
  ASSERT_THAT(run.rows, testing::SizeIs(300));
  EXPECT_EQ(run.rows[299].verdict, ReferenceVerdict::kNotAggregated);
  EXPECT_EQ(run.report.summary.user_records, 300U);
  EXPECT_EQ(run.report.summary.record_bytes, 0U);
}

TEST_P(DelimitedTest, ATruncatedRecordEndsTheInputWithAnError) {
  ExpectErrorAt(Prefix(GetParam(), 100) + std::string(99, 'x'));
  ExpectErrorAt(Prefix(GetParam(), 1));
  ExpectErrorAt(Prefix(GetParam(), 300).substr(0, 1));
}

TEST_P(DelimitedTest, ALengthBeyondTheLargestRecordEndsTheInput) {
  const std::string rest(500, '\0');
  ExpectErrorAt(Prefix(GetParam(), (64U << 20) + 1) + rest);
  ExpectErrorAt(Prefix(GetParam(), UINT32_MAX) + rest);
}

TEST_P(DelimitedTest, ALengthOfTheLargestRecordIsRead) {
  const std::string archive =
      DelimitAs(GetParam(), {std::string(64 << 20, 'x'), "next"});
  Options options;
  options.container = DelimitedKind(GetParam());
  const oracle::EngineRun run = oracle::RunEngine(archive, options);
  EXPECT_EQ(oracle::Diff(run, oracle::ReadDelimited(archive, GetParam())), "");
  EXPECT_THAT(run.rows, testing::SizeIs(2));
}

TEST_P(DelimitedTest, AnArchiveMayEndAnywhere) {
  const std::string archive = DelimitAs(GetParam(), Records());
  for (size_t size = 0; size < archive.size(); size += 7) {
    Options options;
    options.container = DelimitedKind(GetParam());
    options.window_bytes = 64 + size % 1000;
    options.jobs = 1 + static_cast<unsigned>(size % 3);
    const std::string cut = archive.substr(0, size);
    ASSERT_EQ(oracle::Diff(oracle::RunEngine(cut, options),
                           oracle::ReadDelimited(cut, GetParam())),
              "")
        << "cut to " << size;
  }
}

INSTANTIATE_TEST_SUITE_P(All, DelimitedTest,
                         testing::Values(LengthPrefix::kU32Le,
                                         LengthPrefix::kU32Be,
                                         LengthPrefix::kVarint));

// protobuf's codec accepts a varint of more bytes than its value needs, and so
// do we; one that does not end after ten, or does not fit in 64 bits, is not
// valid.
TEST(VarintLengthTest, TakesOverlongOnesAsTheCodecDoes) {
  Options options;
  options.container = ContainerKind::kVarint;
  const auto read = [&options](const std::string& archive) {
    const oracle::EngineRun run = oracle::RunEngine(archive, options);
    EXPECT_EQ(oracle::Diff(
                  run, oracle::ReadDelimited(archive, LengthPrefix::kVarint)),
              "");
    return run.rows.size();
  };
  // 3 in `bytes` bytes, the last of them `last`.
  const auto overlong = [](size_t bytes, char last) {
    std::string varint(bytes, '\x80');
    varint.front() = '\x83';
    varint.back() = last;
    return varint.append("abc");
  };
  EXPECT_EQ(read(overlong(2, '\x00')), 1U);
  EXPECT_EQ(read(overlong(6, '\x00')), 1U);
  EXPECT_EQ(read(overlong(10, '\x00')), 1U);
  EXPECT_EQ(read(overlong(10, '\x02')), 0U);
  EXPECT_EQ(read(overlong(10, '\x80')), 0U);
  EXPECT_EQ(read(overlong(11, '\x00')), 0U);
  EXPECT_EQ(read(std::string(30, '\xFF')), 0U);
}

}  // namespace
}  // namespace thresh
