// See outputs.h.
#include "storage/outputs.h"

#include <optional>
#include <utility>

#include "base/errors.h"
#include "io/new_file.h"
#include "storage/stored_error.h"
#include "thresh/file_system.h"

namespace thresh {
namespace {

using FileSystemPointer = std::shared_ptr<FileSystem>;

// Completes an output before it is published, and removes the side file of an
// earlier run between the two.
class PublishedOutput final : public ByteOutput {
 public:
  // `is_stored`: not on this machine, so that errors have to be named.
  PublishedOutput(std::unique_ptr<ByteOutput> output, std::string path,
                  OutputOptions options, bool is_stored)
      : output_(std::move(output)),
        path_(std::move(path)),
        options_(std::move(options)),
        is_stored_(is_stored) {}

  using ByteOutput::Write;
  [[nodiscard]] Result<void> Write(const OutputBuffer& pieces) override {
    return Named(output_->Write(pieces), "");
  }
  [[nodiscard]] bool has_reader() const override {
    return output_->has_reader();
  }
  // Only once: a second attempt might succeed after the first has lost bytes.
  [[nodiscard]] Result<void> Complete() override {
    completed_ = Named(output_->Complete(), "");
    return *completed_;
  }
  [[nodiscard]] Result<void> Commit() override {
    const Result<void> ready = Prepare("");
    return ready ? Named(output_->Commit(), "") : ready;
  }
  [[nodiscard]] Result<std::string> CommitIncomplete() override {
    const std::string suffix(kIncompleteSuffix);
    if (Result<void> ready = Prepare(suffix); !ready) {
      return tl::unexpected(std::move(ready.error()));
    }
    return Named(output_->CommitIncomplete(), suffix);
  }

 private:
  [[nodiscard]] Result<void> Prepare(const std::string& suffix) {
    Result<void> ready = completed_.has_value() ? *completed_ : Complete();
    if (ready && !options_.stale_side_file.empty()) {
      ready = RemoveSideFile(options_.stale_side_file, path_, suffix,
                             options_.sync);
    }
    return ready;
  }

  template <typename T>
  [[nodiscard]] Result<T> Named(Result<T> result,
                                const std::string& suffix) const {
    if (result || !is_stored_) return result;
    return StoredError(std::move(result.error()), path_ + suffix);
  }

  const std::unique_ptr<ByteOutput> output_;
  const std::string path_;
  const OutputOptions options_;
  const bool is_stored_;
  std::optional<Result<void>> completed_;  // what Complete returned
};

Result<std::unique_ptr<ByteOutput>> CreateStored(FileSystem* file_system,
                                                 const std::string& path,
                                                 const OutputOptions& options) {
  Result<std::unique_ptr<ByteOutput>> output =
      file_system->Create(path, {.sync = options.sync});
  if (!output) return StoredError(std::move(output.error()), path);
  return std::make_unique<PublishedOutput>(*std::move(output), path, options,
                                           /*is_stored=*/true);
}

Result<std::unique_ptr<ByteOutput>> CreateLocal(const std::string& path,
                                                const OutputOptions& options,
                                                LinkPolicy links) {
  Result<FileOutput> file = FileOutput::Open(path, options, links);
  if (!file) return tl::unexpected(std::move(file.error()));
  const bool has_side_file =
      file->is_file() && !options.stale_side_file.empty();
  auto output = std::make_unique<FileOutput>(*std::move(file));
  if (!has_side_file) return output;
  return std::make_unique<PublishedOutput>(std::move(output), path, options,
                                           /*is_stored=*/false);
}

Result<void> RemoveStored(FileSystem* file_system, const std::string& path) {
  Result<void> removed = file_system->Remove(path);
  if (!removed) return StoredError(std::move(removed.error()), path);
  return removed;
}

// Whether there is a side file `path` to be removed.
Result<bool> HasSideFile(FileSystem* file_system, const std::string& path) {
  if (file_system == nullptr) return IsRemovable(path);
  Result<FileInfo> info = file_system->Stat(path);
  if (!info) return StoredError(std::move(info.error()), path);
  return info->kind == FileKind::kFile;
}

}  // namespace

Result<std::unique_ptr<ByteOutput>> CreateOutput(const std::string& path,
                                                 const OutputOptions& options,
                                                 LinkPolicy links) {
  const Result<FileSystemPointer> file_system = FileSystemOf(path);
  if (!file_system) return tl::unexpected(file_system.error());
  return *file_system == nullptr
             ? CreateLocal(path, options, links)
             : CreateStored(file_system->get(), path, options);
}

Result<std::unique_ptr<ByteOutput>> OpenOutput(const std::string& path,
                                               const OutputOptions& options) {
  return CreateOutput(path, options, LinkPolicy::kFollow);
}

Result<void> TryOutput(const std::string& path, LinkPolicy links) {
  const Result<FileSystemPointer> file_system = FileSystemOf(path);
  if (!file_system) return tl::unexpected(file_system.error());
  if (*file_system == nullptr) return FileOutput::Try(path, links);
  return CreateStored(file_system->get(), path, {})
      .map([](const std::unique_ptr<ByteOutput>&) {});
}

Result<void> WithdrawOutput(const std::string& path, const std::string& suffix,
                            bool sync) {
  const Result<FileSystemPointer> file_system = FileSystemOf(path);
  if (!file_system) return tl::unexpected(file_system.error());
  return *file_system == nullptr
             ? FileOutput::Withdraw(path, suffix, sync)
             : RemoveStored(file_system->get(), path + suffix);
}

Result<void> RemoveSideFile(const std::string& side, const std::string& path,
                            const std::string& suffix, bool sync) {
  if (IsStandardOutput(side)) return {};
  const std::string name = side + suffix;
  const Result<FileSystemPointer> file_system = FileSystemOf(side);
  if (!file_system) return tl::unexpected(file_system.error());
  const Result<bool> exists = HasSideFile(file_system->get(), name);
  if (!exists) return tl::unexpected(exists.error());
  if (!*exists) return {};
  // Without its side file, an earlier output would look as if it had no
  // suspects.
  if (Result<void> gone = WithdrawOutput(path, suffix, sync); !gone) {
    return gone;
  }
  if (*file_system != nullptr) return RemoveStored(file_system->get(), name);
  return RemoveName(name, sync ? Durability::kSynced : Durability::kNone);
}

}  // namespace thresh
