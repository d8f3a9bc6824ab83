// Runs over splits, to be compared with a run over the whole input.
#ifndef THRESH_TESTS_PIPELINE_SPLIT_RUN_H_
#define THRESH_TESTS_PIPELINE_SPLIT_RUN_H_

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "oracle/engine_run.h"
#include "pipeline/split_planner.h"
#include "thresh/batch_reader.h"
#include "thresh/split.h"

namespace thresh {

// What a run finds.
struct SplitRun {
  std::vector<oracle::ReferenceRow> rows;
  std::vector<Reason> reasons;  // of the rows
  Summary summary;
  std::vector<Error> errors;

  void Add(const SplitRun& next) {
    rows.insert(rows.end(), next.rows.begin(), next.rows.end());
    reasons.insert(reasons.end(), next.reasons.begin(), next.reasons.end());
    summary.Merge(next.summary);
    errors.insert(errors.end(), next.errors.begin(), next.errors.end());
  }
};

inline SplitRun RunOver(const InputList& inputs, Options options) {
  options.content_checksum = true;
  options.content_digest = true;
  SplitRun run;
  Result<BatchReader> reader = BatchReader::Open(inputs, std::move(options));
  EXPECT_TRUE(reader.has_value());
  while (const auto batch = reader->Next().value_or(nullptr)) {
    oracle::AppendRows(*batch, &run.rows);
    for (const KinesisRecord& record : batch->kinesis_records) {
      run.reasons.push_back(record.reason);
    }
  }
  run.summary = reader->report().summary;
  run.errors = reader->report().input_errors;
  return run;
}

// All counts of a summary but those that only filters make.
inline std::string CountsOf(const Summary& summary) {
  std::ostringstream text;
  text << "inputs " << summary.inputs << " stored " << summary.stored_bytes
       << " bytes " << summary.bytes << " record " << summary.record_bytes
       << " framing " << summary.framing_bytes << " opaque "
       << summary.opaque_bytes << " unread " << summary.unread_bytes
       << " kinesis " << summary.kinesis_records << " aggregated "
       << summary.aggregated << " plain " << summary.not_aggregated << " empty "
       << summary.empty_aggregates << " digest " << summary.digest_mismatch
       << " malformed " << summary.malformed << " index "
       << summary.key_index_out_of_range << " spans " << summary.opaque_spans;
  for (const uint64_t count : summary.reasons) text << ' ' << count;
  text << " lenient " << summary.lenient_data << " metadata "
       << summary.unreadable_metadata << " suspicious "
       << summary.suspicious_data << " reports "
       << summary.reports_without_records;
  for (const MissingRange& range : summary.missing_ranges) {
    text << ' ' << range.offset;
  }
  for (const WrappedLines& lines : summary.wrapped_lines) {
    text << " wrapped " << lines.records << ' ' << lines.lines;
  }
  text << " users " << summary.user_records << " of " << summary.user_bytes
       << " nested " << summary.nested_aggregates << " hash keys "
       << summary.explicit_hash_keys_without_table << " checksum "
       << summary.content_checksum->ToHex() << " digest "
       << summary.content_digest->ToHex();
  return text.str();
}

// The splits of `file` as a planner with this lookback makes them.
inline std::vector<Split> PlanWith(size_t lookback, const std::string& file,
                                   const Options& options, uint64_t target) {
  std::vector<Split> splits;
  SplitPlanner(options, target, lookback).Add({file}, &splits);
  return splits;
}

// Whether the splits are all of `file`, in order, and as large as requested.
inline void ExpectCover(const std::vector<Split>& splits,
                        const std::string& file, uint64_t size,
                        uint64_t target) {
  uint64_t at = 0;
  for (const Split& split : splits) {
    EXPECT_EQ(split.input, file);
    EXPECT_EQ(split.begin, at);
    at = split.end;
    const bool is_last = at == size;
    EXPECT_TRUE(is_last || split.end - split.begin >= target);
  }
  EXPECT_EQ(at, size);
}

// Whether the splits, each read by itself, together are what `whole` is.
inline void ExpectSame(const std::vector<Split>& splits, const SplitRun& whole,
                       const Options& options) {
  SplitRun sum;
  for (const Split& split : splits) {
    sum.Add(RunOver(InputList::OfSplits({split}), options));
  }
  EXPECT_EQ(oracle::DiffRows(sum.rows, whole.rows), "");
  EXPECT_EQ(sum.reasons, whole.reasons);
  EXPECT_EQ(CountsOf(sum.summary), CountsOf(whole.summary));
  EXPECT_EQ(sum.errors.size(), whole.errors.size());
}

}  // namespace thresh

#endif  // THRESH_TESTS_PIPELINE_SPLIT_RUN_H_
