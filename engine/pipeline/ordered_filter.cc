// See ordered_filter.h. What lies behind the record that reaches the limit is
// as if it had not been read, suspects and errors included: so a run's output
// and exit do not depend on how far it happened to read.
#include "pipeline/ordered_filter.h"

#include <algorithm>
#include <string>

#include "pipeline/rows.h"

namespace thresh {
namespace {

Error NoMemory(uint64_t bytes) {
  return {.code = ErrorCode::kMemory,
          .file = {},
          .offset = {},
          .message = "more records are different than " +
                     std::to_string(bytes) + " bytes can tell apart",
          .remedy =
              "give --dedupe-memory more, or narrow the records by other "
              "filters"};
}

// Takes the rows from `row` on out of the batch and of what was counted.
void DropRows(size_t row, Window* window) {
  UserRecordColumns* rows = &window->batch.user_records;
  for (size_t i = row; i < rows->size(); ++i) {
    window->summary.user_bytes -= rows->data_size[i];
  }
  window->summary.user_records -= rows->size() - row;
  rows->Truncate(row, rows->partition_keys.size(),
                 rows->explicit_hash_keys.size());
}

// The same for Kinesis records, whose rows have been dropped.
void DropKinesisRecords(size_t first, Window* window) {
  Column<KinesisRecord>* records = &window->batch.kinesis_records;
  for (size_t i = first; i < records->size(); ++i) {
    Uncount((*records)[i], &window->summary);
  }
  records->Resize(first);
  window->first_suspect.reset();
  const KinesisRecord* suspect =
      std::ranges::find_if(*records, IsSuspect, &KinesisRecord::verdict);
  if (suspect != records->end()) window->first_suspect = *suspect;
}

// Keeps the errors of inputs before that of `last`. Each failed part has one.
void DropErrorsBehind(const KinesisRecord& last, Window* window) {
  const auto kept = std::ranges::count_if(window->parts, [&](const Part& part) {
    return part.failed && part.source < last.source;
  });
  window->errors.erase(window->errors.begin() + kept, window->errors.end());
}

}  // namespace

OrderedFilter::OrderedFilter(const Filter& filter)
    : dedupe_memory_(filter.dedupe_memory), left_(filter.limit) {
  if (filter.dedupe != Dedupe::kNone) deduplicator_.emplace(filter);
}

// Whether `record` repeats none before it, as far as that can be told.
Result<bool> OrderedFilter::IsNew(const UserRecord& record, Summary* summary) {
  switch (deduplicator_->Look(record)) {
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

// Fills the selection, and says where the limit is reached, if it is.
Result<std::optional<OrderedFilter::Cut>> OrderedFilter::Select(
    const Window& window, Summary* summary) {
  const Batch& batch = window.batch;
  for (size_t i = 0; i < batch.kinesis_records.size(); ++i) {
    const KinesisRecord& record = batch.kinesis_records[i];
    if (deduplicator_) deduplicator_->Enter(batch.MetadataOf(record));
    const size_t end = record.first_user_record + record.user_record_count;
    for (size_t row = record.first_user_record; row < end; ++row) {
      const Result<bool> is_new =
          deduplicator_ ? IsNew(batch.At(record, row), summary) : true;
      if (!is_new) return tl::unexpected(is_new.error());
      selection_[row] = *is_new ? 1 : 0;
      if (!*is_new) continue;
      if (left_.has_value() && --*left_ == 0) return Cut{i, row + 1};
    }
  }
  return std::nullopt;
}

Result<void> OrderedFilter::Apply(Window* window) {
  if (done()) {
    window->summary.limited = true;
    DropRows(0, window);
    DropKinesisRecords(0, window);
    window->errors.clear();
    return {};
  }
  const BatchMark start;
  selection_.Resize(window->batch.user_records.size());
  std::ranges::fill(selection_, uint8_t{1});
  Summary* summary = &window->summary;
  const Result<std::optional<Cut>> cut = Select(*window, summary);
  if (!cut) return tl::unexpected(cut.error());
  if (cut->has_value()) {
    window->summary.limited = true;
    DropRows((*cut)->row, window);
    KinesisRecord* last =
        &window->batch.kinesis_records[(*cut)->kinesis_record];
    last->user_record_count =
        static_cast<uint32_t>((*cut)->row - last->first_user_record);
    DropKinesisRecords((*cut)->kinesis_record + 1, window);
    DropErrorsBehind(*last, window);
  }
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
