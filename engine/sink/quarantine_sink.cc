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

LinkPolicy LinksOf(StaleQuarantine stale) {
  return stale == StaleQuarantine::kRemove ? LinkPolicy::kReplace
                                           : LinkPolicy::kFollow;
}

class QuarantineSink final : public Sink {
 public:
  QuarantineSink(std::string path, InputList sources, QuarantineOptions options)
      : path_(std::move(path)),
        options_(std::move(options)),
        sources_(std::move(sources)) {}

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
      Result<FileOutput> opened = FileOutput::Open(
          path_, {.sync = options_.sync}, LinksOf(options_.stale));
      if (!opened) return tl::unexpected(std::move(opened.error()));
      output_ = std::move(*opened);
    }
    return output_->Write(encoded);
  }

  Result<void> Complete() override {
    return output_ ? output_->Complete() : Result<void>();
  }

  Result<void> Finish() override {
    return FinishAs("").map([](const std::string&) {});
  }

  Result<std::string> FinishIncomplete() override {
    return FinishAs(std::string(kIncompleteSuffix));
  }

 private:
  Result<std::string> FinishAs(const std::string& suffix) {
    Result<void> ready;
    if (output_) {
      ready = FileOutput::Withdraw(options_.output, suffix, options_.sync);
    } else if (options_.stale == StaleQuarantine::kRemove) {
      ready = FileOutput::RemoveSideFile(path_, options_.output, suffix,
                                         options_.sync);
    }
    if (!ready) return tl::unexpected(std::move(ready.error()));
    return output_ ? output_->Finish(suffix) : std::string();
  }

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
  QuarantineOptions options_;
  InputList sources_;
  std::optional<FileOutput> output_;  // from the first suspect on
};

}  // namespace

Result<std::unique_ptr<Sink>> OpenQuarantine(const std::string& path,
                                             const InputList& sources,
                                             const QuarantineOptions& options) {
  // What is wrong with the path is better known before a long run than at its
  // first suspect.
  if (Result<void> trial = FileOutput::Try(path, LinksOf(options.stale));
      !trial) {
    return tl::unexpected(std::move(trial.error()));
  }
  return std::make_unique<QuarantineSink>(path, sources, options);
}

}  // namespace thresh
