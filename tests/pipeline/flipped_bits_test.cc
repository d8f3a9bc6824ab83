// Every bit of small archives flipped, one at a time. A flip loses only the
// record that it hits, or ends the input with an error; and changed content is
// never returned undetected.
//
// With THRESH_FLIPS_BYTES=20000 archives hold that many bytes of blobs, and the
// outcomes of the flips are printed, as a row of SECURITY.md's table.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "oracle/compress.h"
#include "oracle/engine_run.h"
#include "oracle/samples.h"
#include "sanitized.h"

namespace thresh {
namespace {

using oracle::EngineRun;
using oracle::Random;
using oracle::ReferenceArchive;
using oracle::ReferenceRow;

// The possible outcomes of a flip.
enum class Fate : uint8_t {
  kAllOut,     // all records are returned
  kOneLost,    // the record that was hit is one suspect
  kMarked,     // it is returned whole, not aggregated, as suspicious data
  kInPieces,   // it is more than one row, including a suspect
  kBothLost,   // the separator of two records was hit, and neither is returned
  kAstray,     // a length: it and more records are lost, and invalid ones are
               // read from its bytes; but the first is a suspect
  kRestLost,   // it is lost, and those after it in its document; one suspect
  kEnded,      // an error; the records before it are correct
  kEndedLate,  // an error, but invalid records were returned before it
};
constexpr size_t kFates = 9;

struct FlippedArchive {
  std::string bytes;
  // The begin and end of each record, with everything that belongs to it alone.
  // Empty if these are not defined.
  std::vector<std::pair<size_t, size_t>> records;

  void Append(const std::string& record) {
    records.emplace_back(bytes.size(), bytes.size() + record.size());
    bytes += record;
  }
};

using Blobs = std::vector<std::string>;

FlippedArchive FlipBlobs(const Blobs& blobs) {
  FlippedArchive archive;
  for (const std::string& blob : blobs) archive.Append(blob);
  return archive;
}

// `length_of` returns the text before each blob.
template <typename LengthOf>
FlippedArchive FlipDelimited(const Blobs& blobs, LengthOf length_of) {
  FlippedArchive archive;
  for (const std::string& blob : blobs) {
    archive.Append(length_of(blob.size()) + blob);
  }
  return archive;
}

FlippedArchive FlipU32Be(const Blobs& blobs) {
  return FlipDelimited(blobs,
                       [](size_t size) { return oracle::BigEndian32(size); });
}

FlippedArchive FlipU32Le(const Blobs& blobs) {
  return FlipDelimited(
      blobs, [](size_t size) { return oracle::LittleEndian(size, 4); });
}

FlippedArchive FlipVarint(const Blobs& blobs) {
  return FlipDelimited(blobs, [](size_t size) { return oracle::Varint(size); });
}

FlippedArchive FlipBase64Lines(const Blobs& blobs) {
  FlippedArchive archive;
  for (const std::string& blob : blobs) {
    archive.Append(oracle::EncodeBase64(blob));
    archive.bytes += "\n";
  }
  return archive;
}

FlippedArchive FlipJsonLines(const Blobs& blobs) {
  FlippedArchive archive;
  for (const std::string& blob : blobs) {
    archive.Append(
        fmt::format(R"({{"SequenceNumber":"4959033827149025660855969{}",)"
                    R"("ApproximateArrivalTimestamp":1545084650.987,)"
                    R"("Data":"{}","PartitionKey":"a"}})",
                    archive.records.size(), oracle::EncodeBase64(blob)));
    archive.bytes += "\n";
  }
  return archive;
}

FlippedArchive FlipLambdaEvent(const Blobs& blobs) {
  FlippedArchive archive;
  archive.bytes = R"({"Records":[)";
  for (const std::string& blob : blobs) {
    if (!archive.records.empty()) archive.bytes += ",";
    archive.Append(fmt::format(
        R"({{"kinesis":{{"kinesisSchemaVersion":"1.0","partitionKey":"a",)"
        R"("sequenceNumber":"4959033827149025660855969{0}","data":"{1}",)"
        R"("approximateArrivalTimestamp":1545084650.987}},)"
        R"("eventSource":"aws:kinesis","eventVersion":"1.0",)"
        R"("eventID":"shardId-000000000006:4959033827149025660855969{0}",)"
        R"("eventName":"aws:kinesis:record","awsRegion":"us-east-2",)"
        R"("eventSourceARN":"arn:aws:kinesis:us-east-2:1:stream/s"}})",
        archive.records.size(), oracle::EncodeBase64(blob)));
  }
  archive.bytes += "]}";
  return archive;
}

FlippedArchive FlipGzip(const Blobs& blobs) {
  return {oracle::Gzip(oracle::Join(blobs)), {}};
}

FlippedArchive FlipZstd(const Blobs& blobs) {
  return {oracle::Zstd(oracle::Join(blobs)), {}};
}

struct FlipCase {
  const char* name;
  ContainerKind container;
  FlippedArchive (*write)(const Blobs& blobs);
  std::vector<Fate> fates;  // others must not occur
};

void PrintTo(const FlipCase& flips, std::ostream* out) { *out << flips.name; }

// The rows of the undamaged run that one run has, and its additional rows.
struct Compared {
  std::vector<size_t> missing;
  size_t suspects = 0;
  size_t others = 0;  // with user records
};

class FlippedBits : public testing::TestWithParam<FlipCase> {
 protected:
  FlippedBits() {
    const char* bytes = std::getenv("THRESH_FLIPS_BYTES");
    const size_t wanted = bytes == nullptr ? 500 : std::stoul(bytes);
    print_ = bytes != nullptr;
    Random random(1);
    Blobs blobs;
    for (size_t size = 0; size < wanted; size += blobs.back().size()) {
      blobs.push_back(oracle::Seal(
          oracle::KplMessage(&random, 1 + random.Below(print_ ? 30 : 4), 30)));
    }
    archive_ = GetParam().write(blobs);
    sound_ = Run(archive_.bytes, 0).rows;
    EXPECT_EQ(sound_.size(), blobs.size());
  }

  // One of every sixteen runs has small windows.
  static EngineRun Run(const std::string& bytes, size_t bit) {
    Options options;
    options.container = GetParam().container;
    options.jobs = 1;
    if (bit % 16 == 5) {
      options.window_bytes = 64 + bit % 300;
      options.jobs = 1 + static_cast<unsigned>(bit / 16 % 3);
    }
    return oracle::RunEngine(bytes, options);
  }

  // The first and the last record that a byte belongs to: two if it separates
  // them. None before the first record.
  [[nodiscard]] std::vector<size_t> HitBy(size_t byte) const {
    const auto& records = archive_.records;
    const auto next = std::ranges::find_if(
        records, [byte](const auto& record) { return byte < record.second; });
    const auto index = static_cast<size_t>(next - records.begin());
    if (next != records.end() && byte >= next->first) return {index};
    std::vector<size_t> hit;
    if (index > 0) hit.push_back(index - 1);
    if (index > 0 && next != records.end()) hit.push_back(index);
    return hit;
  }

  [[nodiscard]] Compared Compare(const std::vector<ReferenceRow>& rows) const {
    Compared found;
    size_t next = 0;
    for (const ReferenceRow& row : rows) {
      const auto same =
          std::find_if(sound_.begin() + static_cast<ptrdiff_t>(next),
                       sound_.end(), [&](ReferenceRow sound) {
                         // Damaged compression may shift what follows.
                         if (archive_.records.empty())
                           sound.offset = row.offset;
                         return sound == row;
                       });
      if (same != sound_.end()) {
        const auto index = static_cast<size_t>(same - sound_.begin());
        for (; next < index; ++next) found.missing.push_back(next);
        ++next;
      } else {
        ++(row.user_records.empty() ? found.suspects : found.others);
      }
    }
    for (; next < sound_.size(); ++next) found.missing.push_back(next);
    return found;
  }

  void Flip(size_t bit) {
    std::string bytes = archive_.bytes;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
    const EngineRun run = Run(bytes, bit);
    const Summary& summary = run.report.summary;
    ASSERT_EQ(summary.bytes, summary.record_bytes + summary.framing_bytes +
                                 summary.opaque_bytes + summary.unread_bytes);
    const Compared found = Compare(run.rows);
    uint64_t reasons = 0;
    for (const uint64_t count : summary.reasons) reasons += count;
    ASSERT_EQ(reasons, found.suspects);
    const Fate fate = Judge(run, HitBy(bit / 8), found);
    ASSERT_TRUE(std::ranges::count(GetParam().fates, fate) > 0)
        << "fate " << static_cast<int>(fate);
    ++fates_[static_cast<size_t>(fate)];
  }

  // Fails if the flip has none of the outcomes.
  [[nodiscard]] Fate Judge(const EngineRun& run, const std::vector<size_t>& hit,
                           const Compared& found) const {
    const std::vector<size_t>& missing = found.missing;
    if (!run.report.input_errors.empty() || !run.failure.empty()) {
      const bool known = !hit.empty() && !missing.empty();
      EXPECT_TRUE(!known || missing.front() >= hit.front());
      return found.others > 0 ? Fate::kEndedLate : Fate::kEnded;
    }
    if (missing.empty()) {
      EXPECT_EQ(found.others, 0U);
      return Fate::kAllOut;
    }
    if (!std::ranges::equal(missing, hit) && missing.size() > 1) {
      EXPECT_GE(missing.front(), hit.empty() ? 0 : hit.front());
      EXPECT_EQ(missing.back() - missing.front(), missing.size() - 1);
      if (found.others > 0) {
        EXPECT_GT(found.suspects + run.report.summary.suspicious_data, 0U)
            << "unnoticed";
        return Fate::kAstray;
      }
      EXPECT_EQ(missing.back(), sound_.size() - 1);
      EXPECT_EQ(found.suspects, 1U);
      return Fate::kRestLost;
    }
    EXPECT_TRUE(std::ranges::count(hit, missing.front()) > 0);
    if (found.others == 1 && found.suspects == 0) {
      EXPECT_EQ(run.report.summary.suspicious_data, 1U) << "unnoticed";
      return Fate::kMarked;
    }
    EXPECT_GT(found.suspects + run.report.summary.suspicious_data, 0U)
        << "a record is gone";
    if (missing.size() == 2) return Fate::kBothLost;
    return found.suspects + found.others == 1 ? Fate::kOneLost
                                              : Fate::kInPieces;
  }

  bool print_ = false;
  FlippedArchive archive_;
  std::vector<ReferenceRow> sound_;
  std::array<size_t, kFates> fates_{};
};

TEST_P(FlippedBits, CostTheRecordThatTheyHit) {
  const std::clock_t start = std::clock();
  const size_t bits = archive_.bytes.size() * 8;
  const size_t step = kSanitized ? 17 : 1;
  for (size_t bit = 0; bit < bits; bit += step) {
    SCOPED_TRACE(testing::Message()
                 << "bit " << bit % 8 << " of byte " << bit / 8);
    Flip(bit);
    if (HasFailure()) return;
  }
  EXPECT_GT(fates_[static_cast<size_t>(GetParam().fates.front())],
            bits / 3 / step);
  if (!print_) return;
  const auto clocks = static_cast<double>(std::clock() - start);
  std::cout << fmt::format("| {} | {} | {} | {} | {:.0f} |\n", GetParam().name,
                           archive_.bytes.size(), bits,
                           fmt::join(fates_, " | "), clocks / CLOCKS_PER_SEC);
}

INSTANTIATE_TEST_SUITE_P(
    Containers, FlippedBits,
    testing::Values(
        FlipCase{"blobs", ContainerKind::kAuto, FlipBlobs, {Fate::kOneLost}},
        FlipCase{"u32be",
                 ContainerKind::kU32Be,
                 FlipU32Be,
                 {Fate::kOneLost, Fate::kMarked, Fate::kInPieces, Fate::kAstray,
                  Fate::kEnded, Fate::kEndedLate}},
        FlipCase{"varint",
                 ContainerKind::kVarint,
                 FlipVarint,
                 {Fate::kOneLost, Fate::kMarked, Fate::kInPieces, Fate::kAstray,
                  Fate::kEnded, Fate::kEndedLate}},
        FlipCase{
            "base64_lines",
            ContainerKind::kAuto,
            FlipBase64Lines,
            {Fate::kOneLost, Fate::kMarked, Fate::kInPieces, Fate::kBothLost}},
        FlipCase{"json_lines",
                 ContainerKind::kAuto,
                 FlipJsonLines,
                 {Fate::kOneLost, Fate::kAllOut, Fate::kMarked}},
        FlipCase{"json_event",
                 ContainerKind::kAuto,
                 FlipLambdaEvent,
                 {Fate::kOneLost, Fate::kAllOut, Fate::kMarked, Fate::kRestLost,
                  Fate::kEnded}},
        FlipCase{"gzip",
                 ContainerKind::kAuto,
                 FlipGzip,
                 {Fate::kEnded, Fate::kAllOut}},
        FlipCase{"zstd",
                 ContainerKind::kAuto,
                 FlipZstd,
                 {Fate::kEnded, Fate::kAllOut}}),
    [](const auto& test) { return std::string(test.param.name); });

// Where there is a naive reader, flips in records of every kind have the
// reference's verdict, regardless of the window and the number of jobs.
struct ReferenceCase {
  const char* name;
  ContainerKind container;
  FlippedArchive (*write)(const Blobs& blobs);
  ReferenceArchive (*read)(std::string_view archive);
};

void PrintTo(const ReferenceCase& flips, std::ostream* out) {
  *out << flips.name;
}

template <oracle::LengthPrefix kPrefix>
ReferenceArchive ReadAs(std::string_view archive) {
  return oracle::ReadDelimited(archive, kPrefix);
}

class FlippedBitsOfAnyRecord : public testing::TestWithParam<ReferenceCase> {};

TEST_P(FlippedBitsOfAnyRecord, AreJudgedAsByTheReference) {
  Blobs records = oracle::SampleBlobs(22, 2);
  if (GetParam().container != ContainerKind::kBlobs) {
    // Broken ones, and one that is not an aggregate.
    records[3].back() = static_cast<char>(records[3].back() ^ 1);
    records[4].erase(records[4].size() / 2, 1);
    records.insert(records.begin() + 5, {"plain", "\xF3\x89\x9A\xC2"});
  }
  const FlippedArchive archive = GetParam().write(records);
  const ReferenceArchive sound = GetParam().read(archive.bytes);
  ASSERT_EQ(sound.rows.size(), records.size());
  Random random(3);
  for (size_t at = 0; at < archive.bytes.size();
       at += 1 + random.Below(kSanitized ? 100 : 20)) {
    std::string damaged = archive.bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << random.Below(8)));
    Options options;
    options.container = GetParam().container;
    options.window_bytes =
        random.Below(4) == 0 ? 1 << 20 : 64 + random.Below(10'000);
    options.jobs = static_cast<unsigned>(1 + random.Below(4));
    const EngineRun run = oracle::RunEngine(damaged, options);
    ASSERT_EQ(oracle::Diff(run, GetParam().read(damaged)), "")
        << "byte " << at << " window " << options.window_bytes << " jobs "
        << options.jobs;
    if (GetParam().container != ContainerKind::kBlobs) continue;
    // All others are present; a nested blob in the one that was hit may be.
    for (const ReferenceRow& row : sound.rows) {
      if (at >= row.offset && at < row.offset + row.length) continue;
      ReferenceRow expected = row;
      expected.explicit_hash_keys_without_table = 0;  // counted per run only
      ASSERT_TRUE(std::ranges::count(run.rows, expected) == 1)
          << "byte " << at << " costs the blob at " << row.offset;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Containers, FlippedBitsOfAnyRecord,
    testing::Values(ReferenceCase{"blobs", ContainerKind::kBlobs, FlipBlobs,
                                  oracle::ReadBlobs},
                    ReferenceCase{"u32le", ContainerKind::kU32Le, FlipU32Le,
                                  ReadAs<oracle::LengthPrefix::kU32Le>},
                    ReferenceCase{"u32be", ContainerKind::kU32Be, FlipU32Be,
                                  ReadAs<oracle::LengthPrefix::kU32Be>},
                    ReferenceCase{"varint", ContainerKind::kVarint, FlipVarint,
                                  ReadAs<oracle::LengthPrefix::kVarint>},
                    ReferenceCase{"base64_lines", ContainerKind::kBase64Lines,
                                  FlipBase64Lines, oracle::ReadBase64Lines}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace thresh
