// Line ends between blobs, from programs that write lines: framing between two
// blobs and after the last, and ordinary bytes elsewhere.
#include <gmock/gmock.h>

#include <algorithm>

#include "container/container.h"
#include "oracle/engine_run.h"
#include "oracle/samples.h"

namespace thresh {
namespace {

using oracle::LengthField;
using oracle::RecordField;
using oracle::Seal;

std::string BlobWith(std::string_view data) {
  return Seal(LengthField(1, "key") + RecordField(0, std::nullopt, data));
}

// The result of one run, after runs with these window sizes had the same
// result.
oracle::EngineRun ReadBlobsIn(const std::vector<size_t>& windows,
                              const std::string& archive) {
  const oracle::ReferenceArchive reference = oracle::ReadBlobs(archive);
  oracle::EngineRun run;
  for (const size_t window : windows) {
    Options options;
    options.container = ContainerKind::kBlobs;
    options.window_bytes = window;
    options.jobs = static_cast<unsigned>(1 + window % 3);
    run = oracle::RunEngine(archive, options);
    EXPECT_EQ(oracle::Diff(run, reference), "") << "window " << window;
  }
  return run;
}

std::vector<size_t> EveryWindow(const std::string& archive) {
  std::vector<size_t> windows;
  for (size_t window = 1; window <= archive.size() + 1; ++window) {
    windows.push_back(window);
  }
  return windows;
}

struct LineEndsCase {
  std::string bytes;
  uint64_t framing;
  uint64_t opaque_spans;
};

TEST(BlobLineEndsTest, AreFramingBetweenBlobsAndBehindTheLast) {
  const std::string a = BlobWith("a");
  const std::string b = BlobWith("\n" + a + "\n" + a);
  std::string damaged = a;
  damaged.back() = static_cast<char>(damaged.back() ^ 1);
  const std::vector<LineEndsCase> archives = {
      {a + "\n" + b + "\n", 2, 0},
      {a + "\r\n" + b + "\r\n", 4, 0},
      {a + "\n" + b + "\r\n" + b + a, 3, 0},
      {a + "\n", 1, 0},
      {"\n" + a, 0, 1},
      {"\r\n" + a + "\n", 1, 1},
      {a + "\n\n" + b + "\r" + a + "\n\r" + b + "\n\n", 0, 4},
      {a + "\r\r\n" + b + "\r", 0, 2},
      {a + "\n?" + b + "?\n" + a, 0, 2},
      {a + "\n" + damaged + "\n" + b + "\n" + damaged, 3, 2},
      {a + "\n\xF3" + b + "\n\xF3\x89\x9A" + a, 0, 2},
      {a + "\r\n\xF3\x89\x9A\xC2" + b + "\n\xF3\x89\x9A\xC2", 3, 2},
      {"\n", 0, 1},
  };
  for (const LineEndsCase& archive : archives) {
    SCOPED_TRACE(oracle::EncodeBase64(archive.bytes));
    const oracle::EngineRun run =
        ReadBlobsIn(EveryWindow(archive.bytes), archive.bytes);
    EXPECT_EQ(run.report.summary.framing_bytes, archive.framing);
    EXPECT_EQ(run.report.summary.opaque_spans, archive.opaque_spans);
  }
}

// A damaged blob is reported without the line ends around it, as it would be
// where blobs are back to back.
TEST(BlobLineEndsTest, AreFramingAroundADamagedBlob) {
  const std::string a = BlobWith("a");
  std::string damaged = BlobWith("damaged");
  damaged[damaged.size() - 20] ^= 1;
  std::string broken = BlobWith("broken");
  broken[4] = '\xFF';  // its fields are invalid
  const auto with_last = [](std::string blob, const std::string& last) {
    blob.replace(blob.size() - last.size(), last.size(), last);
    return blob;
  };
  struct Case {
    std::string before;
    std::string damage;
    std::string after;
    uint64_t framing;
  };
  const std::vector<Case> cases = {
      {a, damaged, a, 0},
      {a + "\n", damaged, "\n" + a, 2},
      {a + "\r\n", damaged, "\r\n" + a + "\r\n", 6},
      {a + "\n", broken, "\n" + a, 2},
      {a + "\n", damaged, "\n", 2},
      {a + "\n", damaged, "", 1},
      {a + "\n" + a + "\r\n", broken, "\r\n" + a, 5},
      // The first of a file, and after a blob without a line end.
      {"", damaged, "\n" + a, 1},
      {"", damaged, "\r\n" + a, 2},
      {a, damaged, "\n" + a, 1},
      // Several are one span.
      {a + "\n", damaged + "\n" + damaged, "\n" + a, 2},
      {a + "\n", damaged + "\n" + broken, "\n" + a, 2},
      // Bytes of its digest are not a line end if its fields show that they
      // belong to it.
      {a, with_last(damaged, "\n"), a, 0},
      {a + "\n", with_last(damaged, "\n"), a, 1},
      {a + "\n", with_last(damaged, "\n"), "\n" + a, 2},
      {a + "\n", with_last(damaged, "\r"), "\n" + a, 2},
      {"", with_last(broken, "\n"), a, 0},
  };
  for (const Case& one : cases) {
    const std::string archive = one.before + one.damage + one.after;
    SCOPED_TRACE(oracle::EncodeBase64(archive));
    const oracle::EngineRun run = ReadBlobsIn(EveryWindow(archive), archive);
    const Summary& summary = run.report.summary;
    EXPECT_EQ(summary.framing_bytes, one.framing);
    EXPECT_EQ(summary.reasons[static_cast<size_t>(Reason::kDigest)], 1U);
    EXPECT_EQ(summary.reasons[static_cast<size_t>(Reason::kNoMagic)], 0U);
    const auto row =
        std::ranges::find_if(run.rows, [](const oracle::ReferenceRow& each) {
          return each.verdict == oracle::ReferenceVerdict::kOpaqueSpan;
        });
    ASSERT_NE(row, run.rows.end());
    EXPECT_EQ(row->offset, one.before.size());
    EXPECT_EQ(row->bytes, one.damage);
  }
}

// A span longer than the maximum record is returned in pieces.
TEST(BlobLineEndsTest, AreFramingAroundMoreDamageThanARecordHas) {
  const std::string a = BlobWith("a");
  for (const size_t size :
       {kMaxRecordBytes - 1, kMaxRecordBytes, kMaxRecordBytes + 1}) {
    std::string damage(size, '\xFF');
    damage.replace(0, 4, oracle::kReferenceMagic);
    const std::string archive = a + "\r\n" + damage + "\r\n" + a;
    for (const size_t window : {size_t{1} << 20, size_t{1} << 30}) {
      Options options;
      options.container = ContainerKind::kBlobs;
      options.window_bytes = window;
      const Summary summary =
          oracle::RunEngine(archive, options).report.summary;
      EXPECT_EQ(summary.framing_bytes, 4U) << size << ", window " << window;
      EXPECT_EQ(summary.opaque_bytes, size);
      EXPECT_EQ(summary.opaque_spans, size > kMaxRecordBytes ? 2U : 1U);
    }
  }
}

TEST(BlobLineEndsTest, NoMessageIsNoBlobAlsoBeforeALineEnd) {
  const std::string magic(oracle::kReferenceMagic);
  const std::string empty = magic + oracle::Md5("");
  const std::string archive =
      empty + "\n" + BlobWith("a") + "\n" + empty + "\n";
  EXPECT_EQ(
      ReadBlobsIn(EveryWindow(archive), archive).report.summary.opaque_spans,
      2U);
}

TEST(BlobLineEndsTest, BlobsOfAllKinds) {
  const std::vector<std::string> blobs = oracle::SampleBlobs(44, 1);
  for (const std::string end : {"\n", "\r\n"}) {
    std::string archive;
    for (const std::string& blob : blobs) archive += blob + end;
    const oracle::EngineRun run =
        ReadBlobsIn({1, 33, 64, 500, 5000, 1 << 20}, archive);
    EXPECT_EQ(run.report.summary.framing_bytes, 44 * end.size());
    EXPECT_EQ(run.report.summary.opaque_spans, 0U);
  }
}

TEST(BlobLineEndsTest, ChangedAtManyPlaces) {
  std::string archive;
  for (const std::string& blob : oracle::SampleBlobs(6, 2)) {
    archive += blob.size() < 1000 ? blob + "\n" : "";
  }
  for (size_t at = 0; at < archive.size(); at += 3) {
    std::string changed = archive;
    changed[at] = changed[at] == '\n' ? 'x' : '\n';
    ReadBlobsIn({at + 1, 1 << 20}, changed);
  }
}

}  // namespace
}  // namespace thresh
