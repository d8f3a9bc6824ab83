// Records whose base64 was wrapped into lines: one record each, complete or
// damaged, and never a record for each line.
#include <gmock/gmock.h>

#include "oracle/engine_run.h"
#include "oracle/samples.h"
#include "pipeline/base64_run.h"
#include "sanitized.h"

namespace thresh {
namespace {

// Lines without the first: that they are pieces is only shown by other records
// that are wrapped at their length.
TEST(Base64WrappedTest, LinesWithoutTheirFirstAreCounted) {
  const auto wrap = [](const std::string& text, size_t width) {
    std::string lines;
    for (size_t at = 0; at < text.size(); at += width) {
      lines += text.substr(at, width) + "\n";
    }
    return lines;
  };
  const std::string record = oracle::EncodeBase64(oracle::Seal(
      oracle::LengthField(1, "key") +
      oracle::RecordField(0, std::nullopt, std::string(400, 'x'))));
  for (const size_t width : {size_t{64}, size_t{76}}) {
    const std::string whole = wrap(record, width);
    const std::string rest = whole.substr(width + 1);
    const uint64_t pieces = record.size() / width - 1;
    const uint64_t short_line = record.size() % width == 0 ? 0 : 1;
    struct Case {
      std::string archive;
      uint64_t aggregated;
      uint64_t not_aggregated;
      uint64_t possible_pieces;
    };
    const std::vector<Case> cases = {
        {whole + rest + whole, 2, pieces + short_line, pieces},
        {rest + whole, 1, pieces + short_line, pieces},
        {whole + rest, 1, pieces + short_line, pieces},
        {whole + whole, 2, 0, 0},
        // Ordinary records of one length.
        {wrap(std::string(width * 7, 'A'), width), 0, 7, 0},
        {wrap(std::string(width * 7, 'A'), width) + record + "\n", 1, 7, 0},
        // Of another length, and padded ones.
        {wrap(std::string(280, 'A'), 140 - width) + whole, 1,
         (280 + 139 - width) / (140 - width), 0},
        {std::string(width - 1, 'A') + "=\n" + whole, 1, 1, 0},
    };
    for (const Case& one : cases) {
      for (const size_t window : {size_t{1}, size_t{100}, size_t{1} << 20}) {
        Options options;
        options.container = ContainerKind::kBase64Lines;
        options.window_bytes = window;
        const oracle::EngineRun run = oracle::RunEngine(one.archive, options);
        EXPECT_EQ(oracle::Diff(run, oracle::ReadBase64Lines(one.archive)), "");
        const Summary& summary = run.report.summary;
        EXPECT_EQ(summary.aggregated, one.aggregated);
        EXPECT_EQ(summary.not_aggregated, one.not_aggregated);
        EXPECT_EQ(summary.possible_pieces(), one.possible_pieces);
      }
    }
  }
}

using oracle::EncodeBase64;
using oracle::LengthField;
using oracle::RecordField;
using oracle::ReferenceVerdict;
using oracle::Seal;

std::string Wrapped(std::string_view record, size_t width,
                    const std::string& end = "\n") {
  std::string lines;
  const std::string text = EncodeBase64(record);
  for (size_t at = 0; at < text.size(); at += width) {
    lines += text.substr(at, width) + end;
  }
  return lines;
}

std::string BlobOf(std::string_view data) {
  return Seal(LengthField(1, "k") + RecordField(0, std::nullopt, data));
}

// Blobs of every size of a few lines: their last lines are short or full, with
// or without padding.
std::vector<std::string> BlobsOfEverySize(size_t largest) {
  oracle::Random random(1);
  std::vector<std::string> blobs;
  for (size_t size = 0; size <= largest; ++size) {
    blobs.push_back(BlobOf(random.Bytes(size)));
  }
  return blobs;
}

void ExpectRecords(const oracle::EngineRun& run,
                   const std::vector<std::string>& records) {
  ASSERT_EQ(run.rows.size(), records.size());
  for (size_t i = 0; i < records.size(); ++i) {
    EXPECT_EQ(run.rows[i].bytes, records[i]) << i;
  }
}

TEST(Base64WrappedTest, ManyLinesAreOneRecord) {
  const std::vector<std::string> blobs = BlobsOfEverySize(240);
  for (const size_t width : {64U, 76U}) {
    for (const std::string end : {"\n", "\r\n", " \n"}) {
      std::string archive;
      size_t wrapped = 0;
      for (const std::string& blob : blobs) {
        archive += Wrapped(blob, width, end);
        wrapped += EncodeBase64(blob).size() > width ? 1 : 0;
      }
      const oracle::EngineRun run =
          ReadLines(archive, {1, 64, 500, 5000, 1 << 20});
      ExpectRecords(run, blobs);
      EXPECT_EQ(run.report.summary.aggregated, blobs.size());
      EXPECT_GE(run.report.summary.lenient_data, wrapped);
    }
  }
}

TEST(Base64WrappedTest, AWindowMayEndAtEveryByte) {
  std::string archive;
  std::vector<std::string> blobs;
  for (const size_t size : {10U, 60U, 79U, 127U, 200U}) {
    blobs.push_back(BlobOf(std::string(size, 'x')));
    archive += Wrapped(blobs.back(), 76, "\r\n");
    blobs.push_back("plain");
    archive += EncodeBase64("plain") + "\n";
  }
  ExpectRecords(ReadLinesInEveryWindow(archive), blobs);
}

TEST(Base64WrappedTest, TheOtherAlphabetIsWrappedToo) {
  const std::string blob = BlobOf(std::string(100, '\xFB'));
  std::string archive = Wrapped(blob, 76);
  std::ranges::replace(archive, '+', '-');
  std::ranges::replace(archive, '/', '_');
  std::erase(archive, '=');
  ASSERT_NE(archive, Wrapped(blob, 76));
  ExpectRecords(ReadLines(archive), {blob});
}

TEST(Base64WrappedTest, DamageMakesNoRecordsOfPieces) {
  const std::string first = BlobOf(std::string(20, 'a'));
  const std::string hit = BlobOf(std::string(400, 'b'));
  const std::string last = BlobOf(std::string(300, 'c'));
  for (const size_t width : {64U, 76U}) {
    const std::string before = Wrapped(first, width);
    const std::string middle = Wrapped(hit, width);
    for (size_t at = 6; at < middle.size(); at += 11) {
      for (const std::string with : {"!", "A", "", "AA", "\n"}) {
        if (middle.substr(at, 1) == with) continue;
        // If a first line has another width, it is ambiguous which record it
        // starts.
        if (at == width || (at < width && with.size() != 1)) continue;
        std::string damaged = middle;
        damaged.replace(at, 1, with);
        const oracle::EngineRun run =
            ReadLines(before + damaged + Wrapped(last, width), {200, 1 << 20});
        ASSERT_GE(run.rows.size(), 3U);
        EXPECT_EQ(run.rows.front().bytes, first);
        EXPECT_EQ(run.rows.back().bytes, last);
        // If a line is split in two, the second half is a line.
        if (with == "\n") continue;
        EXPECT_EQ(run.report.summary.not_aggregated, 0U)
            << "width " << width << " byte " << at << " with " << with;
        EXPECT_GE(run.report.summary.suspects(), 1U);
      }
    }
  }
}

TEST(Base64WrappedTest, ARecordIsDamagedAsAWhole) {
  const std::string blob = BlobOf(std::string(400, 'b'));
  std::string damaged = blob;
  damaged[200] ^= 1;
  const std::string next = BlobOf("next");
  const std::string archive =
      Wrapped(damaged, 76) + EncodeBase64(next) + "\nZm9v\n";
  const oracle::EngineRun run = ReadLinesInEveryWindow(archive);
  ExpectRecords(run, {damaged, next, "foo"});
  EXPECT_EQ(run.rows[0].verdict, ReferenceVerdict::kDigestMismatch);
  EXPECT_EQ(run.report.summary.not_aggregated, 1U);
}

// The magic of a nested blob may begin a line.
TEST(Base64WrappedTest, ABlobWithinABlobDoesNotSplitIt) {
  const std::string inner = BlobOf(std::string(150, 'i'));
  for (const size_t width : {64U, 76U}) {
    std::string outer;
    for (size_t pad = 0;; ++pad) {
      outer = BlobOf(std::string(pad + 100, 'o') + inner + "behind");
      if (outer.find(inner) % (width / 4 * 3) == 0) break;
    }
    ASSERT_NE(Wrapped(outer, width).find("\n84mawg"), std::string::npos);
    ExpectRecords(
        ReadLinesInEveryWindow(Wrapped(outer, width) + Wrapped(inner, width)),
        {outer, inner});
    // In a damaged one, it is returned.
    std::string damaged = outer;
    damaged.back() ^= 1;
    const oracle::EngineRun run =
        ReadLinesInEveryWindow(Wrapped(damaged, width));
    EXPECT_EQ(run.report.summary.aggregated, 0U)
        << "its last line goes on with the bytes behind it";
    EXPECT_EQ(run.report.summary.not_aggregated, 0U);
  }
}

TEST(Base64WrappedTest, LinesOfThatWidthWithoutAMagicAreRecords) {
  std::string archive;
  for (int i = 0; i < 50; ++i) {
    archive += EncodeBase64(std::string(57, 'x')) + "\n";
  }
  const oracle::EngineRun run = ReadLines(archive);
  EXPECT_EQ(run.report.summary.not_aggregated, 50U);
  EXPECT_EQ(run.report.summary.lenient_data, 0U);
}

TEST(Base64WrappedTest, AnEmptyLineEndsARecord) {
  const std::string blob = BlobOf(std::string(200, 'x'));
  std::string archive = Wrapped(blob, 76);
  archive.insert(77, "\n");
  const oracle::EngineRun run = ReadLinesInEveryWindow(archive);
  ASSERT_FALSE(run.rows.empty());
  EXPECT_EQ(run.rows[0].verdict, ReferenceVerdict::kDigestMismatch);
  EXPECT_EQ(run.rows[0].length, 76U);
}

TEST(Base64WrappedTest, ARecordOfTenMebibytes) {
  constexpr size_t kLarge = size_t{kSanitized ? 1 : 10} << 20;
  oracle::Random random(2);
  const std::string large = BlobOf(random.Bytes(kLarge));
  const std::string small = BlobOf(random.Bytes(1000));
  const std::string archive =
      Wrapped(small, 76) + Wrapped(large, 76) + Wrapped(small, 76);
  Options options;
  options.container = ContainerKind::kBase64Lines;
  for (const size_t window : {size_t{1} << 16, size_t{1} << 24}) {
    options.window_bytes = window;
    ExpectRecords(oracle::RunEngine(archive, options), {small, large, small});
  }
}

}  // namespace
}  // namespace thresh
