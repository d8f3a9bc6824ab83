// See suspect_list.h.
#include "cli/report/suspect_list.h"

namespace thresh::cli {

void SuspectList::EncodeTo(const Batch& batch, SuspectChunk* chunk) const {
  for (const KinesisRecord& record : batch.kinesis_records) {
    if (!IsSuspect(record.verdict)) continue;
    chunk->suspects.Append({record.offset, record.length, record.source,
                            record.verdict, record.reason});
  }
}

Result<void> SuspectList::WriteFrom(SuspectChunk* chunk) {
  for (const Suspect& suspect : chunk->suspects) {
    if (++count_ <= limit_) report_(suspect);
  }
  return {};
}

}  // namespace thresh::cli
