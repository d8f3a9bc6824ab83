// The counts of a run, which account for every input byte:
//   bytes = record_bytes + framing_bytes + opaque_bytes + unread_bytes
#ifndef THRESH_SUMMARY_H_
#define THRESH_SUMMARY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "thresh/content_checksum.h"
#include "thresh/content_digest.h"
#include "thresh/export.h"
#include "thresh/input_list.h"
#include "thresh/verdict.h"

namespace thresh {

// Kinesis records that a report names but does not hold: Lambda's, of a failed
// invocation, without the event. Text of the report; empty if absent.
struct MissingRange {
  std::string file;
  uint64_t offset = 0;  // of the report in the input, decompressed
  std::string stream;   // its ARN
  std::string shard_id;
  std::string first;  // sequence numbers, both included
  std::string last;
  uint64_t records = 0;
};

// Kinesis records in base64 lines of one of the lengths at which text is
// wrapped.
struct WrappedLines {
  uint64_t records = 0;  // that begin like an aggregated one, of several lines
  uint64_t lines = 0;    // that do not, of one such line each
};

struct Summary {
  uint64_t inputs = 0;         // files, members of archives, streams opened
  uint64_t stored_bytes = 0;   // as stored on disk, compressed or not
  uint64_t bytes = 0;          // in containers, after decompression
  uint64_t record_bytes = 0;   // occupied by Kinesis records
  uint64_t framing_bytes = 0;  // length prefixes, line ends
  uint64_t opaque_bytes = 0;   // in opaque spans
  uint64_t unread_bytes = 0;   // after an error that ended an input early

  LeftOut left_out;  // files of directories and members of archives

  uint64_t kinesis_records = 0;  // opaque spans not among them
  uint64_t aggregated = 0;
  uint64_t not_aggregated = 0;
  uint64_t empty_aggregates = 0;
  uint64_t digest_mismatch = 0;
  uint64_t malformed = 0;
  uint64_t key_index_out_of_range = 0;
  uint64_t opaque_spans = 0;
  std::array<uint64_t, kReasons> reasons{};  // of suspects, by Reason

  // Kinesis records whose data is written in JSON or in lines but not as
  // canonical base64 (FORMAT.md).
  uint64_t lenient_data = 0;
  // Times and numbers of Kinesis records that cannot be read, and so are null,
  // such as a time without its zone.
  uint64_t unreadable_metadata = 0;
  // Kinesis records that are not aggregated, but begin like an aggregated one
  // that was encoded again, or converted to text, before it was archived; or
  // whose magic was damaged.
  uint64_t suspicious_data = 0;
  std::array<WrappedLines, 2> wrapped_lines{};  // of 64 and of 76 characters
  // Reports without records, and the ranges of the first of them, in input
  // order. An archive may have any number of them, so not all are kept.
  uint64_t reports_without_records = 0;
  static constexpr size_t kMaxMissingRanges = 20'000;
  std::vector<MissingRange> missing_ranges;

  uint64_t skipped_records = 0;  // Kinesis records that filters left unread
  // Those of them whose container does not have what the filters need.
  uint64_t skipped_without_metadata = 0;
  // Those whose time of arrival is present, but cannot be read.
  uint64_t skipped_unreadable_time = 0;

  uint64_t user_records = 0;      // that were output
  uint64_t user_bytes = 0;        // of their data, without keys
  uint64_t filtered_records = 0;  // user records that filters excluded
  // Output despite Dedupe::kSequence, because they have no sequence number.
  uint64_t without_sequence_number = 0;
  // Output despite Dedupe::kSequence: their position occurred before, but with
  // other content.
  uint64_t sequence_conflicts = 0;
  bool limited = false;  // the run ended at a limit of the filter
  // User records that were aggregates themselves, at any depth, whether they
  // were deaggregated (Options::nested) or output whole.
  uint64_t nested_aggregates = 0;
  // Those of them that were output whole.
  uint64_t nested_left_whole = 0;
  // User records that name an explicit hash key in an aggregate without any;
  // theirs is null (FORMAT.md).
  uint64_t explicit_hash_keys_without_table = 0;
  // Of the output, if requested in Options.
  std::optional<ContentChecksum> content_checksum;
  std::optional<ContentDigest> content_digest;
  double seconds = 0;  // wall clock

  [[nodiscard]] uint64_t suspects() const {
    return digest_mismatch + malformed + key_index_out_of_range + opaque_spans;
  }
  // Kinesis records that may be pieces of wrapped ones whose first line is
  // missing: lines of a length at which others are wrapped.
  [[nodiscard]] uint64_t possible_pieces() const {
    uint64_t pieces = 0;
    for (const WrappedLines& width : wrapped_lines) {
      pieces += width.records > 0 ? width.lines : 0;
    }
    return pieces;
  }
  // Adds everything except `seconds`.
  THRESH_EXPORT void Merge(const Summary& other);
};

}  // namespace thresh

#endif  // THRESH_SUMMARY_H_
