// Guesses where blobs end change nothing but the work: what they lead to is
// what the traversal of the fields finds, or they are recognized as wrong.
#include "container/blob_guess.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "container/blob_end.h"
#include "container/container.h"
#include "digest/md5.h"
#include "oracle/reference.h"
#include "oracle/samples.h"
#include "record/aggregated_record_reader.h"
#include "record/envelope.h"

namespace thresh {
namespace {

using oracle::LengthField;
using oracle::Random;
using oracle::RecordField;
using oracle::SampleBlob;
using oracle::SampleKind;
using oracle::Seal;
using testing::Eq;
using testing::Optional;

std::string MagicText() { return std::string(oracle::kReferenceMagic); }

// Spans of these sizes, each of which begins with a magic.
std::string Spans(const std::vector<size_t>& sizes) {
  std::string bytes;
  for (const size_t size : sizes) {
    bytes += MagicText() + std::string(size - 4, '.');
  }
  return bytes;
}

TEST(BlobGuessTest, IsMadeAfterTwoBlobsOfAboutOneSize) {
  const std::string bytes = Spans({8000, 8000});
  BlobGuess guess(AsBytes(bytes));
  EXPECT_EQ(guess.SizeAt(0), std::nullopt);
  guess.Learn(8000);
  EXPECT_EQ(guess.SizeAt(0), std::nullopt);
  guess.Learn(6900);
  EXPECT_EQ(guess.SizeAt(0), std::nullopt);
  guess.Learn(8000);
  EXPECT_EQ(guess.SizeAt(0), std::nullopt);
  guess.Learn(8000);
  EXPECT_THAT(guess.SizeAt(0), Optional(Eq(8000)));
}

// How much more or less a blob may have, after blobs of these sizes.
size_t ToleranceAfter(const std::vector<size_t>& sizes) {
  const size_t last = sizes.back();
  const auto is_seen = [&](size_t size) {
    const std::string bytes = Spans({size, 10 * last});
    BlobGuess guess(AsBytes(bytes));
    for (const size_t learned : sizes) guess.Learn(learned);
    const std::optional<size_t> found = guess.SizeAt(0);
    EXPECT_TRUE(!found.has_value() || found == size);
    return found.has_value();
  };
  size_t tolerance = 0;
  while (is_seen(last + tolerance)) ++tolerance;
  EXPECT_TRUE(is_seen(last - tolerance + 1));
  EXPECT_FALSE(is_seen(last - tolerance));
  return tolerance - 1;
}

TEST(BlobGuessTest, AllowsForFourTimesTheDifferenceAndAnEighthAtMost) {
  EXPECT_EQ(ToleranceAfter({8000, 8000}), 256);
  EXPECT_EQ(ToleranceAfter({8000, 8100}), 400);
  EXPECT_EQ(ToleranceAfter({8100, 8000}), 400);
  EXPECT_EQ(ToleranceAfter({8000, 8100, 8099}), 400);
  EXPECT_EQ(ToleranceAfter({8000, 8800}), 1100);
  EXPECT_EQ(ToleranceAfter({1000, 1000}), 125);
  EXPECT_EQ(ToleranceAfter({8000, 8800, 800, 800}), 100);
}

TEST(BlobGuessTest, TheLastEndsWithTheBytes) {
  for (const size_t size : {876U, 1000U, 1125U}) {
    const std::string bytes = Spans({1000, size});
    BlobGuess guess(AsBytes(bytes));
    guess.Learn(1000);
    guess.Learn(1000);
    EXPECT_EQ(guess.SizeAt(1000), size) << size;
  }
}

// A longer record is none, whatever its digest.
TEST(BlobGuessTest, IsAtMostTheLargestRecord) {
  for (const size_t size : {kMaxRecordBytes, kMaxRecordBytes + 1}) {
    const std::string bytes = Spans({size, 100});
    BlobGuess guess(AsBytes(bytes));
    guess.Learn(kMaxRecordBytes - 100);
    guess.Learn(kMaxRecordBytes - 100);
    EXPECT_EQ(guess.SizeAt(0).has_value(), size == kMaxRecordBytes) << size;
  }
}

// The smallest are no less than a blob.
TEST(BlobGuessTest, SmallBlobs) {
  const std::string bytes = Spans({22, 22});
  BlobGuess guess(AsBytes(bytes));
  guess.Learn(22);
  guess.Learn(22);
  EXPECT_EQ(guess.SizeAt(0), 22);
  EXPECT_EQ(guess.SizeAt(30), std::nullopt);
}

struct Framed {
  // Offset, length and whether it is opaque, of each frame.
  std::vector<std::tuple<size_t, size_t, bool>> frames;
  uint64_t framing_bytes = 0;
  size_t unresolved = 0;
  size_t left = 0;
  size_t guessed = 0;  // frames

  friend bool operator==(const Framed& a, const Framed& b) {
    return std::tie(a.frames, a.framing_bytes, a.unresolved, a.left) ==
           std::tie(b.frames, b.framing_bytes, b.unresolved, b.left);
  }
};

// Whether the blob that was guessed is found to end there by its reader.
bool Confirmed(const Frame& frame) {
  UserRecordColumns columns;
  return frame.verified &&
         ReadOrdinaryRecord(MessageOf(frame.record), &columns).status !=
             WireStatus::kMayEndBefore;
}

// Frames `archive`; nothing if guesses are recognized as wrong.
std::optional<Framed> FrameArchive(std::string_view archive, bool may_guess,
                                   bool ends_input = true,
                                   size_t max_frames = SIZE_MAX) {
  Segment segment;
  segment.bytes = AsBytes(archive);
  segment.ends_input = ends_input;
  Frames frames;
  frames.may_guess = may_guess;
  frames.max_frames = max_frames;
  const Container& container = ContainerOf(ContainerKind::kBlobs);
  container.frame(segment, &frames);
  Framed framed;
  for (Frame& frame : frames.list) {
    frame.verified = LooksAggregated(frame.record) &&
                     std::ranges::equal(Md5(MessageOf(frame.record)),
                                        DigestOf(frame.record));
  }
  container.resolve(segment, &frames);
  if (frames.misguessed) return std::nullopt;
  for (const Frame& frame : frames.list) {
    if (frame.guessed && !Confirmed(frame)) return std::nullopt;
    framed.frames.emplace_back(frame.offset, frame.length, frame.opaque);
    framed.guessed += frame.guessed ? 1 : 0;
  }
  framed.framing_bytes = frames.framing_bytes;
  framed.unresolved = frames.unresolved;
  framed.left = frames.left;
  return framed;
}

// Blobs of nearly the same size.
std::string Regular(size_t blobs, uint64_t seed) {
  Random random(seed);
  std::string archive;
  for (size_t i = 0; i < blobs; ++i) {
    std::string message = LengthField(1, "key");
    for (int record = 0; record < 30; ++record) {
      message += RecordField(0, std::nullopt, random.Bytes(40));
    }
    archive += Seal(
        message + RecordField(0, std::nullopt, random.Bytes(random.Below(10))));
  }
  return archive;
}

TEST(GuessedFrames, AreAllButTheFirstTwoOfBlobsOfOneSize) {
  const std::string archive = Regular(20, 1);
  const std::optional<Framed> framed = FrameArchive(archive, true);
  ASSERT_TRUE(framed.has_value());
  EXPECT_EQ(framed->guessed, 18);
  EXPECT_EQ(framed, FrameArchive(archive, false));
}

TEST(GuessedFrames, AreLeftWhereThereIsRoomForNoMore) {
  const std::string archive = Regular(20, 2);
  const std::optional<Framed> framed = FrameArchive(archive, true, true, 7);
  ASSERT_TRUE(framed.has_value());
  EXPECT_EQ(framed->guessed, 5);
  EXPECT_EQ(framed, FrameArchive(archive, false, true, 7));
}

TEST(GuessedFrames, NoneIsAllowedToTheCallerWhoDoesNotAsk) {
  EXPECT_EQ(FrameArchive(Regular(20, 1), false)->guessed, 0);
}

TEST(GuessedFrames, AGuessThatSpansTwoBlobsIsWrong) {
  const std::string small = Regular(2, 3);
  const std::string filled =
      Seal(LengthField(1, "key") +
           RecordField(0, std::nullopt, std::string(small.size() - 50, 'x')));
  EXPECT_EQ(FrameArchive(filled + filled + small, true), std::nullopt);
}

TEST(GuessedFrames, DamageAnywhereRefutesThem) {
  const std::string archive = Regular(4, 5);
  for (size_t at = 0; at < archive.size(); ++at) {
    std::string damaged = archive;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    const std::optional<Framed> framed = FrameArchive(damaged, true);
    if (framed.has_value()) {
      EXPECT_EQ(framed, FrameArchive(damaged, false)) << at;
      EXPECT_EQ(framed->guessed, 0) << at;
    }
  }
}

// The traversal of fields would take the boundary before that magic for a
// candidate.
TEST(GuessedFrames, AMagicAfterABoundaryRefutesThem) {
  const auto blob = [](const std::string& data) {
    std::string message = LengthField(1, "key");
    for (int i = 0; i < 20; ++i) {
      message +=
          RecordField(0, std::nullopt, i == 10 ? data : "0123456789abcdef");
    }
    return Seal(message);
  };
  const std::string plain = blob("0123456789abcdef");
  EXPECT_EQ(FrameArchive(plain + plain + plain, true)->guessed, 1);
  for (size_t before = 0; before < 13; ++before) {
    const std::string data =
        std::string(before, '.') + MagicText() + std::string(12 - before, '.');
    const std::string archive = plain + plain + blob(data) + plain;
    const std::optional<Framed> framed = FrameArchive(archive, true);
    // Six bytes of the record precede its data.
    EXPECT_EQ(framed.has_value(), before != kDigestSize - 6) << before;
    if (framed.has_value()) {
      EXPECT_EQ(framed, FrameArchive(archive, false)) << before;
    }
  }
}

// Samples of all kinds, half of the time in rows of one size.
TEST(GuessedFrames, OfRandomArchivesAreThoseThatAreTraversed) {
  Random random(6);
  size_t held = 0;
  size_t wrong = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string archive;
    const auto any = [&random] {
      return SampleBlob(
          static_cast<SampleKind>(random.Below(oracle::kSampleKinds)), &random);
    };
    for (size_t i = 2 + random.Below(12); i > 0; --i) {
      const std::string blob =
          random.Below(4) == 0
              ? any()
              : Seal(oracle::KplMessage(&random, 1 + random.Below(30), 20));
      for (size_t copies = 1 + random.Below(4); copies > 0; --copies) {
        archive += blob;
      }
      if (random.Below(20) == 0) archive += random.Bytes(random.Below(100));
      if (random.Below(20) == 0) archive += "\r\n";
    }
    const bool ends_input = random.Below(2) == 0;
    if (!ends_input) archive.resize(archive.size() - random.Below(40));
    const std::optional<Framed> framed =
        FrameArchive(archive, true, ends_input);
    if (!framed.has_value()) {
      ++wrong;
      continue;
    }
    held += framed->guessed;
    ASSERT_EQ(framed, FrameArchive(archive, false, ends_input)) << round;
  }
  EXPECT_GT(held, 500);
  EXPECT_GT(wrong, 300);
}

// ReadOrdinaryRecord decides exactly as the traversal that guesses replace.
TEST(ReadOrdinaryRecordTest, AgreesWithCandidateEnd) {
  Random random(7);
  size_t ordinary = 0;
  size_t other = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string message(AsText(MessageOf(AsBytes(
        SampleBlob(static_cast<SampleKind>(random.Below(oracle::kSampleKinds)),
                   &random)))));
    if (random.Below(3) == 0) {
      const size_t at = random.Below(message.size());
      message[at] = static_cast<char>(message[at] ^ (1 << random.Below(8)));
    }
    if (random.Below(3) == 0 && message.size() > 8) {
      message.replace(random.Below(message.size() - 4), 4, MagicText());
    }
    if (message.empty()) continue;
    const std::string blob = Seal(message);
    const std::string followed = blob + MagicText();
    const BlobEnd end = CandidateEnd(AsBytes(followed), /*at_end=*/true);
    const bool ends =
        end.outcome == SearchOutcome::kFound && end.size == blob.size();
    UserRecordColumns watched;
    UserRecordColumns read;
    const WireResult result =
        ReadOrdinaryRecord(MessageOf(AsBytes(blob)), &watched);
    EXPECT_EQ(result.status != WireStatus::kMayEndBefore, ends) << round;
    if (result.status == WireStatus::kMayEndBefore) {
      EXPECT_EQ(watched.size(), 0);
      EXPECT_TRUE(watched.partition_keys.empty());
      ++other;
      continue;
    }
    const WireResult plain =
        ReadAggregatedRecord(MessageOf(AsBytes(blob)), &read);
    EXPECT_EQ(result.status, plain.status);
    EXPECT_EQ(result.reason, plain.reason);
    EXPECT_TRUE(std::ranges::equal(watched.data, read.data));
    EXPECT_TRUE(std::ranges::equal(watched.data_size, read.data_size));
    EXPECT_TRUE(std::ranges::equal(watched.partition_key, read.partition_key));
    EXPECT_TRUE(
        std::ranges::equal(watched.explicit_hash_key, read.explicit_hash_key));
    ++ordinary;
  }
  EXPECT_GT(ordinary, 3000);
  EXPECT_GT(other, 3000);
}

}  // namespace
}  // namespace thresh
