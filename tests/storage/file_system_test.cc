// A storage scheme as a program adds one: files in memory, listed, read and
// written by the engine as those of this machine are.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "blob_maker.h"
#include "input/testing.h"
#include "oracle/compress.h"
#include "thresh/batch_reader.h"
#include "thresh/deaggregate.h"
#include "thresh/file_system.h"
#include "thresh/sinks.h"

namespace thresh {
namespace {

using input_testing::TempDir;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct MemoryFiles {
  std::mutex mutex;
  std::map<std::string, std::string> contents;
  std::map<std::string, int> versions;
  // Reads at this offset or after it fail.
  uint64_t broken_from = UINT64_MAX;

  void Put(const std::string& path, std::string content) {
    const std::scoped_lock lock(mutex);
    contents[path] = std::move(content);
    ++versions[path];
  }
};

Error NotThere() {
  return {.code = ErrorCode::kIo,
          .file = {},
          .offset = {},
          .message = "not there",
          .remedy = {}};
}

class MemoryFile final : public StoredFile {
 public:
  MemoryFile(MemoryFiles* files, std::string content)
      : files_(files), content_(std::move(content)) {}
  [[nodiscard]] uint64_t size() const override { return content_.size(); }
  [[nodiscard]] Result<size_t> ReadAt(uint64_t offset,
                                      std::span<uint8_t> out) override {
    if (offset >= files_->broken_from) return tl::unexpected(NotThere());
    // A few at a time.
    const std::string piece =
        content_.substr(offset, std::min<size_t>(out.size(), 1000));
    std::ranges::copy(piece, out.begin());
    return piece.size();
  }

 private:
  MemoryFiles* files_;
  std::string content_;
};

class MemoryOutput final : public ByteOutput {
 public:
  MemoryOutput(MemoryFiles* files, std::string path)
      : files_(files), path_(std::move(path)) {}
  using ByteOutput::Write;
  [[nodiscard]] Result<void> Write(const OutputBuffer& pieces) override {
    pieces.ForEachPiece([this](Bytes piece) { content_ += AsText(piece); });
    return {};
  }
  [[nodiscard]] Result<void> Complete() override { return {}; }
  [[nodiscard]] Result<void> Commit() override {
    files_->Put(path_, content_);
    return {};
  }
  [[nodiscard]] Result<std::string> CommitIncomplete() override {
    const std::string path = path_ + std::string(kIncompleteSuffix);
    files_->Put(path, content_);
    return path;
  }

 private:
  MemoryFiles* files_;
  std::string path_;
  std::string content_;
};

class MemoryFileSystem final : public FileSystem {
 public:
  explicit MemoryFileSystem(MemoryFiles* files) : files_(files) {}

  [[nodiscard]] Result<FileInfo> Stat(const std::string& path) override {
    const std::scoped_lock lock(files_->mutex);
    const auto found = files_->contents.find(path);
    if (found != files_->contents.end()) return InfoOf(*found);
    const auto below = files_->contents.lower_bound(path + "/");
    if (below == files_->contents.end() ||
        !below->first.starts_with(path + "/")) {
      return tl::unexpected(NotThere());
    }
    return FileInfo{
        .path = path, .size = 0, .is_directory = true, .version = {}};
  }
  [[nodiscard]] Result<std::vector<FileInfo>> List(
      const std::string& path) override {
    const std::scoped_lock lock(files_->mutex);
    std::vector<FileInfo> infos;
    for (const auto& file : files_->contents) {
      if (file.first.starts_with(path + "/")) infos.push_back(InfoOf(file));
    }
    std::ranges::reverse(infos);  // any order
    return infos;
  }
  [[nodiscard]] Result<std::unique_ptr<StoredFile>> Open(
      const std::string& path) override {
    const std::scoped_lock lock(files_->mutex);
    const auto found = files_->contents.find(path);
    if (found == files_->contents.end()) return tl::unexpected(NotThere());
    return std::make_unique<MemoryFile>(files_, found->second);
  }
  [[nodiscard]] Result<std::unique_ptr<ByteOutput>> Create(
      const std::string& path, const OutputOptions& /*options*/) override {
    return std::make_unique<MemoryOutput>(files_, path);
  }

 private:
  [[nodiscard]] FileInfo InfoOf(
      const std::pair<const std::string, std::string>& file) const {
    return {.path = file.first,
            .size = file.second.size(),
            .is_directory = false,
            .version = std::to_string(files_->versions.at(file.first))};
  }

  MemoryFiles* files_;
};

// The scheme is the process's, so its files are as well; each test begins with
// none.
class StorageScheme : public testing::Test {
 protected:
  StorageScheme() : files_(TheFiles()) {
    files_->contents.clear();
    files_->broken_from = UINT64_MAX;
  }

  static std::string BlobOf(const std::string& data) {
    BlobMaker maker;
    maker.Add({"k", AsBytes(data)});
    return maker.Take();
  }

  // What the user records of `words` hold, one after the other.
  std::vector<std::string> Read(const std::vector<std::string>& words,
                                const Options& options = {}) {
    std::vector<std::string> data;
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
      errors_.push_back(error.ToString());
    }
    return data;
  }

  static MemoryFiles* TheFiles() {
    static auto* const files = [] {
      auto* made = new MemoryFiles;
      EXPECT_TRUE(
          RegisterFileSystem("mem", std::make_shared<MemoryFileSystem>(made)));
      return made;
    }();
    return files;
  }

  MemoryFiles* files_;
  std::vector<std::string> errors_;
};

TEST_F(StorageScheme, AFileOfAnyKindIsAnInput) {
  files_->Put("mem://b/plain", BlobOf("1"));
  files_->Put("mem://b/gzip", oracle::Gzip(BlobOf("2")));
  files_->Put("mem://b/zip",
              oracle::Zip({{.content = BlobOf("3"), .name = "x"},
                           {.content = BlobOf("4"), .name = "y"}}));
  EXPECT_THAT(Read({"mem://b/plain", "mem://b/gzip", "mem://b/zip"}),
              ElementsAre("1", "2", "3", "4"));
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(StorageScheme, APrefixIsItsFilesInOrder) {
  files_->Put("mem://b/day/2", BlobOf("2"));
  files_->Put("mem://b/day/10/a", BlobOf("1"));
  files_->Put("mem://b/day/_SUCCESS", "");
  files_->Put("mem://b/day/3.tmp", "no records");
  files_->Put("mem://b/days", BlobOf("another"));
  Options options;
  options.exclude = {"*.tmp"};
  EXPECT_THAT(Read({"mem://b/day"}, options), ElementsAre("1", "2"));
  const InputList inputs = ExpandInputs({"mem://b/day"}, options).value();
  EXPECT_EQ(inputs.left_out().not_data, 1U);
  EXPECT_EQ(inputs.left_out().excluded, 1U);
}

TEST_F(StorageScheme, WhatIsNotThereIsAnErrorThatNamesIt) {
  const auto inputs = ExpandInputs({"mem://b/none"});
  ASSERT_FALSE(inputs);
  EXPECT_EQ(inputs.error().file, "mem://b/none");
  EXPECT_THAT(inputs.error().message, HasSubstr("not there"));
}

TEST_F(StorageScheme, AnUnknownSchemeIsAnErrorThatNamesTheKnown) {
  const auto inputs = ExpandInputs({"nosuch://b/x"});
  ASSERT_FALSE(inputs);
  EXPECT_THAT(inputs.error().ToString(), HasSubstr("nosuch://"));
  EXPECT_THAT(inputs.error().remedy, HasSubstr("mem"));
  EXPECT_FALSE(OpenOutput("nosuch://b/x"));
}

TEST_F(StorageScheme, AReadThatFailsEndsTheInputWithItsPlace) {
  std::string archive;
  for (int i = 0; i < 1000; ++i) archive += BlobOf(std::to_string(i));
  files_->Put("mem://b/long", archive);
  files_->Put("mem://b/next", BlobOf("next"));
  files_->broken_from = 20'000;
  const auto data = Read({"mem://b/long", "mem://b/next"});
  EXPECT_EQ(data.front(), "0");
  EXPECT_EQ(data.back(), "next");
  ASSERT_EQ(errors_.size(), 1U);
  EXPECT_THAT(errors_[0], HasSubstr("mem://b/long: offset 20000: not there"));
}

TEST_F(StorageScheme, AnOutputAppearsWhenItIsComplete) {
  files_->Put("mem://b/in", BlobOf("datum"));
  Options options;
  options.on_suspect = SuspectPolicy::kSkip;
  const auto sink = OpenSink("mem://b/out", OutputFormat::kLines).value();
  options.progress = [this](const Progress& /*progress*/) {
    EXPECT_FALSE(files_->contents.contains("mem://b/out"));
  };
  ASSERT_TRUE(Deaggregate({"mem://b/in"}, options, sink.get()));
  EXPECT_EQ(files_->contents["mem://b/out"], "datum\n");
}

TEST_F(StorageScheme, AnInputThatIsReplacedMakesTheResultIncomplete) {
  files_->Put("mem://b/in", BlobOf("datum"));
  Options options;
  options.on_suspect = SuspectPolicy::kSkip;
  options.progress = [this](const Progress& /*progress*/) {
    files_->Put("mem://b/in", BlobOf("other"));
  };
  const auto sink = OpenSink("mem://b/out", OutputFormat::kLines).value();
  const Report report =
      Deaggregate({"mem://b/in"}, options, sink.get()).value();
  ASSERT_EQ(report.input_errors.size(), 1U);
  EXPECT_THAT(report.input_errors[0].ToString(),
              HasSubstr("mem://b/in: was written to"));
  EXPECT_EQ(report.incomplete_file, "mem://b/out.incomplete");
  EXPECT_FALSE(files_->contents.contains("mem://b/out"));
}

TEST_F(StorageScheme, APathThatExistsHereIsAFileOfThisMachine) {
  const TempDir dir;
  std::filesystem::create_directories(dir / "mem:");
  const std::string path = dir.Write("mem:/x", BlobOf("here"));
  const std::string before = std::filesystem::current_path();
  std::filesystem::current_path(std::filesystem::path(dir / ""));
  EXPECT_THAT(Read({"mem://x"}), ElementsAre("here"));
  std::filesystem::current_path(before);
}

TEST_F(StorageScheme, OnlyOneIsRegisteredByAName) {
  const auto files = std::make_shared<MemoryFileSystem>(files_);
  EXPECT_THAT(RegisterFileSystem("mem", files).error().message,
              HasSubstr("registered already"));
  for (const char* scheme : {"", "3s", "S3", "s_3", "s3:"}) {
    EXPECT_FALSE(RegisterFileSystem(scheme, files)) << scheme;
  }
  EXPECT_FALSE(RegisterFileSystem("nothing", nullptr));
}

}  // namespace
}  // namespace thresh
