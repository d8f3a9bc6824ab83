// Outputs and quarantines of a registered scheme: published and removed by the
// same rules as files of this machine, and with the same bytes.
#include <gmock/gmock.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "blob_maker.h"
#include "input/testing.h"
#include "read_file.h"
#include "storage/memory_file_system.h"
#include "thresh/aggregate.h"
#include "thresh/archive_writer.h"
#include "thresh/byte_output.h"
#include "thresh/deaggregate.h"
#include "thresh/sinks.h"

namespace thresh {
namespace {

using input_testing::TempDir;
using storage_testing::MemoryTest;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kOut[] = "mem://b/out";
constexpr char kSide[] = "mem://b/out.quarantine.ndjson";

// Blobs with damage between them.
std::string DamagedArchive(int blobs) {
  std::string archive;
  for (int i = 0; i < blobs; ++i) {
    BlobMaker maker;
    for (int record = 0; record < 20; ++record) {
      maker.Add({"key" + std::to_string(record % 3),
                 AsBytes("data of " + std::to_string(i))});
    }
    std::string blob = maker.Take();
    if (i % 10 == 3) blob[blob.size() / 2] ^= 1;
    archive += blob;
  }
  return archive;
}

class StoredOutputTest : public MemoryTest {
 protected:
  // Deaggregates `input` to `out`, with its suspects in `side`.
  static Result<Report> Run(const std::string& input, const std::string& out,
                            const std::string& side,
                            OutputFormat format = OutputFormat::kNdjson,
                            unsigned jobs = 1) {
    const InputList inputs = ExpandInputs({input}).value();
    auto sink = OpenSink(out, format, {}, {.sync = false});
    if (!sink) return tl::unexpected(sink.error());
    auto quarantine =
        OpenQuarantine(side, inputs, {.output = out, .sync = false});
    if (!quarantine) return tl::unexpected(quarantine.error());
    Options options;
    options.jobs = jobs;
    return Deaggregate(inputs, options, sink->get(), quarantine->get());
  }

  // What an earlier run has left, without events.
  void PutEarlierRun() {
    files_->Put(kOut, "earlier");
    files_->Put(kSide, "of the earlier");
    static_cast<void>(files_->TakeEvents());
  }

  // The error of such a run, from a damaged archive to kOut and kSide.
  [[nodiscard]] std::string ErrorOfRun() {
    const Result<Report> report = Run("mem://b/in", kOut, kSide);
    EXPECT_FALSE(report);
    if (report) return {};
    EXPECT_EQ(report.error().code, ErrorCode::kIo);
    return report.error().ToString();
  }
};

TEST_F(StoredOutputTest, AnOutputAppearsWhenItIsCommitted) {
  auto output = OpenOutput(kOut).value();
  ASSERT_TRUE(output->Write(AsBytes("one ")));
  ASSERT_TRUE(output->Write(AsBytes("two")));
  ASSERT_TRUE(output->Complete());
  EXPECT_FALSE(files_->Has(kOut));
  ASSERT_TRUE(output->Commit());
  EXPECT_EQ(files_->Get(kOut), "one two");
}

TEST_F(StoredOutputTest, WithoutThatEarlierContentStays) {
  files_->Put(kOut, "earlier");
  {
    const auto output = OpenOutput(kOut).value();
    ASSERT_TRUE(output->Write(AsBytes("new")));
    ASSERT_TRUE(output->Complete());
  }
  EXPECT_EQ(files_->Get(kOut), "earlier");
  EXPECT_EQ(OpenOutput(kOut).value()->CommitIncomplete().value(),
            std::string(kOut) + ".incomplete");
  EXPECT_EQ(files_->Get(kOut), "earlier");
  EXPECT_EQ(files_->Get(std::string(kOut) + ".incomplete"), "");
}

TEST_F(StoredOutputTest, AnUnknownSchemeIsAnErrorThatNamesIt) {
  const std::string path = "nosuch://b/out";
  const auto expect = [&path](const Error& error) {
    EXPECT_EQ(error.code, ErrorCode::kIo);
    EXPECT_EQ(error.file, path);
    EXPECT_THAT(error.message, HasSubstr("nosuch://"));
  };
  expect(OpenOutput(path).error());
  expect(OpenSink(path, OutputFormat::kLines).error());
  expect(OpenQuarantine(path, InputList()).error());
  expect(ArchiveWriter::Open(path, {}).error());
  EXPECT_FALSE(std::filesystem::exists("nosuch:"));
}

// With inputs, outputs and quarantines here and there, the bytes are the same
// but for the names of the inputs.
TEST_F(StoredOutputTest, ARunThereIsARunHere) {
  const std::string archive = DamagedArchive(300);
  files_->Put("mem://b/in/1", archive);
  files_->Put("mem://b/in/2", DamagedArchive(4));
  const TempDir dir;
  dir.Write("in/1", archive);
  dir.Write("in/2", DamagedArchive(4));
  for (const OutputFormat format : {OutputFormat::kNdjson, OutputFormat::kLines,
                                    OutputFormat::kDelimited}) {
    for (const unsigned jobs : {1U, 4U}) {
      const Report here =
          Run(dir / "in", dir / "out", dir / "side", format, jobs).value();
      const Report there = Run("mem://b/in", kOut, kSide, format, jobs).value();
      EXPECT_EQ(here.summary.suspects(), 31U);
      EXPECT_EQ(there.summary.suspects(), 31U);
      EXPECT_EQ(files_->Get(kOut), ReadFile(dir / "out"));
      EXPECT_EQ(files_->Get(kOut).empty(), false);
      std::string side = ReadFile(dir / "side");
      for (size_t at = 0; (at = side.find(dir / "in", at)) != side.npos;) {
        side.replace(at, (dir / "in").size(), "mem://b/in");
      }
      EXPECT_EQ(files_->Get(kSide), side);
      // And from there to here.
      ASSERT_TRUE(Run("mem://b/in", dir / "out2", dir / "side2", format, jobs));
      EXPECT_EQ(ReadFile(dir / "out2"), files_->Get(kOut));
      EXPECT_EQ(ReadFile(dir / "side2"), files_->Get(kSide));
    }
  }
}

TEST_F(StoredOutputTest, AggregationThereIsAggregationHere) {
  const std::string lines = "one\ntwo\nthree\n";
  files_->Put("mem://b/lines", lines);
  const TempDir dir;
  AggregateOptions options;
  options.reading.on_suspect = SuspectPolicy::kSkip;
  options.input = AggregateInput::kLines;
  options.key = "k";
  const auto aggregate = [&options](const std::string& in,
                                    const std::string& out) {
    const auto output = OpenOutput(out, {.sync = false}).value();
    EXPECT_TRUE(Aggregate(InputList({in}), options, output.get()));
  };
  aggregate(dir.Write("lines", lines), dir / "packed");
  aggregate("mem://b/lines", "mem://b/packed");
  EXPECT_EQ(files_->Get("mem://b/packed"), ReadFile(dir / "packed"));
}

// An output must never be seen without its suspects, nor with others'.
TEST_F(StoredOutputTest, TheQuarantineIsPublishedFirst) {
  files_->Put("mem://b/in", DamagedArchive(4));
  PutEarlierRun();
  ASSERT_TRUE(Run("mem://b/in", kOut, kSide));
  EXPECT_THAT(
      files_->TakeEvents(),
      ElementsAre("remove mem://b/out", "put mem://b/out.quarantine.ndjson",
                  "put mem://b/out"));
}

TEST_F(StoredOutputTest, WithoutSuspectsAnEarlierQuarantineGoes) {
  files_->Put("mem://b/in", DamagedArchive(3));
  PutEarlierRun();
  ASSERT_TRUE(Run("mem://b/in", kOut, kSide));
  EXPECT_THAT(
      files_->TakeEvents(),
      ElementsAre("remove mem://b/out", "remove mem://b/out.quarantine.ndjson",
                  "put mem://b/out"));
  // Where there is none, an earlier output stays until it is replaced.
  ASSERT_TRUE(Run("mem://b/in", kOut, kSide));
  EXPECT_THAT(files_->TakeEvents(), ElementsAre("put mem://b/out"));
}

TEST_F(StoredOutputTest, ASideFileOfAnEarlierRunGoesWhereverItIs) {
  const TempDir dir;
  const auto publish = [](const std::string& out, const std::string& side) {
    const auto output =
        OpenOutput(out, {.sync = false, .stale_side_file = side}).value();
    ASSERT_TRUE(output->Write(AsBytes("new")));
    ASSERT_TRUE(output->Commit());
  };
  PutEarlierRun();
  publish(kOut, kSide);
  EXPECT_THAT(
      files_->TakeEvents(),
      ElementsAre("remove mem://b/out", "remove mem://b/out.quarantine.ndjson",
                  "put mem://b/out"));
  const std::string local_side = dir.Write("side", "of the earlier");
  publish(kOut, local_side);
  EXPECT_FALSE(std::filesystem::exists(local_side));
  EXPECT_THAT(files_->TakeEvents(),
              ElementsAre("remove mem://b/out", "put mem://b/out"));
  const std::string local = dir.Write("out", "earlier");
  files_->Put(kSide, "of the earlier");
  publish(local, kSide);
  EXPECT_EQ(ReadFile(local), "new");
  EXPECT_FALSE(files_->Has(kSide));
  dir.Write("side", "of the earlier");
  publish(local, local_side);
  EXPECT_FALSE(std::filesystem::exists(local_side));
  EXPECT_EQ(ReadFile(local), "new");
}

TEST_F(StoredOutputTest, ASideFileThatStaysKeepsTheOutputBack) {
  const auto output = OpenOutput(kOut, {.stale_side_file = kSide}).value();
  files_->Put(kSide, "of the earlier");
  files_->faults.remove = true;
  EXPECT_EQ(output->Commit().error().ToString(), "mem://b/out: locked");
  EXPECT_FALSE(files_->Has(kOut));
}

TEST_F(StoredOutputTest, AQuarantineThatCannotBeCreatedIsReportedAtOnce) {
  files_->faults.create = true;
  const auto quarantine = OpenQuarantine(kSide, InputList());
  ASSERT_FALSE(quarantine);
  EXPECT_EQ(quarantine.error().ToString(),
            "mem://b/out.quarantine.ndjson: read only");
  files_->faults.create = false;
  EXPECT_TRUE(OpenQuarantine(kSide, InputList()));
  EXPECT_THAT(files_->TakeEvents(), IsEmpty());
}

TEST_F(StoredOutputTest, AFaultNamesTheOutputAndLeavesNothing) {
  files_->Put("mem://b/in", DamagedArchive(4));
  const auto leaves_nothing = [this] {
    EXPECT_FALSE(files_->Has(kOut));
    EXPECT_FALSE(files_->Has(kSide));
  };
  files_->faults.write = true;
  EXPECT_EQ(ErrorOfRun(), "mem://b/out: no room");
  leaves_nothing();
  files_->faults = {};
  files_->faults.complete = true;
  EXPECT_EQ(ErrorOfRun(), "mem://b/out: a part is missing");
  leaves_nothing();
  files_->faults = {};
  files_->faults.commit_of = kOut;
  EXPECT_EQ(ErrorOfRun(), "mem://b/out: not accepted");
  EXPECT_FALSE(files_->Has(kOut));
  // The suspects were published before.
  EXPECT_TRUE(files_->Remove(kSide));
  files_->faults.commit_of = kSide;
  EXPECT_EQ(ErrorOfRun(),
            "mem://b/out.quarantine.ndjson: not accepted; the output without "
            "it is in mem://b/out.incomplete");
  leaves_nothing();
}

TEST_F(StoredOutputTest, AnInputThatFailsMakesBothIncomplete) {
  files_->Put("mem://b/in", DamagedArchive(300));
  files_->faults.broken_from = 20'000;
  const Report report = Run("mem://b/in", kOut, kSide).value();
  EXPECT_TRUE(report.incomplete);
  EXPECT_EQ(report.incomplete_file, "mem://b/out.incomplete");
  EXPECT_FALSE(files_->Has(kOut));
  EXPECT_FALSE(files_->Has(kSide));
  EXPECT_TRUE(files_->Has("mem://b/out.incomplete"));
  EXPECT_TRUE(files_->Has("mem://b/out.quarantine.ndjson.incomplete"));
}

}  // namespace
}  // namespace thresh
