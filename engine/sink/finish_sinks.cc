// The order in which the files of a run are published.
#include <utility>

#include "thresh/sink.h"

namespace thresh {
namespace {

Result<std::string> FinishAsIncomplete(Sink* sink, Sink* quarantine) {
  if (quarantine != nullptr) {
    Result<std::string> side = quarantine->FinishIncomplete();
    if (!side) return side;
  }
  return sink->FinishIncomplete();
}

}  // namespace

Result<std::string> FinishSinks(Sink* sink, Sink* quarantine, bool incomplete) {
  Result<void> done = sink->Complete();
  if (done && quarantine != nullptr) done = quarantine->Complete();
  if (done && incomplete) return FinishAsIncomplete(sink, quarantine);
  if (done && quarantine != nullptr) {
    done = quarantine->Finish();
    if (!done) {
      // An earlier output may have been removed, so this one is not discarded.
      const Result<std::string> kept = sink->FinishIncomplete();
      if (kept && !kept->empty()) {
        std::string* const remedy = &done.error().remedy;
        if (!remedy->empty()) *remedy += "; ";
        *remedy += "what was written without it is in " + *kept;
      }
    }
  }
  if (done) done = sink->Finish();
  if (!done) return tl::unexpected(std::move(done.error()));
  return std::string();
}

}  // namespace thresh
