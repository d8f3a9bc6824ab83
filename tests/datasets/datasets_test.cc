// Generates every dataset and compares it with the manifest: a change of the
// generator, of the blob builder or of the reader that alters a byte or a
// record fails this test.
#define XXH_INLINE_ALL
#include <gtest/gtest.h>
#include <xxhash.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "cli/archives.h"
#include "cli/run_program.h"
#include "sanitized.h"

namespace thresh {
namespace {

const std::string kDirectory = THRESH_SOURCE_DIR "/datasets/";

std::vector<std::string> Split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) {
    parts.push_back(part);
  }
  return parts;
}

// The rows of a table by their first column.
std::map<std::string, std::vector<std::string>> ReadTable(
    const std::string& path) {
  std::map<std::string, std::vector<std::string>> rows;
  for (const std::string& line : Split(ReadFile(path), '\n')) {
    if (line.starts_with('#')) continue;
    const std::vector<std::string> columns = Split(line, '\t');
    const bool is_new = rows.emplace(columns.at(0), columns).second;
    EXPECT_TRUE(is_new) << columns.at(0) << " stands twice in " << path;
  }
  return rows;
}

std::string Checksum(const std::string& content) {
  std::ostringstream text;
  text << std::hex;
  text.width(16);
  text.fill('0');
  text << XXH3_64bits(content.data(), content.size());
  return text.str();
}

std::string ContainerOf(const std::vector<std::string>& arguments) {
  for (size_t i = 0; i + 1 < arguments.size(); ++i) {
    if (arguments[i] == "--container") return arguments[i + 1];
  }
  ADD_FAILURE() << "a recipe must name its container";
  return "auto";
}

TEST(Datasets, RecipesAndManifestNameTheSame) {
  const auto recipes = ReadTable(kDirectory + "recipes.tsv");
  const auto manifest = ReadTable(kDirectory + "manifest.tsv");
  EXPECT_FALSE(recipes.empty());
  EXPECT_EQ(recipes.size(), manifest.size());
  for (const auto& [name, row] : recipes) {
    EXPECT_TRUE(manifest.contains(name)) << name;
    EXPECT_EQ(row.size(), 2U) << name;
  }
}

TEST(Datasets, ComeOutAsTheManifestSays) {
  const auto recipes = ReadTable(kDirectory + "recipes.tsv");
  for (const auto& [name, row] : ReadTable(kDirectory + "manifest.tsv")) {
    SCOPED_TRACE(name);
    ASSERT_EQ(row.size(), 5U);
    ASSERT_TRUE(recipes.contains(name));
    if (kSanitized && std::stoull(row[1]) > (20 << 20)) continue;
    const TemporaryDirectory directory;
    const std::string file = directory / name;
    std::vector<std::string> arguments = Split(recipes.at(name).at(1), ' ');
    const std::string container = ContainerOf(arguments);
    arguments.insert(arguments.begin(), {"generate", "-o", file});
    const Outcome made = RunProgram(arguments);
    ASSERT_EQ(made.status, 0) << made.err;

    const std::string content = ReadFile(file);
    EXPECT_EQ(std::to_string(content.size()), row[1]);
    EXPECT_EQ(Checksum(content), row[2]);

    const Outcome verified =
        RunProgram({"verify", file, "--container", container,
                    "--content-checksum", "--summary", "json"});
    EXPECT_EQ(verified.status, 0) << verified.err;
    const nlohmann::json summary = ParseJson(verified.out);
    EXPECT_EQ(summary["content_checksum"], row[3]);
    EXPECT_EQ(std::to_string(summary["user_records"].get<uint64_t>()), row[4]);
    EXPECT_EQ(summary["bytes"], content.size());
  }
}

}  // namespace
}  // namespace thresh
