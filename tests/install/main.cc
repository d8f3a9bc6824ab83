// Uses both directions of the public interface, so that linking it needs the
// whole library and all that the library is built on.
#include <cstdio>
#include <vector>

#include "thresh/batch_reader.h"
#include "thresh/blob_builder.h"

int main() {
  thresh::BlobBuilder builder;
  builder.Add("key", std::nullopt, thresh::AsBytes("data"));
  std::vector<uint8_t> blob;
  builder.Finish(&blob);
  auto reader = thresh::BatchReader::OpenBytes(blob);
  if (!reader) return 1;
  while (const thresh::Batch* batch = reader->Next().value_or(nullptr)) {
    static_cast<void>(batch);
  }
  const uint64_t records = reader->report().summary.user_records;
  std::printf("%llu user record\n", static_cast<unsigned long long>(records));
  return records == 1 ? 0 : 1;
}
