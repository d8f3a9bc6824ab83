// Blobs written by the KPL, or by other programs in exactly the same form.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "aggregate/packing.h"
#include "base/base64.h"
#include "vector_files.h"

namespace thresh {
namespace {

std::string FromBase64(const std::string& text) {
  std::string bytes(text.size() / 4 * 3, '\0');
  const auto size =
      Base64Decode(AsBytes(text), reinterpret_cast<uint8_t*>(bytes.data()));
  bytes.resize(size.value());
  return bytes;
}

std::vector<oracle::ReferenceRecord> ReadRecords(
    const std::filesystem::path& path) {
  std::vector<oracle::ReferenceRecord> records;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const auto json = nlohmann::json::parse(line);
    records.push_back(
        MakeRecord(json["partition_key"], FromBase64(json["data"])));
    if (const auto& hash_key = json["explicit_hash_key"]; !hash_key.is_null()) {
      records.back().explicit_hash_key = hash_key.get<std::string>();
    }
  }
  return records;
}

TEST(Golden, AggregatorWritesWhatTheKplWrites) {
  Result<Aggregator> aggregator =
      Aggregator::Create({.max_blob_bytes = kKplBlobLimit});
  ASSERT_TRUE(aggregator);
  BlobBatch done;
  std::vector<std::string> blobs;
  std::vector<std::string> golden;
  for (const auto& entry :
       std::filesystem::directory_iterator(kVectors / "blobs")) {
    std::filesystem::path path = entry.path();
    const std::string name = path.filename().string();
    if (path.extension() != ".bin" || (name.find("kpl") == std::string::npos &&
                                       !name.starts_with("python-test-"))) {
      continue;
    }
    SCOPED_TRACE(path);
    golden.push_back(ReadVector(path));
    size_t size = 0;
    for (const auto& record : ReadRecords(path.replace_extension(".jsonl"))) {
      size = aggregator->SizeWith(ViewOf(record));
      ASSERT_EQ(aggregator->Add(ViewOf(record), &done), false);
      ASSERT_EQ(aggregator->size(), size);
    }
    EXPECT_EQ(size, golden.back().size());
    ASSERT_TRUE(aggregator->Flush(&done));
  }
  EXPECT_GE(golden.size(), 6U);
  // All sealed at once, after the last one.
  Drain(&done, &blobs);
  EXPECT_TRUE(blobs == golden);
}

}  // namespace
}  // namespace thresh
