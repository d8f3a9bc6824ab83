// See summary_printer.h.
#include "cli/report/summary_printer.h"

#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/printable.h"
#include "cli/options/choice.h"
#include "cli/report/units.h"

namespace thresh::cli {
namespace {

class SummaryTable {
 public:
  void Add(std::string label, std::string value, std::string note = {}) {
    rows_.push_back({std::move(label), std::move(value), std::move(note)});
  }
  void AddCount(std::string label, uint64_t count, std::string note = {}) {
    Add(std::move(label), WithThousands(count), std::move(note));
  }
  // Omits the row if the count is zero.
  void AddIfAny(std::string label, uint64_t count, std::string note = {}) {
    if (count > 0) AddCount(std::move(label), count, std::move(note));
  }

  // Labels on the left, numbers on the right, followed by notes.
  [[nodiscard]] std::string Format() const {
    size_t labels = 0;
    size_t values = 0;
    for (const SummaryRow& row : rows_) {
      labels = std::max(labels, row.label.size());
      values = std::max(values, row.value.size());
    }
    std::string text;
    for (const SummaryRow& row : rows_) {
      text +=
          fmt::format("{:<{}}  {:>{}}", row.label, labels, row.value, values);
      if (!row.note.empty()) text += "  " + row.note;
      text += "\n";
    }
    return text;
  }

 private:
  std::vector<SummaryRow> rows_;
};

void AddSuspects(const Summary& summary, SummaryTable* table) {
  if (summary.suspects() == 0) return;
  table->AddCount("suspects", summary.suspects());
  table->AddIfAny("  digest mismatch", summary.digest_mismatch);
  table->AddIfAny("  malformed", summary.malformed);
  table->AddIfAny("  key index out of range", summary.key_index_out_of_range);
  table->AddIfAny("  opaque spans", summary.opaque_spans,
                  WithThousands(summary.opaque_bytes) + " bytes");
  for (size_t i = 0; i < kReasons; ++i) {
    const auto reason = static_cast<Reason>(i);
    table->AddIfAny("  " + std::string(ReasonName(reason)), summary.reasons[i],
                    std::string(ReasonText(reason)));
  }
}

std::string Rate(double amount, double seconds, auto&& format) {
  return seconds > 0 ? format(amount / seconds) + "/s" : "";
}

Json ErrorJson(const Error& found, const InputAdvice& input) {
  const Error error = Advised(found, input);
  Json object = Json::object();
  SetText(&object, "file", error.file);
  object["offset"] = error.offset ? Json(*error.offset) : Json();
  object["message"] = error.message;
  object["remedy"] = error.remedy;
  return object;
}

// The nonzero counts, by the names of the reasons.
Json ReasonsJson(const Summary& summary) {
  Json object = Json::object();
  for (size_t i = 0; i < kReasons; ++i) {
    if (summary.reasons[i] == 0) continue;
    object[std::string(ReasonName(static_cast<Reason>(i)))] =
        summary.reasons[i];
  }
  return object;
}

Json MissingRangeJson(const MissingRange& range) {
  Json object = Json::object();
  SetText(&object, "file", range.file);
  object["offset"] = range.offset;
  SetText(&object, "stream", range.stream);
  SetText(&object, "shard", range.shard_id);
  SetText(&object, "first_sequence_number", range.first);
  SetText(&object, "last_sequence_number", range.last);
  object["records"] = range.records;
  return object;
}

}  // namespace

void AddSummaryOptions(CLI::App* app, SummaryOptions* options,
                       const std::string& json_stream) {
  AddChoice(app, "--summary", &options->format,
            {{"text", SummaryFormat::kText}, {"json", SummaryFormat::kJson}},
            "Text goes to standard error, JSON to " + json_stream)
      ->group("Reporting");
  app->add_flag("--quiet,-q", options->quiet,
                "No progress bar and no text summary; errors are still printed")
      ->group("Reporting");
  AddContentOptions(app, &options->content, "Reporting");
}

void AddContentOptions(CLI::App* app, ContentSums* options,
                       const std::string& group) {
  app->add_flag("--content-checksum", options->checksum,
                "Compute a checksum of all user records that does not depend "
                "on order, container or format; fast, and sufficient to "
                "compare your own results")
      ->group(group);
  app->add_flag("--content-digest", options->digest,
                "Compute a digest of all user records that holds even for "
                "archives made to have equal checksums; much slower, above all "
                "for short records")
      ->group(group);
}

std::string ContentText(const std::optional<ContentChecksum>& checksum,
                        const std::optional<ContentDigest>& digest) {
  std::string text;
  if (checksum.has_value()) {
    text += "content checksum  " + checksum->ToHex() + "\n";
  }
  if (digest.has_value()) {
    text += "content digest    " + digest->ToHex() + "\n";
  }
  return text;
}

std::string SummaryText(const Summary& summary, const std::string& quarantine,
                        const std::vector<SummaryRow>& more) {
  SummaryTable table;
  const bool nothing_read =
      summary.inputs == 0 && summary.left_out != LeftOut();
  table.AddCount("inputs", summary.inputs,
                 nothing_read ? "everything found is left out" : "");
  table.AddIfAny("  left out", summary.left_out.not_data,
                 "directories, links, pipes, names without records");
  table.AddIfAny("  excluded", summary.left_out.excluded,
                 "by --include and --exclude");
  table.AddCount("bytes", summary.bytes,
                 fmt::format("{}  {}", HumanDuration(summary.seconds),
                             Rate(static_cast<double>(summary.bytes),
                                  summary.seconds, HumanBytes)));
  if (summary.stored_bytes != summary.bytes) {
    table.AddCount("  as stored", summary.stored_bytes);
  }
  table.AddIfAny("  not read", summary.unread_bytes);
  // Lines of text yield user records without any.
  if (summary.kinesis_records > 0 || summary.user_records == 0) {
    table.AddCount("Kinesis records", summary.kinesis_records);
  }
  table.AddIfAny("  aggregated", summary.aggregated);
  table.AddIfAny("  not aggregated", summary.not_aggregated);
  table.AddIfAny("  empty aggregates", summary.empty_aggregates);
  table.AddIfAny("  lenient data", summary.lenient_data,
                 "not canonical base64");
  table.AddIfAny("  unreadable metadata", summary.unreadable_metadata,
                 "left null");
  table.AddIfAny("  suspicious data", summary.suspicious_data,
                 "not aggregated, but may have been before a change");
  table.AddIfAny("  possible pieces", summary.possible_pieces(),
                 "lines of the length of wrapped records");
  table.AddIfAny("  skipped unread", summary.skipped_records);
  table.AddIfAny("reports without records", summary.reports_without_records);
  AddSuspects(summary, &table);
  table.AddCount("user records", summary.user_records,
                 Rate(static_cast<double>(summary.user_records),
                      summary.seconds, HumanCount));
  table.AddIfAny("  filtered out", summary.filtered_records);
  table.AddIfAny("  without sequence number", summary.without_sequence_number,
                 "not known whether they repeat others");
  table.AddIfAny("  sequence conflicts", summary.sequence_conflicts,
                 "same position, different content: all written");
  if (summary.limited) table.Add("  limit reached", "", "the rest is not read");
  table.AddIfAny("  nested aggregates",
                 summary.nested_aggregates - summary.nested_left_whole,
                 "user records that were de-aggregated");
  table.AddIfAny("  nested aggregates left whole", summary.nested_left_whole,
                 "--nested de-aggregates them, up to four levels deep");
  table.AddCount("user bytes", summary.user_bytes);
  table.AddIfAny("explicit hash keys without table",
                 summary.explicit_hash_keys_without_table);
  for (const SummaryRow& row : more) table.Add(row.label, row.value, row.note);
  std::string text = table.Format();
  text += ContentText(summary.content_checksum, summary.content_digest);
  if (!quarantine.empty())
    text += "quarantine        " + Printable(quarantine) + "\n";
  return text;
}

Json SummaryJson(const Report& report, const InputAdvice& input) {
  const Summary& summary = report.summary;
  Json object = {
      {"inputs", summary.inputs},
      {"inputs_left_out", summary.left_out.not_data},
      {"inputs_excluded", summary.left_out.excluded},
      {"stored_bytes", summary.stored_bytes},
      {"bytes", summary.bytes},
      {"record_bytes", summary.record_bytes},
      {"framing_bytes", summary.framing_bytes},
      {"opaque_bytes", summary.opaque_bytes},
      {"unread_bytes", summary.unread_bytes},
      {"kinesis_records", summary.kinesis_records},
      {"aggregated", summary.aggregated},
      {"not_aggregated", summary.not_aggregated},
      {"empty_aggregates", summary.empty_aggregates},
      {"digest_mismatch", summary.digest_mismatch},
      {"malformed", summary.malformed},
      {"key_index_out_of_range", summary.key_index_out_of_range},
      {"opaque_spans", summary.opaque_spans},
      {"reasons", ReasonsJson(summary)},
      {"lenient_data", summary.lenient_data},
      {"unreadable_metadata", summary.unreadable_metadata},
      {"suspicious_data", summary.suspicious_data},
      {"possible_pieces", summary.possible_pieces()},
      {"reports_without_records", summary.reports_without_records},
      {"missing_ranges", Json::array()},
      {"skipped_records", summary.skipped_records},
      {"skipped_without_metadata", summary.skipped_without_metadata},
      {"skipped_unreadable_time", summary.skipped_unreadable_time},
      {"user_records", summary.user_records},
      {"user_bytes", summary.user_bytes},
      {"filtered_records", summary.filtered_records},
      {"without_sequence_number", summary.without_sequence_number},
      {"sequence_conflicts", summary.sequence_conflicts},
      {"limited", summary.limited},
      {"nested_aggregates", summary.nested_aggregates},
      {"nested_left_whole", summary.nested_left_whole},
      {"explicit_hash_keys_without_table",
       summary.explicit_hash_keys_without_table},
      {"content_checksum", summary.content_checksum.has_value()
                               ? Json(summary.content_checksum->ToHex())
                               : Json()},
      {"content_digest", summary.content_digest.has_value()
                             ? Json(summary.content_digest->ToHex())
                             : Json()},
      {"seconds", summary.seconds},
      {"errors", Json::array()},
  };
  for (const MissingRange& range : summary.missing_ranges) {
    object["missing_ranges"].push_back(MissingRangeJson(range));
  }
  for (const Error& error : report.input_errors) {
    object["errors"].push_back(ErrorJson(error, input));
  }
  return object;
}

}  // namespace thresh::cli
