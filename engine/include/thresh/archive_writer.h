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
// aggregator.h makes aggregated records of user records.
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

// The most bytes of a record that an archive may have: readers take a longer
// one for damage.
inline constexpr uint64_t kMaxArchivedRecord = uint64_t{64} << 20;

// Not to be used by two threads at a time.
class ArchiveWriter {
 public:
  // Writes to `path`, which may be standard output; a regular file appears
  // under its name when it is finished, and until then is PATH.partial, all as
  // OpenOutput has it (byte_output.h). Fails if the file cannot be created, and
  // as NewRecordWriter does.
  [[nodiscard]] THRESH_EXPORT static Result<ArchiveWriter> Open(
      const std::string& path, const ContainerFormat& format,
      const JsonSource& source = {}, const OutputOptions& options = {});

  // Without Finish a file is removed; what was there before stays.
  THRESH_EXPORT ~ArchiveWriter();
  THRESH_EXPORT ArchiveWriter(ArchiveWriter&&) noexcept;
  THRESH_EXPORT ArchiveWriter& operator=(ArchiveWriter&&) noexcept;

  // Adds a record, whose bytes are copied. Changes nothing and fails, of code
  // kTooLarge, for more than kMaxArchivedRecord bytes; of code
  // kInvalidArgument, for what the container cannot give back: a record without
  // magic in blobs back to back, and in JSON keys or shards that are not UTF-8,
  // a sequence number that is not 1 to 128 decimal digits, and a time out of
  // its range. Where the container has no place for metadata, these are left
  // out. After an error of code kIo the archive is of no use.
  [[nodiscard]] THRESH_EXPORT Result<void> Add(const OutgoingRecord& record);

  // Ends the archive and publishes its file. To be called once, last.
  [[nodiscard]] THRESH_EXPORT Result<void> Finish();

  // Records added, and bytes of the archive so far; all once it is finished.
  [[nodiscard]] THRESH_EXPORT uint64_t records() const;
  [[nodiscard]] THRESH_EXPORT uint64_t bytes() const;

 private:
  struct State;
  explicit ArchiveWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace thresh

#endif  // THRESH_ARCHIVE_WRITER_H_
