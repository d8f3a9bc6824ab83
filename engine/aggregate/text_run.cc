// A block is parsed while the one before it is packed.
#include "aggregate/text_run.h"

#include <array>
#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <utility>

#include "aggregate/text_block.h"
#include "pipeline/window_errors.h"
#include "thresh/line_reader.h"

namespace thresh {
namespace {

using Clock = std::chrono::steady_clock;

class Runner {
 public:
  Runner(const TextRun& run, LineParser* parser, Sink* sink, Sink* quarantine)
      : run_(run),
        parser_(parser),
        sink_(sink),
        quarantine_(quarantine),
        chunk_(sink->NewChunk()) {
    if (quarantine != nullptr) quarantined_ = quarantine->NewChunk();
  }

  Result<Report> Run() {
    Options reading = run_.options;
    reading.progress = [this](const Progress& progress) {
      read_progress_ = progress;
    };
    Result<LineReader> opened = LineReader::Open(run_.inputs, reading);
    if (!opened) return tl::unexpected(std::move(opened.error()));
    reader_ = &*opened;
    Result<void> written = WriteAll();
    if (!written) return tl::unexpected(std::move(written.error()));
    Report report = TakeReport();
    report.incomplete = IsIncomplete(run_.options, report.input_errors);
    Result<std::string> finished =
        FinishSinks(sink_, quarantine_, report.incomplete);
    if (!finished) return tl::unexpected(std::move(finished.error()));
    report.incomplete_file = *std::move(finished);
    return report;
  }

 private:
  Result<void> WriteAll() {
    const bool beside = run_.options.jobs != 1;
    size_t current = 0;
    bool more = Read(&blocks_[current]);
    while (more) {
      if (run_.options.cancel.stop_requested()) {
        return tl::unexpected(Cancelled());
      }
      TextBlock* const next = &blocks_[1 - current];
      std::future<bool> read =
          std::async(beside ? std::launch::async | std::launch::deferred
                            : std::launch::deferred,
                     [this, next] { return Read(next); });
      Result<void> written = Write(blocks_[current]);
      more = read.get();
      if (!written) return written;
      current = 1 - current;
    }
    return {};
  }

  // Reads and parses the next block; false if there is none.
  bool Read(TextBlock* out) {
    std::optional<LineBlock> block = reader_->Next();
    if (!block) return false;
    TakeApart(*std::move(block), parser_,
              run_.options.on_suspect == SuspectPolicy::kPass, out);
    out->progress = read_progress_;
    return true;
  }

  Result<void> Write(const TextBlock& block) {
    if (block.block.starts_input) line_ = 0;
    const std::string& file = run_.inputs[block.block.source];
    if (run_.options.on_suspect == SuspectPolicy::kFail &&
        !block.problems.empty()) {
      return tl::unexpected(At(block.problems.front(), file,
                               ErrorCode::kSuspect,
                               "quarantine, pass or skip suspects to go on"));
    }
    if (run_.keys_needed && block.keyless) {
      Error error =
          At(*block.keyless, file, ErrorCode::kContainer, "give it one");
      error.detail = ErrorDetail::kNoPartitionKey;
      return tl::unexpected(std::move(error));
    }
    for (const TextBlock::Problem& problem : block.problems) {
      if (run_.tell == nullptr) break;
      run_.tell({file, line_ + problem.line + 1, problem.offset, problem.what});
    }
    line_ += block.lines;
    counted_.Merge(block.summary);
    if (Result<void> delivered = Deliver(block.batch); !delivered) {
      return delivered;
    }
    if (run_.options.progress != nullptr) {
      Progress progress = block.progress;
      progress.so_far.Merge(counted_);
      run_.options.progress(progress);
    }
    return {};
  }

  Result<void> Deliver(const Batch& batch) {
    Result<void> written = WriteTo(sink_, batch, chunk_.get());
    if (!written || quarantine_ == nullptr) return written;
    return WriteTo(quarantine_, batch, quarantined_.get());
  }

  static Result<void> WriteTo(Sink* sink, const Batch& batch, Chunk* chunk) {
    chunk->Clear();
    sink->Encode(batch, chunk);
    return chunk->empty() ? Result<void>() : sink->Write(chunk);
  }

  [[nodiscard]] Error At(const TextBlock::Problem& problem,
                         const std::string& file, ErrorCode code,
                         std::string remedy) const {
    return {.code = code,
            .file = file,
            .offset = problem.offset,
            .message = "line " + std::to_string(line_ + problem.line + 1) +
                       ": " + problem.what,
            .remedy = std::move(remedy)};
  }

  // The counts of lines, and the reader's counts of files.
  Report TakeReport() {
    Report report = reader_->report();
    report.summary.Merge(counted_);
    const std::chrono::duration<double> elapsed = Clock::now() - start_;
    report.summary.seconds = elapsed.count();
    return report;
  }

  const Clock::time_point start_ = Clock::now();
  const TextRun& run_;
  LineReader* reader_ = nullptr;
  LineParser* parser_;
  Sink* sink_;
  Sink* quarantine_;
  std::array<TextBlock, 2> blocks_;
  uint64_t line_ = 0;       // lines of the input before the block being written
  Progress read_progress_;  // the reading thread's
  Summary counted_;
  std::unique_ptr<Chunk> chunk_;
  std::unique_ptr<Chunk> quarantined_;  // null without quarantine_
};

}  // namespace

Result<Report> ReadText(const TextRun& run, LineParser* parser, Sink* sink,
                        Sink* quarantine) {
  if (run.options.on_suspect != SuspectPolicy::kQuarantine) {
    quarantine = nullptr;
  }
  return Runner(run, parser, sink, quarantine).Run();
}

}  // namespace thresh
