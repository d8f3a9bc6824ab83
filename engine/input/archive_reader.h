// An archive as libarchive reads it: one entry after another, each with its
// data. Only archive_reader.cc calls libarchive's read functions;
// archive_reader_missing.cc takes its place in a build without that library.
#ifndef THRESH_INPUT_ARCHIVE_READER_H_
#define THRESH_INPUT_ARCHIVE_READER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "input/archive_bytes.h"
#include "input/archive_end.h"
#include "input/archive_format.h"
#include "thresh/bytes.h"
#include "thresh/result.h"

struct archive;

namespace thresh {

struct ArchiveEntry {
  std::string name;  // its path in the archive, unconverted bytes
  uint64_t number = 0;
  bool is_file = false;  // a regular file with its own data
  bool is_encrypted = false;
};

// Not thread-safe.
class ArchiveReader {
 public:
  // `file` is the archive's name in errors.
  ArchiveReader(const ArchiveFormat& format,
                std::unique_ptr<ArchiveBytes> bytes, std::string file)
      : format_(format),
        bytes_(std::move(bytes)),
        file_(std::move(file)),
        ending_(format.end_mark) {}
  ArchiveReader(const ArchiveReader&) = delete;
  ArchiveReader& operator=(const ArchiveReader&) = delete;
  ~ArchiveReader();

  // Moves to the next entry, skipping the rest of the current one's data; null
  // at the end, and on all later calls.
  std::optional<ArchiveEntry> Next();

  // Of the current entry's data: reads at least one byte into `out`, which is
  // not empty; 0 at the end, and on all later calls.
  size_t Read(std::span<uint8_t> out);

  // Once Read has returned 0: why the data ends early; without file and offset.
  [[nodiscard]] const std::optional<Error>& data_error() const {
    return data_error_;
  }

  // Once Next has returned null: why the archive cannot be read further, or
  // what it lacks.
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

  // Entries that Next has returned.
  [[nodiscard]] uint64_t entries() const { return entries_; }
  // Whether there was an error after which libarchive guarantees nothing,
  // though it may find more entries.
  [[nodiscard]] bool is_lost() const { return is_lost_; }

  // Bytes of the stored archive that entries' data took so far.
  [[nodiscard]] uint64_t data_stored_bytes() const { return data_stored_; }
  // Those of the whole archive, as far as known: once Next has returned null.
  [[nodiscard]] uint64_t stored_bytes() const;

 private:
  struct Callbacks;

  bool Open();
  void NextBlock();
  void CountStored();
  [[nodiscard]] uint64_t StoredPosition() const;
  [[nodiscard]] uint64_t ConsumedBytes() const;
  Bytes Fetch();
  void End();
  void CheckEnd();
  void Lose();
  void NoteSkipped();
  [[nodiscard]] Error ErrorHere(const std::string& what) const;

  const ArchiveFormat& format_;
  std::unique_ptr<ArchiveBytes> bytes_;
  const std::string file_;
  archive* handle_ = nullptr;
  uint64_t position_ = 0;  // of what Fetch returns next
  ArchiveEnding ending_;
  std::string name_;  // of the current entry
  uint64_t entries_ = 0;

  // Of the current entry's data.
  Bytes block_;                // fetched and not delivered
  uint64_t block_offset_ = 0;  // its offset in the data, possibly after a hole
  uint64_t delivered_ = 0;
  bool data_ended_ = true;
  std::optional<Error> data_error_;

  uint64_t data_stored_ = 0;
  uint64_t last_position_ = 0;  // stored position that data_stored_ counted to
  bool ended_ = false;
  bool is_lost_ = false;
  std::optional<Error> error_;
  std::optional<Error> skipped_;  // the first bytes that were skipped
};

}  // namespace thresh

#endif  // THRESH_INPUT_ARCHIVE_READER_H_
