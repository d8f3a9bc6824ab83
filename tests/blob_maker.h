// Makes blobs for tests.
#ifndef THRESH_TESTS_BLOB_MAKER_H_
#define THRESH_TESTS_BLOB_MAKER_H_

#include <span>
#include <string>
#include <vector>

#include "oracle/reference_aggregator.h"
#include "thresh/aggregator.h"

namespace thresh {

class BlobMaker {
 public:
  // All records together must fit in the largest possible blob.
  void Add(const NewUserRecord& record) {
    aggregator_.Add(record, &done_).value();
  }

  // The blob of the records since the last call, followed by that of the
  // unplaced ones among them, if there are any.
  std::string Take() {
    aggregator_.Flush(&done_);
    std::string blobs;
    for (const AggregatedBlob& blob : done_.Seal()) {
      blobs += AsText(blob.bytes);
    }
    done_.Clear();
    return blobs;
  }

 private:
  Aggregator aggregator_ =
      Aggregator::Create({.max_blob_bytes = kMaxBlobLimit}).value();
  BlobBatch done_;
};

// The blob of these records from a producer that ignores hash keys.
inline std::string MixedBlob(std::span<const NewUserRecord> records) {
  std::vector<oracle::ReferenceRecord> copies;
  for (const NewUserRecord& record : records) {
    copies.emplace_back();
    copies.back().partition_key = record.partition_key;
    copies.back().data = AsText(record.data);
    if (record.explicit_hash_key) {
      copies.back().explicit_hash_key = *record.explicit_hash_key;
    }
  }
  return oracle::BlobOf(copies);
}

}  // namespace thresh

#endif  // THRESH_TESTS_BLOB_MAKER_H_
