// One Kinesis record through the engine and through the reference: the same
// verdict, the same user records, and suspects add no user records to a batch.
#include <cstdio>
#include <cstdlib>

#include "mutate.h"
#include "oracle/engine_run.h"
#include "thresh/deaggregate.h"

namespace {

using thresh::oracle::ReferenceRow;

void Check(const std::string& difference) {
  if (difference.empty()) return;
  std::fprintf(stderr, "%s", difference.c_str());
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  // Twice into one batch: what the first left must not change the second.
  thresh::Batch batch;
  thresh::Deaggregate({data, size}, &batch);
  thresh::Deaggregate({data, size}, &batch);
  std::vector<ReferenceRow> rows;
  thresh::oracle::AppendRows(batch, &rows);
  const ReferenceRow expected =
      thresh::oracle::Judge(thresh::fuzz::AsText(data, size));
  Check(thresh::oracle::DiffRows(rows, {expected, expected}));
  if (batch.user_records.size() != 2 * expected.user_records.size()) {
    Check("user records that belong to no Kinesis record\n");
  }
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size,
                                          size_t max_size, unsigned int seed) {
  if (seed % 8 == 0 || max_size < 21) {
    return LLVMFuzzerMutate(data, size, max_size);
  }
  const std::string message = thresh::fuzz::Mutated(
      thresh::fuzz::MessageOf(thresh::fuzz::AsText(data, size)), max_size - 20);
  return thresh::fuzz::Store(thresh::oracle::Seal(message), data, max_size);
}
