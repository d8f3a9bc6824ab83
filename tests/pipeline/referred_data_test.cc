// Data that a sink refers to instead of copying it is written as it is in the
// input, whatever owns it there; and if the input is truncated while it is
// written, the run ends with an error instead of zeros.
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/base64.h"
#include "blob_maker.h"
#include "oracle/compress.h"
#include "sink/scratch_dir.h"
#include "thresh/deaggregate.h"
#include "thresh/sinks.h"

namespace thresh {
namespace {

constexpr size_t kRecords = 1200;
constexpr size_t kRecordsOfABlob = 7;

// More than a MiB, below which files are not mapped, and its `lines` output:
// data of all sizes around those that are referred to.
struct Archive {
  Archive() {
    BlobMaker maker;
    for (size_t i = 0; i < kRecords; ++i) {
      const std::string data(i * 977 % 4000, static_cast<char>('a' + i % 26));
      lines += data + "\n";
      maker.Add({"key", AsBytes(data)});
      if ((i + 1) % kRecordsOfABlob != 0) continue;
      const std::string blob = maker.Take();
      Append(AsBytes(blob));
      if (i % 5 == 0) AppendSuspect(AsBytes(blob));
    }
    Append(AsBytes(maker.Take()));
  }

  void Append(Bytes blob) {
    blobs += AsText(blob);
    std::string line(Base64EncodedSize(blob.size()), '\0');
    Base64Encode(blob, reinterpret_cast<uint8_t*>(line.data()));
    base64 += line + "\n";
  }

  void AppendSuspect(Bytes good) {
    std::string blob(AsText(good));
    blob.back() = static_cast<char>(blob.back() ^ 1);
    Append(AsBytes(blob));
    lines += blob + "\n";
  }

  std::string blobs;
  std::string base64;
  std::string lines;  // suspects passed
};

class ReferredDataTest : public testing::Test {
 protected:
  ReferredDataTest() {
    WriteFile(dir_.File("blobs"), archive_.blobs);
    WriteFile(dir_.File("blobs.gz"), oracle::Gzip(archive_.blobs));
    WriteFile(dir_.File("base64"), archive_.base64);
    options_.on_suspect = SuspectPolicy::kPass;
    options_.window_bytes = 50000;
  }

  const Archive archive_;
  ScratchDir dir_;
  Options options_;
};

TEST_F(ReferredDataTest, IsWrittenAsItLiesInTheInput) {
  for (const std::string input : {"blobs", "blobs.gz", "base64"}) {
    for (const bool use_mmap : {true, false}) {
      for (const unsigned jobs : {1U, 4U}) {
        options_.use_mmap = use_mmap;
        options_.jobs = jobs;
        const std::string out = dir_.File("out");
        const auto sink = OpenSink(out, OutputFormat::kLines);
        const auto report =
            Deaggregate({dir_.File(input)}, options_, sink->get());
        ASSERT_TRUE(report.has_value()) << report.error().ToString();
        ASSERT_TRUE(ReadFile(out) == archive_.lines) << input << jobs;
      }
    }
  }
}

// Truncates the input within a page when the first data is written.
class CuttingSink : public Sink {
 public:
  CuttingSink(std::string input, size_t cut, std::unique_ptr<Sink> inner)
      : input_(std::move(input)), cut_(cut), inner_(std::move(inner)) {}
  [[nodiscard]] std::unique_ptr<Chunk> NewChunk() const override {
    return inner_->NewChunk();
  }
  void Encode(const Batch& batch, Chunk* chunk) const override {
    inner_->Encode(batch, chunk);
  }
  Result<void> Write(Chunk* chunk) override {
    std::filesystem::resize_file(input_, cut_);
    return inner_->Write(chunk);
  }
  Result<void> Finish() override { return inner_->Finish(); }

 private:
  std::string input_;
  size_t cut_;
  std::unique_ptr<Sink> inner_;
};

TEST_F(ReferredDataTest, OfAFileThatIsCutMeanwhileIsAnError) {
  for (const size_t cut : {size_t{0}, size_t{4097}, size_t{30000}}) {
    const std::string input = dir_.File("blobs");
    const std::string out = dir_.File("out");
    WriteFile(input, archive_.blobs);
    {
      CuttingSink sink(input, cut, *OpenSink(out, OutputFormat::kLines));
      const auto report = Deaggregate({input}, options_, &sink);
      ASSERT_FALSE(report.has_value()) << cut;
      EXPECT_EQ(report.error().file, input);
      EXPECT_EQ(report.error().offset, cut);
    }
    EXPECT_FALSE(Exists(out)) << "half of it would be zeros";
  }
}

}  // namespace
}  // namespace thresh
