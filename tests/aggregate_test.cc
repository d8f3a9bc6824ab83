// BlobBuilder against the blobs of other aggregators, protobuf's serializer
// and OpenSSL's digest.
#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "aggregated_record.pb.h"
#include "thresh/blob_builder.h"
#include "thresh/bytes.h"
#include "vector_files.h"

namespace thresh {
namespace {

constexpr char kMagic[] = "\xF3\x89\x9A\xC2";

std::string Md5OfOpenSsl(const std::string& bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  EXPECT_EQ(EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size,
                       EVP_md5(), nullptr),
            1);
  return {digest.begin(), digest.begin() + size};
}

std::string FromBase64(const std::string& text) {
  std::string bytes(text.size() / 4 * 3, '\0');
  EXPECT_EQ(EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                            reinterpret_cast<const unsigned char*>(text.data()),
                            static_cast<int>(text.size())),
            static_cast<int>(bytes.size()));
  for (auto end = text.rbegin(); end != text.rend() && *end == '='; ++end) {
    bytes.pop_back();
  }
  return bytes;
}

struct Input {
  std::string partition_key;
  std::optional<std::string> explicit_hash_key;
  std::string data;
};

std::vector<Input> ReadInputs(const std::filesystem::path& path) {
  std::vector<Input> inputs;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const auto json = nlohmann::json::parse(line);
    Input input = {json["partition_key"], std::nullopt,
                   FromBase64(json["data"])};
    if (const auto& hash_key = json["explicit_hash_key"]; !hash_key.is_null()) {
      input.explicit_hash_key = hash_key.get<std::string>();
    }
    inputs.push_back(std::move(input));
  }
  return inputs;
}

// Adds the input and checks every size that is announced on the way.
void AddChecked(const Input& input, BlobBuilder* builder) {
  const size_t announced = builder->SizeWith(
      input.partition_key, input.explicit_hash_key, AsBytes(input.data));
  const size_t records = builder->records();
  builder->Add(input.partition_key, input.explicit_hash_key,
               AsBytes(input.data));
  EXPECT_EQ(builder->size(), announced);
  EXPECT_EQ(builder->records(), records + 1);
}

std::string FinishChecked(BlobBuilder* builder) {
  const size_t size = builder->size();
  std::vector<uint8_t> out = {'x'};
  builder->Finish(&out);
  EXPECT_EQ(out.size(), 1 + size);
  EXPECT_EQ(out[0], 'x');
  EXPECT_EQ(builder->size(), 20u);
  EXPECT_EQ(builder->records(), 0u);
  return {out.begin() + 1, out.end()};
}

// Blobs that the KPL wrote, or that others wrote exactly as it does.
TEST(BlobBuilder, WritesWhatTheKplWrites) {
  int blobs = 0;
  BlobBuilder builder;  // one for all, for Finish must leave nothing behind
  for (const auto& entry :
       std::filesystem::directory_iterator(kVectors / "blobs")) {
    std::filesystem::path path = entry.path();
    if (path.extension() != ".bin" ||
        path.filename().string().find("kpl") == std::string::npos) {
      continue;
    }
    SCOPED_TRACE(path);
    const std::string golden = ReadVector(path);
    for (const Input& input : ReadInputs(path.replace_extension(".jsonl"))) {
      AddChecked(input, &builder);
    }
    EXPECT_GT(builder.records(), 0u);
    EXPECT_TRUE(FinishChecked(&builder) == golden);
    ++blobs;
  }
  EXPECT_GE(blobs, 5);
}

TEST(BlobBuilder, WritesWhatProtobufAndOpenSslDo) {
  std::mt19937 random(5);
  for (int round = 0; round < 200; ++round) {
    SCOPED_TRACE(round);
    BlobBuilder builder;
    oracle::AggregatedRecord expected;
    const auto index_of = [](auto* table, const std::string& key) {
      int index = 0;
      while (index < table->size() && table->Get(index) != key) ++index;
      if (index == table->size()) *table->Add() = key;
      return static_cast<uint64_t>(index);
    };
    for (uint64_t count = 1 + random() % 300; count > 0; --count) {
      Input input = {std::to_string(random() % 200), std::nullopt,
                     std::string(random() % 300, 'd')};
      if (random() % 3 == 0)
        input.explicit_hash_key = std::to_string(count % 7);
      if (random() % 50 == 0) input.partition_key.clear();
      AddChecked(input, &builder);

      oracle::Record* record = expected.add_records();
      record->set_partition_key_index(index_of(
          expected.mutable_partition_key_table(), input.partition_key));
      if (input.explicit_hash_key) {
        record->set_explicit_hash_key_index(
            index_of(expected.mutable_explicit_hash_key_table(),
                     *input.explicit_hash_key));
      }
      record->set_data(input.data);
    }
    const std::string message = expected.SerializeAsString();
    ASSERT_TRUE(FinishChecked(&builder) ==
                kMagic + message + Md5OfOpenSsl(message));
  }
}

TEST(BlobBuilder, CanBeMoved) {
  BlobBuilder builder;
  builder.Add("k", std::nullopt, AsBytes("d"));
  BlobBuilder moved = std::move(builder);
  EXPECT_EQ(moved.records(), 1u);
  builder = std::move(moved);
  EXPECT_EQ(FinishChecked(&builder).size(), 20u + 3u + 7u);
}

}  // namespace
}  // namespace thresh
