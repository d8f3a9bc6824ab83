// Random archives of each container, with damage, are divided into small
// splits: together these are what the whole is. THRESH_SPLIT_ROUNDS makes that
// many archives in place of a few.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <string>
#include <vector>

#include "container/recognizer.h"
#include "input/testing.h"
#include "oracle/reference.h"
#include "oracle/reference_archive.h"
#include "oracle/samples.h"
#include "pipeline/split_run.h"

namespace thresh {
namespace {

using input_testing::TempDir;
using oracle::EncodeBase64;
using oracle::Random;
using oracle::SampleBlob;
using oracle::SampleKind;

std::string AnyBlob(Random* random) {
  return SampleBlob(
      static_cast<SampleKind>(random->Below(oracle::kSampleKinds)), random);
}

// A blob whose user data are blobs, of less than kMaxNested bytes.
constexpr size_t kMaxNested = 9'000;
std::string NestedBlobs(Random* random) {
  std::string data;
  for (size_t i = random->Below(20); i > 0; --i) {
    const std::string blob = AnyBlob(random);
    if (data.size() + blob.size() > kMaxNested - 100) break;
    data += blob;
  }
  return oracle::Seal(oracle::LengthField(1, "key") +
                      oracle::RecordField(0, std::nullopt, data));
}

std::string Flipped(std::string bytes, Random* random) {
  const size_t at = random->Below(bytes.size());
  bytes[at] = static_cast<char>(bytes[at] ^ (1 << random->Below(8)));
  return bytes;
}

std::string AnyLineEnd(Random* random) {
  return random->Below(2) == 0 ? "\n" : "\r\n";
}

// `text` in lines of `width` characters, the last without a line end.
std::string Wrapped(const std::string& text, size_t width) {
  std::string lines;
  for (size_t at = 0; at < text.size(); at += width) {
    if (at > 0) lines += '\n';
    lines += text.substr(at, width);
  }
  return lines;
}

std::string BlobArchive(Random* random) {
  std::string archive = AnyBlob(random);
  const size_t damaged = random->Below(4);  // in ten
  const bool lines = random->Below(2) == 0;
  for (size_t i = 20 + random->Below(60); i > 0; --i) {
    if (lines && random->Below(8) > 0) archive += AnyLineEnd(random);
    if (random->Below(10) >= damaged) {
      archive += random->Below(4) == 0 ? NestedBlobs(random) : AnyBlob(random);
      continue;
    }
    switch (random->Below(4)) {
      case 0:
        archive += random->Bytes(1 + random->Below(3000));
        break;
      case 1:
        archive += std::string(oracle::kReferenceMagic) +
                   random->Bytes(random->Below(50));
        break;
      case 2: {
        const std::string blob = AnyBlob(random);
        archive += blob.substr(0, random->Below(blob.size()));
        break;
      }
      default:
        archive += Flipped(
            random->Below(2) == 0 ? NestedBlobs(random) : AnyBlob(random),
            random);
    }
  }
  return archive;
}

std::string AnyBase64Line(Random* random) {
  const std::string blob = AnyBlob(random);
  switch (random->Below(12)) {
    case 0:
      return Wrapped(EncodeBase64(blob), random->Below(2) == 0 ? 64 : 76);
    case 1:
      return Wrapped(EncodeBase64(Flipped(blob, random)), 76);
    case 2:
      return "[\"" + EncodeBase64(blob) + "\", \"" + EncodeBase64("plain") +
             "\"]";
    case 3:
      return "  \"" + EncodeBase64(blob) + "\",";
    case 4:
      return "\xEF\xBB\xBF" + EncodeBase64(blob) + " ";
    case 5:
      return "not base64!";
    case 6:
      return "";
    case 7:
      return std::string(random->Below(2) == 0 ? 64 : 76, 'A');
    case 8:
      return EncodeBase64(random->Bytes(random->Below(200)));
    default:
      return EncodeBase64(blob);
  }
}

std::string Base64Archive(Random* random) {
  std::string archive;
  const bool plain = random->Below(3) == 0;
  for (size_t i = 20 + random->Below(100); i > 0; --i) {
    archive += plain ? EncodeBase64(AnyBlob(random)) : AnyBase64Line(random);
    archive += AnyLineEnd(random);
  }
  if (random->Below(2) == 0) archive += AnyBase64Line(random);
  return archive;
}

std::string GetRecordsElement(Random* random) {
  return R"({"SequenceNumber":"1","Data":")" + EncodeBase64(AnyBlob(random)) +
         "\"}";
}

std::string AnyDocument(Random* random) {
  const std::string record = GetRecordsElement(random);
  switch (random->Below(12)) {
    case 0:
      return R"({"Records":[)" + record + "," + record + "]}";
    case 1:
      return "{\"Records\":[\n" + record + ",\n" + record + "\n]}";
    case 2:  // broken: no comma
      return "{\"Records\":[\n" + record + "\n" + record + "\n]}";
    case 3:  // broken, and never closed
      return "{\"Records\":[\n" + record;
    case 4:  // a string that goes on
      return R"({"Records":[{"Data":")";
    case 5:
      return "{}";
    case 6:
      return "other text";
    case 7:
      return record + "," + record;
    case 8:
      return R"({"Records":[],"NextShardIterator":"x"})";
    case 9:
      return Flipped(record, random);
    case 10:
      return "";
    default:
      return record;
  }
}

std::string JsonArchive(Random* random) {
  std::string archive = GetRecordsElement(random) + "\n";
  const size_t others = random->Below(5);  // in ten
  for (size_t i = 20 + random->Below(100); i > 0; --i) {
    archive += random->Below(10) < others ? AnyDocument(random)
                                          : GetRecordsElement(random);
    archive += AnyLineEnd(random);
  }
  return archive;
}

struct Kind {
  ContainerKind container;
  std::string (*make)(Random* random);
};

void PrintTo(const Kind& kind, std::ostream* out) {
  *out << ContainerKindName(kind.container);
}

class SplitProperty : public testing::TestWithParam<Kind> {};

// Options that change nothing.
Options AnyOptions(const Kind& kind, Random* random) {
  Options options;
  options.container = kind.container;
  options.jobs = static_cast<unsigned>(1 + random->Below(3));
  options.use_mmap = random->Below(2) == 0;
  options.window_bytes = size_t{1} << random->Below(20);
  return options;
}

// Whether a split may begin at `place` of `archive`.
void ExpectCut(const Kind& kind, const std::string& archive,
               const SplitRun& whole, uint64_t place) {
  const bool starts_record =
      std::ranges::any_of(whole.rows, [place](const auto& row) {
        return row.offset == place &&
               row.verdict != oracle::ReferenceVerdict::kOpaqueSpan;
      });
  EXPECT_TRUE(kind.container == ContainerKind::kBlobs
                  ? starts_record
                  : archive[place - 1] == '\n')
      << place;
}

TEST_P(SplitProperty, SplitsTogetherAreTheWhole) {
  const char* const given = std::getenv("THRESH_SPLIT_ROUNDS");
  const uint64_t rounds = given == nullptr ? 60 : std::stoull(given);
  // The largest of the samples' blobs has fewer bytes.
  constexpr size_t kLookback = 10'000;
  TempDir directory;
  size_t cuts = 0;
  for (uint64_t seed = 1; seed <= rounds && !testing::Test::HasFailure();
       ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    const std::string archive = GetParam().make(&random);
    const std::string file = directory.Write("archive", archive);
    Options options = AnyOptions(GetParam(), &random);
    const bool recognized = SniffContainer(AsBytes(archive), /*whole=*/true) ==
                            GetParam().container;
    if (recognized) options.container = ContainerKind::kAuto;
    const SplitRun whole = RunOver(InputList({file}), options);
    ASSERT_EQ(whole.summary.bytes, archive.size());
    // Some are read from the cut before, some from the lookback.
    const uint64_t target = 1 + random.Below(size_t{1} << random.Below(18));
    const size_t lookback =
        GetParam().container == ContainerKind::kBlobs ? kLookback : size_t{1};
    const std::vector<Split> splits = PlanWith(lookback, file, options, target);
    ExpectCover(splits, file, archive.size(), target);
    for (size_t i = 1; i < splits.size(); ++i) {
      ExpectCut(GetParam(), archive, whole, splits[i].begin);
    }
    Options others = AnyOptions(GetParam(), &random);
    others.container = options.container;
    ExpectSame(splits, whole, others);
    const SplitRun together = RunOver(InputList::OfSplits(splits), options);
    EXPECT_EQ(oracle::DiffRows(together.rows, whole.rows), "");
    EXPECT_EQ(CountsOf(together.summary), CountsOf(whole.summary));
    cuts += splits.size() - 1;
  }
  EXPECT_GT(cuts, rounds);
}

INSTANTIATE_TEST_SUITE_P(
    Containers, SplitProperty,
    testing::Values(Kind{ContainerKind::kBlobs, BlobArchive},
                    Kind{ContainerKind::kBase64Lines, Base64Archive},
                    Kind{ContainerKind::kJson, JsonArchive}),
    [](const auto& kind) {
      std::string name(ContainerKindName(kind.param.container));
      std::erase(name, '-');
      return name;
    });

}  // namespace
}  // namespace thresh
