// Inputs of a registered scheme: read by the engine as those of this machine
// are, and reported when their storage fails.
#include "thresh/file_system.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "blob_maker.h"
#include "input/testing.h"
#include "oracle/archives.h"
#include "oracle/compress.h"
#include "storage/memory_file_system.h"
#include "thresh/archive_writer.h"
#include "thresh/batch_reader.h"
#include "thresh/deaggregate.h"
#include "thresh/line_reader.h"
#include "thresh/sinks.h"

namespace thresh {
namespace {

using input_testing::TempDir;
using storage_testing::MemoryFileSystem;
using storage_testing::MemoryTest;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string StoredBlob(const std::string& data) {
  BlobMaker maker;
  maker.Add({"k", AsBytes(data)});
  return maker.Take();
}

std::vector<std::string> Numbers(int count) {
  std::vector<std::string> numbers;
  for (int i = 0; i < count; ++i) numbers.push_back(std::to_string(i));
  return numbers;
}

// Blobs of one user record each: Numbers(count).
std::string BlobsOfNumbers(int count) {
  std::string blobs;
  for (const std::string& number : Numbers(count)) blobs += StoredBlob(number);
  return blobs;
}

class FileSystemTest : public MemoryTest {
 protected:
  // The data of the user records of `words`; sets errors_.
  std::vector<std::string> Read(const std::vector<std::string>& words,
                                const Options& options = {}) {
    std::vector<std::string> data;
    errors_.clear();
    const Result<InputList> inputs = ExpandInputs(words, options);
    EXPECT_TRUE(inputs) << inputs.error().ToString();
    if (!inputs) return data;
    BatchReader reader = BatchReader::Open(*inputs, options).value();
    while (const auto batch = reader.Next().value()) {
      ForEachUserRecord(*batch,
                        [&](const KinesisRecord&, const UserRecord& user) {
                          data.emplace_back(AsText(user.data));
                        });
    }
    for (const Error& error : reader.report().input_errors) {
      EXPECT_EQ(error.code, ErrorCode::kIo);
      errors_.push_back(error.ToString());
    }
    return data;
  }

  // The data of the user records of `path`, then the errors of all kinds.
  static std::vector<std::string> ReadToReport(const std::string& path) {
    std::vector<std::string> result;
    BatchReader reader =
        BatchReader::Open(std::vector<std::string>{path}).value();
    while (const auto batch = reader.Next().value()) {
      ForEachUserRecord(*batch,
                        [&](const KinesisRecord&, const UserRecord& user) {
                          result.emplace_back(AsText(user.data));
                        });
    }
    for (const Error& error : reader.report().input_errors) {
      result.push_back(error.ToString());
    }
    return result;
  }

  // What ExpandInputs reports of `word`.
  static Error ExpansionError(const std::string& word) {
    const auto inputs = ExpandInputs({word});
    EXPECT_FALSE(inputs);
    if (inputs) return {};
    EXPECT_EQ(inputs.error().code, ErrorCode::kIo);
    EXPECT_EQ(inputs.error().file, word);
    return inputs.error();
  }

  std::vector<std::string> errors_;
};

TEST_F(FileSystemTest, AFileOfAnyKindIsAnInput) {
  files_->Put("mem://b/empty", "");
  files_->Put("mem://b/plain", StoredBlob("1"));
  files_->Put("mem://b/gzip", oracle::Gzip(StoredBlob("2")));
  files_->Put("mem://b/zstd", oracle::Zstd(StoredBlob("3")));
  files_->Put("mem://b/zip",
              oracle::Zip({{.content = StoredBlob("4"), .name = "x"},
                           {.content = StoredBlob("5"), .name = "y"}}));
  files_->Put("mem://b/tar",
              oracle::Tar({{.content = StoredBlob("6"), .name = "x"},
                           {.content = StoredBlob("7"), .name = "y"}}));
  files_->Put("mem://b/tgz",
              oracle::Gzip(oracle::Tar({{.content = StoredBlob("8")}})));
  EXPECT_THAT(
      Read({"mem://b/empty", "mem://b/plain", "mem://b/gzip", "mem://b/zstd",
            "mem://b/zip", "mem://b/tar", "mem://b/tgz"}),
      ElementsAre("1", "2", "3", "4", "5", "6", "7", "8"));
  EXPECT_THAT(errors_, IsEmpty());
}

// Written by the library's writer, recognized by its bytes.
TEST_F(FileSystemTest, AnyContainerIsWrittenAndRecognized) {
  const std::string blob = StoredBlob("datum");
  int written = 0;
  for (const ContainerKind kind : ContainerKinds()) {
    if (kind == ContainerKind::kRecord) continue;  // which has no writer
    const std::string path = "mem://b/" + std::string(ContainerKindName(kind));
    auto archive = ArchiveWriter::Open(path, {.container = kind});
    if (!archive) {
      EXPECT_EQ(archive.error().code, ErrorCode::kInvalidArgument);
      continue;
    }
    ASSERT_TRUE(archive->Add({.bytes = AsBytes(blob), .partition_key = "k"}));
    EXPECT_FALSE(files_->Has(path));
    ASSERT_TRUE(archive->Finish());
    EXPECT_THAT(Read({path}), ElementsAre("datum")) << path;
    EXPECT_THAT(errors_, IsEmpty()) << path;
    ++written;
  }
  EXPECT_EQ(written, 6);
}

TEST_F(FileSystemTest, ShortReadsChangeNothing) {
  const std::string blobs = BlobsOfNumbers(3000);
  files_->Put("mem://b/plain", blobs);
  files_->Put("mem://b/gzip", oracle::Gzip(blobs));
  files_->Put("mem://b/zip", oracle::Zip({{.content = blobs}}));
  files_->Put("mem://b/tar", oracle::Tar({{.content = blobs}}));
  for (const size_t longest : {size_t{1}, size_t{7}, size_t{4096}}) {
    files_->faults.longest_read = longest;
    for (const char* name : {"plain", "gzip", "zip", "tar"}) {
      EXPECT_EQ(Read({"mem://b/" + std::string(name)}), Numbers(3000))
          << name << " by " << longest;
      EXPECT_THAT(errors_, IsEmpty());
    }
  }
}

TEST_F(FileSystemTest, APrefixIsItsFilesInOrder) {
  files_->Put("mem://b/day/2", StoredBlob("2"));
  files_->Put("mem://b/day/10/a", StoredBlob("1"));
  files_->Put("mem://b/day/_SUCCESS", "");
  files_->Put("mem://b/day/3.tmp", "no records");
  files_->Put("mem://b/days", StoredBlob("another"));
  Options options;
  options.exclude = {"*.tmp"};
  EXPECT_THAT(Read({"mem://b/day"}, options), ElementsAre("1", "2"));
  EXPECT_THAT(Read({"mem://b/day/"}, options), ElementsAre("1", "2"));
  const InputList inputs = ExpandInputs({"mem://b/day"}, options).value();
  EXPECT_EQ(inputs.left_out().not_data, 1U);
  EXPECT_EQ(inputs.left_out().excluded, 1U);
  // By the path below the prefix, not the whole one.
  options.exclude = {};
  options.include = {"10/*"};
  EXPECT_THAT(Read({"mem://b/day"}, options), ElementsAre("1"));
  options.include = {"b/day/*"};
  EXPECT_THAT(Read({"mem://b/day"}, options), IsEmpty());
}

TEST_F(FileSystemTest, MembersOfAStoredArchiveAreFiltered) {
  files_->Put("mem://b/zip",
              oracle::Zip({{.content = StoredBlob("1"), .name = "a/x"},
                           {.content = StoredBlob("2"), .name = "c/x"}}));
  Options options;
  options.include = {"c/*"};
  EXPECT_THAT(Read({"mem://b/zip"}, options), ElementsAre("2"));
}

// How libarchive goes on after damage depends on how much it sees at a time.
TEST_F(FileSystemTest, ShortReadsChangeNothingOfWhatDamageLeaves) {
  std::vector<oracle::TarEntry> members;
  for (int i = 0; i < 40; ++i) {
    members.push_back({.content = StoredBlob(std::to_string(i)),
                       .name = "member" + std::to_string(i)});
  }
  std::string tar = oracle::Tar(members);
  tar.replace(10 * 1024, 512, 512, 'x');  // the header of a member
  files_->Put("mem://b/tar", tar);
  std::vector<oracle::ZipEntry> entries;
  for (const oracle::TarEntry& member : members) {
    entries.push_back({.content = member.content, .name = member.name});
  }
  std::string zip = oracle::Zip(entries);
  zip.replace(zip.size() / 3, 200, 200, 'x');
  files_->Put("mem://b/zip", zip);
  for (const char* path : {"mem://b/tar", "mem://b/zip"}) {
    files_->faults = {};
    const auto whole = ReadToReport(path);
    EXPECT_GT(whole.size(), 10U);
    for (const size_t longest : {size_t{1}, size_t{100}, size_t{5000}}) {
      files_->faults.longest_read = longest;
      EXPECT_EQ(ReadToReport(path), whole) << path << " by " << longest;
    }
  }
}

// A storage may charge for each call, and takes its time.
TEST_F(FileSystemTest, AnInputIsExaminedBeforeAndAfterItIsRead) {
  std::vector<std::string> names;
  for (int i = 0; i < 10; ++i) {
    names.push_back("mem://b/" + std::to_string(i));
    files_->Put(names.back(), StoredBlob(std::to_string(i)));
  }
  Options options;
  options.jobs = 4;
  options.progress_total = false;
  BatchReader reader = BatchReader::Open(names, options).value();
  while (reader.Next().value() != nullptr) {
  }
  EXPECT_EQ(files_->stats, 20);
}

TEST_F(FileSystemTest, ManyFilesAreReadInOrderByManyThreads) {
  std::vector<std::string> names;
  for (int i = 0; i < 300; ++i) {
    names.push_back("mem://b/" + std::to_string(i));
    files_->Put(names.back(), StoredBlob(std::to_string(i)));
  }
  files_->faults.longest_read = 10;
  Options options;
  options.jobs = 4;
  EXPECT_EQ(Read(names, options), Numbers(300));
}

TEST_F(FileSystemTest, LinesAreReadFromThere) {
  files_->Put("mem://b/lines", oracle::Gzip("one\ntwo\n"));
  LineReader reader =
      LineReader::Open(std::vector<std::string>{"mem://b/lines"}).value();
  EXPECT_EQ(AsText(reader.Next().value().bytes), "one\ntwo\n");
}

TEST_F(FileSystemTest, TheirSizesAreInTheTotal) {
  files_->Put("mem://b/in", StoredBlob("1"));
  const TempDir dir;
  const std::string local = dir.Write("in", StoredBlob("2"));
  Options options;
  options.on_suspect = SuspectPolicy::kSkip;
  uint64_t total = 0;
  options.progress = [&total](const Progress& progress) {
    total = progress.stored_bytes_total;
  };
  const auto sink = OpenSink("-", OutputFormat::kNull).value();
  ASSERT_TRUE(Deaggregate({"mem://b/in", local}, options, sink.get()));
  EXPECT_EQ(total, StoredBlob("1").size() + StoredBlob("2").size());
}

TEST_F(FileSystemTest, WhatIsNotThereIsAnErrorThatNamesIt) {
  EXPECT_THAT(ExpansionError("mem://b/none").message, HasSubstr("no file"));
  EXPECT_FALSE(ExpansionError("mem://b/none").remedy.empty());
  files_->Put("mem://b/x", "");
  EXPECT_THAT(ExpansionError("mem://b/?").remedy, HasSubstr("pattern"));
  BatchReader reader =
      BatchReader::Open(std::vector<std::string>{"mem://b/none"}).value();
  EXPECT_EQ(reader.Next().value(), nullptr);
  ASSERT_EQ(reader.report().input_errors.size(), 1U);
  EXPECT_EQ(reader.report().input_errors[0].ToString(),
            "mem://b/none: not there");
}

TEST_F(FileSystemTest, AnUnknownSchemeIsAnErrorThatNamesIt) {
  for (const std::string path : {"nosuch://b/x", "MEM://b/x", "s3://b/*"}) {
    const Error error = ExpansionError(path);
    EXPECT_THAT(error.message, HasSubstr(path.substr(0, path.find("b/"))));
    EXPECT_THAT(error.remedy, HasSubstr("mem"));
    EXPECT_THAT(error.remedy, HasSubstr("./" + path.substr(0, 3)));
  }
  BatchReader reader =
      BatchReader::Open(std::vector<std::string>{"nosuch://b/x"}).value();
  EXPECT_EQ(reader.Next().value(), nullptr);
  ASSERT_EQ(reader.report().input_errors.size(), 1U);
  EXPECT_THAT(reader.report().input_errors[0].ToString(),
              HasSubstr("nosuch://b/x: no storage"));
}

TEST_F(FileSystemTest, FaultsOfExpansionNameTheWord) {
  files_->Put("mem://b/day/1", StoredBlob("1"));
  files_->faults.list = true;
  EXPECT_EQ(ExpansionError("mem://b/day").message, "the list broke off");
  files_->faults = {};
  files_->faults.stat = true;
  EXPECT_EQ(ExpansionError("mem://b/day").message, "no answer");
}

TEST_F(FileSystemTest, AFileThatCannotBeOpenedIsAnError) {
  files_->Put("mem://b/1", StoredBlob("1"));
  files_->faults.open = true;
  EXPECT_THAT(Read({"mem://b/1"}), IsEmpty());
  EXPECT_THAT(errors_, ElementsAre("mem://b/1: access denied"));
}

TEST_F(FileSystemTest, AReadThatFailsEndsTheInputAtItsOffset) {
  files_->Put("mem://b/long", BlobsOfNumbers(1000));
  files_->Put("mem://b/next", StoredBlob("next"));
  files_->faults.broken_from = 20'000;
  const auto data = Read({"mem://b/long", "mem://b/next"});
  EXPECT_EQ(data.front(), "0");
  EXPECT_EQ(data.back(), "next");
  EXPECT_THAT(errors_,
              ElementsAre("mem://b/long: offset 20000: the line broke"));
}

TEST_F(FileSystemTest, AReadThatFailsInAnArchiveEndsIt) {
  std::vector<oracle::TarEntry> members;
  for (int i = 0; i < 20; ++i) {
    members.push_back(
        {.content = BlobsOfNumbers(100), .name = std::to_string(i)});
  }
  files_->Put("mem://b/tar", oracle::Tar(members));
  files_->Put("mem://b/next", StoredBlob("next"));
  files_->faults.broken_from = 20'000;
  const auto data = Read({"mem://b/tar", "mem://b/next"});
  EXPECT_EQ(data.front(), "0");
  EXPECT_EQ(data.back(), "next");
  ASSERT_FALSE(errors_.empty());
  EXPECT_THAT(errors_, Each(HasSubstr("mem://b/tar")));
  EXPECT_THAT(errors_, Each(HasSubstr("offset 20000: the line broke")));
}

TEST_F(FileSystemTest, AFileThatShrinksIsAnError) {
  files_->Put("mem://b/long", BlobsOfNumbers(1000));
  files_->faults.ends_at = 20'000;
  EXPECT_EQ(Read({"mem://b/long"}).front(), "0");
  ASSERT_EQ(errors_.size(), 1U);
  EXPECT_THAT(errors_[0], HasSubstr("mem://b/long: offset 20000: file shrank"));
}

TEST_F(FileSystemTest, AFileThatIsReplacedBetweenReadsIsAnError) {
  files_->Put("mem://b/long", BlobsOfNumbers(40'000));
  files_->faults.longest_read = 100'000;
  Options options;
  options.jobs = 1;
  options.on_suspect = SuspectPolicy::kSkip;
  options.progress = [this](const Progress& /*progress*/) {
    files_->Put("mem://b/long", BlobsOfNumbers(39'999));
  };
  const auto sink = OpenSink("mem://b/out", OutputFormat::kLines).value();
  const Report report =
      Deaggregate({"mem://b/long"}, options, sink.get()).value();
  ASSERT_EQ(report.input_errors.size(), 1U);
  const Error& error = report.input_errors[0];
  EXPECT_EQ(error.file, "mem://b/long");
  EXPECT_GT(error.offset.value_or(0), 0U);
  EXPECT_EQ(error.message, "the object was replaced");
  EXPECT_EQ(report.incomplete_file, "mem://b/out.incomplete");
}

// As all of it had been read by then, only its version shows it.
TEST_F(FileSystemTest, AFileThatIsReplacedAfterItWasReadIsAnError) {
  files_->Put("mem://b/in", StoredBlob("datum"));
  Options options;
  options.on_suspect = SuspectPolicy::kSkip;
  options.progress = [this](const Progress& /*progress*/) {
    files_->Put("mem://b/in", StoredBlob("other"));
  };
  const auto sink = OpenSink("mem://b/out", OutputFormat::kLines).value();
  const Report report =
      Deaggregate({"mem://b/in"}, options, sink.get()).value();
  ASSERT_EQ(report.input_errors.size(), 1U);
  EXPECT_THAT(report.input_errors[0].ToString(),
              HasSubstr("mem://b/in: was written to"));
  EXPECT_EQ(report.incomplete_file, "mem://b/out.incomplete");
  EXPECT_FALSE(files_->Has("mem://b/out"));
}

TEST_F(FileSystemTest, AStorageThatReadsTooMuchIsNotBelieved) {
  files_->Put("mem://b/in", StoredBlob("datum"));
  files_->faults.reads_too_much = true;
  EXPECT_THAT(Read({"mem://b/in"}), IsEmpty());
  ASSERT_EQ(errors_.size(), 1U);
  EXPECT_THAT(errors_[0], HasSubstr("more bytes than requested"));
}

// Runs in a directory of its own.
TEST_F(FileSystemTest, WhetherAPathIsLocalDependsOnItsSchemeFirst) {
  const TempDir dir;
  dir.Write("mem:/x", StoredBlob("here"));
  dir.Write("other:/x", StoredBlob("here too"));
  files_->Put("mem://x", StoredBlob("there"));
  const std::string before = std::filesystem::current_path();
  std::filesystem::current_path(std::filesystem::path(dir / ""));
  EXPECT_THAT(Read({"mem://x", "./mem://x", "other://x", "other://?"}),
              ElementsAre("there", "here", "here too", "here too"));
  const auto output = OpenOutput("other://out", {.sync = false}).value();
  EXPECT_TRUE(output->Commit());
  EXPECT_TRUE(std::filesystem::exists("other:/out"));
  std::filesystem::current_path(before);
  EXPECT_EQ(FileSystemOf(dir / "a://b").value(), nullptr);
  EXPECT_EQ(FileSystemOf("-").value(), nullptr);
  EXPECT_EQ(FileSystemOf("://b").value(), nullptr);
  EXPECT_NE(FileSystemOf("mem://").value(), nullptr);
}

TEST_F(FileSystemTest, OnlyOneIsRegisteredByAName) {
  const auto files = std::make_shared<MemoryFileSystem>(files_);
  EXPECT_THAT(RegisterFileSystem("mem", files).error().message,
              HasSubstr("registered already"));
  for (const char* scheme : {"", "3s", "S3", "s_3", "s3:", "s/3"}) {
    EXPECT_FALSE(RegisterFileSystem(scheme, files)) << scheme;
  }
  EXPECT_FALSE(RegisterFileSystem("nothing", nullptr));
  EXPECT_FALSE(FileSystemOf("nothing://"));
}

}  // namespace
}  // namespace thresh
