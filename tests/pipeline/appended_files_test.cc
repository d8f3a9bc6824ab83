// Files that were compressed separately and appended to each other: a line ends
// where its file does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/base64.h"
#include "blob_maker.h"
#include "oracle/compress.h"
#include "oracle/samples.h"
#include "sink/scratch_dir.h"
#include "thresh/batch_reader.h"
#include "thresh/line_reader.h"

namespace thresh {
namespace {

using testing::ElementsAre;

// The records that `archive` yields, in order.
std::vector<std::string> DataOfAppended(const std::string& archive,
                                        Options options) {
  std::vector<std::string> data;
  Result<BatchReader> reader =
      BatchReader::OpenBytes(AsBytes(archive), std::move(options));
  EXPECT_TRUE(reader);
  if (!reader) return data;
  for (;;) {
    const Result<std::shared_ptr<const Batch>> batch = reader->Next();
    EXPECT_TRUE(batch);
    if (!batch || *batch == nullptr) break;
    ForEachUserRecord(**batch, [&](const KinesisRecord&, const UserRecord& u) {
      data.emplace_back(AsText(u.data));
    });
  }
  const Summary& summary = reader->report().summary;
  EXPECT_EQ(summary.suspects(), 0U);
  EXPECT_EQ(summary.bytes, summary.record_bytes + summary.framing_bytes);
  EXPECT_EQ(summary.inputs, 1U);
  return data;
}

// The header of a gzip member with an extra field, as bgzip writes it.
std::string AsBlock(const std::string& member) {
  std::string block = member;
  block[3] = static_cast<char>(block[3] | 4);
  block.insert(10, std::string("\x06\0BC\x02\0\xFF\xFF", 8));
  return block;
}

std::string BlobLine(const std::string& data) {
  BlobMaker maker;
  maker.Add({"key", AsBytes(data)});
  const std::string blob = maker.Take();
  return Base64Text(AsBytes(blob));
}

TEST(AppendedFiles, LinesEndWithThemInEveryWindow) {
  oracle::Random random(99);
  for (int round = 0; round < 25; ++round) {
    SCOPED_TRACE(round);
    std::string archive;
    std::vector<std::string> expected;
    const size_t files = 1 + random.Below(6);
    for (size_t i = 0; i < files; ++i) {
      std::string file;
      for (size_t lines = random.Below(4); lines > 0; --lines) {
        expected.push_back(random.Bytes(1 + random.Below(90)));
        file += random.Below(2) == 0 ? BlobLine(expected.back())
                                     : Base64Text(AsBytes(expected.back()));
        if (lines > 1 || random.Below(2) == 0) file += "\n";
      }
      archive += oracle::Gzip(file);
    }
    Options options;
    options.container = ContainerKind::kBase64Lines;
    for (const size_t window : {1U, 2U, 7U, 50U, 64U, 100U, 333U, 1U << 20}) {
      options.window_bytes = window;
      options.jobs = static_cast<unsigned>(1 + window % 3);
      EXPECT_EQ(DataOfAppended(archive, options), expected) << window;
    }
  }
}

TEST(AppendedFiles, AreRecognized) {
  const std::string archive =
      oracle::Gzip(BlobLine("a")) + oracle::Gzip(BlobLine("b"));
  EXPECT_THAT(DataOfAppended(archive, {}), ElementsAre("a", "b"));
  EXPECT_THAT(DataOfAppended(oracle::Gzip(archive), {}), ElementsAre("a", "b"));
}

// Like the same lines uncompressed: by any line that is aggregated.
TEST(AppendedFiles, AreRecognizedByAnyOfThem) {
  const std::string plain = Base64Text(AsBytes("plain, and not short at all"));
  const std::string quoted = "\"" + plain + "\"";
  for (const std::string& first :
       {plain, quoted, plain + "\n" + plain, std::string("no base64!")}) {
    for (const size_t files : {1U, 2U, 40U}) {
      std::string archive;
      std::string lines;
      for (size_t i = 0; i < files; ++i) {
        archive += oracle::Gzip(first);
        lines += first + "\n";
      }
      archive += oracle::Gzip(BlobLine("a") + "\n" + BlobLine("b"));
      lines += BlobLine("a") + "\n" + BlobLine("b");
      archive += oracle::Gzip(first) + oracle::Gzip(BlobLine("c"));
      lines += "\n" + first + "\n" + BlobLine("c");
      Options options;
      options.on_suspect = SuspectPolicy::kSkip;
      Result<BatchReader> plain_reader =
          BatchReader::OpenBytes(AsBytes(lines), options);
      Result<BatchReader> reader =
          BatchReader::OpenBytes(AsBytes(archive), options);
      for (BatchReader* each : {&*plain_reader, &*reader}) {
        while (each->Next().value_or(nullptr) != nullptr) {
        }
        EXPECT_TRUE(each->report().input_errors.empty()) << first;
        EXPECT_EQ(each->report().summary.aggregated, 3U) << first;
      }
      EXPECT_EQ(reader->report().summary.user_records,
                plain_reader->report().summary.user_records);
      EXPECT_EQ(reader->report().summary.opaque_spans,
                plain_reader->report().summary.opaque_spans);
    }
  }
}

TEST(AppendedFiles, BlocksAreCutAnywhere) {
  const std::string lines = BlobLine("a") + "\n" + BlobLine("b") + "\n";
  for (size_t cut = 0; cut <= lines.size(); ++cut) {
    const std::string archive = AsBlock(oracle::Gzip(lines.substr(0, cut))) +
                                AsBlock(oracle::Gzip(lines.substr(cut)));
    EXPECT_THAT(DataOfAppended(archive, {}), ElementsAre("a", "b")) << cut;
  }
}

TEST(AppendedFiles, OfOtherContainersAreCutAnywhere) {
  BlobMaker maker;
  maker.Add({"key", AsBytes("data")});
  const std::string blob = maker.Take();
  for (size_t cut = 0; cut <= blob.size(); ++cut) {
    const std::string archive =
        oracle::Gzip(blob.substr(0, cut)) + oracle::Gzip(blob.substr(cut));
    EXPECT_THAT(DataOfAppended(archive, {}), ElementsAre("data")) << cut;
  }
}

TEST(AppendedFiles, EndLinesOfText) {
  const ScratchDir dir;
  WriteFile(dir.File("text.gz"), oracle::Gzip("one\ntwo") + oracle::Gzip("") +
                                     oracle::Gzip("three\n") +
                                     oracle::Gzip("four"));
  LineReader reader =
      LineReader::Open(std::vector<std::string>{dir.File("text.gz")}).value();
  std::vector<std::string> blocks;
  while (const std::optional<LineBlock> block = reader.Next()) {
    blocks.emplace_back(AsText(block->bytes));
  }
  EXPECT_THAT(blocks, ElementsAre("one\ntwo", "three\nfour"));
  EXPECT_TRUE(reader.report().input_errors.empty());
}

}  // namespace
}  // namespace thresh
