// The generator's contract: distributions, bounds, and the same bytes for the
// same seed in all versions.
#include "generator/generator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "generator/distributions.h"
#include "thresh/aggregator.h"
#include "thresh/batch_reader.h"

namespace thresh::generator {
namespace {

struct Archive {
  std::vector<uint8_t> bytes;
  GeneratorReport report;
};

Archive Make(const GeneratorOptions& options) {
  Archive archive;
  Result<GeneratorReport> report = Generate(options, [&](Bytes bytes) {
    archive.bytes.insert(archive.bytes.end(), bytes.begin(), bytes.end());
    return Result<void>();
  });
  EXPECT_TRUE(report) << report.error().ToString();
  if (report) archive.report = *report;
  return archive;
}

// Calls visit(record, user record) for everything that the engine finds.
template <typename Visit>
Summary Read(const Archive& archive, ContainerKind container, Visit&& visit) {
  Options reading;
  reading.container = container;
  reading.on_suspect = SuspectPolicy::kSkip;
  reading.content_checksum = true;
  reading.content_digest = true;
  Result<BatchReader> reader = BatchReader::OpenBytes(archive.bytes, reading);
  EXPECT_TRUE(reader);
  while (true) {
    const Result<std::shared_ptr<const Batch>> batch = reader->Next();
    EXPECT_TRUE(batch);
    if (!batch || *batch == nullptr) break;
    ForEachUserRecord(**batch, visit);
  }
  EXPECT_TRUE(reader->report().input_errors.empty());
  return reader->report().summary;
}

void Ignore(const KinesisRecord&, const UserRecord&) {}

TEST(Generator, TheEngineFindsWhatWasMade) {
  for (const ContainerKind container :
       {ContainerKind::kBlobs, ContainerKind::kU32Le, ContainerKind::kU32Be,
        ContainerKind::kVarint, ContainerKind::kBase64Lines,
        ContainerKind::kJson}) {
    GeneratorOptions options;
    options.records = 5000;
    options.record_size = {1, 3000};
    options.data = DataKind::kBinary;
    options.explicit_hash_keys = 0.5;
    options.container = container;
    options.plain = container == ContainerKind::kBlobs ? 0 : 0.3;
    options.content_checksum = true;
    options.content_digest = true;
    const Archive archive = Make(options);
    const Summary summary = Read(archive, container, Ignore);
    EXPECT_EQ(summary.suspects(), 0U);
    EXPECT_EQ(summary.bytes, archive.report.bytes);
    EXPECT_EQ(summary.kinesis_records, archive.report.kinesis_records);
    EXPECT_EQ(summary.user_records, 5000U);
    EXPECT_EQ(summary.user_bytes, archive.report.user_bytes);
    EXPECT_TRUE(summary.content_checksum && summary.content_digest);
    EXPECT_EQ(summary.content_checksum, archive.report.content_checksum);
    EXPECT_EQ(summary.content_digest, archive.report.content_digest);
    EXPECT_EQ(summary.not_aggregated > 0, options.plain > 0);
  }
}

TEST(Generator, BlobsFillTheirBoundAndNoMore) {
  for (const uint64_t blob_size : {1024U, 1025U, 2000U, 51'200U}) {
    GeneratorOptions options;
    options.records = 2000;
    options.blob_size = blob_size;
    options.keys = 0;
    options.container = ContainerKind::kU32Le;
    const Archive archive = Make(options);
    uint64_t largest = 0;
    Read(archive, options.container,
         [&](const KinesisRecord& from, const UserRecord&) {
           largest = std::max(largest, from.length);
         });
    EXPECT_LE(largest, blob_size);
    // Another record, including its key, would not have fit.
    EXPECT_GT(largest + 130, std::min<uint64_t>(blob_size, 2000 * 120));
  }
}

TEST(Generator, RecordThatExceedsTheBlobIsRefusedBeforeWriting) {
  GeneratorOptions options;
  options.records = 1;
  options.record_size = {979, 979};  // one byte too many
  options.blob_size = 1024;
  bool written = false;
  const auto report = Generate(options, [&](Bytes) {
    written = true;
    return Result<void>();
  });
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::kInvalidArgument);
  EXPECT_FALSE(written);
}

TEST(Generator, BlobSizesThatKinesisDoesNotHaveAreRefused) {
  for (const uint64_t blob_size : {kMinBlobLimit - 1, kMaxBlobLimit + 1}) {
    GeneratorOptions options;
    options.records = 1;
    options.blob_size = blob_size;
    const auto report = Generate(options, [](Bytes) { return Result<void>(); });
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, ErrorCode::kInvalidArgument);
  }
}

TEST(Generator, FailsWithTheWriter) {
  GeneratorOptions options;
  options.records = 1'000'000;
  int calls = 0;
  const auto report = Generate(options, [&](Bytes) -> Result<void> {
    if (++calls < 3) return {};
    return tl::unexpected(Error{.code = ErrorCode::kIo,
                                .file = "f",
                                .offset = {},
                                .message = "full",
                                .remedy = {}});
  });
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().message, "full");
  EXPECT_EQ(calls, 3);
}

TEST(Generator, SeedsDecide) {
  GeneratorOptions options;
  options.records = 1000;
  const Archive first = Make(options);
  EXPECT_EQ(Make(options).bytes, first.bytes);
  options.seed = 2;
  EXPECT_NE(Make(options).bytes, first.bytes);
}

TEST(Generator, KeysAreAsManyAsAsked) {
  GeneratorOptions options;
  options.records = 20'000;
  for (const uint64_t keys : {uint64_t{1}, uint64_t{10}, uint64_t{0}}) {
    options.keys = keys;
    const Archive archive = Make(options);
    std::set<std::string> seen;
    Read(archive, options.container,
         [&](const KinesisRecord&, const UserRecord& user) {
           seen.emplace(AsText(*user.partition_key));
           EXPECT_FALSE(user.explicit_hash_key);
         });
    EXPECT_EQ(seen.size(), keys == 0 ? 20'000 : keys);
  }
}

TEST(Generator, ExplicitHashKeysAreNumbersBelow2To128) {
  GeneratorOptions options;
  options.records = 20'000;
  options.explicit_hash_keys = 0.25;
  const Archive archive = Make(options);
  std::set<std::string> seen;
  int with = 0;
  Read(archive, options.container,
       [&](const KinesisRecord&, const UserRecord& user) {
         if (!user.explicit_hash_key) return;
         ++with;
         seen.emplace(AsText(*user.explicit_hash_key));
       });
  EXPECT_NEAR(with, 5000, 300);
  EXPECT_EQ(seen.size(), 256U);
  const std::string largest = "340282366920938463463374607431768211455";
  for (const std::string& key : seen) {
    EXPECT_THAT(key, testing::MatchesRegex("[1-9][0-9]*"));
    EXPECT_TRUE(key.size() < largest.size() || key <= largest) << key;
  }
}

TEST(Generator, DataIsWhatItSays) {
  GeneratorOptions options;
  options.records = 300;
  options.record_size = {1, 300};
  options.data = DataKind::kText;
  Read(Make(options), options.container,
       [](const KinesisRecord&, const UserRecord& user) {
         for (const uint8_t byte : user.data) {
           EXPECT_TRUE(byte > 0x20 && byte < 0x7F && byte != '"');
         }
       });
  options.data = DataKind::kJson;
  Read(Make(options), options.container,
       [](const KinesisRecord&, const UserRecord& user) {
         EXPECT_TRUE(nlohmann::json::accept(AsText(user.data)))
             << AsText(user.data);
       });
}

TEST(SizeDistribution, IsLogNormalBetweenItsBounds) {
  const SizeDistribution sizes({20, 20'000});
  Random random(1, 1);
  std::vector<uint64_t> drawn(100'000);
  for (uint64_t& size : drawn) size = sizes.Draw(&random);
  std::sort(drawn.begin(), drawn.end());
  EXPECT_GE(drawn.front(), 20U);
  EXPECT_LE(drawn.back(), 20'000U);
  // Quantiles of exp(N(mu, sigma)): mu halfway between the logarithms, sigma =
  // ln(1000) / sqrt(48) = 0.997.
  EXPECT_NEAR(static_cast<double>(drawn[50'000]), 632.5, 15);
  EXPECT_NEAR(static_cast<double>(drawn[15'866]), 632.5 / 2.71, 15);
  EXPECT_NEAR(static_cast<double>(drawn[84'134]), 632.5 * 2.71, 60);
}

TEST(ZipfDistribution, FrequencyFallsWithRank) {
  constexpr uint64_t kKeys = 1000;
  constexpr int kDraws = 1'000'000;
  const ZipfDistribution zipf(kKeys);
  Random random(1, 1);
  std::vector<int> counts(kKeys);
  for (int i = 0; i < kDraws; ++i) ++counts[zipf.Draw(&random)];
  const double harmonic = 7.485471;  // sum of 1 / i for i in 1..1000
  for (const uint64_t rank : {1U, 2U, 3U, 10U, 100U, 1000U}) {
    const double expected = kDraws / (static_cast<double>(rank) * harmonic);
    EXPECT_NEAR(counts[rank - 1], expected, 5 * std::sqrt(expected)) << rank;
  }
}

TEST(ZipfDistribution, OneKey) {
  Random random(1, 1);
  const ZipfDistribution zipf(1);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(zipf.Draw(&random), 0U);
}

TEST(Generator, JsonTellsTheSameMetadataInEitherShape) {
  GeneratorOptions options;
  options.records = 3000;
  options.record_size = {100, 1000};
  options.plain = 0.5;
  options.container = ContainerKind::kJson;
  options.content_checksum = true;
  std::vector<std::optional<ContentChecksum>> checksums;
  for (const JsonShape shape : {JsonShape::kLambda, JsonShape::kGetRecords}) {
    options.json = shape;
    const Archive archive = Make(options);
    uint64_t row = 0;
    Result<BatchReader> reader = BatchReader::OpenBytes(archive.bytes, {});
    ASSERT_TRUE(reader);
    const Result<std::shared_ptr<const Batch>> batch = reader->Next();
    ASSERT_TRUE(batch && *batch != nullptr);
    for (const KinesisRecord& record : (*batch)->kinesis_records) {
      const KinesisMetadata metadata = (*batch)->MetadataOf(record);
      ASSERT_TRUE(metadata.partition_key && metadata.sequence_number);
      EXPECT_EQ(AsText(*metadata.partition_key), "pk-" + std::to_string(row));
      EXPECT_EQ(metadata.sequence_number->size(), 56U);
      EXPECT_EQ(metadata.arrival_time,
                1'750'000'000'000'000 + 1000 * static_cast<int64_t>(row));
      EXPECT_EQ(metadata.stream.has_value(), shape == JsonShape::kLambda);
      ++row;
    }
    EXPECT_GT(row, 5U);
    checksums.push_back(archive.report.content_checksum);
  }
  EXPECT_EQ(checksums[0], checksums[1]);
}

}  // namespace
}  // namespace thresh::generator
