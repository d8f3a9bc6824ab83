// Uses both directions of the public interface, so that linking it needs the
// whole library and all its dependencies.
#include <cstdio>
#include <vector>

#include "thresh/aggregator.h"
#include "thresh/batch_reader.h"

int main() {
  auto aggregator = thresh::Aggregator::Create({});
  thresh::BlobBatch blobs;
  if (!aggregator ||
      !aggregator->Add({"key", thresh::AsBytes("data")}, &blobs)) {
    return 1;
  }
  aggregator->Flush(&blobs);
  auto reader = thresh::BatchReader::OpenBytes(blobs.Seal().front().bytes);
  if (!reader) return 1;
  while (const auto batch = reader->Next().value_or(nullptr)) {
    static_cast<void>(batch);
  }
  const uint64_t records = reader->report().summary.user_records;
  std::printf("%llu user record\n", static_cast<unsigned long long>(records));
  return records == 1 ? 0 : 1;
}
