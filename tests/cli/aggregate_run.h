// Shared by the tests of `thresh aggregate`: a working directory, and functions
// that read the output.
#ifndef THRESH_TESTS_CLI_AGGREGATE_RUN_H_
#define THRESH_TESTS_CLI_AGGREGATE_RUN_H_

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "cli/archives.h"
#include "cli/run_program.h"

namespace thresh {

class AggregateRun : public testing::Test {
 protected:
  // Packs into Out().
  Outcome Run(std::vector<std::string> options) {
    options.insert(options.begin(), {"aggregate", "-o", Out()});
    return RunProgram(
        options,
        {.pipe = {}, .stdout_path = {}, .directory = directory_.path()});
  }

  [[nodiscard]] std::string Out() const { return directory_ / "out"; }

  // Writes a file in the directory; returns its path.
  std::string Write(std::string_view name, std::string_view content) {
    const std::string path = directory_ / name;
    WriteFile(path, content);
    return path;
  }

  // The counts of `thresh verify` for a valid archive.
  static nlohmann::json SummaryOf(const std::string& path,
                                  const std::string& container = "auto") {
    const Outcome outcome =
        RunProgram({"verify", path, "--container", container, "--summary",
                    "json", "--content-checksum"});
    EXPECT_EQ(outcome.status, 0) << outcome.out;
    return ParseJson(outcome.out);
  }
  static std::string ChecksumOf(const std::string& path,
                                const std::string& container = "auto") {
    return SummaryOf(path, container)["content_checksum"];
  }

  // The data of its user records, as lines.
  static std::string LinesOf(const std::string& path,
                             const std::string& container = "auto") {
    return RunProgram({"deaggregate", path, "--container", container,
                       "--format", "lines"})
        .out;
  }
  // Its user records, with all their metadata.
  static std::vector<nlohmann::json> RecordsOf(const std::string& path) {
    return ParseLines(RunProgram({"deaggregate", path, "--metadata",
                                  "--data-encoding", "text"})
                          .out);
  }
  // Its Kinesis records.
  static std::vector<nlohmann::json> InspectLines(
      const std::string& path, const std::string& container = "auto") {
    return ParseLines(
        RunProgram({"inspect", path, "--container", container, "--json"}).out);
  }

  TemporaryDirectory directory_;
};

}  // namespace thresh

#endif  // THRESH_TESTS_CLI_AGGREGATE_RUN_H_
