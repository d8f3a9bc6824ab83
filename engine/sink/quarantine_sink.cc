// Suspects, one JSON object a line: enough to find each in its archive, and
// its bytes, so that no damage to an archive's tables loses the rest.
#include <optional>
#include <utility>

#include "sink/file_output.h"
#include "sink/metadata_members.h"
#include "sink/put.h"
#include "sink/text_member.h"
#include "thresh/sinks.h"

namespace thresh {
namespace {

class QuarantineSink final : public Sink {
 public:
  QuarantineSink(std::string path, InputList sources, StaleQuarantine stale)
      : path_(std::move(path)), stale_(stale), sources_(std::move(sources)) {}

  void Encode(const Batch& batch, OutputBuffer* out) const override {
    for (const KinesisRecord& record : batch.kinesis_records) {
      if (IsSuspect(record.verdict)) {
        AppendSuspect(record, batch.MetadataOf(record), out);
      }
    }
  }

  Result<void> Write(const OutputBuffer& encoded) override {
    if (encoded.empty()) return {};
    if (!output_) {
      Result<FileOutput> opened = FileOutput::Open(path_);
      if (!opened) return tl::unexpected(std::move(opened.error()));
      output_ = std::move(*opened);
    }
    return output_->Write(encoded);
  }

  Result<void> Finish() override {
    if (output_) return output_->Finish();
    if (stale_ == StaleQuarantine::kKeep) return {};
    return FileOutput::RemoveStale(path_);
  }

 private:
  void AppendSuspect(const KinesisRecord& record,
                     const KinesisMetadata& metadata, OutputBuffer* out) const {
    const std::string_view verdict = VerdictName(record.verdict);
    const std::string_view reason = ReasonName(record.reason);
    out->Append('{');
    AppendTextMember("source", AsBytes(sources_[record.source]), out);
    constexpr std::string_view kFixed =
        R"(,"offset":,"length":,"verdict":"","reason":"")";
    uint8_t* at = RoomFor(
        kFixed.size() + 2 * kLongestNumber + verdict.size() + reason.size(),
        out);
    at = Put(R"(,"offset":)", at);
    at = PutNumber(record.offset, at);
    at = Put(R"(,"length":)", at);
    at = PutNumber(record.length, at);
    at = Put(R"(,"verdict":")", at);
    at = Put(verdict, at);
    at = Put(R"(","reason":")", at);
    at = Put(reason, at);
    at = Put("\"", at);
    EndAt(at, out);
    AppendKnownMetadata(metadata, out);
    constexpr std::string_view kData = R"(,"data":""})";
    at =
        RoomFor(kData.size() + 1 + Base64EncodedSize(record.bytes.size()), out);
    at = Put(R"(,"data":")", at);
    at = PutBase64(record.bytes, at);
    at = Put("\"}\n", at);
    EndAt(at, out);
  }

  std::string path_;
  StaleQuarantine stale_;
  InputList sources_;
  std::optional<FileOutput> output_;  // from the first suspect on
};

}  // namespace

Result<std::unique_ptr<Sink>> OpenQuarantine(const std::string& path,
                                             const InputList& sources,
                                             StaleQuarantine stale) {
  // What is wrong with the path is better known before a long run than at its
  // first suspect.
  if (Result<void> trial = FileOutput::Try(path); !trial) {
    return tl::unexpected(std::move(trial.error()));
  }
  return std::make_unique<QuarantineSink>(path, sources, stale);
}

}  // namespace thresh
