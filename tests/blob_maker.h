// Blobs for tests that need some, whatever is in them.
#ifndef THRESH_TESTS_BLOB_MAKER_H_
#define THRESH_TESTS_BLOB_MAKER_H_

#include <string>
#include <utility>

#include "thresh/aggregator.h"

namespace thresh {

class BlobMaker {
 public:
  // All records together must fit in the largest blob that there is.
  void Add(const NewUserRecord& record) {
    aggregator_.Add(record, &done_).value();
  }

  // The blob of the records since the last call.
  std::string Take() {
    aggregator_.Flush(&done_);
    std::string blob(AsText(done_.Seal().front().bytes));
    done_.Clear();
    return blob;
  }

 private:
  Aggregator aggregator_ =
      Aggregator::Create({.max_blob_bytes = kMaxBlobLimit}).value();
  BlobBatch done_;
};

}  // namespace thresh

#endif  // THRESH_TESTS_BLOB_MAKER_H_
