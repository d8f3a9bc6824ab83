// A storage scheme as a program adds one: "mem://...", files in memory. Its
// calls can be made to return less than requested, and to fail.
#ifndef THRESH_TESTS_STORAGE_MEMORY_FILE_SYSTEM_H_
#define THRESH_TESTS_STORAGE_MEMORY_FILE_SYSTEM_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "thresh/file_system.h"

namespace thresh::storage_testing {

// What goes wrong. The functions that are named fail.
struct MemoryFaults {
  size_t longest_read = SIZE_MAX;     // bytes that a read returns
  uint64_t broken_from = UINT64_MAX;  // reads at this offset or after it
  uint64_t ends_at = UINT64_MAX;      // where reads find the end of any file
  bool reads_too_much = false;        // reads report a byte more than there is
  bool stat = false;
  bool list = false;
  bool open = false;
  bool create = false;
  bool write = false;
  bool complete = false;
  bool remove = false;
  std::string commit_of = {};  // an output of this path
};

// The files, and the faults of the calls for them.
class MemoryFiles {
 public:
  void Put(const std::string& path, std::string content) {
    const std::scoped_lock lock(mutex_);
    files_[path] = {std::move(content), ++versions_};
    events_.push_back("put " + path);
  }
  bool Remove(const std::string& path) {
    const std::scoped_lock lock(mutex_);
    if (files_.erase(path) == 0) return false;
    events_.push_back("remove " + path);
    return true;
  }
  // Removes all files, and forgets faults and events.
  void Reset() {
    const std::scoped_lock lock(mutex_);
    files_.clear();
    events_.clear();
    faults = {};
    stats = 0;
  }

  [[nodiscard]] bool Has(const std::string& path) {
    const std::scoped_lock lock(mutex_);
    return files_.contains(path);
  }
  [[nodiscard]] std::string Get(const std::string& path) {
    const std::scoped_lock lock(mutex_);
    const auto found = files_.find(path);
    return found == files_.end() ? "(none)" : found->second.content;
  }
  // Reads `size` bytes of the file, which exists, at `offset`.
  void ReadAt(const std::string& path, uint64_t offset, size_t size,
              uint8_t* out) {
    const std::scoped_lock lock(mutex_);
    std::copy_n(files_.at(path).content.begin() + static_cast<int64_t>(offset),
                size, out);
  }
  // Since the last call: what was put and removed, in order.
  [[nodiscard]] std::vector<std::string> TakeEvents() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(events_, {});
  }

  // kNone if there is no file of this name or below it.
  [[nodiscard]] FileInfo Find(const std::string& path) {
    const std::string prefix = PrefixOf(path);
    const std::scoped_lock lock(mutex_);
    const auto found = files_.find(path);
    if (found != files_.end()) return InfoOf(*found);
    const auto below = files_.lower_bound(prefix);
    const bool is_prefix =
        below != files_.end() && below->first.starts_with(prefix);
    return {.path = path,
            .kind = is_prefix ? FileKind::kDirectory : FileKind::kNone};
  }
  // In descending order: callers must not depend on any.
  [[nodiscard]] std::vector<FileInfo> Below(const std::string& path) {
    const std::string prefix = PrefixOf(path);
    const std::scoped_lock lock(mutex_);
    std::vector<FileInfo> infos;
    for (const auto& file : files_) {
      if (file.first.starts_with(prefix)) infos.push_back(InfoOf(file));
    }
    std::ranges::reverse(infos);
    return infos;
  }

  // Calls of Stat.
  std::atomic<int> stats = 0;
  // Set while no other thread uses the files.
  MemoryFaults faults;

 private:
  struct File {
    std::string content;
    int version = 0;
  };

  static std::string PrefixOf(const std::string& path) {
    return path.ends_with('/') ? path : path + "/";
  }

  static FileInfo InfoOf(const std::pair<const std::string, File>& file) {
    return {.path = file.first,
            .kind = FileKind::kFile,
            .size = file.second.content.size(),
            .version = std::to_string(file.second.version)};
  }

  std::mutex mutex_;
  std::map<std::string, File> files_;
  std::vector<std::string> events_;
  int versions_ = 0;
};

// Its code and file are those that a careless author leaves.
inline tl::unexpected<Error> MemoryFault(std::string message) {
  Error error;
  error.code = ErrorCode::kContainer;
  error.message = std::move(message);
  return tl::unexpected(std::move(error));
}

class MemoryFile final : public StoredFile {
 public:
  MemoryFile(MemoryFiles* files, FileInfo info)
      : files_(files), info_(std::move(info)) {}

  [[nodiscard]] uint64_t size() const override { return info_.size; }

  [[nodiscard]] Result<size_t> ReadAt(uint64_t offset,
                                      std::span<uint8_t> out) override {
    const MemoryFaults& faults = files_->faults;
    EXPECT_LT(offset, info_.size);
    EXPECT_FALSE(out.empty());
    EXPECT_LE(out.size(), info_.size - offset);
    if (offset >= faults.broken_from) return MemoryFault("the line broke");
    if (offset >= faults.ends_at) return 0;
    if (files_->Find(info_.path).version != info_.version) {
      return MemoryFault("the object was replaced");
    }
    const uint64_t end = std::min(faults.broken_from, faults.ends_at);
    const size_t size = std::min(
        {out.size(), faults.longest_read, static_cast<size_t>(end - offset)});
    files_->ReadAt(info_.path, offset, size, out.data());
    return faults.reads_too_much ? out.size() + 1 : size;
  }

 private:
  MemoryFiles* files_;
  FileInfo info_;
};

class MemoryOutput final : public ByteOutput {
 public:
  MemoryOutput(MemoryFiles* files, std::string path)
      : files_(files), path_(std::move(path)) {}

  using ByteOutput::Write;
  [[nodiscard]] Result<void> Write(const OutputBuffer& pieces) override {
    EXPECT_FALSE(completed_);
    if (files_->faults.write) return MemoryFault("no room");
    pieces.ForEachPiece([this](Bytes piece) { content_ += AsText(piece); });
    return {};
  }
  [[nodiscard]] Result<void> Complete() override {
    EXPECT_FALSE(completed_) << "completed twice";
    completed_ = true;
    if (files_->faults.complete) return MemoryFault("a part is missing");
    return {};
  }
  [[nodiscard]] Result<void> Commit() override { return PutAs(path_); }
  [[nodiscard]] Result<std::string> CommitIncomplete() override {
    const std::string path = path_ + std::string(kIncompleteSuffix);
    return PutAs(path).map([&path] { return path; });
  }

 private:
  Result<void> PutAs(const std::string& path) {
    EXPECT_TRUE(completed_);
    if (files_->faults.commit_of == path_) return MemoryFault("not accepted");
    files_->Put(path, content_);
    return {};
  }

  MemoryFiles* files_;
  std::string path_;
  std::string content_;
  bool completed_ = false;
};

class MemoryFileSystem final : public FileSystem {
 public:
  explicit MemoryFileSystem(MemoryFiles* files) : files_(files) {}

  [[nodiscard]] Result<FileInfo> Stat(const std::string& path) override {
    ++files_->stats;
    if (files_->faults.stat) return MemoryFault("no answer");
    return files_->Find(path);
  }
  [[nodiscard]] Result<std::vector<FileInfo>> List(
      const std::string& path) override {
    if (files_->faults.list) return MemoryFault("the list broke off");
    return files_->Below(path);
  }
  [[nodiscard]] Result<std::unique_ptr<StoredFile>> Open(
      const std::string& path) override {
    FileInfo info = files_->Find(path);
    if (files_->faults.open) return MemoryFault("access denied");
    if (info.kind != FileKind::kFile) return MemoryFault("not there");
    return std::make_unique<MemoryFile>(files_, std::move(info));
  }
  [[nodiscard]] Result<std::unique_ptr<ByteOutput>> Create(
      const std::string& path, const OutputOptions& options) override {
    EXPECT_EQ(options.stale_side_file, "");
    if (files_->faults.create) return MemoryFault("read only");
    return std::make_unique<MemoryOutput>(files_, path);
  }
  [[nodiscard]] Result<void> Remove(const std::string& path) override {
    if (files_->faults.remove) return MemoryFault("locked");
    files_->Remove(path);
    return {};
  }

 private:
  MemoryFiles* files_;
};

// The files of "mem://" of this process, registered by the first call.
inline MemoryFiles* TheMemoryFiles() {
  static auto* const files = [] {
    auto* made = new MemoryFiles;
    EXPECT_TRUE(
        RegisterFileSystem("mem", std::make_shared<MemoryFileSystem>(made)));
    return made;
  }();
  return files;
}

// Each test starts without files.
class MemoryTest : public testing::Test {
 protected:
  MemoryTest() : files_(TheMemoryFiles()) { files_->Reset(); }

  MemoryFiles* files_;
};

}  // namespace thresh::storage_testing

#endif  // THRESH_TESTS_STORAGE_MEMORY_FILE_SYSTEM_H_
