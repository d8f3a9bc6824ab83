// Documents from the test suites of other projects, and data sent by the KPL
// itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "cli/archives.h"
#include "cli/run_program.h"
#include "vector_files.h"

namespace thresh {
namespace {

using testing::HasSubstr;

std::vector<std::string> PeerEvents() {
  std::vector<std::string> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(kVectors / "peers/events")) {
    files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

bool HasNoRecords(const std::string& file) {
  return file.find("response") != std::string::npos ||
         file.find("msk") != std::string::npos;
}

TEST(PeerEvents, AreReadOrRefusedByNameWhetherNamedOrNot) {
  const std::vector<std::string> files = PeerEvents();
  ASSERT_EQ(files.size(), 49U);
  for (const std::string& file : files) {
    const std::vector<std::string> arguments = {"deaggregate", "--quiet",
                                                "--on-suspect", "skip", file};
    const Outcome recognized = RunProgram(arguments);
    std::vector<std::string> with_name = arguments;
    with_name.insert(with_name.end(), {"--container", "json"});
    const Outcome named = RunProgram(with_name);
    EXPECT_EQ(recognized.status, named.status) << file << recognized.err;
    EXPECT_EQ(recognized.out, named.out) << file;
    EXPECT_EQ(recognized.err, named.err) << file;
    if (HasNoRecords(file)) {
      EXPECT_EQ(recognized.status, 3) << file << recognized.err;
      EXPECT_THAT(recognized.err, HasSubstr("which cannot be read")) << file;
      EXPECT_EQ(recognized.out, "") << file;
    } else if (file.find("apachelog") != std::string::npos) {
      // Padding where none is allowed.
      EXPECT_EQ(recognized.status, 1) << file << recognized.err;
    } else {
      EXPECT_EQ(recognized.status, 0) << file << recognized.err;
      EXPECT_EQ(recognized.out.empty(), file.find("empty") != std::string::npos)
          << file;
    }
  }
}

// Partition key, explicit hash key and data of each record, as written in
// NDJSON.
using Sent = std::tuple<std::string, std::string, std::string>;

std::string KeyOf(const nlohmann::json& line) {
  return line.contains("partitionKey") ? line["partitionKey"].dump()
                                       : line["partitionKeyBase64"].dump();
}

TEST(ProducerLibrary, AllThatItSentIsFound) {
  const std::filesystem::path folder = kVectors / "kpl";
  std::vector<std::string> arguments = {"deaggregate", "--quiet"};
  for (int shard = 0; shard < 3; ++shard) {
    arguments.push_back(folder / ("kpl-1.0.7.shardId-00000000000" +
                                  std::to_string(shard) + ".json"));
  }
  const Outcome outcome = RunProgram(arguments);
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  std::map<std::tuple<std::string, std::string>, std::vector<Sent>> found;
  size_t count = 0;
  for (const nlohmann::json& line : ParseLines(outcome.out)) {
    // A record that is not aggregated is read without an explicit hash key.
    const std::string hash_key = line["aggregated"].get<bool>()
                                     ? line["explicitHashKey"].dump()
                                     : "not aggregated";
    found[{line["sequenceNumber"].dump(), line["data"].dump()}].emplace_back(
        KeyOf(line), hash_key, line["data"].dump());
    ++count;
  }
  size_t sent = 0;
  for (const nlohmann::json& line :
       ParseLines(ReadVector("kpl/kpl-1.0.7.sent.ndjson"))) {
    ++sent;
    auto& records = found[{line["sequenceNumber"].dump(), line["data"].dump()}];
    const auto same =
        std::ranges::find_if(records, [&line](const Sent& record) {
          const std::string& hash_key = std::get<1>(record);
          return std::get<0>(record) == KeyOf(line) &&
                 (hash_key == "not aggregated" ||
                  hash_key == line["explicitHashKey"].dump());
        });
    ASSERT_NE(same, records.end()) << line.dump();
    records.erase(same);
  }
  EXPECT_EQ(sent, 150U);
  EXPECT_EQ(count, sent);
}

}  // namespace
}  // namespace thresh
