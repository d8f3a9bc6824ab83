// Suspects, one JSON object a line: enough to find each in its archive, and its
// bytes, so that damage to an archive's tables does not lose the rest.
// Consecutive lines that are bad for the same reason share an object: separate
// ones would be many times as long as the lines. Windows end anywhere among
// them, so they are merged in Write, and chunks hold them line by line.
#include <memory>
#include <utility>
#include <vector>

#include "base/errors.h"
#include "sink/metadata_members.h"
#include "sink/put.h"
#include "sink/text_member.h"
#include "storage/outputs.h"
#include "thresh/sinks.h"

namespace thresh {
namespace {

LinkPolicy LinksOf(StaleQuarantine stale) {
  return stale == StaleQuarantine::kRemove ? LinkPolicy::kReplace
                                           : LinkPolicy::kFollow;
}

// Bytes that share an object.
constexpr size_t kMaxRunBytes = size_t{64} << 10;

struct BadLine {
  uint64_t offset;
  uint32_t source;
  uint32_t line_end;  // bytes at its end that are framing
  Reason reason;
};

// Objects that are complete text, and bad lines between them.
class QuarantineChunk final : public TextChunk {
 public:
  struct Line {
    size_t place;  // bytes of the text that come before it
    BadLine line;
    Bytes bytes;  // in the input, those of its end included
  };

  void Clear() override {
    TextChunk::Clear();
    lines.Clear();
  }
  [[nodiscard]] bool empty() const override {
    return TextChunk::empty() && lines.empty();
  }
  [[nodiscard]] size_t memory() const override {
    return TextChunk::memory() + lines.size() * sizeof(Line);
  }
  [[nodiscard]] size_t reserved_memory() const override {
    return TextChunk::reserved_memory() + lines.capacity() * sizeof(Line);
  }
  [[nodiscard]] bool refers() const override { return !lines.empty(); }

  Column<Line> lines;
};

// The content of an object.
struct Suspect {
  uint32_t source;
  uint64_t offset;
  uint64_t length;
  uint64_t count;  // suspects in it
  Verdict verdict;
  Reason reason;
  KinesisMetadata metadata;
  Bytes bytes;
};

class QuarantineSink final : public TypedSink<QuarantineChunk> {
 public:
  QuarantineSink(std::string path, InputList sources, QuarantineOptions options)
      : path_(std::move(path)),
        options_(std::move(options)),
        sources_(std::move(sources)) {}

  Result<void> Complete() override {
    if (output_ == nullptr) return {};
    const Result<void> written = WriteRun();
    return written ? output_->Complete() : written;
  }

  Result<void> Finish() override {
    return FinishAs("").map([](const std::string&) {});
  }

  Result<std::string> FinishIncomplete() override {
    return FinishAs(std::string(kIncompleteSuffix));
  }

 protected:
  void EncodeTo(const Batch& batch, QuarantineChunk* chunk) const override {
    for (const KinesisRecord& record : batch.kinesis_records) {
      if (!IsSuspect(record.verdict)) continue;
      if (record.line_end > 0 && record.bytes.size() < kMaxRunBytes) {
        AppendBadLine(record, chunk);
      } else {
        AppendSuspect({.source = record.source,
                       .offset = record.offset,
                       .length = record.length,
                       .count = 1,
                       .verdict = record.verdict,
                       .reason = record.reason,
                       .metadata = batch.MetadataOf(record),
                       .bytes = record.bytes},
                      chunk->mutable_text());
      }
    }
  }

  Result<void> WriteFrom(QuarantineChunk* chunk) override {
    if (output_ == nullptr) {
      Result<std::unique_ptr<ByteOutput>> created =
          CreateOutput(path_, {.sync = options_.sync}, LinksOf(options_.stale));
      if (!created) return tl::unexpected(std::move(created.error()));
      output_ = *std::move(created);
    }
    ready_.Clear();
    const Bytes text(chunk->text().data(), chunk->text().size());
    size_t done = 0;
    for (const auto& [place, line, bytes] : chunk->lines) {
      TakeText(text.subspan(done, place - done));
      TakeBadLine(line, bytes);
      done = place;
    }
    TakeText(text.subspan(done));
    return output_->Write(ready_);
  }

 private:
  Result<std::string> FinishAs(const std::string& suffix) {
    Result<void> ready;
    if (output_ != nullptr) {
      ready = WriteRun();
      if (!ready) return tl::unexpected(std::move(ready.error()));
      ready = WithdrawOutput(options_.output, suffix, options_.sync);
    } else if (options_.stale == StaleQuarantine::kRemove) {
      ready = RemoveSideFile(path_, options_.output, suffix, options_.sync);
    }
    if (!ready) return tl::unexpected(std::move(ready.error()));
    if (output_ == nullptr) return std::string();
    if (!suffix.empty()) return output_->CommitIncomplete();
    return output_->Commit().map([] { return std::string(); });
  }

  static void AppendBadLine(const KinesisRecord& record,
                            QuarantineChunk* chunk) {
    chunk->lines.Append({.place = chunk->text().size(),
                         .line = {.offset = record.offset,
                                  .source = record.source,
                                  .line_end = record.line_end,
                                  .reason = record.reason},
                         .bytes = {record.bytes.data(),
                                   record.bytes.size() + record.line_end}});
  }

  // Objects that are complete.
  void TakeText(Bytes text) {
    if (text.empty()) return;
    EndRun();
    EndAt(Put(text, RoomFor(text.size(), &ready_)), &ready_);
  }

  // `bytes`: those of the line, its end included.
  void TakeBadLine(const BadLine& line, Bytes bytes) {
    const bool follows = run_lines_ > 0 && line.source == run_.source &&
                         line.reason == run_.reason &&
                         line.offset == run_.offset + run_bytes_.size() &&
                         run_bytes_.size() + bytes.size() <= kMaxRunBytes;
    if (!follows) {
      EndRun();
      run_ = line;
    }
    ++run_lines_;
    run_.line_end = line.line_end;
    run_bytes_.insert(run_bytes_.end(), bytes.begin(), bytes.end());
  }

  // Writes the current run as an object.
  void EndRun() {
    if (run_lines_ == 0) return;
    const Bytes bytes =
        Bytes(run_bytes_).first(run_bytes_.size() - run_.line_end);
    AppendSuspect({.source = run_.source,
                   .offset = run_.offset,
                   .length = bytes.size(),
                   .count = run_lines_,
                   .verdict = Verdict::kOpaqueSpan,
                   .reason = run_.reason,
                   .metadata = {},
                   .bytes = bytes},
                  &ready_);
    run_lines_ = 0;
    run_bytes_.clear();
  }

  // Nothing is written after the output was completed.
  Result<void> WriteRun() {
    if (run_lines_ == 0) return {};
    ready_.Clear();
    EndRun();
    return output_->Write(ready_);
  }

  void AppendSuspect(const Suspect& suspect, OutputBuffer* out) const {
    const std::string_view verdict = VerdictName(suspect.verdict);
    const std::string_view reason = ReasonName(suspect.reason);
    out->Append('{');
    AppendTextMember("source", AsBytes(sources_[suspect.source]), out);
    constexpr std::string_view kFixed =
        R"(,"offset":,"length":,"count":,"verdict":"","reason":"")";
    uint8_t* at = RoomFor(
        kFixed.size() + 3 * kLongestNumber + verdict.size() + reason.size(),
        out);
    at = Put(R"(,"offset":)", at);
    at = PutNumber(suspect.offset, at);
    at = Put(R"(,"length":)", at);
    at = PutNumber(suspect.length, at);
    if (suspect.count > 1) {
      at = Put(R"(,"count":)", at);
      at = PutNumber(suspect.count, at);
    }
    at = Put(R"(,"verdict":")", at);
    at = Put(verdict, at);
    at = Put(R"(","reason":")", at);
    at = Put(reason, at);
    at = Put("\"", at);
    EndAt(at, out);
    AppendKnownMetadata(suspect.metadata, out);
    constexpr std::string_view kDataMember = R"(,"data":""})";
    at = RoomFor(
        kDataMember.size() + 1 + Base64EncodedSize(suspect.bytes.size()), out);
    at = Put(R"(,"data":")", at);
    at = PutBase64(suspect.bytes, at);
    at = Put("\"}\n", at);
    EndAt(at, out);
  }

  std::string path_;
  QuarantineOptions options_;
  InputList sources_;
  std::unique_ptr<ByteOutput> output_;  // from the first suspect on
  // Consecutive bad lines: the first, with the line end of the last.
  BadLine run_ = {};
  uint64_t run_lines_ = 0;
  std::vector<uint8_t> run_bytes_;
  OutputBuffer ready_;  // to be written
};

}  // namespace

Result<std::unique_ptr<Sink>> OpenQuarantine(const std::string& path,
                                             const InputList& sources,
                                             const QuarantineOptions& options) {
  if (Result<void> known =
          CheckEnum("stale", options.stale, StaleQuarantine::kRemove);
      !known) {
    return tl::unexpected(std::move(known.error()));
  }
  // An error of the path should be reported before a long run, not at its first
  // suspect.
  if (Result<void> trial = TryOutput(path, LinksOf(options.stale)); !trial) {
    return tl::unexpected(std::move(trial.error()));
  }
  return std::make_unique<QuarantineSink>(path, sources, options);
}

}  // namespace thresh
