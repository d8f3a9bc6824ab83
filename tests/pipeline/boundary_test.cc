// Where a blob ends: nested blobs, magics and digests in the wrong places,
// garbage that parses as fields, blobs of every size across window boundaries.
#include <gmock/gmock.h>

#include "oracle/engine_run.h"
#include "oracle/samples.h"
#include "sanitized.h"

namespace thresh {
namespace {

using oracle::BlobSpan;
using oracle::Join;
using oracle::LengthField;
using oracle::Random;
using oracle::RecordField;
using oracle::SampleBlob;
using oracle::SampleKind;
using oracle::Seal;
using testing::ElementsAre;

const std::string kMagic(oracle::kReferenceMagic);

std::string OneRecord(std::string_view data) {
  return Seal(LengthField(1, "key") + RecordField(0, std::nullopt, data));
}

std::vector<BlobSpan> Spans(const oracle::EngineRun& run) {
  std::vector<BlobSpan> spans;
  for (const oracle::ReferenceRow& row : run.rows) {
    spans.push_back({row.offset, row.length,
                     row.verdict != oracle::ReferenceVerdict::kOpaqueSpan});
  }
  return spans;
}

// Reads `archive` with many windows and jobs, compares each with the reference,
// and returns the spans that all of them found.
std::vector<BlobSpan> ReadInWindows(const std::string& archive,
                                    const std::vector<size_t>& windows = {
                                        64, 100, 1000, 10000, 1 << 20}) {
  const oracle::ReferenceArchive reference = oracle::ReadBlobs(archive);
  std::vector<BlobSpan> spans;
  for (const size_t window : windows) {
    for (const unsigned jobs : {1U, 2U, 4U}) {
      Options options;
      options.container = ContainerKind::kBlobs;
      options.window_bytes = window;
      options.jobs = jobs;
      const oracle::EngineRun run = oracle::RunEngine(archive, options);
      EXPECT_EQ(oracle::Diff(run, reference), "")
          << "window " << window << " jobs " << jobs;
      spans = Spans(run);
    }
  }
  return spans;
}

TEST(BoundaryTest, AnEmptyArchiveHoldsNothing) {
  EXPECT_THAT(ReadInWindows(""), ElementsAre());
}

TEST(BoundaryTest, GarbageAloneIsOneSpan) {
  Random random(1);
  const std::string garbage = random.Bytes(5000);
  EXPECT_THAT(ReadInWindows(garbage), ElementsAre(BlobSpan{0, 5000, false}));
  const std::string magics = kMagic + kMagic + garbage + kMagic;
  EXPECT_THAT(ReadInWindows(magics), ElementsAre(BlobSpan{0, 5012, false}));
  EXPECT_THAT(ReadInWindows(kMagic.substr(0, 3)),
              ElementsAre(BlobSpan{0, 3, false}));
}

TEST(BoundaryTest, ABlobWithinDataDoesNotSplitTheBlobAroundIt) {
  const std::string inner = OneRecord("inner");
  const std::string middle = OneRecord("<" + inner + ">" + inner);
  const std::string outer = OneRecord(middle + middle);
  EXPECT_THAT(ReadInWindows(outer),
              ElementsAre(BlobSpan{0, outer.size(), true}));
  EXPECT_THAT(
      ReadInWindows(outer + inner + outer),
      ElementsAre(BlobSpan{0, outer.size(), true},
                  BlobSpan{outer.size(), inner.size(), true},
                  BlobSpan{outer.size() + inner.size(), outer.size(), true}));
}

TEST(BoundaryTest, ABlobWithinADamagedBlobComesOut) {
  const std::string inner = OneRecord("inner");
  std::string outer = OneRecord("<" + inner + ">");
  const size_t at = outer.find(inner);
  outer.back() = static_cast<char>(outer.back() ^ 1);
  const size_t end = at + inner.size();
  EXPECT_THAT(
      ReadInWindows(outer),
      ElementsAre(BlobSpan{0, at, false}, BlobSpan{at, inner.size(), true},
                  BlobSpan{end, outer.size() - end, false}));
}

TEST(BoundaryTest, ABlobThatStandsAmongTheFieldsDoesNotSplit) {
  Random random(2);
  for (int i = 0; i < 20; ++i) {
    const std::string blob =
        SampleBlob(SampleKind::kNestedBlobAsGroup, &random);
    ASSERT_NE(blob.find(kMagic, 1), std::string::npos);
    EXPECT_THAT(ReadInWindows(blob),
                ElementsAre(BlobSpan{0, blob.size(), true}));
  }
}

TEST(BoundaryTest, TheFirstDigestThatFitsEndsTheBlob) {
  // The inner digest as: any fields; an unknown LEN field; a partition key; a
  // record; an explicit hash key that takes the whole rest.
  for (const char* prefix : {"", "\x7A\x0E", "\x0A\x0E", "\x1A\x0E", "\x12"}) {
    const oracle::PrefixTrap trap = oracle::MakePrefixTrap(prefix);
    const size_t first = Seal(trap.first).size();
    const std::string whole = Seal(trap.whole);
    ASSERT_LT(first, whole.size());
    EXPECT_THAT(ReadInWindows(whole),
                ElementsAre(BlobSpan{0, first, true},
                            BlobSpan{first, whole.size() - first, false}));
    const std::string next = OneRecord("next");
    EXPECT_THAT(ReadInWindows("?" + whole + next),
                ElementsAre(BlobSpan{0, 1, false}, BlobSpan{1, first, true},
                            BlobSpan{1 + first, whole.size() - first, false},
                            BlobSpan{1 + whole.size(), next.size(), true}));
  }
}

// A digest that parses as a key: FORMAT.md defines whether the blob ends there
// or at the digest of the whole, and the result must not depend on windows or
// jobs.
TEST(BoundaryTest, ADigestThatPassesForAKeyIsSeenAlikeInEveryWindow) {
  const std::string inner = OneRecord("inner");
  const std::string next = OneRecord("next");
  for (size_t which = 0; which < oracle::kOrdinaryTraps; ++which) {
    for (const std::string& data :
         {std::string("rest"), kMagic, "<" + inner + ">" + kMagic + inner}) {
      const std::string whole =
          Seal(oracle::MakeOrdinaryTrap(which, data).whole);
      for (const std::string& behind :
           {std::string(), next, "?" + next, "\r\n" + next + "\n"}) {
        Options options;
        options.container = ContainerKind::kBlobs;
        const std::string archive = next + whole + behind;
        const oracle::EngineRun expected = oracle::RunEngine(archive, options);
        for (size_t window = 1; window <= archive.size();
             window += kRoundStep) {
          options.window_bytes = window;
          options.jobs = 1 + static_cast<unsigned>(window % 4);
          const oracle::EngineRun run = oracle::RunEngine(archive, options);
          ASSERT_EQ(Spans(run), Spans(expected))
              << "trap " << which << " data of " << data.size() << " window "
              << window;
        }
      }
    }
  }
}

TEST(BoundaryTest, ADigestOfMessageAndDigestDoesNotExtendTheBlob) {
  const oracle::PrefixTrap trap = oracle::MakePrefixTrap("");
  const std::string blob = Seal(trap.first);
  const std::string longer = Seal(blob.substr(kMagic.size()));
  ASSERT_EQ(longer.size(), blob.size() + 16);
  EXPECT_THAT(ReadInWindows(longer + blob),
              ElementsAre(BlobSpan{0, blob.size(), true},
                          BlobSpan{blob.size(), 16, false},
                          BlobSpan{longer.size(), blob.size(), true}));
}

TEST(BoundaryTest, GarbageLiesBeforeBetweenAndAfter) {
  const std::string a = OneRecord("a");
  const std::string b = OneRecord(std::string(300, 'b'));
  for (const std::string& garbage :
       {std::string("\n\n"), std::string("\r"), kMagic, kMagic.substr(0, 3),
        std::string("\xF3"),
        std::string("\x08\x01\x08\x01\x0A\x03"
                    "abc"),
        std::string(16, '\0'), std::string(2000, '\x08'),
        kMagic + kMagic + std::string(20, '\x09')}) {
    const size_t n = garbage.size();
    EXPECT_THAT(ReadInWindows(garbage + a + garbage + b + garbage),
                ElementsAre(BlobSpan{0, n, false}, BlobSpan{n, a.size(), true},
                            BlobSpan{n + a.size(), n, false},
                            BlobSpan{2 * n + a.size(), b.size(), true},
                            BlobSpan{2 * n + a.size() + b.size(), n, false}))
        << oracle::EncodeBase64(garbage);
  }
}

TEST(BoundaryTest, AMagicWhoseFieldsReachAcrossBlobsSwallowsNone) {
  std::vector<std::string> blobs;
  for (int i = 0; i < 40; ++i) blobs.push_back(OneRecord(std::to_string(i)));
  const std::string all = Join(blobs);
  // A field that ends just before the last blob's digest, one that ends with
  // the archive, one that reaches past it, one within a group.
  for (const size_t size : {all.size() - 16, all.size(), all.size() + 1}) {
    for (const std::string& group : {std::string(), std::string("\x63")}) {
      const std::string garbage =
          kMagic + group + "\x7A" + oracle::Varint(size);
      const std::vector<BlobSpan> spans = ReadInWindows(garbage + all);
      ASSERT_THAT(spans, testing::SizeIs(41));
      EXPECT_EQ(spans[0], (BlobSpan{0, garbage.size(), false}));
      for (size_t i = 1; i < spans.size(); ++i) EXPECT_TRUE(spans[i].is_blob);
    }
  }
}

TEST(BoundaryTest, AMagicLiesAcrossEveryWindowBorder) {
  Random random(3);
  const std::string blobs = Join(oracle::SampleBlobs(11, 4));
  for (size_t shift = 0; shift < 140; shift += kRoundStep) {
    ReadInWindows(random.Bytes(shift) + blobs, {64, 128, 333});
    ReadInWindows(std::string(shift, '\xF3') + blobs, {64, 128, 333});
  }
}

TEST(BoundaryTest, WindowsOfEverySizeFindTheSame) {
  std::vector<size_t> windows;
  for (size_t window = 1; window < 100; ++window) windows.push_back(window);
  for (size_t window = 100; window < 5000; window += 97) {
    windows.push_back(window);
  }
  ReadInWindows("??" + Join(oracle::SampleBlobs(22, 5)) + "??", windows);
}

TEST(BoundaryTest, ABlobOfTenMebibytes) {
  Random random(6);
  const std::string large =
      OneRecord(random.Bytes(size_t{kSanitized ? 3 : 10} << 20));
  const std::string many = Seal(oracle::KplMessage(&random, 2000, 1000));
  const std::string small = OneRecord("small");
  const std::string archive = small + large + small + many + "?" + small;
  EXPECT_THAT(ReadInWindows(archive, {4096, 1 << 20, 16 << 20}),
              testing::SizeIs(6));
}

TEST(BoundaryTest, ALargeBlobThatIsDamagedGivesUpWhatIsNestedInIt) {
  Random random(7);
  const std::string inner = OneRecord("inner");
  std::string large =
      OneRecord(random.Bytes(1 << 20) + inner + random.Bytes(1 << 20));
  large.back() = static_cast<char>(large.back() ^ 1);
  const std::string small = OneRecord("small");
  const std::vector<BlobSpan> spans =
      ReadInWindows(small + large + small, {64 << 10, 1 << 20, 16 << 20});
  EXPECT_THAT(spans, testing::SizeIs(5));
}

TEST(BoundaryTest, AHundredThousandRecordsInOneBlobAndInTenThousand) {
  Random random(8);
  std::string archive = Seal(oracle::KplMessage(&random, RoundsOf(100'000), 3));
  for (size_t i = 0; i < RoundsOf(10'000); ++i) {
    archive += Seal(oracle::KplMessage(&random, 10, 3));
  }
  EXPECT_THAT(ReadInWindows(archive, {1 << 16, 1 << 20, 16 << 20}),
              testing::SizeIs(RoundsOf(10'000) + 1));
}

}  // namespace
}  // namespace thresh
