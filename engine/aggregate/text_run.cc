// The stages of pipeline/run.h for lines: blocks are read one after another,
// parsed and encoded on any thread, and written in order. Where blocks end does
// not depend on the number of threads, and neither does what is reported.
#include "aggregate/text_run.h"

#include <chrono>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <stop_token>
#include <utility>

#include "aggregate/text_block.h"
#include "aggregate/text_block_reader.h"
#include "pipeline/check_options.h"
#include "pipeline/run_stages.h"
#include "pipeline/window_errors.h"

namespace thresh {
namespace {

using Clock = std::chrono::steady_clock;
using BlockPointer = std::unique_ptr<TextBlock>;

class LineRun {
 public:
  LineRun(const TextRun& run, const LineParser& parser, Sink* sink,
          Sink* quarantine)
      : run_(run),
        jobs_(JobsOf(run.options)),
        rules_{.pass_suspects = run.options.on_suspect == SuspectPolicy::kPass,
               .fail_suspects = run.options.on_suspect == SuspectPolicy::kFail,
               .keys_needed = run.keys_needed},
        cancel_(run.options.cancel, [this] { stop_.request_stop(); }),
        parser_(parser),
        sink_(sink),
        quarantine_(quarantine) {}

  Result<Report> Go() {
    Options reading = run_.options;
    reading.cancel = stop_.get_token();
    Result<std::unique_ptr<TextBlockReader>> opened =
        TextBlockReader::Open(run_.inputs, reading, parser_);
    if (!opened) return tl::unexpected(std::move(opened.error()));
    reader_ = *std::move(opened);
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
    try {
      if (jobs_ == 1) {
        while (BlockPointer block = Read()) {
          Process(block.get());
          Finish(std::move(block));
        }
      }
      while (jobs_ > 1 && !reader_->at_end() && !ended()) RunParallel();
    } catch (const std::bad_alloc& thrown) {
      return tl::unexpected(NoMemoryLeft(thrown, run_.inputs));
    }
    if (error_.has_value()) return tl::unexpected(*std::move(error_));
    if (run_.options.cancel.stop_requested()) {
      return tl::unexpected(Cancelled());
    }
    return {};
  }

  // Until the end of the inputs, or a large block: none is read while such a
  // one is parsed, for each of its lines may take much memory.
  void RunParallel() {
    bool after_large = false;
    // One block more than threads keeps them busy while one is written.
    RunStages<TextBlock>(
        jobs_, jobs_ + 1,
        {.read = [&](Background* /*background*/) -> BlockPointer {
           if (after_large) return nullptr;
           BlockPointer block = Read();
           after_large = reader_->was_large();
           return block;
         },
         .process =
             [this](TextBlock* block) {
               if (!ended()) Process(block);
             },
         .finish = [this](BlockPointer block) { Finish(std::move(block)); },
         .stop = [this] { Stop(); }});
  }

  // A read that waits for a pipe ends as well.
  void Stop() { stop_.request_stop(); }

  // Whether there is no point in going on.
  [[nodiscard]] bool ended() const { return stop_.stop_requested(); }

  BlockPointer Read() { return ended() ? nullptr : reader_->Next(); }

  // Parses the next lines of `block`, and encodes their records.
  void Process(TextBlock* block) const {
    try {
      ParseLines(rules_, block);
      Encode(block->batch, *sink_, &block->encoded);
      if (quarantine_ != nullptr) {
        Encode(block->batch, *quarantine_, &block->quarantined);
      }
    } catch (const std::bad_alloc&) {
      block->out_of_memory = true;
    }
  }

  static void Encode(const Batch& batch, const Sink& sink,
                     std::unique_ptr<Chunk>* chunk) {
    if (*chunk == nullptr) *chunk = sink.NewChunk();
    (*chunk)->Clear();
    sink.Encode(batch, chunk->get());
  }

  void Finish(BlockPointer block) {
    if (ended()) return;
    if (Result<void> written = Write(block.get()); !written) {
      error_ = std::move(written.error());
      return Stop();
    }
    reader_->Give(std::move(block));
  }

  Result<void> Write(TextBlock* block) {
    const InputPlace place = {block->block.source, block->block.offset};
    if (block->block.starts_input) line_ = 0;
    try {
      Result<void> written = WriteLines(block);
      while (written && block->has_unparsed_lines() && !ended()) {
        Process(block);
        written = WriteLines(block);
      }
      return written;
    } catch (const std::bad_alloc&) {
      return tl::unexpected(NoMemoryLeft(place, run_.inputs));
    }
  }

  // Writes what the last Process made.
  Result<void> WriteLines(TextBlock* block) {
    if (block->out_of_memory) throw std::bad_alloc();
    const std::string& file = run_.inputs[block->block.source];
    for (const TextBlock::Problem& problem : block->problems) {
      if (run_.on_line_problem == nullptr || rules_.fail_suspects) break;
      run_.on_line_problem(
          {file, line_ + problem.line + 1, problem.offset, problem.what});
    }
    Result<void> written = WriteTo(sink_, block->encoded.get());
    if (written && quarantine_ != nullptr) {
      written = WriteTo(quarantine_, block->quarantined.get());
    }
    if (!written) return written;
    if (rules_.fail_suspects && !block->problems.empty()) {
      return tl::unexpected(
          At(block->problems.front(), file, ErrorCode::kSuspect,
             "quarantine, pass or skip suspects to continue"));
    }
    if (block->keyless) {
      Error error =
          At(*block->keyless, file, ErrorCode::kContainer, "give it one");
      error.detail = ErrorDetail::kNoPartitionKey;
      return tl::unexpected(std::move(error));
    }
    line_ += block->lines;
    counted_.Merge(block->summary);
    if (run_.options.progress != nullptr) {
      Progress progress = block->progress;
      progress.so_far.Merge(counted_);
      run_.options.progress(progress);
    }
    return {};
  }

  static Result<void> WriteTo(Sink* sink, Chunk* chunk) {
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
  // Asked for once: the number of processors may change.
  const unsigned jobs_;
  const LineRules rules_;
  std::stop_source stop_;
  // Options::cancel stops the run as well.
  const std::stop_callback<std::function<void()>> cancel_;
  const LineParser& parser_;
  Sink* const sink_;
  Sink* const quarantine_;

  std::unique_ptr<TextBlockReader> reader_;  // set by Go

  // Of the last stage.
  uint64_t line_ = 0;  // lines of the input before those being written
  Summary counted_;
  std::optional<Error> error_;
};

}  // namespace

Result<Report> ReadText(const TextRun& run, const LineParser& parser,
                        Sink* sink, Sink* quarantine) {
  if (run.options.on_suspect != SuspectPolicy::kQuarantine) {
    quarantine = nullptr;
  }
  return LineRun(run, parser, sink, quarantine).Go();
}

}  // namespace thresh
