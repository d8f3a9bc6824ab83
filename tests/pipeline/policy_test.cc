// How suspects are handled: the four policies, through both ways into the
// engine.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "oracle/engine_run.h"
#include "oracle/samples.h"
#include "sink/output_text.h"
#include "thresh/deaggregate.h"

namespace thresh {
namespace {

using oracle::ReferenceRow;
using oracle::ReferenceVerdict;

std::string Delimit(const std::vector<std::string>& records) {
  std::string archive;
  for (const std::string& record : records) {
    archive += oracle::Varint(record.size()) + record;
  }
  return archive;
}

// Valid records and suspects of every verdict that a framed record can get.
std::string FramedArchive() {
  std::vector<std::string> records = oracle::SampleBlobs(44, 1);
  records[7].back() = static_cast<char>(records[7].back() ^ 1);
  records[8] = "plain";
  return Delimit(records);
}

std::string MixedArchive() {
  return "garbage" + oracle::Join(oracle::SampleBlobs(44, 2)) + "garbage";
}

bool IsSuspectRow(const ReferenceRow& row) {
  return row.verdict >= ReferenceVerdict::kDigestMismatch;
}

struct Case {
  std::string archive;
  ContainerKind container;
  oracle::ReferenceArchive reference;
};

std::vector<Case> Cases() {
  const std::string framed = FramedArchive();
  const std::string blobs = MixedArchive();
  return {{framed, ContainerKind::kVarint,
           oracle::ReadDelimited(framed, oracle::LengthPrefix::kVarint)},
          {blobs, ContainerKind::kBlobs, oracle::ReadBlobs(blobs)}};
}

Options OptionsFor(const Case& a_case, SuspectPolicy policy, unsigned jobs) {
  Options options;
  options.container = a_case.container;
  options.on_suspect = policy;
  options.window_bytes = 1000;
  options.jobs = jobs;
  options.content_checksum = true;
  return options;
}

TEST(BatchReaderPolicyTest, QuarantineAndSkipWithholdWhatPassHandsOut) {
  for (Case& a_case : Cases()) {
    for (const unsigned jobs : {1U, 4U}) {
      for (const SuspectPolicy policy :
           {SuspectPolicy::kQuarantine, SuspectPolicy::kSkip}) {
        EXPECT_EQ(
            oracle::Diff(oracle::RunEngine(a_case.archive,
                                           OptionsFor(a_case, policy, jobs)),
                         a_case.reference),
            "");
      }
      oracle::ReferenceArchive passed = a_case.reference;
      oracle::PassSuspects(&passed);
      EXPECT_EQ(
          oracle::Diff(
              oracle::RunEngine(a_case.archive,
                                OptionsFor(a_case, SuspectPolicy::kPass, jobs)),
              passed),
          "");
    }
  }
}

TEST(BatchReaderPolicyTest, FailStopsAtTheFirstSuspect) {
  for (const Case& a_case : Cases()) {
    for (const unsigned jobs : {1U, 4U}) {
      const oracle::EngineRun run = oracle::RunEngine(
          a_case.archive, OptionsFor(a_case, SuspectPolicy::kFail, jobs));
      const auto suspect =
          std::ranges::find_if(a_case.reference.rows, IsSuspectRow);
      ASSERT_NE(suspect, a_case.reference.rows.end());
      ASSERT_THAT(run.failure, testing::SizeIs(1));
      EXPECT_EQ(run.failure[0].code, ErrorCode::kSuspect);
      EXPECT_EQ(run.failure[0].offset, suspect->offset);
      // The output so far is in order and free of suspects.
      EXPECT_THAT(
          run.rows,
          testing::Each(testing::Not(testing::ResultOf(IsSuspectRow, true))));
      ASSERT_LE(run.rows.size(),
                static_cast<size_t>(suspect - a_case.reference.rows.begin()));
      EXPECT_EQ(oracle::DiffRows(run.rows,
                                 {a_case.reference.rows.begin(),
                                  a_case.reference.rows.begin() +
                                      static_cast<ptrdiff_t>(run.rows.size())}),
                "");
    }
  }
}

TEST(BatchReaderPolicyTest, FailMeetsNoSuspectInASoundArchive) {
  const std::string archive =
      oracle::Seal(oracle::LengthField(1, "k") +
                   oracle::RecordField(0, std::nullopt, "data"));
  Options options;
  options.on_suspect = SuspectPolicy::kFail;
  EXPECT_EQ(oracle::Diff(oracle::RunEngine(archive, options),
                         oracle::ReadBlobs(archive)),
            "");
}

// Stores the user records, or the suspects, that it receives.
class Recorder : public TypedSink<TextChunk> {
 public:
  explicit Recorder(bool suspects) : suspects_(suspects) {}

  void EncodeTo(const Batch& batch, TextChunk* chunk) const override {
    std::vector<ReferenceRow> rows;
    oracle::AppendRows(batch, &rows);
    std::string text;
    for (const ReferenceRow& row : rows) text += Describe(row, suspects_);
    AppendCopy(text, chunk->mutable_text());
  }
  Result<void> WriteFrom(TextChunk* chunk) override {
    if (fail_write) {
      Error error;
      error.message = "disk full";
      return tl::unexpected(error);
    }
    written += TextOf(chunk->text());
    return {};
  }
  Result<void> Finish() override {
    ++finished;
    return {};
  }

  static std::string Describe(const ReferenceRow& row, bool suspects) {
    std::string text;
    if (suspects && IsSuspectRow(row)) {
      text += oracle::Join({"suspect ",
                            std::to_string(static_cast<int>(row.verdict)),
                            " at ", std::to_string(row.offset), " ",
                            oracle::EncodeBase64(row.bytes), "\n"});
    }
    for (size_t i = 0; i < row.user_records.size() && !suspects; ++i) {
      const oracle::ReferenceRecord& record = row.user_records[i];
      text += oracle::Join({record.partition_key.value_or("null"), "|",
                            record.explicit_hash_key.value_or("null"), "|",
                            std::to_string(record.sub_sequence_number), "|",
                            oracle::EncodeBase64(record.data), "\n"});
    }
    return text;
  }

  static std::string DescribeAll(const oracle::ReferenceArchive& archive,
                                 bool suspects) {
    std::string text;
    for (const ReferenceRow& row : archive.rows) {
      text += Describe(row, suspects);
    }
    return text;
  }

  std::string written;
  int finished = 0;
  bool fail_write = false;

 private:
  bool suspects_;
};

class DeaggregatePolicyTest : public testing::Test {
 protected:
  ~DeaggregatePolicyTest() override { std::filesystem::remove(path_); }

  Result<Report> Run(const Case& a_case, const Options& options,
                     bool with_quarantine) {
    std::ofstream(path_, std::ios::binary) << a_case.archive;
    return Deaggregate({path_}, options, &sink_,
                       with_quarantine ? &quarantine_ : nullptr);
  }

  std::string path_ =
      testing::TempDir() + "policy_test." +
      testing::UnitTest::GetInstance()->current_test_info()->name();
  Recorder sink_{false};
  Recorder quarantine_{true};
};

TEST_F(DeaggregatePolicyTest, QuarantineTakesEachSuspectOnceInOrder) {
  for (const Case& a_case : Cases()) {
    for (const unsigned jobs : {1U, 2U, 4U}) {
      sink_.written.clear();
      quarantine_.written.clear();
      const auto report = Run(
          a_case, OptionsFor(a_case, SuspectPolicy::kQuarantine, jobs), true);
      ASSERT_TRUE(report) << report.error().ToString();
      EXPECT_EQ(oracle::DiffSummary(report->summary, a_case.reference), "");
      EXPECT_EQ(sink_.written, Recorder::DescribeAll(a_case.reference, false));
      EXPECT_EQ(quarantine_.written,
                Recorder::DescribeAll(a_case.reference, true));
    }
  }
  EXPECT_EQ(sink_.finished, 6);
  EXPECT_EQ(quarantine_.finished, 6);
}

TEST_F(DeaggregatePolicyTest, PassSendsSuspectsOutInTheirPlaceAndSkipNowhere) {
  for (const Case& a_case : Cases()) {
    sink_.written.clear();
    ASSERT_TRUE(
        Run(a_case, OptionsFor(a_case, SuspectPolicy::kSkip, 2), false));
    EXPECT_EQ(sink_.written, Recorder::DescribeAll(a_case.reference, false));

    oracle::ReferenceArchive passed = a_case.reference;
    oracle::PassSuspects(&passed);
    sink_.written.clear();
    const auto report =
        Run(a_case, OptionsFor(a_case, SuspectPolicy::kPass, 2), false);
    ASSERT_TRUE(report) << report.error().ToString();
    EXPECT_EQ(sink_.written, Recorder::DescribeAll(passed, false));
    EXPECT_EQ(oracle::DiffSummary(report->summary, passed), "");
  }
}

TEST_F(DeaggregatePolicyTest, FailEndsTheRunAndPublishesNothing) {
  for (const Case& a_case : Cases()) {
    sink_.written.clear();
    const auto report =
        Run(a_case, OptionsFor(a_case, SuspectPolicy::kFail, 2), false);
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, ErrorCode::kSuspect);
    EXPECT_EQ(report.error().file, path_);
    EXPECT_EQ(sink_.finished, 0);
    EXPECT_THAT(Recorder::DescribeAll(a_case.reference, false),
                testing::StartsWith(sink_.written));
  }
}

TEST_F(DeaggregatePolicyTest, QuarantineNeedsAPlaceToPutSuspects) {
  const Case a_case = Cases()[0];
  const auto report =
      Run(a_case, OptionsFor(a_case, SuspectPolicy::kQuarantine, 1), false);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::kInvalidArgument);
}

TEST_F(DeaggregatePolicyTest, ASinkThatFailsEndsTheRun) {
  for (const unsigned jobs : {1U, 4U}) {
    sink_.fail_write = true;
    const Case a_case = Cases()[0];
    const auto report =
        Run(a_case, OptionsFor(a_case, SuspectPolicy::kSkip, jobs), false);
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().message, "disk full");
    EXPECT_EQ(sink_.finished, 0);
  }
}

}  // namespace
}  // namespace thresh
