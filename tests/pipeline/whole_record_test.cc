// Inputs that are one Kinesis record each.
#include <gmock/gmock.h>

#include "oracle/compress.h"
#include "oracle/engine_run.h"
#include "oracle/samples.h"

namespace thresh {
namespace {

constexpr size_t kLargestRecord = size_t{64} << 20;

oracle::EngineRun ReadWhole(std::string_view input, size_t window = 1 << 20) {
  Options options;
  options.container = ContainerKind::kRecord;
  options.window_bytes = window;
  return oracle::RunEngine(input, options);
}

TEST(WholeRecordTest, AnInputIsARecordWhateverItHolds) {
  const std::vector<std::string> blobs = oracle::SampleBlobs(11, 1);
  std::vector<std::string> inputs = blobs;
  inputs.push_back("plain\n");
  inputs.push_back("{\"Records\":[]}");
  inputs.push_back("");
  inputs.push_back(blobs[0] + blobs[1]);
  for (const std::string& input : inputs) {
    oracle::ReferenceArchive reference;
    reference.bytes = input.size();
    reference.rows.push_back(oracle::Judge(input));
    for (const size_t window : {1U, 7U, 1U << 20}) {
      EXPECT_EQ(oracle::Diff(ReadWhole(input, window), reference), "");
    }
  }
}

TEST(WholeRecordTest, TheLargestRecordAndOneThatIsLarger) {
  std::string input(kLargestRecord, 'x');
  oracle::EngineRun run = ReadWhole(input);
  ASSERT_THAT(run.rows, testing::SizeIs(1));
  EXPECT_EQ(run.rows[0].length, kLargestRecord);
  for (const size_t more : {size_t{1}, kLargestRecord}) {
    run = ReadWhole(input + std::string(more, 'x'));
    EXPECT_THAT(run.rows, testing::IsEmpty());
    ASSERT_THAT(run.report.input_errors, testing::SizeIs(1));
    EXPECT_EQ(run.report.input_errors[0].offset, 0U);
    EXPECT_THAT(run.report.input_errors[0].message,
                testing::HasSubstr("more than 67108864 bytes"));
    EXPECT_EQ(run.report.summary.unread_bytes, kLargestRecord + more);
  }
}

TEST(WholeRecordTest, PartOfARecordIsNone) {
  std::string packed = oracle::Gzip(oracle::Random(1).Bytes(5000));
  EXPECT_THAT(ReadWhole(packed).rows, testing::SizeIs(1));
  packed.resize(packed.size() - 1000);
  const oracle::EngineRun run = ReadWhole(packed);
  EXPECT_THAT(run.rows, testing::IsEmpty());
  EXPECT_THAT(run.report.input_errors, testing::SizeIs(1));
  EXPECT_EQ(run.report.summary.unread_bytes, run.report.summary.bytes);
  EXPECT_GT(run.report.summary.bytes, 0U);
}

}  // namespace
}  // namespace thresh
