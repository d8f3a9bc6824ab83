// The names under which verdicts appear in every report.
#include "thresh/verdict.h"

namespace thresh {

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
