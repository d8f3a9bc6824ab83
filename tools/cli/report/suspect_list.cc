// Between Encode and Write a suspect is its plain bytes: where it lies is all
// that is wanted, however long it is.
#include "cli/report/suspect_list.h"

#include <cstring>
#include <type_traits>

namespace thresh::cli {

static_assert(std::is_trivially_copyable_v<Suspect>);

void SuspectList::Encode(const Batch& batch, OutputBuffer* out) const {
  for (const KinesisRecord& record : batch.kinesis_records) {
    if (!IsSuspect(record.verdict)) continue;
    const Suspect suspect{record.offset, record.length, record.source,
                          record.verdict, record.reason};
    const size_t at = out->size();
    out->Resize(at + sizeof suspect);
    std::memcpy(out->data() + at, &suspect, sizeof suspect);
  }
}

Result<void> SuspectList::Write(const OutputBuffer& encoded) {
  for (size_t at = 0; at < encoded.size(); at += sizeof(Suspect)) {
    if (++count_ > limit_) continue;
    Suspect suspect;
    std::memcpy(&suspect, encoded.data() + at, sizeof suspect);
    tell_(suspect);
  }
  return {};
}

}  // namespace thresh::cli
