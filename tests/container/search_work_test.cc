// The work to find records is linear in the bytes, for any input, and crafted
// magics next to or within a blob do not hide it.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "container/container.h"
#include "digest/md5.h"
#include "oracle/reference.h"
#include "oracle/reference_archive.h"
#include "oracle/samples.h"
#include "record/envelope.h"

namespace thresh {
namespace {

using oracle::LengthField;
using oracle::RecordField;
using oracle::Seal;

// Bytes scanned and hashed per byte of input: an upper bound for any input.
constexpr uint64_t kMaxWork = 1500;
constexpr uint64_t kMaxWorkForLines = 40;

struct Scan {
  std::vector<std::string> blobs;
  uint64_t work = 0;
};

Scan ScanWhole(std::string_view archive) {
  Segment segment;
  segment.bytes = AsBytes(archive);
  segment.ends_input = true;
  Frames frames;
  const Container& container = ContainerOf(ContainerKind::kBlobs);
  container.frame(segment, &frames);
  Scan scan;
  for (Frame& frame : frames.list) {
    scan.work += frame.length;
    frame.verified = std::ranges::equal(Md5(MessageOf(frame.record)),
                                        DigestOf(frame.record));
  }
  container.resolve(segment, &frames);
  scan.work += frames.work;
  for (const Frame& frame : frames.list) {
    if (!frame.opaque) scan.blobs.emplace_back(AsText(frame.record));
  }
  return scan;
}

std::string Repeat(std::string_view unit, size_t size) {
  std::string bytes;
  while (bytes.size() < size) bytes += unit;
  return bytes;
}

std::string Magic() { return std::string(oracle::kReferenceMagic); }

// After each magic, fields that contain the next magic and continue to the end.
std::string Chains(size_t size) { return Repeat(Magic() + "\x0A\x04", size); }

std::string BlobWith(std::string_view data) {
  return Seal(LengthField(1, "key") + RecordField(0, std::nullopt, data));
}

// Including the last one, whose end is not marked by a magic after it.
TEST(SoundBlobs, AreWalkedOverAndHashedOnce) {
  oracle::Random random(1);
  std::string archive;
  for (size_t blobs = 1; blobs <= 3; ++blobs) {
    archive += Seal(oracle::KplMessage(&random, 300, 20));
    const Scan scan = ScanWhole(archive);
    EXPECT_EQ(scan.blobs.size(), blobs);
    EXPECT_LE(scan.work, 2 * archive.size());
  }
}

class BlobSearchTest : public testing::TestWithParam<size_t> {};

TEST_P(BlobSearchTest, MagicsThatStartFieldsToTheEnd) {
  const std::string group = "\x0A\x05" + Magic() + "\x1B";
  const std::vector<std::string> units = {
      Magic() + "\x0A\x04",          // ordinary fields
      Magic() + "\x22\x04",          // others
      Magic() + "\x08\x01\x0A\x04",  // short ones
      Magic() + std::string("\x0A\x00\x0A\x04", 4),
      Magic() + "\x1A\x06",  // not a record, where a record is expected
      group,                 // groups that never end
      "\x0A\x06" + Magic() + "\x0A\x02",
      Magic(),
  };
  for (const std::string& unit : units) {
    const std::string archive = Repeat(unit, GetParam());
    const Scan scan = ScanWhole(archive);
    EXPECT_EQ(scan.blobs.size(), 0U);
    EXPECT_LE(scan.work, kMaxWork * archive.size())
        << testing::PrintToString(unit);
  }
}

TEST_P(BlobSearchTest, MagicsInADamagedBlobCostNoOther) {
  const std::string before = BlobWith("before");
  const std::string behind = BlobWith("behind");
  const std::string sound = BlobWith(Chains(GetParam()));
  const Scan whole = ScanWhole(before + sound + behind);
  EXPECT_TRUE(whole.blobs == std::vector({before, sound, behind}));
  for (const size_t at : {size_t{6}, size_t{12}, sound.size() / 2}) {
    std::string damaged = sound;
    damaged[at] ^= 1;
    const std::string archive = before + damaged + behind + sound;
    const Scan scan = ScanWhole(archive);
    EXPECT_TRUE(scan.blobs == std::vector({before, behind, sound})) << at;
    EXPECT_LE(scan.work, kMaxWork * archive.size()) << at;
  }
}

// The fields of all of them continue in those of a valid blob, to its end.
TEST_P(BlobSearchTest, MagicsWhoseFieldsGoOnInABlobCostNoBlobWithoutAny) {
  const std::string blob = BlobWith("data");
  const std::string archive =
      Chains(GetParam()) + std::string("\x0A\x04") + blob + blob;
  const Scan scan = ScanWhole(archive);
  EXPECT_TRUE(scan.blobs == std::vector({blob, blob}));
  EXPECT_LE(scan.work, kMaxWork * archive.size());
}

// Each line may start a record that includes all lines after it.
TEST_P(BlobSearchTest, LinesThatMayStartAWrappedRecord) {
  const std::string line =
      oracle::EncodeBase64(Magic() + std::string(44, '\1')) + "\n";
  const std::string other = oracle::EncodeBase64(std::string(48, '\1')) + "\n";
  for (const std::string& unit : {line, line + other}) {
    const std::string archive = Repeat(unit, GetParam());
    Segment segment;
    segment.bytes = AsBytes(archive);
    segment.ends_input = true;
    Frames frames;
    ContainerOf(ContainerKind::kBase64Lines).frame(segment, &frames);
    EXPECT_GT(frames.work, 0U);
    EXPECT_LE(frames.work, kMaxWorkForLines * archive.size());
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, BlobSearchTest,
                         testing::Values(1000, 10'000, 100'000));

// A few magics with long fields do not limit the search for smaller blobs.
TEST(BlobSearch, FieldsThatGoFarCostNoSmallBlob) {
  const std::string full = BlobWith(Chains(1000));
  std::string blobs;
  std::vector<std::string> expected;
  while (blobs.size() < 300'000) {
    blobs += full;
    expected.push_back(full);
  }
  // Each is a field that ends where all of them continue to the last boundary.
  std::string far;
  constexpr size_t kMagics = 100;
  constexpr size_t kHeader = 8;
  for (size_t i = 0; i < kMagics; ++i) {
    const size_t length = (kMagics - i - 1) * kHeader + blobs.size();
    far += Magic() + "\x0A" + oracle::Varint(length);
  }
  ASSERT_EQ(far.size(), kMagics * kHeader);
  const std::string archive = far + blobs + std::string(64, '\0');
  const Scan scan = ScanWhole(archive);
  EXPECT_TRUE(scan.blobs == expected);
  EXPECT_LE(scan.work, kMaxWork * archive.size());
}

// Four false starts right before it, and more than eight magics in it.
TEST(BlobSearch, WhatIsGivenUpIsOpaque) {
  const std::string full = BlobWith(Chains(1000));
  const std::string near = BlobWith(Repeat(Magic(), 8 * Magic().size()));
  const auto hidden = [](size_t starts, const std::string& blob) {
    std::string archive;
    for (size_t i = starts; i-- > 0;) {
      archive += Magic() + "\x0A" + oracle::Varint(i * 7 + 512);
    }
    archive = archive + blob + std::string(64, '\0');
    return ScanWhole(archive).blobs;
  };
  EXPECT_TRUE(hidden(3, full) == std::vector({full}));
  EXPECT_TRUE(hidden(4, full) == std::vector<std::string>());
  EXPECT_TRUE(hidden(4, near) == std::vector({near}));
}

}  // namespace
}  // namespace thresh
