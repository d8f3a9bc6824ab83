// Adds up the summaries of the parts of a run.
#include "thresh/summary.h"

namespace thresh {

void Summary::Merge(const Summary& other) {
  inputs += other.inputs;
  stored_bytes += other.stored_bytes;
  bytes += other.bytes;
  record_bytes += other.record_bytes;
  framing_bytes += other.framing_bytes;
  opaque_bytes += other.opaque_bytes;
  unread_bytes += other.unread_bytes;
  left_out += other.left_out;
  kinesis_records += other.kinesis_records;
  aggregated += other.aggregated;
  not_aggregated += other.not_aggregated;
  empty_aggregates += other.empty_aggregates;
  digest_mismatch += other.digest_mismatch;
  malformed += other.malformed;
  key_index_out_of_range += other.key_index_out_of_range;
  opaque_spans += other.opaque_spans;
  for (size_t i = 0; i < reasons.size(); ++i) reasons[i] += other.reasons[i];
  lenient_data += other.lenient_data;
  unreadable_metadata += other.unreadable_metadata;
  suspicious_data += other.suspicious_data;
  for (size_t i = 0; i < wrapped_lines.size(); ++i) {
    wrapped_lines[i].records += other.wrapped_lines[i].records;
    wrapped_lines[i].lines += other.wrapped_lines[i].lines;
  }
  reports_without_records += other.reports_without_records;
  for (const MissingRange& range : other.missing_ranges) {
    if (missing_ranges.size() == kMaxMissingRanges) break;
    missing_ranges.push_back(range);
  }
  skipped_records += other.skipped_records;
  skipped_without_metadata += other.skipped_without_metadata;
  skipped_unreadable_time += other.skipped_unreadable_time;
  user_records += other.user_records;
  user_bytes += other.user_bytes;
  filtered_records += other.filtered_records;
  without_sequence_number += other.without_sequence_number;
  sequence_conflicts += other.sequence_conflicts;
  limited |= other.limited;
  nested_aggregates += other.nested_aggregates;
  nested_left_whole += other.nested_left_whole;
  explicit_hash_keys_without_table += other.explicit_hash_keys_without_table;
  if (other.content_checksum.has_value()) {
    if (!content_checksum.has_value()) content_checksum.emplace();
    content_checksum->Merge(*other.content_checksum);
  }
  if (other.content_digest.has_value()) {
    if (!content_digest.has_value()) content_digest.emplace();
    content_digest->Merge(*other.content_digest);
  }
}

}  // namespace thresh
