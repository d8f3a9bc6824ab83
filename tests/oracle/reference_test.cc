// The reference itself, compared with protobuf's codec and with known results,
// so that a difference from the engine indicates an error in the engine.
#include "oracle/reference.h"

#include <gmock/gmock.h>
#include <google/protobuf/empty.pb.h>

#include <set>

#include "oracle/reference_archive.h"
#include "oracle/samples.h"

namespace thresh::oracle {
namespace {

// The ends of the top-level fields of `message`, as SkipField walks them.
std::set<size_t> Boundaries(std::string_view message) {
  std::set<size_t> ends;
  size_t at = 0;
  while (at < message.size()) {
    const std::optional<size_t> next = SkipField(message, at);
    if (!next) break;
    at = *next;
    ends.insert(at);
  }
  return ends;
}

// To the codec every field of Empty is unknown, so a prefix is a sequence of
// whole fields if and only if it parses as an Empty.
void ExpectCodecAgrees(const std::string& message) {
  const std::set<size_t> ends = Boundaries(message);
  for (size_t size = 1; size <= message.size(); ++size) {
    google::protobuf::Empty empty;
    EXPECT_EQ(empty.ParseFromArray(message.data(), static_cast<int>(size)),
              ends.contains(size))
        << "prefix of " << size << " bytes of " << EncodeBase64(message);
  }
}

TEST(SkipFieldTest, AgreesWithTheCodecOnSampleMessagesAndTheirDamage) {
  Random random(1);
  for (const std::string& blob : SampleBlobs(kSampleKinds, 2)) {
    std::string message = blob.substr(4, std::min<size_t>(blob.size(), 400));
    ExpectCodecAgrees(message);
    for (int i = 0; i < 20; ++i) {
      std::string damaged = message;
      damaged[random.Below(damaged.size())] = static_cast<char>(random.Next());
      ExpectCodecAgrees(damaged);
    }
  }
}

TEST(SkipFieldTest, AgreesWithTheCodecOnShortRandomBytes) {
  Random random(3);
  // Few distinct values, so that tags, lengths and long varints occur.
  constexpr std::string_view kBytes(
      "\x00\x01\x02\x03\x04\x05\x08\x0B\x0C\x0A\x13\x14\x7F\x80\xFF\xFF", 16);
  for (int i = 0; i < 100000; ++i) {
    std::string message(1 + random.Below(16), '\0');
    for (char& byte : message) byte = kBytes[random.Below(kBytes.size())];
    ExpectCodecAgrees(message);
  }
}

TEST(SkipFieldTest, AgreesWithTheCodecAtItsLimits) {
  for (const size_t groups : {99U, 100U, 101U}) {
    ExpectCodecAgrees(std::string(groups, '\x0B') +
                      std::string(groups, '\x0C'));
  }
  for (const size_t bytes : {4U, 5U, 6U, 9U, 10U, 11U}) {
    for (const char last : {'\x00', '\x01', '\x08', '\x0F', '\x7F'}) {
      const std::string overlong = std::string(bytes - 1, '\x80') + last;
      ExpectCodecAgrees("\x08" + overlong + "\x08\x01");      // a value
      ExpectCodecAgrees("\x0A" + overlong + "\x08\x01");      // a length
      ExpectCodecAgrees("\x88" + overlong + "\x01\x08\x01");  // a tag
    }
  }
}

TEST(JudgeTest, GivesEveryKindOfSampleItsVerdict) {
  using V = ReferenceVerdict;
  const std::vector<std::pair<SampleKind, V>> verdicts = {
      {SampleKind::kKpl, V::kAggregated},
      {SampleKind::kOneRecord, V::kAggregated},
      {SampleKind::kEmptyAggregate, V::kEmptyAggregate},
      {SampleKind::kTablesLast, V::kAggregated},
      {SampleKind::kNestedBlob, V::kAggregated},
      {SampleKind::kNestedBlobAsGroup, V::kAggregated},
      {SampleKind::kMagicEverywhere, V::kAggregated},
      {SampleKind::kUnknownFields, V::kAggregated},
      {SampleKind::kHashKeyWithoutTable, V::kAggregated},
      {SampleKind::kMissingData, V::kMalformed},
      {SampleKind::kIndexOutOfRange, V::kKeyIndexOutOfRange}};
  ASSERT_EQ(verdicts.size(), kSampleKinds);
  Random random(4);
  for (const auto& [kind, verdict] : verdicts) {
    const std::string blob = SampleBlob(kind, &random);
    SCOPED_TRACE(static_cast<int>(kind));
    EXPECT_EQ(Judge(blob).verdict, verdict);
    EXPECT_THAT(ScanBlobs(blob),
                testing::ElementsAre(BlobSpan{0, blob.size(), true}));
  }
}

TEST(JudgeTest, TellsShortUnmarkedAndBrokenRecordsApart) {
  const std::string blob = Seal(LengthField(1, "k"));
  EXPECT_EQ(Judge("").verdict, ReferenceVerdict::kNotAggregated);
  EXPECT_EQ(Judge(Seal("")).verdict, ReferenceVerdict::kNotAggregated);
  EXPECT_EQ(Judge("x" + blob).verdict, ReferenceVerdict::kNotAggregated);
  EXPECT_EQ(Judge(blob + "x").verdict, ReferenceVerdict::kDigestMismatch);
  EXPECT_EQ(Judge(Seal(std::string(1, '\0'))).verdict,
            ReferenceVerdict::kMalformed);
}

TEST(ScanBlobsTest, FindsBlobsBetweenGarbageAndTheFirstOfTwoEnds) {
  const std::string blob = Seal(LengthField(1, "k"));
  EXPECT_THAT(ScanBlobs("??" + blob + blob + "?"),
              testing::ElementsAre(BlobSpan{0, 2, false},
                                   BlobSpan{2, blob.size(), true},
                                   BlobSpan{2 + blob.size(), blob.size(), true},
                                   BlobSpan{2 + 2 * blob.size(), 1, false}));
  const PrefixTrap trap = MakePrefixTrap("");
  const size_t first = Seal(trap.first).size();
  const std::string archive = Seal(trap.whole);
  EXPECT_THAT(
      ScanBlobs(archive),
      testing::ElementsAre(BlobSpan{0, first, true},
                           BlobSpan{first, archive.size() - first, false}));
}

TEST(Base64Test, KnowsTheTestVectorsOfItsRfcAndRefusesTheRest) {
  const std::vector<std::pair<std::string, std::string>> vectors = {
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(EncodeBase64(bytes), text);
    EXPECT_EQ(DecodeBase64(text), bytes);
  }
  for (const char* text : {"Zg", "Zg=", "Zh==", "Zm9=", "Z===", "====", "=Zg=",
                           "Zg==Zg==", "Zm9v ", "Zm9-", "Zm9v\n"}) {
    EXPECT_EQ(DecodeBase64(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace thresh::oracle
