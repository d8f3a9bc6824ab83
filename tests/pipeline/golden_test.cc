// Blobs and archives written by other implementations, through the public
// interface, compared with the user records that these found.
#include <gmock/gmock.h>
#include <openssl/evp.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "oracle/engine_run.h"
#include "oracle/samples.h"
#include "thresh/deaggregate.h"
#include "vector_files.h"

namespace thresh {
namespace {

using oracle::EncodeBase64;
using oracle::Join;
using oracle::ReferenceRecord;
using oracle::ReferenceRow;

// One code point from the front of well-formed UTF-8 `text`.
uint32_t TakeCodePoint(std::string_view* text) {
  const auto lead = static_cast<uint8_t>((*text)[0]);
  const size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  uint32_t code = size == 1 ? lead : lead & (0x7FU >> size);
  for (size_t i = 1; i < size; ++i) {
    code = code << 6 | (static_cast<uint8_t>((*text)[i]) & 0x3FU);
  }
  text->remove_prefix(size);
  return code;
}

// A JSON string or null, with every character that is not ASCII escaped.
std::string JsonText(const std::optional<std::string>& text) {
  if (!text) return "null";
  std::string json = "\"";
  const auto escape = [&json](uint32_t unit) {
    char buffer[11];
    std::snprintf(buffer, sizeof(buffer), "\\u%04x", unit);
    json += buffer;
  };
  std::string_view rest = *text;
  while (!rest.empty()) {
    const uint32_t code = TakeCodePoint(&rest);
    if (code >= 0x10000) {
      escape(0xD800 + ((code - 0x10000) >> 10));
      escape(0xDC00 + ((code - 0x10000) & 0x3FF));
    } else if (code == '\n' || code == '\t') {
      json += code == '\n' ? "\\n" : "\\t";
    } else if (code > 0x7E || code < 0x20) {
      escape(code);
    } else {
      if (code == '"' || code == '\\') json += '\\';
      json += static_cast<char>(code);
    }
  }
  return json + "\"";
}

// The user records in the form of the vectors' .jsonl files.
std::string ToJsonLines(const std::vector<ReferenceRow>& rows) {
  std::string lines;
  for (const ReferenceRow& row : rows) {
    for (const ReferenceRecord& record : row.user_records) {
      lines +=
          Join({"{\"data\":\"", EncodeBase64(record.data),
                "\",\"explicit_hash_key\":", JsonText(record.explicit_hash_key),
                ",\"partition_key\":", JsonText(record.partition_key),
                ",\"sub_sequence_number\":",
                std::to_string(record.sub_sequence_number), "}\n"});
    }
  }
  return lines;
}

// SHA-256 of the user records in the form that expected.jsonl uses.
std::string TriplesSha256(const std::vector<ReferenceRow>& rows) {
  std::string lines;
  for (const ReferenceRow& row : rows) {
    for (const ReferenceRecord& record : row.user_records) {
      if (!lines.empty()) lines += "\n";
      lines += Join({"[", JsonText(record.partition_key), ", ",
                     JsonText(record.explicit_hash_key), ", \"",
                     EncodeBase64(record.data), "\"]"});
    }
  }
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_Digest(lines.data(), lines.size(), digest, &size, EVP_sha256(), nullptr);
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) {
    char buffer[3];
    std::snprintf(buffer, sizeof(buffer), "%02x", digest[i]);
    hex += buffer;
  }
  return hex;
}

// The value after `"name": ` in a line of expected.jsonl, without quotes.
std::string Member(const std::string& line, const std::string& name) {
  const std::string before = "\"" + name + "\": ";
  size_t from = line.find(before);
  EXPECT_NE(from, std::string::npos) << name << " in " << line;
  from += before.size();
  if (line[from] == '"') ++from;
  return line.substr(from, line.find_first_of("\",}", from) - from);
}

std::vector<std::filesystem::path> BlobFiles() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(kVectors / "blobs")) {
    if (entry.path().extension() == ".bin") files.push_back(entry.path());
  }
  EXPECT_GE(files.size(), 10U);
  return files;
}

std::string ExpectedLines(std::filesystem::path blob) {
  if (blob.filename() == "go-test-shape-2.bin") return "";  // see below
  return ReadVector(blob.replace_extension(".jsonl"));
}

TEST(GoldenTest, TakesEachBlobApartAsOneKinesisRecord) {
  for (const std::filesystem::path& path : BlobFiles()) {
    SCOPED_TRACE(path);
    const std::string blob = ReadVector(path);
    Batch batch;
    EXPECT_EQ(Deaggregate(AsBytes(blob), &batch), Verdict::kAggregated);
    std::vector<ReferenceRow> rows;
    oracle::AppendRows(batch, &rows);
    EXPECT_EQ(oracle::DiffRows(rows, {oracle::Judge(blob)}), "");
    if (const std::string lines = ExpectedLines(path); !lines.empty()) {
      EXPECT_EQ(ToJsonLines(rows), lines);
    }
  }
}

TEST(GoldenTest, TakesEachBlobApartAsAnArchive) {
  for (const std::filesystem::path& path : BlobFiles()) {
    SCOPED_TRACE(path);
    const std::string blob = ReadVector(path);
    const oracle::EngineRun run = oracle::RunEngine(blob, {});
    EXPECT_EQ(oracle::Diff(run, oracle::ReadBlobs(blob)), "");
    if (const std::string lines = ExpectedLines(path); !lines.empty()) {
      EXPECT_EQ(ToJsonLines(run.rows), lines);
    }
  }
}

TEST(GoldenTest, LeavesAHashKeyNullWhoseTableIsAbsent) {
  const std::string blob = ReadVector("blobs/go-test-shape-2.bin");
  const oracle::EngineRun run = oracle::RunEngine(blob, {});
  ASSERT_THAT(run.rows, testing::SizeIs(1));
  const std::vector<ReferenceRecord>& records = run.rows[0].user_records;
  ASSERT_THAT(records, testing::SizeIs(2));
  EXPECT_EQ(records[0].partition_key, "test0");
  EXPECT_EQ(records[1].partition_key, "test1");
  EXPECT_EQ(records[0].explicit_hash_key, std::nullopt);
  EXPECT_EQ(records[1].explicit_hash_key, std::nullopt);
  EXPECT_EQ(run.report.summary.explicit_hash_keys_without_table, 2U);
}

// The start of a line of expected.jsonl whose archive is an error.
constexpr std::string_view kRefused = "{\"error\": true";

ContainerKind KindOf(const std::string& file) {
  if (file == "delimited.u32le") return ContainerKind::kU32Le;
  if (file == "delimited.u32be") return ContainerKind::kU32Be;
  if (file == "delimited.varint") return ContainerKind::kVarint;
  return ContainerKind::kAuto;
}

TEST(GoldenTest, ReadsEachArchive) {
  std::ifstream expected(kVectors / "archives/expected.jsonl");
  size_t archives = 0;
  for (std::string line; std::getline(expected, line); ++archives) {
    const std::string file = Member(line, "file");
    SCOPED_TRACE(file);
    if (line.starts_with(kRefused)) continue;  // see below
    const std::string archive = ReadVector(kVectors / "archives" / file);
    Options options;
    options.container = KindOf(file);
    for (const size_t window : {64U, 4096U, 1U << 24}) {
      options.window_bytes = window;
      const oracle::EngineRun run = oracle::RunEngine(archive, options);
      const Summary& summary = run.report.summary;
      EXPECT_THAT(run.failure, testing::IsEmpty());
      EXPECT_THAT(run.report.input_errors, testing::IsEmpty());
      EXPECT_EQ(TriplesSha256(run.rows), Member(line, "triples_sha256"));
      EXPECT_EQ(std::to_string(summary.kinesis_records),
                Member(line, "kinesis_records"));
      EXPECT_EQ(std::to_string(summary.user_records),
                Member(line, "user_records"));
      EXPECT_EQ(summary.suspects(), 0U);
      EXPECT_EQ(summary.stored_bytes, archive.size());
      EXPECT_EQ(summary.bytes, summary.record_bytes + summary.framing_bytes);
    }
  }
  EXPECT_EQ(archives, 20U);
}

TEST(GoldenTest, SaysWhatArchivesWithoutRecordsLack) {
  std::ifstream expected(kVectors / "archives/expected.jsonl");
  size_t refused = 0;
  for (std::string line; std::getline(expected, line);) {
    if (!line.starts_with(kRefused)) continue;
    ++refused;
    const std::string archive =
        ReadVector(kVectors / "archives" / Member(line, "file"));
    const oracle::EngineRun run = oracle::RunEngine(archive, {});
    EXPECT_THAT(run.rows, testing::IsEmpty());
    EXPECT_THAT(run.report.input_errors, testing::IsEmpty());
    const Summary& summary = run.report.summary;
    ASSERT_THAT(summary.missing_ranges, testing::SizeIs(1));
    const MissingRange& range = summary.missing_ranges[0];
    EXPECT_EQ(range.offset, 0U);
    EXPECT_EQ(range.shard_id, "shardId-000000000001");
    EXPECT_THAT(range.first, testing::HasSubstr("495900000000000000000000"));
    EXPECT_THAT(range.last, testing::HasSubstr("49599999999999999999"));
    EXPECT_EQ(summary.framing_bytes, archive.size());
  }
  EXPECT_EQ(refused, 1U);
}

TEST(GoldenTest, TheSameRecordsHaveTheSameDigestInEveryContainer) {
  const auto checksum = [](const char* file) {
    Options options;
    options.container = KindOf(file);
    const std::string archive = ReadVector(kVectors / "archives" / file);
    return oracle::RunEngine(archive, options)
        .report.summary.content_checksum->ToHex();
  };
  const std::set<std::string> of_events = {
      checksum("lambda-event.json"),
      checksum("lambda-event.json.gz"),
      checksum("lambda-events.ndjson"),
      checksum("lambda-events-back-to-back.json"),
      checksum("lambda-failure-object.json"),
      checksum("lambda-failure-string.json"),
      checksum("get-records.json"),
      checksum("get-records-lines.ndjson"),
      checksum("firehose-transform-event.json"),
      checksum("kinesis-analytics-event.json"),
      checksum("pipes-batch.json")};
  EXPECT_THAT(of_events, testing::SizeIs(1));
  const std::set<std::string> of_blobs = {checksum("blobs.bin"),
                                          checksum("blobs.bin.gz"),
                                          checksum("base64-lines.txt")};
  const std::set<std::string> of_records = {
      checksum("delimited.u32le"), checksum("delimited.u32be"),
      checksum("delimited.varint"),
      checksum("firehose-processing-failed"
               ".ndjson")};
  EXPECT_THAT(of_blobs, testing::SizeIs(1));
  EXPECT_THAT(of_records, testing::SizeIs(1));
  EXPECT_NE(*of_blobs.begin(), *of_records.begin());
}

}  // namespace
}  // namespace thresh
