// The names under which verdicts and reasons appear in every report.
#include "thresh/verdict.h"

#include <array>

namespace thresh {
namespace {

struct ReasonWords {
  std::string_view name;
  std::string_view text;
};
// In the order of the enumeration.
constexpr std::array<ReasonWords, kReasons> kReasonWords = {{
    {"none", "nothing is wrong"},
    {"digest", "no matching MD5 follows the message"},
    {"bytes_after_aggregate",
     "a sound aggregated record is followed by other bytes, or another one"},
    {"broken_field", "a field is cut off or not protobuf"},
    {"missing_field: partition_key_index",
     "a user record has no partition_key_index"},
    {"missing_field: data", "a user record has no data"},
    {"missing_field: tag_key", "a user record's tag has no key"},
    {"index_out_of_range: partition_key_index",
     "a user record's partition key is not in the table"},
    {"index_out_of_range: explicit_hash_key_index",
     "a user record's explicit hash key is not in the table"},
    {"no_magic", "no aggregated record begins here"},
    {"not_base64", "the line is not base64"},
    {"data_not_base64", "the record's data is neither base64 nor bytes"},
    {"no_data", "the record has no data"},
    {"two_data", "the record has two different data"},
    {"not_a_record", "the object is not a known Kinesis record"},
    {"too_deep",
     "a document that may contain records is wrapped more than four levels "
     "deep"},
    {"explicit_hash_key",
     "a user record as thresh writes it, whose explicit hash key would be "
     "lost"},
    {"broken_json", "the JSON is damaged or cut off"},
    {"not_json", "the line does not begin like JSON"},
}};

const ReasonWords& WordsOf(Reason reason) {
  static constexpr ReasonWords kUnknown = {"unknown", "unknown"};
  const auto i = static_cast<size_t>(reason);
  return i < kReasonWords.size() ? kReasonWords[i] : kUnknown;
}

}  // namespace

std::string_view ReasonName(Reason reason) { return WordsOf(reason).name; }

std::string_view ReasonText(Reason reason) { return WordsOf(reason).text; }

std::string_view VerdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::kAggregated:
      return "aggregated";
    case Verdict::kEmptyAggregate:
      return "empty_aggregate";
    case Verdict::kNotAggregated:
      return "not_aggregated";
    case Verdict::kDigestMismatch:
      return "digest_mismatch";
    case Verdict::kMalformed:
      return "malformed";
    case Verdict::kKeyIndexOutOfRange:
      return "key_index_out_of_range";
    case Verdict::kOpaqueSpan:
      return "opaque_span";
  }
  return "unknown";
}

}  // namespace thresh
