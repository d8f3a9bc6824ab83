// Zip, tar and 7z archives as directories: names, output and messages.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/archives.h"
#include "cli/run_program.h"
#include "oracle/archives.h"
#include "oracle/compress.h"
#include "sanitized.h"
#include "vector_files.h"

namespace thresh {
namespace {

using oracle::Gzip;
using oracle::Tar;
using oracle::Zip;
using oracle::ZipEntry;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class ArchiveInputs : public testing::Test {
 protected:
  std::string Write(const std::string& name, const std::string& content) {
    WriteFile(directory_ / name, content);
    return directory_ / name;
  }

  static Outcome Lines(std::vector<std::string> arguments,
                       const RunOptions& run = {}) {
    arguments.insert(arguments.begin(), {"deaggregate", "--format", "lines",
                                         "--quiet", "--on-suspect", "skip"});
    return RunProgram(arguments, run);
  }

  static RunOptions Piped(const std::string& bytes) {
    return {.pipe = bytes, .stdout_path = {}, .directory = {}};
  }

  TemporaryDirectory directory_;
};

TEST_F(ArchiveInputs, MembersOfEachKindWithEachRunner) {
  const std::string gzipped = Gzip(MakeBlob({"c"}));
  const std::string zip = Zip({{.content = MakeBlob({"a", "b"}), .name = "1"},
                               {.content = gzipped, .name = "d/2"}});
  const std::string tar = Tar({{.content = MakeBlob({"a", "b"}), .name = "1"},
                               {.content = gzipped, .name = "d/2"}});
  for (const std::string& bytes : {zip, tar, Gzip(tar), oracle::Zstd(tar)}) {
    const std::string file = Write("archive", bytes);
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{file},
          {file, "--jobs", "1"},
          {file, "--jobs", "4"},
          {file, "--no-mmap"}}) {
      const Outcome outcome = Lines(arguments);
      EXPECT_EQ(outcome.status, 0) << outcome.err;
      EXPECT_EQ(outcome.out, "a\nb\nc\n");
    }
    const Outcome piped = Lines({"-"}, Piped(bytes));
    EXPECT_EQ(piped.status, 0) << piped.err;
    EXPECT_EQ(piped.out, "a\nb\nc\n");
  }
}

TEST_F(ArchiveInputs, AreNamedInEveryReport) {
  const std::string file = Write(
      "a.zip",
      Zip({{.content = MakeBlob({"a"}) + MakeDamagedBlob() + MakeBlob({"b"}),
            .name = "d/1"}}));
  const std::string member = file + "!d/1";
  const std::string quarantine = directory_ / "suspects";
  const Outcome outcome = RunProgram({"deaggregate", file, "--metadata",
                                      "--quarantine", quarantine, "--quiet"});
  EXPECT_EQ(outcome.status, 1) << outcome.err;
  for (const nlohmann::json& line : ParseLines(outcome.out)) {
    EXPECT_EQ(line["source"], member);
  }
  EXPECT_EQ(ParseLines(ReadFile(quarantine)).at(0)["source"], member);
  EXPECT_THAT(RunProgram({"verify", file}).out,
              HasSubstr(member + ": offset "));
  EXPECT_EQ(ParseJson(RunProgram({"verify", file, "--summary", "json"})
                          .out)["first_suspects"][0]["file"],
            member);
  EXPECT_THAT(RunProgram({"inspect", file}).out, HasSubstr(member));
  EXPECT_THAT(RunProgram({"deaggregate", file, "--on-suspect", "fail"}).err,
              HasSubstr(member + ": offset "));
  EXPECT_EQ(
      ParseJson(RunProgram({"stats", file, "--json"}).out)["summary"]["inputs"],
      1);
  EXPECT_EQ(RunProgram({"aggregate", file, "--on-suspect", "skip", "-o",
                        directory_ / "packed"})
                .status,
            1);
  EXPECT_THAT(Lines({directory_ / "packed"}).out, "a\nb\n");
}

TEST_F(ArchiveInputs, LinesAreReadOutOfThemToo) {
  for (const std::string& bytes :
       {Zip({{.content = "a\nb", .name = "1"},
             {.content = Gzip("c\n"), .name = "2"}}),
        Gzip(Tar({{.content = "a\nb", .name = "1"},
                  {.content = Gzip("c\n"), .name = "2"}}))}) {
    const std::string file = Write("lines", bytes);
    const std::string packed = directory_ / "packed";
    const Outcome outcome =
        RunProgram({"aggregate", file, "--from", "lines", "--key", "k", "-o",
                    packed, "--summary", "json"});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    const nlohmann::json summary = ParseJson(outcome.out);
    EXPECT_EQ(summary["inputs"], 2);
    EXPECT_EQ(summary["stored_bytes"], bytes.size());
    EXPECT_EQ(Lines({packed}).out, "a\nb\nc\n");
  }
}

TEST_F(ArchiveInputs, WhatIsLeftOutIsCountedAndShown) {
  const std::vector<ZipEntry> entries = {
      {.content = MakeBlob({"a"}), .name = "day/1.bin"},
      {.content = MakeBlob({"b"}), .name = "day/2.bin"},
      {.content = MakeBlob({"c"}), .name = "night/1.bin"},
      {.content = "", .name = "night/", .deflated = false},
      {.content = "x", .name = "__MACOSX/day/._1.bin"},
      {.content = "", .name = "day/_SUCCESS", .deflated = false}};
  const std::string zip = Write("a.zip", Zip(entries));
  const std::string root = directory_ / "root";
  std::filesystem::create_directories(root + "/__MACOSX/day");
  std::filesystem::create_directories(root + "/day");
  std::filesystem::create_directories(root + "/night");
  for (const ZipEntry& entry : entries) {
    if (!entry.name.ends_with("/")) {
      WriteFile(root + "/" + entry.name, entry.content);
    }
  }
  for (const std::string& input : {zip, root}) {
    const auto counts = [&](std::vector<std::string> arguments) {
      arguments.insert(arguments.begin(),
                       {"verify", input, "--summary", "json"});
      const Outcome outcome = RunProgram(arguments);
      EXPECT_EQ(outcome.status, 0) << outcome.err;
      const nlohmann::json summary = ParseJson(outcome.out);
      return std::vector<uint64_t>{summary["user_records"],
                                   summary["inputs_left_out"],
                                   summary["inputs_excluded"]};
    };
    const uint64_t never = input == zip ? 3 : 2;
    EXPECT_THAT(counts({}), ElementsAre(3, never, 0));
    EXPECT_THAT(counts({"--include", "day/*"}), ElementsAre(2, never, 1));
    EXPECT_THAT(counts({"--exclude", "1.bin"}), ElementsAre(1, never, 2));
    EXPECT_THAT(counts({"--include", "2.*", "--include", "night/*"}),
                ElementsAre(2, never, 1));
    EXPECT_THAT(counts({"--exclude", "*"}), ElementsAre(0, never, 3));
    EXPECT_THAT(RunProgram({"verify", input, "--exclude", "1.bin"}).err,
                AllOf(HasSubstr("left out"), HasSubstr("excluded")));
  }
  EXPECT_EQ(Lines({root + "/day/1.bin", "--exclude", "*"}).out, "a\n")
      << "what is named itself is read";
}

TEST_F(ArchiveInputs, OneMemberFailsAndTheOthersAreRead) {
  const std::string file =
      Write("a.zip", Zip({{.content = MakeBlob({"a"}), .name = "1"},
                          {.content = "dump of a stream\n", .name = "README"},
                          {.content = "?", .name = "secret", .flags = 1},
                          {.content = Zip({{.content = "x"}}), .name = "n.zip"},
                          {.content = MakeBlob({"b"}), .name = "2"}}));
  const Outcome outcome = Lines({file});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_EQ(outcome.out, "a\nb\n");
  EXPECT_THAT(
      outcome.err,
      AllOf(HasSubstr(file + "!README: offset 0: not a container"),
            HasSubstr(file + "!secret: an encrypted member cannot be read; "),
            HasSubstr(file + "!n.zip: an archive (zip) within an archive "
                             "cannot be read; unpack")));
}

TEST_F(ArchiveInputs, NamesDoNoHarm) {
  for (const std::string& name :
       {std::string("../../\x1B[2Jx"), std::string("\xFF\n\x07")}) {
    for (const std::string& bytes :
         {Zip({{.content = "no records", .name = name}}),
          Tar({{.content = "no records", .name = name}})}) {
      const std::string file = Write("archive", bytes);
      const Outcome outcome = Lines({file});
      EXPECT_EQ(outcome.status, 3);
      EXPECT_THAT(outcome.err,
                  AllOf(Not(HasSubstr("\x1B")), Not(HasSubstr("\x07")),
                        Not(HasSubstr("\xFF"))));
      EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 1);
    }
  }
  EXPECT_FALSE(std::filesystem::exists(directory_ / "../../x"));
}

TEST_F(ArchiveInputs, ACutArchiveSaysWhatIsMissing) {
  const std::string zip = Zip({{.content = MakeBlob({"a"}), .name = "1"},
                               {.content = MakeBlob({std::string(50'000, 'x')}),
                                .name = "2",
                                .deflated = false}});
  const std::string file = Write("a.zip", zip.substr(0, 30'000));
  for (const char* jobs : {"1", "4"}) {
    const Outcome outcome = Lines({file, "--jobs", jobs});
    EXPECT_EQ(outcome.status, 3);
    EXPECT_EQ(outcome.out, "a\n");
    EXPECT_THAT(outcome.err,
                AllOf(HasSubstr(file + "!2: offset "),
                      HasSubstr(file + ": the zip archive is damaged or cut "
                                       "off: "),
                      HasSubstr("what follows the member 2 is not read")));
  }
}

TEST_F(ArchiveInputs, ManySmallMembersComeInTheirOrder) {
  std::vector<ZipEntry> entries;
  std::vector<oracle::TarEntry> files;
  std::string expected;
  constexpr size_t kMembers = kSanitized ? 1000 : 10'000;
  for (size_t i = 0; i < kMembers; ++i) {
    const std::string number = std::to_string(i);
    const std::string blob = MakeBlob({number});
    entries.push_back({.content = blob, .name = number});
    files.push_back({.content = blob, .name = number});
    expected += number + "\n";
  }
  for (const std::string& bytes : {Zip(entries), Tar(files)}) {
    const std::string file = Write("archive", bytes);
    for (const char* jobs : {"1", "2", "7"}) {
      const Outcome outcome = Lines({file, "--jobs", jobs});
      EXPECT_EQ(outcome.status, 0) << outcome.err;
      EXPECT_EQ(outcome.out == expected, true) << jobs;
      const nlohmann::json summary = ParseJson(
          RunProgram({"verify", file, "--jobs", jobs, "--summary", "json"})
              .out);
      EXPECT_EQ(summary["inputs"], kMembers);
      EXPECT_EQ(summary["stored_bytes"], bytes.size());
    }
  }
}

TEST_F(ArchiveInputs, SevenZipIsReadFromFilesAndRefusedFromPipes) {
  const std::string file = kVectors / "layers/libarchive.7z";
  const Outcome outcome =
      RunProgram({"verify", file, "--summary", "json", "--quiet"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  const nlohmann::json summary = ParseJson(outcome.out);
  EXPECT_EQ(summary["inputs"], 2);
  EXPECT_EQ(summary["stored_bytes"], ReadFile(file).size());
  const Outcome piped = Lines({"-"}, Piped(ReadFile(file)));
  EXPECT_EQ(piped.status, 3);
  EXPECT_THAT(piped.err, HasSubstr("-: offset 0: a 7-Zip archive cannot be "
                                   "read from a pipe"));
}

TEST_F(ArchiveInputs, EmptyOnesHoldNoRecords) {
  const Outcome outcome = Lines({Write("empty.zip", Zip({}))});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "");
}

}  // namespace
}  // namespace thresh
