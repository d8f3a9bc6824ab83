// The reason for each suspect, in every report.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "oracle/reference.h"
#include "oracle/reference_archive.h"
#include "thresh/batch_reader.h"

namespace thresh {
namespace {

using testing::ElementsAre;

std::string Delimited(const std::string& record) {
  std::string length(4, '\0');
  for (size_t i = 0; i < 4; ++i) {
    length[i] = static_cast<char>(record.size() >> (8 * i) & 0xFF);
  }
  return length + record;
}

// Of the suspects in `archive`, in order.
std::vector<std::string_view> ReasonsIn(std::string_view archive,
                                        ContainerKind container,
                                        size_t window = size_t{1} << 20) {
  Options options;
  options.container = container;
  options.window_bytes = window;
  options.on_suspect = SuspectPolicy::kSkip;
  Result<BatchReader> reader =
      BatchReader::OpenBytes(AsBytes(archive), options);
  std::vector<std::string_view> names;
  std::set<Reason> seen;
  while (true) {
    const Result<std::shared_ptr<const Batch>> batch = reader->Next();
    if (*batch == nullptr) break;
    for (const KinesisRecord& record : (*batch)->kinesis_records) {
      EXPECT_EQ(IsSuspect(record.verdict), record.reason != Reason::kNone);
      if (record.reason == Reason::kNone) continue;
      names.push_back(ReasonName(record.reason));
      seen.insert(record.reason);
    }
  }
  uint64_t counted = 0;
  for (const uint64_t count : reader->report().summary.reasons) {
    counted += count;
  }
  EXPECT_EQ(counted, names.size());
  for (const Reason reason : seen) {
    EXPECT_GT(reader->report().summary.reasons[static_cast<size_t>(reason)],
              0U);
  }
  return names;
}

std::vector<std::string_view> ReasonsOfMessage(std::string_view message) {
  return ReasonsIn(Delimited(oracle::Seal(message)), ContainerKind::kU32Le);
}

TEST(Reasons, OfMessages) {
  using std::string_literals::operator""s;
  // Key table "k", then a record of key index 0 and data "d".
  EXPECT_THAT(ReasonsOfMessage("\x0A\x01k\x1A\x05\x08\x00\x1A\x01"
                               "d"s),
              ElementsAre());
  EXPECT_THAT(ReasonsOfMessage("\x0A\x01k\x1A\x03\x1A\x01"
                               "d"s),
              ElementsAre("missing_field: partition_key_index"));
  EXPECT_THAT(ReasonsOfMessage("\x0A\x01k\x1A\x02\x08\x00"s),
              ElementsAre("missing_field: data"));
  EXPECT_THAT(ReasonsOfMessage("\x0A\x01k\x1A\x07\x08\x00\x1A\x01"
                               "d\x22\x00"s),
              ElementsAre("missing_field: tag_key"));
  EXPECT_THAT(ReasonsOfMessage("\x0A\x01k\x1A\x05\x08\x01\x1A\x01"
                               "d"s),
              ElementsAre("index_out_of_range: partition_key_index"));
  EXPECT_THAT(ReasonsOfMessage("\x0A\x01k\x12\x01"
                               "0\x1A\x07\x08\x00\x10\x01\x1A\x01"
                               "d"s),
              ElementsAre("index_out_of_range: explicit_hash_key_index"));
  EXPECT_THAT(ReasonsOfMessage("\x0A\x09k"s), ElementsAre("broken_field"));
  std::string damaged = oracle::Seal("\x0A\x01k");
  damaged.back() ^= 1;
  EXPECT_THAT(ReasonsIn(Delimited(damaged), ContainerKind::kU32Le),
              ElementsAre("digest"));
}

// A valid aggregated record with additional bytes: nothing of it is returned,
// and the reason describes it, in every container.
TEST(Reasons, OfARecordThatGoesOn) {
  const std::string blob = oracle::Seal("\x0A\x01k");
  std::string damaged = blob;
  damaged[5] ^= 1;
  const auto json = [](const std::string& data) {
    return R"({"sequenceNumber":"1","data":")" + oracle::EncodeBase64(data) +
           "\"}\n";
  };
  for (const std::string& more : {blob, blob + blob, std::string("\n")}) {
    EXPECT_THAT(ReasonsIn(Delimited(blob + more), ContainerKind::kU32Le),
                ElementsAre("bytes_after_aggregate"));
    EXPECT_THAT(ReasonsIn(json(blob + more), ContainerKind::kJson),
                ElementsAre("bytes_after_aggregate"));
    EXPECT_THAT(ReasonsIn(json(damaged + more), ContainerKind::kJson),
                ElementsAre("digest"));
  }
}

TEST(Reasons, OfBytesBetweenBlobs) {
  const std::string blob = oracle::Seal("\x0A\x01k");
  std::string damaged = blob;
  damaged.back() ^= 1;
  EXPECT_THAT(ReasonsIn(blob + damaged + "junk" + blob + "more" + blob,
                        ContainerKind::kBlobs),
              ElementsAre("digest", "no_magic"));
}

TEST(Reasons, OfLines) {
  EXPECT_THAT(ReasonsIn("YQ==\n?\nYQ==\n", ContainerKind::kBase64Lines),
              ElementsAre("not_base64"));
}

constexpr std::string_view kJson =
    R"({"sequenceNumber":"1","data":"?"})"
    "\n"
    R"({"sequenceNumber":"1"})"
    "\n"
    R"([{"a":1}])"
    "\n"
    R"({"sequenceNumber":"1","data":"YQ==","explicitHashKey":"1"})"
    "\n"
    R"({"sequenceNumber":"1","data":"YQ=="})"
    "\n"
    R"({"sequenceNumber":"1","data":"YQ==" what})"
    "\n"
    R"({"sequenceNumber":"1","data":"YQ=="})"
    "\n"
    "a line of something else\n"
    R"({"sequenceNumber":"1","data":"YQ=="})"
    "\n";

TEST(Reasons, OfJson) {
  const std::vector<std::string_view> expected = {
      "data_not_base64",   "no_data",     "not_a_record",
      "explicit_hash_key", "broken_json", "not_json"};
  EXPECT_EQ(ReasonsIn(kJson, ContainerKind::kJson), expected);
  for (size_t window = 1; window < kJson.size(); window += 3) {
    EXPECT_EQ(ReasonsIn(kJson, ContainerKind::kJson, window), expected)
        << window;
  }
}

TEST(Reasons, OfASpanAreThoseOfItsFirstBytes) {
  const std::string text = std::string(kJson.substr(0, 60)) +
                           "\nsomething else\nand more\n" + std::string(kJson);
  const auto whole = ReasonsIn(text, ContainerKind::kJson);
  for (size_t window = 1; window < text.size(); window += 3) {
    EXPECT_EQ(ReasonsIn(text, ContainerKind::kJson, window), whole) << window;
  }
}

TEST(Reasons, HaveAWordAndASentenceEach) {
  std::set<std::string_view> names;
  for (size_t i = 0; i < kReasons; ++i) {
    names.insert(ReasonName(static_cast<Reason>(i)));
    EXPECT_FALSE(ReasonText(static_cast<Reason>(i)).empty());
  }
  EXPECT_EQ(names.size(), kReasons);
}

}  // namespace
}  // namespace thresh
