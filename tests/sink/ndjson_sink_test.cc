// The exact bytes of NDJSON, and that a parser reads the same records.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "base/base64.h"
#include "sink/handmade_batch.h"
#include "sink/output_text.h"
#include "thresh/sinks.h"

namespace thresh {
namespace {

std::unique_ptr<Sink> OpenNdjson(DataEncoding encoding) {
  Result<std::unique_ptr<Sink>> sink =
      OpenSink("/dev/null", OutputFormat::kNdjson, {.data_encoding = encoding});
  EXPECT_TRUE(sink.has_value());
  return std::move(*sink);
}

std::string Encoded(const HandmadeBatch& batch,
                    DataEncoding encoding = DataEncoding::kBase64) {
  return TextOf(*EncodedChunk(batch.batch(), *OpenNdjson(encoding)));
}

// One line, from keys as members and data as a member.
std::string Line(const std::string& keys, int sub_sequence_number,
                 bool aggregated, const std::string& data) {
  std::ostringstream line;
  line << '{' << keys << R"(,"sequenceNumber":null,"subSequenceNumber":)"
       << sub_sequence_number
       << R"(,"approximateArrivalTimestamp":null,"shardId":null,"aggregated":)"
       << (aggregated ? "true" : "false") << ',' << data << "}\n";
  return line.str();
}

TEST(NdjsonSinkTest, ExactBytes) {
  HandmadeBatch batch;
  const uint32_t a = batch.AddPartitionKey("a");
  const uint32_t quoted = batch.AddPartitionKey("say \"hi\"\n");
  const uint32_t hash = batch.AddExplicitHashKey("340282366920938463463");
  batch.AddKinesisRecord(Verdict::kAggregated);
  batch.AddRow(a, kNoKey, "data");
  batch.AddRow(quoted, hash, "");
  batch.AddRow(kNoKey, hash, "d");
  batch.AddKinesisRecord(Verdict::kNotAggregated);
  batch.AddRow(kNoKey, kNoKey, "raw");
  EXPECT_EQ(
      Encoded(batch),
      Line(R"("partitionKey":"a","explicitHashKey":null)", 0, true,
           R"("data":"ZGF0YQ==")") +
          Line(
              R"("partitionKey":"say \"hi\"\n","explicitHashKey":"340282366920938463463")",
              1, true, R"("data":"")") +
          Line(
              R"("partitionKey":null,"explicitHashKey":"340282366920938463463")",
              2, true, R"("data":"ZA==")") +
          Line(R"("partitionKey":null,"explicitHashKey":null)", 0, false,
               R"("data":"cmF3")"));
}

TEST(NdjsonSinkTest, KeysThatAreNotTextGoOutInBase64) {
  HandmadeBatch batch;
  const uint32_t key = batch.AddPartitionKey("\xff\xfe");
  const uint32_t empty = batch.AddPartitionKey("");
  const uint32_t hash = batch.AddExplicitHashKey("\x80");
  batch.AddKinesisRecord(Verdict::kAggregated);
  batch.AddRow(key, hash, "x");
  batch.AddRow(empty, kNoKey, "x");
  EXPECT_EQ(
      Encoded(batch),
      Line(R"("partitionKeyBase64":"//4=","explicitHashKeyBase64":"gA==")", 0,
           true, R"("data":"eA==")") +
          Line(R"("partitionKey":"","explicitHashKey":null)", 1, true,
               R"("data":"eA==")"));
}

std::string DataMember(std::string_view data, DataEncoding encoding) {
  HandmadeBatch batch;
  batch.AddKinesisRecord(Verdict::kAggregated);
  batch.AddRow(kNoKey, kNoKey, data);
  const std::string line = Encoded(batch, encoding);
  const std::string before =
      Line(R"("partitionKey":null,"explicitHashKey":null)", 0, true, "");
  const size_t head = before.size() - 2;  // without "}\n"
  EXPECT_EQ(line.substr(0, head), before.substr(0, head));
  EXPECT_EQ(line.substr(line.size() - 2), "}\n");
  return line.substr(head, line.size() - 2 - head);
}

TEST(NdjsonSinkTest, DataAsText) {
  const auto text = [](std::string_view data) {
    return DataMember(data, DataEncoding::kText);
  };
  EXPECT_EQ(text(""), R"("data":"")");
  EXPECT_EQ(text("caf\xc3\xa9\n"), "\"data\":\"caf\xc3\xa9\\n\"");
  EXPECT_EQ(text(R"({"a":1})"), R"("data":"{\"a\":1}")");
  EXPECT_EQ(text(std::string_view("\0", 1)), R"("data":"\u0000")");
  EXPECT_EQ(text("caf\xe9"), R"("dataBase64":"Y2Fm6Q==")");
}

TEST(NdjsonSinkTest, DataAsJson) {
  const auto json = [](std::string_view data) {
    return DataMember(data, DataEncoding::kJson);
  };
  EXPECT_EQ(json("{ \"a\" :\n[1, 2] }\n"), R"("data":{"a":[1,2]})");
  EXPECT_EQ(json("12.50"), R"("data":12.50)");
  EXPECT_EQ(json("null"), R"("data":null)");
  EXPECT_EQ(json(""), R"("dataBase64":"")");
  EXPECT_EQ(json("{} {}"), R"("dataBase64":"e30ge30=")");
  EXPECT_EQ(json("text"), R"("dataBase64":"dGV4dA==")");
  EXPECT_EQ(json("\xff"), R"("dataBase64":"/w==")");
}

TEST(NdjsonSinkTest, RecordsWithoutRowsEmitNothing) {
  HandmadeBatch batch;
  EXPECT_EQ(Encoded(batch), "");
  batch.AddPartitionKey("unused");
  batch.AddKinesisRecord(Verdict::kEmptyAggregate);
  batch.AddKinesisRecord(Verdict::kDigestMismatch, "suspect");
  batch.AddKinesisRecord(Verdict::kOpaqueSpan, "span");
  EXPECT_EQ(Encoded(batch), "");
  // A suspect that is passed is the whole record.
  batch.AddKinesisRecord(Verdict::kMalformed, "suspect");
  batch.AddRow(kNoKey, kNoKey, "suspect");
  EXPECT_EQ(Encoded(batch),
            Line(R"("partitionKey":null,"explicitHashKey":null)", 0, false,
                 R"("data":"c3VzcGVjdA==")"));
}

// A filter may truncate a record's rows without moving the columns.
TEST(NdjsonSinkTest, OnlyRowsThatARecordClaimsAreWritten) {
  HandmadeBatch batch;
  batch.AddKinesisRecord(Verdict::kAggregated);
  batch.AddRow(kNoKey, kNoKey, "hidden");
  batch.AddKinesisRecord(Verdict::kAggregated);
  batch.AddRow(kNoKey, kNoKey, "data");
  batch.mutable_batch()->kinesis_records[0].user_record_count = 0;
  EXPECT_EQ(Encoded(batch),
            Line(R"("partitionKey":null,"explicitHashKey":null)", 0, true,
                 R"("data":"ZGF0YQ==")"));
}

using Random = std::independent_bits_engine<std::mt19937, 31, uint32_t>;

std::string RandomBytes(size_t size, bool text, Random* random) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) {
    byte = static_cast<char>(text ? (*random)() % 128 : (*random)() % 256);
  }
  return bytes;
}

HandmadeBatch RandomBatch(uint32_t seed) {
  Random random(seed);
  HandmadeBatch batch;
  for (int i = 0; i < 40; ++i) {
    batch.AddPartitionKey(RandomBytes(random() % 40, random() % 2, &random));
    batch.AddExplicitHashKey(RandomBytes(random() % 40, random() % 2, &random));
  }
  for (int record = 0; record < 20; ++record) {
    batch.AddKinesisRecord(Verdict::kAggregated);
    for (size_t rows = random() % 50; rows > 0; --rows) {
      const uint32_t key = random() % 5 == 0 ? kNoKey : random() % 40;
      const uint32_t hash = random() % 2 == 0 ? kNoKey : random() % 40;
      batch.AddRow(key, hash,
                   RandomBytes(random() % 200, random() % 2, &random));
    }
  }
  return batch;
}

std::string DecodeBase64(const std::string& text) {
  std::string bytes(Base64DecodedBound(text.size()), '\0');
  const std::optional<size_t> size =
      Base64Decode(AsBytes(text), reinterpret_cast<uint8_t*>(bytes.data()));
  EXPECT_TRUE(size.has_value());
  bytes.resize(size.value_or(0));
  return bytes;
}

// The bytes of member `name`, in either form.
std::optional<std::string> Member(const nlohmann::json& line,
                                  const std::string& name) {
  if (line.contains(name + "Base64")) {
    EXPECT_FALSE(line.contains(name));
    return DecodeBase64(line.at(name + "Base64").get<std::string>());
  }
  const nlohmann::json& value = line.at(name);
  if (value.is_null()) return std::nullopt;
  return value.get<std::string>();
}

std::optional<std::string> Key(const Column<Bytes>& table, uint32_t id) {
  if (id == kNoKey) return std::nullopt;
  return std::string(AsText(table[id]));
}

TEST(NdjsonSinkTest, ParsedBackARandomBatchIsTheSame) {
  for (uint32_t seed = 0; seed < 20; ++seed) {
    const HandmadeBatch handmade = RandomBatch(seed);
    const UserRecordColumns& rows = handmade.batch().user_records;
    std::istringstream lines(Encoded(handmade, DataEncoding::kText));
    for (const KinesisRecord& from : handmade.batch().kinesis_records) {
      for (uint32_t i = 0; i < from.user_record_count; ++i) {
        const uint64_t row = from.first_user_record + i;
        std::string text;
        ASSERT_TRUE(std::getline(lines, text));
        const auto line = nlohmann::json::parse(text);
        ASSERT_EQ(line.size(), 8U);
        EXPECT_EQ(line.at("subSequenceNumber"), i);
        EXPECT_EQ(line.at("aggregated"), true);
        EXPECT_TRUE(line.at("sequenceNumber").is_null());
        EXPECT_TRUE(line.at("approximateArrivalTimestamp").is_null());
        EXPECT_TRUE(line.at("shardId").is_null());
        EXPECT_EQ(Member(line, "partitionKey"),
                  Key(rows.partition_keys, rows.partition_key[row]));
        EXPECT_EQ(Member(line, "explicitHashKey"),
                  Key(rows.explicit_hash_keys, rows.explicit_hash_key[row]));
        EXPECT_EQ(Member(line, "data"),
                  AsText({rows.data[row], rows.data_size[row]}));
      }
    }
    std::string rest;
    EXPECT_FALSE(std::getline(lines, rest));
  }
}

TEST(NdjsonSinkTest, AppendsAndReusesItsMemoryAcrossBatches) {
  const std::unique_ptr<Sink> sink = OpenNdjson(DataEncoding::kBase64);
  const std::unique_ptr<Chunk> chunk = sink->NewChunk();
  std::string expected;
  for (uint32_t seed = 0; seed < 5; ++seed) {
    const HandmadeBatch batch = RandomBatch(seed);
    sink->Encode(batch.batch(), chunk.get());
    expected += Encoded(batch);
  }
  EXPECT_EQ(TextOf(*chunk), expected);
  // After a clear, it encodes the same batches without more memory.
  const size_t memory = chunk->reserved_memory();
  chunk->Clear();
  EXPECT_TRUE(chunk->empty());
  EXPECT_EQ(chunk->memory(), 0U);
  for (uint32_t seed = 0; seed < 5; ++seed) {
    sink->Encode(RandomBatch(seed).batch(), chunk.get());
  }
  EXPECT_EQ(TextOf(*chunk), expected);
  EXPECT_EQ(chunk->reserved_memory(), memory);
}

TEST(NdjsonSinkTest, EncodesOnManyThreadsAtOnce) {
  const std::unique_ptr<Sink> sink = OpenNdjson(DataEncoding::kJson);
  std::vector<std::thread> threads;
  for (uint32_t seed = 0; seed < 4; ++seed) {
    threads.emplace_back([&sink, seed] {
      const HandmadeBatch batch = RandomBatch(seed);
      const std::string first = TextOf(*EncodedChunk(batch.batch(), *sink));
      const std::unique_ptr<Chunk> again = sink->NewChunk();
      for (int round = 0; round < 50; ++round) {
        again->Clear();
        sink->Encode(batch.batch(), again.get());
        ASSERT_EQ(TextOf(*again), first);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(NdjsonSinkTest, TimesAreExactToTheMicrosecond) {
  const auto time = [](int64_t micros) {
    HandmadeBatch batch;
    batch.AddKinesisRecord(Verdict::kNotAggregated);
    batch.AddRow(kNoKey, kNoKey, "x");
    KinesisMetadata metadata;
    metadata.arrival_time = micros;
    batch.mutable_batch()->metadata.Append(metadata);
    batch.mutable_batch()->kinesis_records[0].metadata = 0;
    const std::string line = Encoded(batch);
    const std::string name = "\"approximateArrivalTimestamp\":";
    const size_t from = line.find(name) + name.size();
    return line.substr(from, line.find(',', from) - from);
  };
  EXPECT_EQ(time(0), "0.000");
  EXPECT_EQ(time(1607497475000000), "1607497475.000");
  EXPECT_EQ(time(1607497475123456), "1607497475.123456");
  EXPECT_EQ(time(1607497475000001), "1607497475.000001");
  EXPECT_EQ(time(-1500000), "-1.500");
  EXPECT_EQ(time(INT64_MAX), "9223372036854.775807");
  EXPECT_EQ(time(INT64_MIN), "-9223372036854.775808");
}

TEST(NdjsonSinkTest, MetadataThatIsNotUtf8IsBase64) {
  HandmadeBatch batch;
  batch.AddKinesisRecord(Verdict::kNotAggregated);
  batch.AddRow(kNoKey, kNoKey, "x");
  KinesisMetadata metadata;
  metadata.shard_id = AsBytes("a\"b");
  metadata.sequence_number = AsBytes("\xFF");
  batch.mutable_batch()->metadata.Append(metadata);
  batch.mutable_batch()->kinesis_records[0].metadata = 0;
  const std::string line = Encoded(batch);
  EXPECT_NE(line.find(R"(,"sequenceNumberBase64":"/w==",)"), line.npos);
  EXPECT_NE(line.find(R"(,"shardId":"a\"b",)"), line.npos);
}

}  // namespace
}  // namespace thresh
