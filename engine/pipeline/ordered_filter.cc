// See ordered_filter.h. Everything after the Kinesis record that reaches the
// limit is treated as unread, including suspects and errors: so a run's output,
// summary and exit status do not depend on how far it read. The part of a
// window up to there is counted by processing it again.
#include "pipeline/ordered_filter.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include "base/errors.h"
#include "pipeline/check_options.h"
#include "pipeline/stitcher.h"
#include "pipeline/window_errors.h"

namespace thresh {
namespace {

Error NoMemory(uint64_t bytes) {
  return MemoryError(
      "more records are different than " + std::to_string(bytes) +
          " bytes can tell apart",
      "grant more memory for them, or narrow the records by other filters",
      ErrorDetail::kDedupeMemory);
}

uint64_t AccountedBytes(const Summary& summary) {
  return summary.record_bytes + summary.framing_bytes + summary.opaque_bytes +
         summary.unread_bytes;
}

// Whether a Kinesis record with this verdict is output as user records.
bool HasUserRecords(Verdict verdict) {
  return verdict == Verdict::kAggregated || verdict == Verdict::kNotAggregated;
}

}  // namespace

OrderedFilter::OrderedFilter(const WindowProcessor& processor)
    : processor_(processor),
      dedupe_memory_(processor.options().filter.dedupe_memory),
      left_(processor.options().filter.limit),
      kinesis_records_left_(processor.options().filter.kinesis_record_limit) {
  const Filter& filter = processor.options().filter;
  if (filter.dedupe != Dedupe::kNone) deduplicator_.emplace(filter);
}

// Whether row `row` of `record` repeats no earlier one, as far as known.
Result<bool> OrderedFilter::IsNew(const Batch& batch,
                                  const KinesisRecord& record, size_t row,
                                  Summary* summary) {
  if (!deduplicator_.has_value()) return true;
  switch (deduplicator_->Look(batch.At(record, row))) {
    case Deduplicator::Outcome::kFull:
      return tl::unexpected(NoMemory(dedupe_memory_));
    case Deduplicator::Outcome::kRepeated:
      return false;
    case Deduplicator::Outcome::kUnnumbered:
      ++summary->without_sequence_number;
      return true;
    case Deduplicator::Outcome::kConflict:
      ++summary->sequence_conflicts;
      return true;
    case Deduplicator::Outcome::kFirst:
      break;
  }
  return true;
}

// Fills the selection, and returns where the limit is reached, if it is.
Result<std::optional<OrderedFilter::Cut>> OrderedFilter::Select(
    const Window& window, Summary* summary) {
  const Batch& batch = window.batch;
  for (size_t i = 0; i < batch.kinesis_records.size(); ++i) {
    const KinesisRecord& record = batch.kinesis_records[i];
    if (deduplicator_) deduplicator_->Enter(batch.MetadataOf(record));
    const size_t end = record.first_user_record + record.user_record_count;
    size_t kept = 0;
    for (size_t row = record.first_user_record; row < end; ++row) {
      const Result<bool> is_new = IsNew(batch, record, row, summary);
      if (!is_new) return tl::unexpected(is_new.error());
      selection_[row] = *is_new ? 1 : 0;
      if (!*is_new) continue;
      ++kept;
      if (left_.has_value() && --*left_ == 0) return Cut{i, row + 1};
    }
    if (!kinesis_records_left_.has_value()) continue;
    if (kept == 0 && HasUserRecords(record.verdict)) continue;
    if (--*kinesis_records_left_ == 0) return Cut{i, end};
  }
  return std::nullopt;
}

// Replaces the counts and errors of `window` by those up to the end of `last`.
// A row made by the stitcher is the only one of its window.
Result<void> OrderedFilter::CountUpTo(const KinesisRecord& last,
                                      Window* window) {
  if (!window->parts.empty()) {
    Window counted;
    processor_.ProcessUpTo(last, *window, &counted);
    if (counted.out_of_memory) {
      return tl::unexpected(
          NoMemoryLeft(PlaceOf(*window), processor_.inputs()));
    }
    // The window was read again: a file truncated in the meantime has other
    // counts.
    std::optional<Error> fault = FindFault(*window, processor_.inputs());
    if (fault.has_value()) return tl::unexpected(*std::move(fault));
    window->parts = std::move(counted.parts);
    window->summary = std::move(counted.summary);
    window->errors = std::move(counted.errors);
  }
  CountBytesUpTo(last, window);
  return {};
}

// Makes the counts of all windows add up to those up to the end of `last`.
// Earlier ones may have counted more: this one then counts a negative number,
// modulo 2^64. Which bytes of a compressed input hold the record is not known;
// for it the count stays at what was read.
void OrderedFilter::CountBytesUpTo(const KinesisRecord& last,
                                   Window* window) const {
  Summary* summary = &window->summary;
  summary->bytes = AccountedBytes(*summary) - pending_bytes_;
  const Part* part = window->parts.empty() ? nullptr : &window->parts.back();
  const bool compressed =
      part == nullptr ? compressed_ : part->segment.compressed;
  if (compressed) return;
  const bool goes_on = part == nullptr || part->source == source_;
  summary->stored_bytes += last.offset + last.length -
                           (part == nullptr ? 0 : part->stored_bytes) -
                           (goes_on ? stored_bytes_ : 0);
}

void OrderedFilter::NoteBytes(const Window& window) {
  pending_bytes_ += window.summary.bytes - AccountedBytes(window.summary);
  for (const Part& part : window.parts) {
    if (part.source != source_) stored_bytes_ = 0;
    source_ = part.source;
    compressed_ = part.segment.compressed;
    stored_bytes_ += part.stored_bytes;
  }
}

Result<void> OrderedFilter::EndAt(const Cut& cut, Window* window) {
  Column<KinesisRecord>* records = &window->batch.kinesis_records;
  UserRecordColumns* rows = &window->batch.user_records;
  records->Resize(cut.kinesis_record + 1);
  KinesisRecord* last = &records->back();
  last->user_record_count =
      static_cast<uint32_t>(cut.row - last->first_user_record);
  rows->Truncate(cut.row, rows->partition_keys.size(),
                 rows->explicit_hash_keys.size());
  if (Result<void> ok = CountUpTo(*last, window); !ok) return ok;
  Summary* summary = &window->summary;
  summary->limited = true;
  summary->user_records = rows->size();
  summary->user_bytes = std::accumulate(rows->data_size.begin(),
                                        rows->data_size.end(), uint64_t{0});
  window->first_suspect.reset();
  const KinesisRecord* suspect =
      std::ranges::find_if(*records, IsSuspect, &KinesisRecord::verdict);
  if (suspect != records->end()) window->first_suspect = *suspect;
  return {};
}

Result<void> OrderedFilter::Apply(Window* window) {
  if (done()) {
    window->ClearResults();
    window->summary = EmptySummary(processor_.options());
    window->summary.limited = true;
    return {};
  }
  const BatchMark start;
  selection_.Resize(window->batch.user_records.size());
  std::ranges::fill(selection_, uint8_t{1});
  Summary told;
  const Result<std::optional<Cut>> cut = Select(*window, &told);
  if (!cut) return tl::unexpected(cut.error());
  if (cut->has_value()) {
    if (Result<void> ok = EndAt(**cut, window); !ok) return ok;
  }
  NoteBytes(*window);
  Summary* summary = &window->summary;
  summary->without_sequence_number = told.without_sequence_number;
  summary->sequence_conflicts = told.sequence_conflicts;
  if (deduplicator_) KeepRows(selection_, start, &window->batch, summary);
  if (summary->content_checksum.has_value()) {
    summary->content_checksum->Add(window->batch);
  }
  if (summary->content_digest.has_value()) {
    summary->content_digest->Add(window->batch);
  }
  return {};
}

}  // namespace thresh
