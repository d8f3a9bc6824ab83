// Archives whose first bytes are damaged are still read as the same container:
// all but the first record, line or document is returned, and the rest is
// accounted for.
#include <gtest/gtest.h>

#include <array>
#include <ostream>
#include <string>
#include <vector>

#include "oracle/compress.h"
#include "oracle/engine_run.h"
#include "oracle/reference_archive.h"
#include "oracle/samples.h"

namespace thresh {
namespace {

using oracle::EncodeBase64;
using oracle::LengthField;
using oracle::RecordField;
using oracle::Seal;

constexpr size_t kUnits = 4;

// Blobs with data of this many bytes.
std::vector<std::string> BlobsOf(size_t size) {
  std::vector<std::string> blobs;
  oracle::Random random(1);
  for (size_t i = 0; i < kUnits; ++i) {
    blobs.push_back(
        Seal(LengthField(1, "key-" + std::to_string(i)) +
             RecordField(0, std::nullopt, EncodeBase64(random.Bytes(size)))));
  }
  return blobs;
}

std::string EventOf(const std::string& blob) {
  return R"({"Records":[{"kinesis":{"partitionKey":"p","sequenceNumber":"1",)"
         R"("data":")" +
         EncodeBase64(blob) + R"("},"eventSource":"aws:kinesis"}]})";
}

std::string ElementOf(const std::string& blob) {
  return R"({"SequenceNumber":"1","Data":")" + EncodeBase64(blob) +
         R"(","PartitionKey":"p"})";
}

std::string Lines(const std::vector<std::string>& blobs,
                  std::string (*unit)(const std::string&),
                  const std::string& end) {
  std::string archive;
  for (const std::string& blob : blobs) archive += unit(blob) + end;
  return archive;
}

std::string Same(const std::string& blob) { return blob; }

std::string Text(const std::string& blob) { return EncodeBase64(blob); }

std::string Folded(const std::string& blob) {
  const std::string text = EncodeBase64(blob);
  std::string lines;
  for (size_t at = 0; at < text.size(); at += 76) {
    lines += text.substr(at, 76) + "\n";
  }
  return lines;
}

std::string Indented(const std::vector<std::string>& blobs) {
  std::string list = "[";
  for (const std::string& blob : blobs) {
    list += (list.size() == 1 ? "\n  \"" : ",\n  \"") + Text(blob) + "\"";
  }
  return list + "\n]\n";
}

struct Archive {
  const char* name;
  // Created by each test: the list is needed before the first test runs.
  std::string (*make)();
};

void PrintTo(const Archive& archive, std::ostream* out) {
  *out << archive.name;
}

std::vector<std::string> Small() { return BlobsOf(120); }
std::vector<std::string> Large() { return BlobsOf(90'000); }

constexpr std::array<Archive, 11> kArchives = {{
    {"blobs", [] { return Lines(Small(), Same, ""); }},
    {"blobs_in_lines", [] { return Lines(Small(), Same, "\n"); }},
    {"large_blobs", [] { return Lines(Large(), Same, ""); }},
    {"lines", [] { return Lines(Small(), Text, "\n"); }},
    {"large_lines", [] { return Lines(Large(), Text, "\n"); }},
    {"wrapped", [] { return Lines(Small(), Folded, "\n"); }},
    {"list", [] { return Indented(Small()); }},
    {"events", [] { return Lines(Small(), EventOf, "\n"); }},
    {"large_events", [] { return Lines(Large(), EventOf, "\n"); }},
    {"events_back_to_back", [] { return Lines(Small(), EventOf, ""); }},
    {"elements", [] { return Lines(Small(), ElementOf, "\n"); }},
}};

class DamagedStart : public testing::TestWithParam<Archive> {
 protected:
  // Expects all blobs but the first, from `archive` without a given container.
  static void ExpectTheOthers(const std::string& archive,
                              const std::string& what) {
    Options options;
    options.jobs = 1;
    const oracle::EngineRun run = oracle::RunEngine(archive, options);
    ASSERT_TRUE(run.failure.empty()) << what;
    ASSERT_TRUE(run.report.input_errors.empty())
        << what << ": " << run.report.input_errors[0].ToString();
    const Summary& summary = run.report.summary;
    EXPECT_GE(summary.aggregated, kUnits - 1) << what;
    EXPECT_EQ(summary.record_bytes + summary.framing_bytes +
                  summary.opaque_bytes + summary.unread_bytes,
              summary.bytes)
        << what;
  }
};

TEST_P(DamagedStart, EachOfTheFirstBits) {
  const std::string sound = GetParam().make();
  for (size_t bit = 0; bit < 64; ++bit) {
    std::string archive = sound;
    archive[bit / 8] = static_cast<char>(archive[bit / 8] ^ (1 << bit % 8));
    ExpectTheOthers(archive, "bit " + std::to_string(bit));
  }
}

TEST_P(DamagedStart, TheFirstBytesCutOff) {
  const std::string sound = GetParam().make();
  for (size_t cut = 1; cut <= 16; ++cut) {
    ExpectTheOthers(sound.substr(cut), "cut " + std::to_string(cut));
  }
}

TEST_P(DamagedStart, InLayersOfCompression) {
  const std::string sound = GetParam().make();
  for (size_t bit = 0; bit < 64; bit += 5) {
    std::string archive = sound;
    archive[bit / 8] = static_cast<char>(archive[bit / 8] ^ (1 << bit % 8));
    ExpectTheOthers(oracle::Gzip(archive), "gzip, bit " + std::to_string(bit));
    ExpectTheOthers(oracle::Zstd(archive), "zstd, bit " + std::to_string(bit));
  }
}

std::string NameOfArchive(const testing::TestParamInfo<Archive>& test) {
  return test.param.name;
}

INSTANTIATE_TEST_SUITE_P(All, DamagedStart, testing::ValuesIn(kArchives),
                         NameOfArchive);

// The summary for an archive that is a single unit.
Summary SummaryOf(const std::string& archive) {
  Options options;
  options.jobs = 1;
  const oracle::EngineRun run = oracle::RunEngine(archive, options);
  EXPECT_LE(run.report.input_errors.size(), 1U);
  return run.report.summary;
}

TEST(DamagedStartOfOneBlob, IsASuspectWhereItsDigestShowsWhatItIs) {
  for (const size_t size : {size_t{120}, size_t{90'000}}) {
    const std::string blob = BlobsOf(size)[0];
    for (size_t bit = 0; bit < 64; ++bit) {
      std::string archive = blob;
      archive[bit / 8] = static_cast<char>(archive[bit / 8] ^ (1 << bit % 8));
      const Summary summary = SummaryOf(archive);
      EXPECT_EQ(summary.inputs, 1U) << bit;
      EXPECT_EQ(summary.opaque_bytes, archive.size()) << bit;
    }
    // Nothing is left by which it could be recognized.
    EXPECT_EQ(SummaryOf(blob.substr(1)).inputs, 0U);
  }
}

TEST(DamagedStartOfOneDocument, IsReadOrRefused) {
  const std::string event = EventOf(BlobsOf(120)[0]);
  for (size_t bit = 0; bit < 64; ++bit) {
    std::string archive = event;
    archive[bit / 8] = static_cast<char>(archive[bit / 8] ^ (1 << bit % 8));
    const Summary summary = SummaryOf(archive);
    EXPECT_LE(summary.aggregated, 1U) << bit;
    EXPECT_EQ(summary.aggregated, summary.record_bytes == 0 ? 0U : 1U) << bit;
  }
}

// Other documents and files are rejected as before, if there is no blob near
// the start.
TEST(DamagedStartOfOthers, IsNoContainer) {
  const std::string blob = BlobsOf(120)[0];
  std::string wrong = blob;
  wrong.back() ^= 1;
  for (const std::string& other :
       {"\xF3\x89\x9A" + blob.substr(4, 30), "?" + wrong,
        "x\n" + EventOf(wrong) + "\n", "x\n" + EventOf("plain data") + "\n"}) {
    EXPECT_EQ(SummaryOf(other).inputs, 0U) << other;
  }
}

}  // namespace
}  // namespace thresh
