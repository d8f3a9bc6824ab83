// The engine's result in the reference's types, and the differences between the
// two: one comparison for every test and fuzz target.
#ifndef THRESH_TESTS_ORACLE_ENGINE_RUN_H_
#define THRESH_TESTS_ORACLE_ENGINE_RUN_H_

#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "oracle/reference.h"
#include "oracle/reference_archive.h"
#include "thresh/batch.h"
#include "thresh/batch_reader.h"

namespace thresh::oracle {

struct EngineRun {
  std::vector<ReferenceRow> rows;
  Report report;
  std::vector<Error> failure;  // what Next or OpenBytes failed with, if it did
};

inline ReferenceVerdict ToReference(Verdict verdict) {
  switch (verdict) {
    case Verdict::kAggregated:
      return ReferenceVerdict::kAggregated;
    case Verdict::kEmptyAggregate:
      return ReferenceVerdict::kEmptyAggregate;
    case Verdict::kNotAggregated:
      return ReferenceVerdict::kNotAggregated;
    case Verdict::kDigestMismatch:
      return ReferenceVerdict::kDigestMismatch;
    case Verdict::kMalformed:
      return ReferenceVerdict::kMalformed;
    case Verdict::kKeyIndexOutOfRange:
      return ReferenceVerdict::kKeyIndexOutOfRange;
    case Verdict::kOpaqueSpan:
      return ReferenceVerdict::kOpaqueSpan;
  }
  return ReferenceVerdict::kOpaqueSpan;
}

inline ReferenceRecord ToReference(const UserRecord& record) {
  ReferenceRecord result;
  if (record.partition_key) {
    result.partition_key = std::string(AsText(*record.partition_key));
  }
  if (record.explicit_hash_key) {
    result.explicit_hash_key = std::string(AsText(*record.explicit_hash_key));
  }
  result.data = std::string(AsText(record.data));
  result.sub_sequence_number = record.sub_sequence_number;
  result.aggregated = record.aggregated;
  return result;
}

inline void AppendRows(const Batch& batch, std::vector<ReferenceRow>* rows) {
  for (const KinesisRecord& from : batch.kinesis_records) {
    ReferenceRow row;
    row.verdict = ToReference(from.verdict);
    row.offset = from.offset;
    row.length = from.length;
    row.bytes = std::string(AsText(from.bytes));
    for (uint32_t i = 0; i < from.user_record_count; ++i) {
      row.user_records.push_back(
          ToReference(batch.At(from, from.first_user_record + i)));
    }
    rows->push_back(std::move(row));
  }
}

// How GoogleTest prints a span.
inline void PrintTo(const BlobSpan& span, std::ostream* out) {
  *out << (span.is_blob ? "blob " : "opaque ") << span.offset << " + "
       << span.length;
}

// Reads `archive` to its end, or to the first failure. Always with the content
// checksum, whatever `options` specify.
inline EngineRun RunEngine(std::string_view archive, Options options) {
  options.content_checksum = true;
  EngineRun run;
  Result<BatchReader> reader =
      BatchReader::OpenBytes(AsBytes(archive), std::move(options));
  if (!reader) {
    run.failure.push_back(reader.error());
    return run;
  }
  for (;;) {
    const Result<std::shared_ptr<const Batch>> batch = reader->Next();
    if (!batch) {
      run.failure.push_back(batch.error());
      break;
    }
    if (*batch == nullptr) break;
    AppendRows(**batch, &run.rows);
  }
  run.report = reader->report();
  return run;
}

inline uint64_t CountRows(const std::vector<ReferenceRow>& rows,
                          ReferenceVerdict verdict) {
  uint64_t count = 0;
  for (const ReferenceRow& row : rows) count += row.verdict == verdict ? 1 : 0;
  return count;
}

// Gives every suspect the one user record that SuspectPolicy::kPass gives it.
inline void PassSuspects(ReferenceArchive* archive) {
  for (ReferenceRow& row : archive->rows) {
    if (row.verdict >= ReferenceVerdict::kDigestMismatch) {
      row.user_records = {WholeRecord(row.bytes)};
    }
  }
}

// Describes the first few rows that differ; empty if none does.
inline std::string DiffRows(const std::vector<ReferenceRow>& engine,
                            const std::vector<ReferenceRow>& reference) {
  std::ostringstream text;
  const auto tell = [&text](const char* who, const ReferenceRow& row) {
    text << "  " << who << ": verdict " << static_cast<int>(row.verdict)
         << " at " << row.offset << " + " << row.length << ", "
         << row.bytes.size() << " bytes, " << row.user_records.size()
         << " user records\n";
  };
  if (engine.size() != reference.size()) {
    text << engine.size() << " rows, reference has " << reference.size()
         << "\n";
  }
  for (size_t i = 0; i < engine.size() || i < reference.size(); ++i) {
    if (i < engine.size() && i < reference.size()) {
      ReferenceRow expected = reference[i];
      expected.explicit_hash_keys_without_table = 0;  // reported per run only
      if (engine[i] == expected) continue;
    }
    text << "row " << i << " differs\n";
    if (i < engine.size()) tell("engine", engine[i]);
    if (i < reference.size()) tell("reference", reference[i]);
    break;
  }
  return text.str();
}

// Describes the counts of `summary` that are wrong; empty if none is.
inline std::string DiffSummary(const Summary& summary,
                               const ReferenceArchive& reference) {
  using V = ReferenceVerdict;
  std::ostringstream text;
  const auto check = [&text](const char* name, uint64_t got, uint64_t want) {
    if (got != want) text << name << " " << got << " not " << want << "\n";
  };
  const auto count = [&reference](V verdict) {
    return CountRows(reference.rows, verdict);
  };
  uint64_t user_records = 0;
  uint64_t user_bytes = 0;
  uint64_t without_table = 0;
  ReferenceChecksum checksum;
  for (const ReferenceRow& row : reference.rows) {
    user_records += row.user_records.size();
    without_table += row.explicit_hash_keys_without_table;
    for (const ReferenceRecord& record : row.user_records) {
      user_bytes += record.data.size();
      checksum.Add(record);
    }
  }
  check("inputs", summary.inputs, 1);
  check("bytes", summary.bytes, reference.bytes);
  check("record_bytes", summary.record_bytes, reference.RowBytes(false));
  check("framing_bytes", summary.framing_bytes, reference.framing_bytes);
  check("opaque_bytes", summary.opaque_bytes, reference.RowBytes(true));
  check("unread_bytes", summary.unread_bytes, reference.unread_bytes);
  check("lenient_data", summary.lenient_data,
        reference.lenient_data.value_or(summary.lenient_data));
  check("sum of bytes",
        summary.record_bytes + summary.framing_bytes + summary.opaque_bytes +
            summary.unread_bytes,
        summary.bytes);
  check("kinesis_records", summary.kinesis_records,
        reference.rows.size() - count(V::kOpaqueSpan));
  check("aggregated", summary.aggregated, count(V::kAggregated));
  check("empty_aggregates", summary.empty_aggregates,
        count(V::kEmptyAggregate));
  check("not_aggregated", summary.not_aggregated, count(V::kNotAggregated));
  check("digest_mismatch", summary.digest_mismatch, count(V::kDigestMismatch));
  check("malformed", summary.malformed, count(V::kMalformed));
  check("key_index_out_of_range", summary.key_index_out_of_range,
        count(V::kKeyIndexOutOfRange));
  check("opaque_spans", summary.opaque_spans, count(V::kOpaqueSpan));
  check("user_records", summary.user_records, user_records);
  check("user_bytes", summary.user_bytes, user_bytes);
  check("explicit_hash_keys_without_table",
        summary.explicit_hash_keys_without_table, without_table);
  const std::string found = summary.content_checksum.has_value()
                                ? summary.content_checksum->ToHex()
                                : "missing";
  if (found != checksum.ToHex()) {
    text << "content_checksum " << found << " not " << checksum.ToHex() << "\n";
  }
  return text.str();
}

// Everything that differs between the two; empty if nothing does.
inline std::string Diff(const EngineRun& run,
                        const ReferenceArchive& reference) {
  std::ostringstream text;
  for (const Error& error : run.failure) {
    text << "failed: " << error.ToString() << "\n";
  }
  text << DiffRows(run.rows, reference.rows)
       << DiffSummary(run.report.summary, reference);
  const std::vector<Error>& errors = run.report.input_errors;
  if (errors.size() != (reference.error_offset ? 1U : 0U)) {
    text << errors.size() << " input errors\n";
  } else if (reference.error_offset &&
             errors[0].offset != reference.error_offset) {
    text << "error \"" << errors[0].ToString() << "\" not at offset "
         << *reference.error_offset << "\n";
  }
  return text.str();
}

}  // namespace thresh::oracle

#endif  // THRESH_TESTS_ORACLE_ENGINE_RUN_H_
