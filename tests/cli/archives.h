// Small archives for the program's tests, valid and damaged.
#ifndef THRESH_TESTS_CLI_ARCHIVES_H_
#define THRESH_TESTS_CLI_ARCHIVES_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/base64.h"
#include "blob_maker.h"
#include "generator/generator.h"
#include "sanitized.h"
#include "thresh/bytes.h"

namespace thresh {

// An aggregated record with one user record for each datum; keys "a", "b", ...
inline std::string MakeBlob(const std::vector<std::string>& data) {
  BlobMaker maker;
  char key = 'a';
  for (const std::string& datum : data) {
    maker.Add({std::string(1, key++), AsBytes(datum)});
  }
  return maker.Take();
}

// A blob whose digest does not match: its last byte is changed.
inline std::string MakeDamagedBlob() {
  std::string blob = MakeBlob({"damaged"});
  blob.back() = static_cast<char>(blob.back() ^ 1);
  return blob;
}

// `records`, each after its length in 4 bytes, little endian.
inline std::string U32Le(const std::vector<std::string>& records) {
  std::string archive;
  for (const std::string& record : records) {
    for (unsigned shift = 0; shift < 32; shift += 8) {
      archive += static_cast<char>(record.size() >> shift & 0xFF);
    }
    archive += record;
  }
  return archive;
}

// Firehose transformation events of one record each, all with the sequence
// number of the aggregate that they were in.
inline std::string FirehoseEvents(const std::vector<std::string>& data,
                                  const std::string& sequence_number) {
  std::string events;
  for (const std::string& datum : data) {
    events += R"({"records":[{"recordId":"r","data":")" +
              Base64Text(AsBytes(datum)) +
              R"(","kinesisRecordMetadata":{"shardId":"shardId-1",)"
              R"("partitionKey":"k","sequenceNumber":")" +
              sequence_number + "\"}}]}\n";
  }
  return events;
}

inline std::string Generated(const generator::GeneratorOptions& options) {
  std::string archive;
  const auto report = generator::Generate(options, [&](Bytes bytes) {
    archive += AsText(bytes);
    return Result<void>();
  });
  EXPECT_TRUE(report) << report.error().ToString();
  return archive;
}

// Many blobs, larger than one window of the reader.
inline constexpr size_t kLargeRecords = kSanitized ? 40'000 : 120'000;
inline std::string LargeArchive(size_t records = kLargeRecords) {
  generator::GeneratorOptions options;
  options.records = records;
  options.record_size = {20, 1000};
  options.explicit_hash_keys = 0.25;
  return Generated(options);
}

inline nlohmann::json ParseJson(const std::string& text) {
  nlohmann::json value = nlohmann::json::parse(text, nullptr, false);
  EXPECT_FALSE(value.is_discarded()) << text;
  return value;
}

// The values of a text with one JSON object per line.
inline std::vector<nlohmann::json> ParseLines(const std::string& text) {
  std::vector<nlohmann::json> values;
  for (size_t at = 0; at < text.size();) {
    const size_t end = text.find('\n', at);
    EXPECT_NE(end, std::string::npos) << "no line end";
    if (end == std::string::npos) break;
    values.push_back(ParseJson(text.substr(at, end - at)));
    at = end + 1;
  }
  return values;
}

}  // namespace thresh

#endif  // THRESH_TESTS_CLI_ARCHIVES_H_
