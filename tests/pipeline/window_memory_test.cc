// Inputs that change from large records to many small ones within a window:
// what does not fit in its memory is left for further windows, and the result
// is the same.
#include <gmock/gmock.h>

#include <algorithm>

#include "base/base64.h"
#include "oracle/engine_run.h"
#include "oracle/json_run.h"
#include "oracle/samples.h"
#include "pipeline/window.h"
#include "pipeline/window_memory.h"

namespace thresh {
namespace {

// The size of a window; a batch may exceed its memory, which is checked after
// each turn.
constexpr size_t kWindowBytes = size_t{64} << 10;

struct DenseArchive {
  ContainerKind container;
  std::string bytes;
  size_t records = 0;
};

std::string Repeated(std::string_view text, size_t times) {
  std::string result;
  for (size_t i = 0; i < times; ++i) result += text;
  return result;
}

std::vector<DenseArchive> DenseArchives() {
  constexpr size_t kMany = 40'000;
  const std::string empty_blob = oracle::Seal(oracle::LengthField(1, "k"));
  return {
      {ContainerKind::kU32Le, std::string(4 * kMany, '\0'), kMany},
      {ContainerKind::kU32Be, std::string(4 * kMany, '\0'), kMany},
      {ContainerKind::kVarint, std::string(kMany, '\0'), kMany},
      {ContainerKind::kBase64Lines, Repeated("QQ==\n", kMany), kMany},
      {ContainerKind::kJson,
       Repeated("{\"recordId\":\"\",\"data\":\"\"}", kMany), kMany},
      {ContainerKind::kJson,
       R"({"Records":[{"Data":""})" + Repeated(R"(,{"Data":""})", kMany - 1) +
           "]}",
       kMany},
      {ContainerKind::kBlobs, Repeated(empty_blob, kMany), kMany},
  };
}

TEST(WindowMemory, BoundsWhatABatchTakes) {
  Options options;
  options.window_bytes = kWindowBytes;
  options.jobs = 1;
  // A turn adds at most as many records as bytes.
  const size_t most = WindowMemory(options) + WindowMemory(options) / 4;
  for (const DenseArchive& archive : DenseArchives()) {
    SCOPED_TRACE(ContainerKindName(archive.container));
    options.container = archive.container;
    Result<BatchReader> reader =
        BatchReader::OpenBytes(AsBytes(archive.bytes), options);
    ASSERT_TRUE(reader);
    size_t records = 0;
    size_t largest = 0;
    for (;;) {
      const Result<std::shared_ptr<const Batch>> batch = reader->Next();
      ASSERT_TRUE(batch);
      if (*batch == nullptr) break;
      records += (*batch)->kinesis_records.size();
      largest = std::max(largest, BatchMemory(**batch));
    }
    EXPECT_EQ(records, archive.records);
    EXPECT_EQ(reader->report().summary.bytes, archive.bytes.size());
    EXPECT_LE(largest, most);
  }
}

TEST(WindowMemory, DoesNotShowInResults) {
  std::string mixed;
  for (int round = 0; round < 3; ++round) {
    for (const std::string& blob : oracle::SampleBlobs(40, 7)) mixed += blob;
    mixed += Repeated(oracle::Seal(""), 300) + "not a blob";
    mixed += oracle::Seal(oracle::LengthField(
        1,
        Repeated(oracle::Seal("") + std::string(oracle::kReferenceMagic), 99)));
  }
  const oracle::ReferenceArchive reference = oracle::ReadBlobs(mixed);
  for (const size_t window : {1U, 20U, 100U, 1000U, 5000U, 1U << 20}) {
    for (const unsigned jobs : {1U, 3U}) {
      Options options;
      options.container = ContainerKind::kBlobs;
      options.window_bytes = window;
      options.jobs = jobs;
      EXPECT_EQ(oracle::Diff(oracle::RunEngine(mixed, options), reference), "")
          << "window " << window << " jobs " << jobs;
    }
  }
}

// The inside of a JSON string.
std::string InText(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '"' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

// Documents in which everything about a record depends on its context.
std::string Documents() {
  const std::string data = R"({"SequenceNumber":"7","Data":"QUE="})";
  const std::string list = "\"Records\":[" + Repeated(data + ",", 30) +
                           R"({"Data":"?"},{"Data":"?"},1,"x",)" + data + "]";
  const std::string named = "{" + list + R"(,"StreamARN":"outer"})";
  const std::string report = R"({"KinesisBatchInfo":{"shardId":"s"}})";
  const std::string texts =
      R"({"Messages":[)" +
      Repeated("{\"Body\":\"" + InText(named + data) + "\"},", 3) +
      "{\"Body\":\"" + InText("[" + named + "," + report + ",{") + "\"},{}]}";
  // This is a record, so its members are not.
  const std::string record =
      "{\"body\":" + named + R"(,"recordId":"1","data":"QQ=="})";
  const std::string events =
      R"({"requestPayload":)" + named + R"(,"KinesisBatchInfo":{}})";
  const std::string whole = named + "\n" + texts + "{" + list + "}" + record +
                            data + report + events + "\n";
  // Broken in the list, between lists, and truncated.
  return whole + "{" + list + ",\"a\":?}\n" + "{" + list.substr(0, 600) + "\n" +
         whole + "{" + list + "," + list.substr(0, 700);
}

TEST(WindowMemory, DoesNotShowInRecordsOfDocuments) {
  const std::string text = Documents();
  const oracle::JsonRun whole = oracle::RunJson(text);
  ASSERT_GT(whole.records.size(), 300U);
  for (const size_t window : {1U, 20U, 100U, 1000U, 3000U, 7000U}) {
    for (const unsigned jobs : {1U, 3U}) {
      Options options;
      options.window_bytes = window;
      options.jobs = jobs;
      const oracle::JsonRun run = oracle::RunJson(text, options);
      EXPECT_EQ(run.spans, whole.spans) << "window " << window;
      EXPECT_TRUE(run == whole) << "window " << window;
      EXPECT_EQ(run.summary.missing_ranges.size(),
                whole.summary.missing_ranges.size());
    }
  }
}

}  // namespace
}  // namespace thresh
