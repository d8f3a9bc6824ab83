// Inputs that are opened before their turn, on other threads: the rows, their
// order and the errors must be those of one thread that opens them in turn.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <thread>

#include "input/testing.h"
#include "oracle/compress.h"
#include "oracle/reference_archive.h"
#include "sanitized.h"
#include "thresh/batch_reader.h"
#include "thresh/deaggregate.h"
#include "thresh/sinks.h"

namespace thresh {
namespace {

using input_testing::TempDir;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

using Inputs = std::vector<std::string>;

// One plain user record as a line of base64, which is a container by itself.
std::string Line(const std::string& data) {
  return oracle::EncodeBase64(data) + "\n";
}

Options OnJobs(unsigned jobs) {
  Options options;
  options.jobs = jobs;
  options.container = ContainerKind::kBase64Lines;
  options.on_suspect = SuspectPolicy::kPass;
  return options;
}

Report Count(const Inputs& inputs, const Options& options) {
  const auto sink = OpenSink("-", OutputFormat::kNull).value();
  return Deaggregate(inputs, options, sink.get()).value();
}

struct Found {
  Inputs rows;  // "source:data"
  Inputs errors;

  bool operator==(const Found&) const = default;
};

Found ReadAll(const Inputs& inputs, unsigned jobs) {
  Found found;
  BatchReader reader = BatchReader::Open(inputs, OnJobs(jobs)).value();
  for (;;) {
    const std::shared_ptr<const Batch> batch = reader.Next().value();
    if (batch == nullptr) break;
    ForEachUserRecord(
        *batch, [&found](const KinesisRecord& from, const UserRecord& user) {
          found.rows.push_back(std::to_string(from.source) + ":" +
                               std::string(AsText(user.data)));
        });
  }
  for (const Error& error : reader.report().input_errors) {
    found.errors.push_back(error.ToString());
  }
  return found;
}

TEST(ManyInputsTest, RowsAndErrorsComeInTheOrderOfInputs) {
  const TempDir dir;
  Inputs inputs;
  for (int i = 0; i < 60; ++i) {
    const std::string name = std::to_string(i);
    std::string content;
    for (int line = 0; line < i % 7 * 1000; ++line) {
      content += Line(name + "." + std::to_string(line));
    }
    if (i % 3 == 1) content = oracle::Gzip(content);
    // A truncated member or line.
    if (i % 10 == 4) content += content.substr(0, content.size() / 2);
    inputs.push_back(i % 20 == 9 ? dir / "absent" : dir.Write(name, content));
  }
  const Found one = ReadAll(inputs, 1);
  EXPECT_GT(one.rows.size(), 150'000);
  EXPECT_GE(one.errors.size(), 5);
  for (const unsigned jobs : {2U, 3U, 7U}) {
    EXPECT_EQ(ReadAll(inputs, jobs) == one, true) << jobs;
  }
}

// More than is read ahead, before and after others.
TEST(ManyInputsTest, LargeCompressedInputs) {
  const TempDir dir;
  const std::string line = Line(std::string(750, 'x'));
  std::string content;
  while (content.size() < size_t{40} << 20) content += line;
  Inputs inputs;
  for (int i = 0; i < 4; ++i) {
    inputs.push_back(dir.Write(std::to_string(i), oracle::Gzip(content, 1)));
  }
  for (const unsigned jobs : {1U, 2U, 4U}) {
    const Report report = Count(inputs, OnJobs(jobs));
    EXPECT_EQ(report.summary.user_records, 4 * content.size() / line.size());
    EXPECT_EQ(report.summary.bytes, 4 * content.size());
    EXPECT_TRUE(report.input_errors.empty());
  }
}

TEST(ManyInputsTest, ARunThatEndsEarlyLeavesTheRestAlone) {
  const TempDir dir;
  Inputs inputs;
  for (int i = 0; i < 20; ++i) {
    inputs.push_back(dir.Write(std::to_string(i), oracle::Gzip(Line("a"))));
  }
  Options options = OnJobs(4);
  options.filter.limit = 1;
  for (size_t round = 0; round < RoundsOf(50); ++round) {
    const Report report = Count(inputs, options);
    EXPECT_EQ(report.summary.user_records, 1);
  }
  // A reader that is destroyed after the first batch.
  for (size_t round = 0; round < RoundsOf(50); ++round) {
    BatchReader reader = BatchReader::Open(inputs, OnJobs(4)).value();
    EXPECT_NE(reader.Next().value(), nullptr);
  }
}

// The writer fills one pipe after the other. Opening the second, which blocks
// until there is a writer, before the first is read would block forever.
TEST(ManyInputsTest, PipesAreOpenedInTheirTurn) {
  const TempDir dir;
  Inputs inputs;
  for (int i = 0; i < 4; ++i) {
    inputs.push_back(dir / ("pipe" + std::to_string(i)));
    ASSERT_EQ(mkfifo(inputs.back().c_str(), 0600), 0);
  }
  const std::string content = Line(std::string(300'000, 'p'));
  std::thread writer([&] {
    for (const std::string& path : inputs) std::ofstream(path) << content;
  });
  const Found found = ReadAll(inputs, 3);
  writer.join();
  EXPECT_EQ(found.rows.size(), 4);
  EXPECT_THAT(found.errors, ElementsAre());
}

}  // namespace
}  // namespace thresh
