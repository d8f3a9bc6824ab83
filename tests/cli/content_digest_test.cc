// The content digest as the program prints it: the same for any number of jobs
// and any container, and equal to that of the Python program in FORMAT.md on
// the NDJSON output.
#include <gmock/gmock.h>

#include <cstdlib>
#include <set>
#include <sstream>
#include <string>

#include "blob_maker.h"
#include "cli/archives.h"
#include "cli/run_program.h"
#include "thresh/simd_target.h"

namespace thresh {
namespace {

// The lines of FORMAT.md from the one that imports hashlib to the end of its
// code block, without their indentation.
std::string PythonOfFormat() {
  const std::string document =
      ReadFile(std::string(THRESH_SOURCE_DIR) + "/FORMAT.md");
  const size_t begin = document.find("    import base64, hashlib");
  if (begin == std::string::npos) return "";
  std::istringstream lines(document.substr(begin));
  std::string program;
  for (std::string line; std::getline(lines, line) && line.starts_with("    ");
       program += line.substr(4) + "\n") {
  }
  return program;
}

class ContentDigestCli : public testing::Test {
 protected:
  // Records with all kinds of keys, one of them not UTF-8.
  static std::string Archive() {
    generator::GeneratorOptions options;
    options.records = 400;
    options.record_size = {1, 3000};
    options.data = generator::DataKind::kBinary;
    options.explicit_hash_keys = 0.5;
    options.container = ContainerKind::kU32Le;
    options.plain = 0.9;
    BlobMaker maker;
    const std::string data = "twice";
    for (int i = 0; i < 2; ++i) {
      maker.Add({.partition_key = "\xff\xfe", .data = AsBytes(data)});
    }
    maker.Add({.partition_key = "", .data = {}});
    return Generated(options) + U32Le({maker.Take()});
  }

  std::string DigestOf(std::vector<std::string> arguments,
                       const std::string& target = "") {
    arguments.insert(arguments.end(),
                     {"--content-digest", "--summary", "json"});
    const Outcome outcome = RunProgram(
        arguments,
        {.pipe = {}, .stdout_path = {}, .directory = {}, .target = target});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    const nlohmann::json summary = ParseJson(outcome.out);
    EXPECT_TRUE(summary["content_checksum"].is_null()) << "unasked";
    return summary["content_digest"];
  }

  TemporaryDirectory directory_;
};

TEST_F(ContentDigestCli, IsWhatThePythonOfTheFormatMakesOfTheOutput) {
  const std::string program = PythonOfFormat();
  ASSERT_THAT(program, testing::HasSubstr("print("));
  WriteFile(directory_ / "digest.py", program);
  WriteFile(directory_ / "in", Archive());
  const std::string digest =
      DigestOf({"deaggregate", directory_ / "in", "--container", "u32le",
                "--format", "ndjson", "-o", directory_ / "out"});
  EXPECT_EQ(digest.size(), 64U);
  const std::string command = "python3 '" + (directory_ / "digest.py") +
                              "' <'" + (directory_ / "out") + "' >'" +
                              (directory_ / "said") + "'";
  ASSERT_EQ(std::system(command.c_str()), 0);
  EXPECT_EQ(ReadFile(directory_ / "said"), digest + "\n");
}

TEST_F(ContentDigestCli, IsTheSameHoweverItIsComputed) {
  WriteFile(directory_ / "in", Archive());
  const std::string in = directory_ / "in";
  std::set<std::string> digests;
  for (const char* jobs : {"1", "2", "4"}) {
    digests.insert(
        DigestOf({"verify", in, "--container", "u32le", "--jobs", jobs}));
  }
  for (const std::string& target : SimdTargets()) {
    digests.insert(DigestOf({"verify", in, "--container", "u32le"}, target));
  }
  digests.insert(DigestOf(
      {"deaggregate", in, "--container", "u32le", "-o", directory_ / "out"}));
  digests.insert(DigestOf({"deaggregate", in, "--container", "u32le", "--limit",
                           "1000000", "-o", directory_ / "limited"}));
  EXPECT_EQ(digests.size(), 1U);
}

// With a default key, records are written with keys other than those they were
// read with; without one, unchanged.
TEST_F(ContentDigestCli, OfWhatWasPackedIsWhatIsFoundThere) {
  WriteFile(directory_ / "in", Archive());
  WriteFile(directory_ / "keyed", MakeBlob({"1", "2", "3"}));
  for (const std::string in : {"in", "keyed"}) {
    const std::string out = directory_ / (in + "-packed");
    const std::string packed = DigestOf(
        {"aggregate", directory_ / in, "--from", in == "in" ? "u32le" : "blobs",
         "--default-key", "k", "--container", "u32le", "-o", out});
    EXPECT_EQ(DigestOf({"verify", out, "--container", "u32le"}), packed);
  }
}

TEST_F(ContentDigestCli, OfWhatWasGeneratedIsWhatIsFoundThere) {
  const std::string out = directory_ / "made";
  const Outcome made = RunProgram({"generate", "--records", "500", "-o", out,
                                   "--content-digest", "--content-checksum"});
  EXPECT_EQ(made.status, 0);
  EXPECT_THAT(made.err, testing::HasSubstr("content digest    " +
                                           DigestOf({"verify", out}) + "\n"));
  EXPECT_THAT(made.err, testing::HasSubstr("content checksum  "));
  EXPECT_THAT(
      RunProgram({"generate", "--records", "5", "-o", directory_ / "other"})
          .err,
      testing::Not(testing::HasSubstr("content")))
      << "unasked";
}

}  // namespace
}  // namespace thresh
