// See request_writer.h.
#include "cli/request_writer.h"

#include <string>

#include "base/append.h"
#include "thresh/blob_batch.h"
#include "thresh/hash_key.h"

namespace thresh::cli {
namespace {

class RequestWriter final : public RecordWriter {
 public:
  RequestWriter(const kinesis::Stream& stream, const kinesis::PutLimits& limits)
      : limits_(limits), document_(stream, limits) {}

  void Add(const OutgoingRecord& record, Column<uint8_t>* out) override {
    kinesis::PutRecord put = {.data = record.bytes,
                              .partition_key = record.partition_key};
    std::string hash_key;
    if (record.explicit_hash_key) {
      hash_key = HashKeyText(*record.explicit_hash_key);
      put.explicit_hash_key = hash_key;
    }
    if (kinesis::CountedBytes(put) > limits_.record_bytes) {
      put.partition_key = kPartitionKeyOfSeveral;
    }
    if (!document_.Fits(put)) Finish(out);
    document_.Add(put);
  }

  void Finish(Column<uint8_t>* out) override {
    if (document_.records() == 0) return;
    AppendText(document_.Line(), out);
    document_.Clear();
  }

  [[nodiscard]] PlainSupport plain() const override {
    return {.data = true,
            .partition_key = true,
            .explicit_hash_key = true,
            .only_valid_keys = true};
  }

 private:
  kinesis::PutLimits limits_;
  kinesis::PutRecordsDocument document_;
};

}  // namespace

std::unique_ptr<RecordWriter> NewRequestWriter(
    const kinesis::Stream& stream, const kinesis::PutLimits& limits) {
  return std::make_unique<RequestWriter>(stream, limits);
}

}  // namespace thresh::cli
