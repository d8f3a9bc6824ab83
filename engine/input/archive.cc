// Members in a pipe, or in shared compressed blocks, are read in their order.
// Those of a zip file can be accessed in any order: there is one reader per
// member that is open at a time, each moving only forward.
#include "input/archive.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/errors.h"
#include "compression/layers.h"
#include "input/archive_reader.h"
#include "input/peel.h"
#include "input/stream_source.h"

namespace thresh {
namespace {

using Source = std::unique_ptr<SegmentSource>;
using ReaderPointer = std::shared_ptr<ArchiveReader>;

// The common properties of an archive's members.
struct Origin {
  const ArchiveFormat& format;
  ArchiveOrigin bytes;
  ExpansionLimits limits;
  std::shared_ptr<BufferPool> pool;

  [[nodiscard]] ReaderPointer OpenReader() const {
    return std::make_shared<ArchiveReader>(format, bytes.open(), bytes.file);
  }
};

// Readers not in use, each at some entry of the archive. Thread-safe.
class ReaderPool {
 public:
  explicit ReaderPool(std::shared_ptr<const Origin> origin)
      : origin_(std::move(origin)) {}

  // A reader at entry `number`. Fails, with an error about the member `name`,
  // if the archive cannot be read up to there: it has changed since the entry
  // was found, unless its storage has failed.
  Result<ReaderPointer> TakeAt(uint64_t number, const std::string& name) {
    ReaderPointer reader = TakeBefore(number);
    while (reader->entries() <= number) {
      if (reader->Next().has_value()) continue;
      Error error = IoError(name, "the archive has changed meanwhile",
                            "let no other program write to it");
      if (reader->error().has_value() &&
          reader->error()->code == ErrorCode::kIo) {
        error = *reader->error();
        error.file = name;
      }
      return tl::unexpected(std::move(error));
    }
    return reader;
  }

  void Give(ReaderPointer reader) {
    const std::lock_guard lock(mutex_);
    if (!reader->is_lost()) idle_.push_back(std::move(reader));
  }

 private:
  // The idle reader that is nearest to the entry and has not passed it.
  ReaderPointer TakeBefore(uint64_t number) {
    const std::lock_guard lock(mutex_);
    auto best = idle_.end();
    for (auto it = idle_.begin(); it != idle_.end(); ++it) {
      if ((*it)->entries() > number) continue;
      if (best == idle_.end() || (*it)->entries() > (*best)->entries()) {
        best = it;
      }
    }
    if (best == idle_.end()) return origin_->OpenReader();
    ReaderPointer reader = std::move(*best);
    idle_.erase(best);
    return reader;
  }

  const std::shared_ptr<const Origin> origin_;
  std::mutex mutex_;
  std::vector<ReaderPointer> idle_;
};

// The data of the entry at which a reader is.
class MemberStream final : public ByteStream {
 public:
  // Returns the reader to `pool` when destroyed, if there is one.
  MemberStream(ReaderPointer reader, std::shared_ptr<ReaderPool> pool,
               std::string name, const ExpansionLimits& limits)
      : reader_(std::move(reader)),
        pool_(std::move(pool)),
        name_(std::move(name)),
        limits_(limits),
        stored_before_(reader_->data_stored_bytes()) {}
  MemberStream(const MemberStream&) = delete;
  MemberStream& operator=(const MemberStream&) = delete;
  ~MemberStream() override {
    if (pool_ != nullptr) pool_->Give(std::move(reader_));
  }

  size_t Read(std::span<uint8_t> out) override {
    if (done_) return 0;
    // Once the limit is reached, one byte more shows whether the data ends
    // here.
    std::array<uint8_t, 1> excess;
    const uint64_t allowed = limits_.bytes - delivered_;
    const size_t size = reader_->Read(
        allowed == 0 ? excess
                     : out.first(static_cast<size_t>(
                           std::min<uint64_t>(out.size(), allowed))));
    if (size == 0) {
      done_ = true;
      if (reader_->data_error().has_value()) Fail(*reader_->data_error());
      return 0;
    }
    if (allowed == 0) {
      Fail(TooManyBytes(limits_));
      return 0;
    }
    delivered_ += size;
    if (limits_.ExceedsRatio(delivered_, stored())) {
      Fail(TooHighRatio(limits_));
    }
    return size;
  }

  [[nodiscard]] const std::optional<Error>& error() const override {
    return error_;
  }
  [[nodiscard]] std::optional<uint64_t> compressed_offset() const override {
    return stored();
  }

 private:
  [[nodiscard]] uint64_t stored() const {
    return reader_->data_stored_bytes() - stored_before_;
  }

  void Fail(Error error) {
    done_ = true;
    error_ = std::move(error);
    error_->file = name_;
    error_->offset = delivered_;
  }

  ReaderPointer reader_;
  std::shared_ptr<ReaderPool> pool_;
  std::string name_;
  ExpansionLimits limits_;
  uint64_t stored_before_;
  uint64_t delivered_ = 0;
  bool done_ = false;
  std::optional<Error> error_;
};

Result<Source> OpenMember(const Origin& origin, const std::string& name,
                          std::unique_ptr<ByteStream> data) {
  Result<Peeled> peeled = TakeLayersOff(std::move(data), name, origin.limits);
  if (!peeled) return tl::unexpected(std::move(peeled.error()));
  if (peeled->archive != nullptr) {
    return tl::unexpected(
        InputError(name, std::nullopt,
                   "an archive (" + std::string(peeled->archive->name) +
                       ") within an archive cannot be read",
                   "unpack the outer one and name the inner one"));
  }
  return NewStreamSource(std::move(peeled->content), name, /*stored_size=*/0,
                         origin.pool);
}

class LibarchiveArchive final : public Archive {
 public:
  LibarchiveArchive(std::shared_ptr<const Origin> origin, NameFilter filter)
      : origin_(std::move(origin)),
        filter_(std::move(filter)),
        reader_(origin_->OpenReader()) {
    if (origin_->format.random_access && origin_->bytes.again) {
      pool_ = std::make_shared<ReaderPool>(origin_);
    }
  }

  std::optional<Member> Next() override {
    while (const std::optional<ArchiveEntry> entry = reader_->Next()) {
      if (!entry->is_file) {
        ++left_out_.not_data;
      } else if (filter_.Passes(entry->name, &left_out_)) {
        return ToMember(*entry);
      }
    }
    return std::nullopt;
  }

  [[nodiscard]] bool random_access() const override { return pool_ != nullptr; }

  [[nodiscard]] ArchiveEnd end() const override {
    return {left_out_, reader_->stored_bytes(), reader_->error()};
  }

 private:
  [[nodiscard]] Member ToMember(const ArchiveEntry& entry) const {
    const std::string name = origin_->bytes.file + "!" + entry.name;
    if (entry.is_encrypted) {
      return {name, [name]() -> Result<Source> {
                return tl::unexpected(InputError(
                    name, std::nullopt, "an encrypted member cannot be read",
                    "unpack the archive with its password and name what it "
                    "held"));
              }};
    }
    if (pool_ == nullptr) {
      return {name, [origin = origin_, reader = reader_, name] {
                return OpenMember(*origin, name,
                                  std::make_unique<MemberStream>(
                                      reader, nullptr, name, origin->limits));
              }};
    }
    return {name,
            [origin = origin_, pool = pool_, name,
             number = entry.number]() -> Result<Source> {
              Result<ReaderPointer> reader = pool->TakeAt(number, name);
              if (!reader) return tl::unexpected(std::move(reader.error()));
              return OpenMember(
                  *origin, name,
                  std::make_unique<MemberStream>(*std::move(reader), pool, name,
                                                 origin->limits));
            }};
  }

  const std::shared_ptr<const Origin> origin_;
  const NameFilter filter_;
  const ReaderPointer reader_;        // that lists entries, and reads if needed
  std::shared_ptr<ReaderPool> pool_;  // of readers, if access is random
  LeftOut left_out_;
};

}  // namespace

std::unique_ptr<Archive> NewArchive(const ArchiveFormat& format,
                                    ArchiveOrigin origin, NameFilter filter,
                                    const ExpansionLimits& limits,
                                    std::shared_ptr<BufferPool> pool) {
  return std::make_unique<LibarchiveArchive>(
      std::make_shared<const Origin>(
          Origin{format, std::move(origin), limits, std::move(pool)}),
      std::move(filter));
}

}  // namespace thresh
