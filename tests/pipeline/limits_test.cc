// Inputs that reach a process's limits: descriptors, memory, the sizes that
// containers allow. None of this may depend on the window.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <string>
#include <vector>

#include "base/base64.h"
#include "blob_maker.h"
#include "oracle/samples.h"
#include "sink/scratch_dir.h"
#include "thresh/batch_reader.h"

namespace thresh {
namespace {

std::string LimitsBlob(size_t data_size) {
  const std::string data(data_size, 'x');
  BlobMaker maker;
  maker.Add({"key", AsBytes(data)});
  return maker.Take();
}

Report ReadWithLimits(Result<BatchReader> reader) {
  while (reader->Next().value_or(nullptr) != nullptr) {
  }
  return reader->report();
}

TEST(LimitsTest, ManySmallFilesNeedFewDescriptors) {
  struct rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  struct rlimit few = before;
  few.rlim_cur = 64;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
  const ScratchDir dir;
  std::vector<std::string> files;
  for (int i = 0; i < 600; ++i) {
    files.push_back(dir.File(std::to_string(i)));
    WriteFile(files.back(), LimitsBlob(100));
  }
  Options options;
  options.jobs = 8;
  const Report report = ReadWithLimits(BatchReader::Open(files, options));
  EXPECT_TRUE(report.input_errors.empty());
  EXPECT_EQ(report.summary.user_records, 600U);
  setrlimit(RLIMIT_NOFILE, &before);
}

// The evidence that a file is base64 may end anywhere around the end of the
// examined bytes.
TEST(LimitsTest, Base64IsRecognizedWhereverItsFirstLineEnds) {
  for (size_t size = 49140 - 50; size < 49170 - 20; ++size) {
    const std::string blob = LimitsBlob(size);
    for (const char* end : {"", "\n", "\r\n"}) {
      const std::string line = Base64Text(AsBytes(blob)) + end;
      const Report report =
          ReadWithLimits(BatchReader::OpenBytes(AsBytes(line)));
      EXPECT_EQ(report.summary.aggregated, 1U) << size;
    }
  }
}

// One record in lines of equal length is not one record per line.
TEST(LimitsTest, WrappedBase64IsOneRecord) {
  const std::string text = Base64Text(AsBytes(LimitsBlob(500)));
  for (const size_t width : {size_t{64}, size_t{76}, text.size()}) {
    std::string archive;
    for (size_t at = 0; at < text.size(); at += width) {
      archive += text.substr(at, width) + "\n";
    }
    const Report report =
        ReadWithLimits(BatchReader::OpenBytes(AsBytes(archive)));
    EXPECT_TRUE(report.input_errors.empty());
    EXPECT_EQ(report.summary.kinesis_records, 1U);
    EXPECT_EQ(report.summary.aggregated, 1U);
  }
  const std::string tiny = Base64Text(AsBytes(LimitsBlob(1))) + "\n";
  ASSERT_LT(tiny.size(), 64U);
  EXPECT_EQ(
      ReadWithLimits(BatchReader::OpenBytes(AsBytes(tiny))).summary.aggregated,
      1U);
}

TEST(LimitsTest, ABase64LineIsTooLongInEveryWindow) {
  const std::string good = Base64Text(AsBytes(LimitsBlob(10))) + "\n";
  const std::string archive =
      good + std::string(size_t{90} << 20, 'A') + "\n" + good;
  for (const size_t window : {size_t{1} << 20, size_t{256} << 20}) {
    Options options;
    options.window_bytes = window;
    const Report report =
        ReadWithLimits(BatchReader::OpenBytes(AsBytes(archive), options));
    ASSERT_EQ(report.input_errors.size(), 1U);
    EXPECT_EQ(report.input_errors[0].offset, good.size());
    EXPECT_EQ(report.summary.aggregated, 1U);
    EXPECT_EQ(report.summary.unread_bytes, archive.size() - good.size());
  }
}

// Digests that parse as the start of a long field leave the search for a blob's
// end undecided at every window end. Everything before is resolved all the
// same, so that the work is not quadratic in the input.
TEST(LimitsTest, UndecidedBlobsDoNotPileUp) {
  std::string blob = LimitsBlob(5000);
  blob.replace(blob.size() - 16, 5, "\x7A\x80\x80\x80\x10");
  std::string archive;
  for (int i = 0; i < 4000; ++i) archive += blob;
  Options options;
  options.window_bytes = 1 << 20;
  const Report report =
      ReadWithLimits(BatchReader::OpenBytes(AsBytes(archive), options));
  EXPECT_EQ(report.summary.opaque_bytes, archive.size());
  EXPECT_EQ(report.summary.opaque_spans, 1U);
}

}  // namespace
}  // namespace thresh
