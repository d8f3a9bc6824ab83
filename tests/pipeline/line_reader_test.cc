// Lines of inputs: all of them, once each, complete.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "oracle/compress.h"
#include "sink/scratch_dir.h"
#include "thresh/line_reader.h"

namespace thresh {
namespace {

using testing::ElementsAre;

class LineReaderTest : public testing::Test {
 protected:
  std::string Write(const std::string& name, const std::string& content) {
    WriteFile(scratch_.File(name), content);
    return scratch_.File(name);
  }

  // Reads all of `inputs`; returns the content of each, and the report.
  std::vector<std::string> Read(const std::vector<std::string>& inputs) {
    std::vector<std::string> contents(inputs.size());
    Result<LineReader> reader = LineReader::Open(inputs);
    EXPECT_TRUE(reader);
    std::vector<LineBlock> blocks;  // outlive the reader
    while (std::optional<LineBlock> block = reader->Next()) {
      blocks.push_back(*std::move(block));
    }
    report_ = reader->report();
    reader = LineReader::Open(InputList());
    for (const LineBlock& block : blocks) {
      std::string& content = contents[block.source];
      EXPECT_FALSE(block.bytes.empty());
      EXPECT_EQ(block.offset, content.size());
      EXPECT_EQ(block.starts_input, content.empty());
      if (!content.empty()) {
        EXPECT_EQ(content.back(), '\n');
      }
      content += AsText(block.bytes);
    }
    blocks_ = blocks.size();
    return contents;
  }

  ScratchDir scratch_;
  Report report_;
  size_t blocks_ = 0;
};

std::string ManyLines() {
  std::string lines;
  for (int i = 0; i < 200'000; ++i) lines += "line " + std::to_string(i) + "\n";
  return lines;
}

TEST_F(LineReaderTest, ReadsWhateverTheLinesAre) {
  const std::string many = ManyLines();
  std::string long_line(5 << 20, 'x');
  long_line += "\nshort";
  const std::vector<std::string> contents = {"",   "\n",      "a",       "a\nb",
                                             many, long_line, "\n\n\r\n"};
  std::vector<std::string> inputs;
  uint64_t bytes = 0;
  for (const std::string& content : contents) {
    inputs.push_back(Write(std::to_string(inputs.size()), content));
    bytes += content.size();
  }
  EXPECT_EQ(Read(inputs), contents);
  EXPECT_GT(blocks_, contents.size());
  EXPECT_EQ(report_.summary.inputs, inputs.size());
  EXPECT_EQ(report_.summary.bytes, bytes);
  EXPECT_EQ(report_.summary.stored_bytes, bytes);
  EXPECT_EQ(report_.summary.unread_bytes, 0U);
}

TEST_F(LineReaderTest, TakesLayersOff) {
  const std::string many = ManyLines();
  const std::string packed = oracle::Gzip(oracle::Zstd(many));
  EXPECT_THAT(Read({Write("packed", packed)}), ElementsAre(many));
  EXPECT_EQ(report_.summary.bytes, many.size());
  EXPECT_EQ(report_.summary.stored_bytes, packed.size());
}

TEST_F(LineReaderTest, InputsThatFailEndAlone) {
  const std::string many = ManyLines();
  std::string cut = oracle::Gzip(many);
  cut.resize(cut.size() / 2);
  const auto contents =
      Read({scratch_.File("missing"), Write("cut", cut), Write("last", "x")});
  EXPECT_EQ(contents[2], "x");
  ASSERT_FALSE(contents[1].empty());
  EXPECT_EQ(contents[1], many.substr(0, contents[1].size()));
  EXPECT_EQ(contents[1].back(), '\n');
  ASSERT_EQ(report_.input_errors.size(), 2U);
  EXPECT_EQ(report_.input_errors[0].file, scratch_.File("missing"));
  EXPECT_EQ(report_.input_errors[1].file, scratch_.File("cut"));
  EXPECT_EQ(report_.summary.inputs, 2U);
  EXPECT_EQ(report_.summary.bytes,
            contents[1].size() + 1 + report_.summary.unread_bytes);
}

TEST_F(LineReaderTest, EndlessLineIsAnError) {
  const std::string start = "line\n";
  std::string endless = start;
  endless.append(kMaxTextLineBytes + 1, 'x');
  const std::string path = Write("endless", endless);
  const auto contents = Read({path, Write("last", "x")});
  EXPECT_THAT(contents, ElementsAre(start, "x"));
  ASSERT_EQ(report_.input_errors.size(), 1U);
  EXPECT_EQ(report_.input_errors[0].offset, start.size());
  EXPECT_GT(report_.summary.unread_bytes, 0U);
}

TEST_F(LineReaderTest, ShowsProgress) {
  const std::string path = Write("many", ManyLines());
  Options options;
  std::vector<uint64_t> done;
  options.progress = [&done](const Progress& progress) {
    done.push_back(progress.so_far.stored_bytes);
    EXPECT_EQ(progress.stored_bytes_total, ManyLines().size());
  };
  Result<LineReader> reader = LineReader::Open({path}, options);
  ASSERT_TRUE(reader);
  while (reader->Next()) {
  }
  EXPECT_GT(done.size(), 1U);
  EXPECT_TRUE(std::ranges::is_sorted(done));
  EXPECT_EQ(done.back(), ManyLines().size());
}

TEST_F(LineReaderTest, BadOptions) {
  Options options;
  options.max_expansion = 0;
  EXPECT_FALSE(LineReader::Open(InputList(), options));
}

}  // namespace
}  // namespace thresh
