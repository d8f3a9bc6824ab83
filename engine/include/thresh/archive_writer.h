// Writes Kinesis records to an archive that Thresh reads:
//
//   auto archive = thresh::ArchiveWriter::Open(
//       "day.u32le", {.container = thresh::ContainerKind::kU32Le});
//   for (...) {
//     if (auto added = archive->Add({.bytes = ..., .partition_key = ...});
//         !added) { ... }
//   }
//   if (auto finished = archive->Finish(); !finished) { ... }
//
// aggregator.h packs user records into aggregated records.
#ifndef THRESH_ARCHIVE_WRITER_H_
#define THRESH_ARCHIVE_WRITER_H_

#include <cstdint>
#include <memory>
#include <string>

#include "thresh/export.h"
#include "thresh/record_writer.h"
#include "thresh/result.h"
#include "thresh/sinks.h"

namespace thresh {

// The most bytes of a record in an archive: readers treat a longer one as
// damage.
inline constexpr uint64_t kMaxArchivedRecord = uint64_t{64} << 20;

// Used by one thread at a time.
class ArchiveWriter {
 public:
  // Writes to `path` as OpenOutput (byte_output.h) does: it may be standard
  // output or have a scheme, and a regular file is named PATH.partial until it
  // is finished.
  // Fails if the file cannot be created, and when NewRecordWriter fails.
  [[nodiscard]] THRESH_EXPORT static Result<ArchiveWriter> Open(
      const std::string& path, const ContainerFormat& format,
      const JsonSource& source = {}, const OutputOptions& options = {});

  // Without Finish the new file is removed, and an existing one stays.
  THRESH_EXPORT ~ArchiveWriter();
  THRESH_EXPORT ArchiveWriter(ArchiveWriter&&) noexcept;
  THRESH_EXPORT ArchiveWriter& operator=(ArchiveWriter&&) noexcept;

  // Adds a record, whose bytes are copied. Fails without effect, with code
  // kTooLarge, for more than kMaxArchivedRecord bytes; with code
  // kInvalidArgument, for a record that could not be read back: without magic
  // in blobs back to back; and in JSON, with keys or shards that are not UTF-8,
  // a sequence number that is not 1 to 128 decimal digits, or a time out of its
  // range. Metadata is left out if the container has no field for it. After an
  // error of code kIo the archive is unusable.
  [[nodiscard]] THRESH_EXPORT Result<void> Add(const OutgoingRecord& record);

  // Ends the archive and publishes its file. Must be called once, last.
  [[nodiscard]] THRESH_EXPORT Result<void> Finish();

  // The number of records added, and of bytes of the archive so far; final once
  // it is finished.
  [[nodiscard]] THRESH_EXPORT uint64_t records() const;
  [[nodiscard]] THRESH_EXPORT uint64_t bytes() const;

 private:
  struct State;
  explicit ArchiveWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace thresh

#endif  // THRESH_ARCHIVE_WRITER_H_
