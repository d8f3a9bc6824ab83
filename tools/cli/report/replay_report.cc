// See replay_report.h.
#include "cli/report/replay_report.h"
#include "cli/report/advice.h"

#include <fmt/format.h>

#include <chrono>

#include "cli/report/units.h"

namespace thresh::cli {
namespace {

double Seconds(kinesis::Time time) {
  return std::chrono::duration<double>(time).count();
}

// "1,234 user records in 5 Kinesis records, 1.20 MB, in 3 requests".
std::string SentText(const ReplayOutcome& outcome) {
  const kinesis::SendReport& sent = outcome.sent;
  std::string records =
      WithThousands(sent.kinesis_records) + " Kinesis records";
  if (!outcome.documents) {
    records = WithThousands(sent.user_records) + " user records in " + records;
  }
  return fmt::format("{}, {}, in {} requests", records,
                     HumanBytes(static_cast<double>(sent.bytes)),
                     WithThousands(sent.requests));
}

}  // namespace

std::string AgainText(const Error& why, kinesis::Time pause) {
  Error again = why;
  again.remedy = fmt::format("retrying in {:.1f} s", Seconds(pause));
  return again.ToString();
}

std::string ReplayText(const ReplayOutcome& outcome) {
  const kinesis::SendReport& sent = outcome.sent;
  const kinesis::SourceCounts& counts = outcome.counts;
  std::string text;
  const auto add = [&text](std::string_view label, std::string_view value) {
    text += fmt::format("{:<14}  {}\n", label, value);
  };
  add(outcome.dry_run ? "would send" : "sent", SentText(outcome));
  const std::string took = HumanDuration(Seconds(sent.duration));
  if (outcome.dry_run) {
    add("would take", "about " + took + ", as the rates allow");
  } else {
    add("took", took);
  }
  if (sent.refused > 0 || sent.failed_requests > 0) {
    add("tried again", fmt::format("{} refused records, {} failed requests",
                                   WithThousands(sent.refused),
                                   WithThousands(sent.failed_requests)));
  }
  if (counts.sent_before > 0) {
    add("sent before",
        WithThousands(counts.sent_before) + " records, left out");
  }
  if (counts.unsendable > 0) {
    add("unsendable",
        fmt::format("{} records, left out; the first: {}",
                    WithThousands(counts.unsendable),
                    Advised(*counts.first_unsendable).ToString()));
  }
  if (counts.dropped_hash_keys > 0) {
    add("hash keys",
        fmt::format("{} records sent by their partition keys, because Kinesis "
                    "does not accept their explicit hash keys",
                    WithThousands(counts.dropped_hash_keys)));
  }
  if (!outcome.all_sent) {
    add("not sent",
        fmt::format("{} Kinesis records that were read, and all after them",
                    WithThousands(sent.waiting)));
  }
  return text;
}

Json ReplayJson(const ReplayOutcome& outcome) {
  const kinesis::SendReport& sent = outcome.sent;
  return {{"complete", outcome.complete},
          {"dry_run", outcome.dry_run},
          {"requests", sent.requests},
          {"failed_requests", sent.failed_requests},
          {"kinesis_records", sent.kinesis_records},
          {"records", sent.user_records},
          {"bytes", sent.bytes},
          {"refused", sent.refused},
          {"waiting", sent.waiting},
          {"sent_before", outcome.counts.sent_before},
          {"unsendable", outcome.counts.unsendable},
          {"dropped_hash_keys", outcome.counts.dropped_hash_keys},
          {"seconds", Seconds(sent.duration)}};
}

}  // namespace thresh::cli
