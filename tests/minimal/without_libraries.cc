// The engine as it is built without the libraries that can be left out: what
// needs one of them is recognized and refused by name, and the rest is read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "oracle/compress.h"
#include "thresh/aggregator.h"
#include "thresh/batch_reader.h"
#include "thresh/blob_batch.h"

namespace thresh {
namespace {

using testing::HasSubstr;

std::string Blob() {
  Aggregator aggregator = Aggregator::Create({}).value();
  BlobBatch done;
  const std::string key = "key";
  const std::string data(100, 'd');
  for (int i = 0; i < 100; ++i) {
    aggregator.Add({.partition_key = key, .data = AsBytes(data)}, &done)
        .value();
  }
  aggregator.Flush(&done);
  return std::string(AsText(done.Seal().front().bytes));
}

Report Read(const std::string& input, const Options& options = {}) {
  BatchReader reader = BatchReader::OpenBytes(AsBytes(input), options).value();
  while (reader.Next().value() != nullptr) {
  }
  return reader.report();
}

struct MissingCase {
  const char* name;
  std::string (*write)(const std::string& content);
  const char* message;
};

void PrintTo(const MissingCase& missing, std::ostream* out) {
  *out << missing.name;
}

class MissingLibrary : public testing::TestWithParam<MissingCase> {};

TEST_P(MissingLibrary, IsNamed) {
  const Report report = Read(GetParam().write(Blob()));

  ASSERT_EQ(report.input_errors.size(), 1U);
  EXPECT_THAT(report.input_errors[0].message, HasSubstr(GetParam().message));
  EXPECT_EQ(report.summary.user_records, 0U);
}

INSTANTIATE_TEST_SUITE_P(
    All, MissingLibrary,
    testing::Values(
        MissingCase{
            "gzip",
            [](const std::string& content) { return oracle::Gzip(content); },
            "gzip data cannot be read: this build of thresh has no "
            "ISA-L"},
        MissingCase{"zstd",
                    [](const std::string& content) {
                      return oracle::ZstdSkippable("s") + oracle::Zstd(content);
                    },
                    "zstd data cannot be read: this build of thresh has no "
                    "libzstd"},
        MissingCase{"FramedSnappy",
                    [](const std::string& content) {
                      return oracle::FramedSnappy(content);
                    },
                    "snappy data cannot be read: this build of thresh has no "
                    "libsnappy"},
        MissingCase{"XerialSnappy",
                    [](const std::string& content) {
                      return oracle::XerialSnappy(content);
                    },
                    "has no libsnappy"},
        MissingCase{"HadoopSnappy",
                    [](const std::string& content) {
                      return oracle::HadoopSnappy(content);
                    },
                    "has no libsnappy"},
        MissingCase{"zip",
                    [](const std::string& content) {
                      return oracle::Zip({{.content = content}});
                    },
                    "the zip archive cannot be read: this build of thresh has "
                    "no libarchive"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(MinimalTest, RefusesRegularExpressions) {
  Options options;
  options.filter.partition_key_regexes = {"k.*"};

  const Result<BatchReader> reader = BatchReader::OpenBytes({}, options);

  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(reader.error().message, HasSubstr("has no RE2"));
}

TEST(MinimalTest, ReadsWithShellPatterns) {
  Options options;
  options.filter.partition_key_globs = {"k*"};

  const Report report = Read(Blob(), options);

  EXPECT_TRUE(report.input_errors.empty());
  EXPECT_EQ(report.summary.user_records, 100U);
}

}  // namespace
}  // namespace thresh
