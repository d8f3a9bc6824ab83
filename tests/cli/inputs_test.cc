// All ways to name an input, and all ways in which reading it fails.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/base64.h"
#include "cli/archives.h"
#include "cli/run_program.h"

namespace thresh {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Inputs : public testing::Test {
 protected:
  // The data of all user records, one per line.
  Outcome Lines(std::vector<std::string> inputs, const RunOptions& run = {}) {
    inputs.insert(inputs.begin(),
                  {"deaggregate", "--format", "lines", "--quiet"});
    return RunProgram(inputs, run);
  }

  TemporaryDirectory directory_;
};

TEST_F(Inputs, FilesInTheGivenOrder) {
  WriteFile(directory_ / "1", MakeBlob({"one", "uno"}));
  WriteFile(directory_ / "2", MakeBlob({"two"}));
  const Outcome outcome = Lines({directory_ / "2", directory_ / "1"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "two\none\nuno\n");
  EXPECT_THAT(outcome.err, IsEmpty());
}

TEST_F(Inputs, DirectoriesInNameOrder) {
  std::filesystem::create_directories(directory_ / "b/c");
  WriteFile(directory_ / "b/c/1", MakeBlob({"second"}));
  WriteFile(directory_ / "a", MakeBlob({"first"}));
  WriteFile(directory_ / "d", MakeBlob({"third"}));
  const Outcome outcome = Lines({directory_.path()});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "first\nsecond\nthird\n");
}

TEST_F(Inputs, Globs) {
  WriteFile(directory_ / "x1.bin", MakeBlob({"x1"}));
  WriteFile(directory_ / "x2.bin", MakeBlob({"x2"}));
  WriteFile(directory_ / "y.bin", MakeBlob({"y"}));
  const Outcome outcome = Lines({directory_ / "x*.bin"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "x1\nx2\n");
}

TEST_F(Inputs, StandardInput) {
  const Outcome outcome = Lines(
      {"-"}, {.pipe = MakeBlob({"piped"}), .stdout_path = {}, .directory = {}});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "piped\n");
}

TEST_F(Inputs, EmptyFileHoldsNoRecords) {
  WriteFile(directory_ / "empty", "");
  const Outcome outcome = Lines({directory_ / "empty"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, IsEmpty());
}

TEST_F(Inputs, WhatNamesNothingIsAnError) {
  for (const char* command : {"deaggregate", "verify", "inspect"}) {
    for (const std::string& word :
         {directory_ / "absent", directory_ / "*.none"}) {
      const Outcome outcome = RunProgram({command, word});
      EXPECT_EQ(outcome.status, 3) << command;
      EXPECT_THAT(outcome.err, HasSubstr("thresh: "));
      EXPECT_THAT(outcome.err, HasSubstr(word));
      EXPECT_THAT(outcome.out, IsEmpty());
    }
  }
}

TEST_F(Inputs, UnknownContainerIsRefusedByName) {
  WriteFile(directory_ / "good", MakeBlob({"good"}));
  WriteFile(directory_ / "odd", "PK\x03\x04 what is this?");
  const Outcome outcome = Lines({directory_ / "odd", directory_ / "good"});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_EQ(outcome.out, "good\n") << "the other input must come out";
  EXPECT_THAT(outcome.err, HasSubstr(directory_ / "odd"));
  EXPECT_THAT(outcome.err, Not(HasSubstr(directory_ / "good")));
}

TEST_F(Inputs, RefusalsSayWhatToDo) {
  const auto refusal = [this](std::string_view content) {
    WriteFile(directory_ / "odd", content);
    const Outcome outcome = Lines({directory_ / "odd"});
    EXPECT_EQ(outcome.status, 3);
    return outcome.err;
  };
  EXPECT_THAT(refusal("{\"a\":[]}"), HasSubstr("looks like JSON"));
  EXPECT_THAT(refusal("BZh91AY..."), HasSubstr("decompress it first"));
  EXPECT_THAT(refusal("?" + MakeDamagedBlob()), HasSubstr("offset 1; name"));
  EXPECT_THAT(refusal("?"), Not(HasSubstr("JSON")));
}

TEST_F(Inputs, WhatCannotBeOpenedOfAPatternCostsNothingElse) {
  std::filesystem::create_directory(directory_ / "d");
  WriteFile(directory_ / "d/1", MakeBlob({"one"}));
  std::filesystem::create_symlink("nowhere", directory_ / "d/2");
  WriteFile(directory_ / "d/3", MakeBlob({"three"}));
  const Outcome outcome = Lines({directory_ / "d/*"});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_EQ(outcome.out, "one\nthree\n");
  EXPECT_THAT(outcome.err, HasSubstr(directory_ / "d/2"));
}

TEST_F(Inputs, LinksInADirectoryRepeatNoRecords) {
  std::filesystem::create_directory(directory_ / "d");
  WriteFile(directory_ / "d/a.bin", MakeBlob({"one"}));
  std::filesystem::create_symlink("a.bin", directory_ / "d/latest.bin");
  const Outcome outcome =
      RunProgram({"deaggregate", "--format", "lines", "--summary", "json", "-o",
                  directory_ / "out", directory_ / "d"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("\"inputs_left_out\":1,"));
  EXPECT_THAT(outcome.out, HasSubstr("\"user_records\":1,"));
}

TEST_F(Inputs, AnIncludeThatMatchesNothingIsTold) {
  std::filesystem::create_directory(directory_ / "d");
  WriteFile(directory_ / "d/a.bin", MakeBlob({"one"}));
  WriteFile(directory_ / "d/b.bin", MakeBlob({"two"}));
  const auto run = [this](const char* command, const char* glob) {
    return RunProgram({command, "--include", glob, directory_ / "d"});
  };
  for (const char* command : {"deaggregate", "verify", "stats", "inspect"}) {
    const Outcome outcome = run(command, "*.json");
    EXPECT_EQ(outcome.status, 0) << command;
    EXPECT_THAT(outcome.err, HasSubstr("no input is read: --include and "
                                       "--exclude leave out 2 of the 2 that "
                                       "were found"));
    EXPECT_THAT(run(command, "a.*").err, Not(HasSubstr("no input is read")));
  }
  EXPECT_THAT(run("deaggregate", "*.json").err,
              HasSubstr("everything found is left out"));
}

TEST_F(Inputs, ADirectoryOfNothingButLinksIsTold) {
  std::filesystem::create_directory(directory_ / "d");
  WriteFile(directory_ / "a.bin", MakeBlob({"one"}));
  std::filesystem::create_symlink("../a.bin", directory_ / "d/a.bin");
  EXPECT_THAT(Lines({directory_ / "d"}).err, HasSubstr("no input is read"));
  EXPECT_EQ(Lines({directory_ / "d/*"}).out, "one\n");
}

TEST_F(Inputs, WordsThatCannotBeMeant) {
  const Outcome twice = Lines({"-", "-"});
  EXPECT_EQ(twice.status, 2);
  EXPECT_THAT(twice.err, HasSubstr("standard input is named twice"));
  const Outcome nameless = Lines({""});
  EXPECT_EQ(nameless.status, 2);
  EXPECT_THAT(nameless.err, HasSubstr("an input has no name"));
}

TEST_F(Inputs, NamesReachNoTerminalAsCommands) {
  const std::string name = directory_ / "\x1b[31mred";
  WriteFile(name, "?");
  EXPECT_THAT(Lines({name}).err, HasSubstr("\\x1b[31mred"));
  WriteFile(name, MakeDamagedBlob());
  EXPECT_THAT(RunProgram({"verify", name}).out, HasSubstr("\\x1b[31mred"));
  EXPECT_THAT(RunProgram({"inspect", name}).out, HasSubstr("\\x1b[31mred"));
}

TEST_F(Inputs, TruncatedLengthsNameTheOffset) {
  std::string archive = U32Le({MakeBlob({"whole"}), MakeBlob({"cut"})});
  archive.resize(archive.size() - 5);
  const size_t cut_at = U32Le({MakeBlob({"whole"})}).size();
  WriteFile(directory_ / "cut", archive);
  const Outcome outcome = Lines({directory_ / "cut", "--container", "u32le"});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_EQ(outcome.out, "whole\n");
  EXPECT_THAT(outcome.err, HasSubstr(directory_ / "cut"));
  EXPECT_THAT(outcome.err, HasSubstr("offset " + std::to_string(cut_at)));
}

TEST_F(Inputs, EveryContainer) {
  for (const char* container :
       {"blobs", "u32le", "u32be", "varint", "base64-lines"}) {
    const std::string archive = directory_ / container;
    ASSERT_EQ(RunProgram({"generate", "-o", archive, "--records", "500",
                          "--container", container})
                  .status,
              0);
    const Outcome outcome = RunProgram(
        {"verify", archive, "--container", container, "--summary", "json"});
    EXPECT_EQ(outcome.status, 0) << container << outcome.err;
    EXPECT_EQ(ParseJson(outcome.out)["user_records"], 500) << container;
  }
}

TEST_F(Inputs, EachFileIsARecordIfThatIsNamed) {
  std::filesystem::create_directory(directory_ / "d");
  WriteFile(directory_ / "d/1", MakeBlob({"one", "two"}));
  WriteFile(directory_ / "d/2", "{\"plain\":\n1}");
  WriteFile(directory_ / "d/3", MakeBlob({"three"}));
  const Outcome outcome = Lines({directory_ / "d", "--container", "record"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "one\ntwo\n{\"plain\":\n1}\nthree\n");
  const Outcome written =
      RunProgram({"generate", "-o", directory_ / "out", "--records", "1",
                  "--container", "record"});
  EXPECT_NE(written.status, 0) << "a file of many records is none";
}

// The result does not depend on how an archive is read.
TEST_F(Inputs, WrappedLinesAndLineEndsInPipesAndFiles) {
  std::string lines;
  std::string blobs;
  for (int i = 0; i < 3000; ++i) {
    const std::string blob =
        MakeBlob({std::string(static_cast<size_t>(i) % 300, 'x')});
    const std::string text = Base64Text(AsBytes(blob));
    for (size_t at = 0; at < text.size(); at += 76) {
      lines += text.substr(at, 76) + "\n";
    }
    blobs += blob + "\r\n";
  }
  std::string expected;
  for (const std::string& archive : {lines, blobs}) {
    WriteFile(directory_ / "archive", archive);
    for (const char* option : {"--jobs=1", "--jobs=3", "--no-mmap"}) {
      const Outcome file = Lines({directory_ / "archive", option});
      EXPECT_EQ(file.status, 0) << file.err;
      if (expected.empty()) expected = file.out;
      EXPECT_EQ(file.out, expected);
    }
    const Outcome pipe =
        Lines({"-"}, {.pipe = archive, .stdout_path = {}, .directory = {}});
    EXPECT_EQ(pipe.status, 0) << pipe.err;
    EXPECT_EQ(pipe.out, expected);
  }
}

TEST_F(Inputs, GzipIsRecognizedByContent) {
  WriteFile(directory_ / "day", MakeBlob({"zipped", "data"}));
  ASSERT_EQ(std::system(("gzip -n " + directory_ / "day").c_str()), 0);
  std::filesystem::rename(directory_ / "day.gz", directory_ / "day.bin");
  const Outcome outcome = Lines({directory_ / "day.bin"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "zipped\ndata\n");
}

TEST_F(Inputs, BrokenGzipIsAnError) {
  WriteFile(directory_ / "day", LargeArchive());
  ASSERT_EQ(std::system(("gzip -1n " + directory_ / "day").c_str()), 0);
  std::string packed = ReadFile(directory_ / "day.gz");
  packed.resize(packed.size() / 2);
  WriteFile(directory_ / "day.gz", packed);
  const Outcome outcome = Lines({directory_ / "day.gz"});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_THAT(outcome.err, HasSubstr(directory_ / "day.gz"));
  EXPECT_THAT(outcome.out, Not(IsEmpty())) << "what came before the error";
}

TEST_F(Inputs, HowFarACompressedFileExpandsIsLimited) {
  WriteFile(directory_ / "day", MakeBlob({"zipped", "data"}));
  ASSERT_EQ(std::system(("gzip -n " + directory_ / "day").c_str()), 0);
  const std::string file = directory_ / "day.gz";
  const Outcome outcome =
      RunProgram({"verify", file, "--max-expanded-bytes", "0.02kB"});
  EXPECT_EQ(outcome.status, 2) << "no fractions";
  const Outcome cut =
      RunProgram({"verify", file, "--max-expanded-bytes", "20B"});
  EXPECT_EQ(cut.status, 3);
  EXPECT_THAT(cut.err, HasSubstr(file + ": offset 20: expands to more than 20 "
                                        "bytes"));
  EXPECT_THAT(cut.err, HasSubstr("--max-expanded-bytes"));
  EXPECT_EQ(RunProgram({"verify", file, "--max-expansion", "1"}).status, 0);
  const Outcome none = RunProgram({"verify", file, "--max-expansion", "0"});
  EXPECT_NE(none.status, 0);
  EXPECT_THAT(none.err, HasSubstr("the limit of expansion is below 1"));
}

TEST_F(Inputs, JobsMappingAndPipesMakeNoDifference) {
  const std::string archive = LargeArchive();
  WriteFile(directory_ / "a", archive);
  const std::string file = directory_ / "a";
  const auto records = [&](std::vector<std::string> options,
                           const RunOptions& run = {}) {
    options.insert(options.begin(), {"deaggregate", "--quiet"});
    const Outcome outcome = RunProgram(options, run);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return std::hash<std::string>()(outcome.out);
  };
  const size_t expected = records({file, "--jobs", "1"});
  EXPECT_EQ(records({file, "--jobs", "2"}), expected);
  EXPECT_EQ(records({file, "--jobs", "8"}), expected);
  EXPECT_EQ(records({file, "--no-mmap"}), expected);
  EXPECT_EQ(
      records({"-"}, {.pipe = archive, .stdout_path = {}, .directory = {}}),
      expected);
  EXPECT_NE(records({file, "--data-encoding", "text"}), expected);
}

}  // namespace
}  // namespace thresh
