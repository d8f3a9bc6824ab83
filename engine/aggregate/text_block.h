// A block of lines on its way through a run: its user records, and the rest.
#ifndef THRESH_AGGREGATE_TEXT_BLOCK_H_
#define THRESH_AGGREGATE_TEXT_BLOCK_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "aggregate/line_parser.h"
#include "thresh/batch.h"
#include "thresh/chunk.h"
#include "thresh/column.h"
#include "thresh/line_reader.h"
#include "thresh/options.h"
#include "thresh/summary.h"

namespace thresh {

// The most lines that are parsed before their results are handed on: each takes
// some hundred bytes of rows, and more in the quarantine's chunk.
inline constexpr size_t kMaxBlockLines = size_t{32} << 10;

// Which lines have user records, and which end the run.
struct LineRules {
  bool pass_suspects = false;  // each suspect has a user record, too
  bool fail_suspects = false;  // the first suspect ends the run
  bool keys_needed = false;    // so does a record without a partition key
};

// Reused from block to block.
struct TextBlock {
  LineBlock block;
  size_t parsed = 0;  // bytes of the block, from its first on
  Progress progress;  // of the reader, when it had read the block

  // For its lines alone, so that blocks can be parsed at the same time.
  std::unique_ptr<LineParser> parser;

  // The results of the last ParseLines.
  //
  // A row of kinesis_records for each line: not aggregated, or a suspect. Views
  // point into the block and `texts`.
  Batch batch;
  Column<uint8_t> texts;
  struct Problem {
    uint64_t line;  // from 0, of those that were parsed together
    uint64_t offset;
    const char* what;
  };
  std::vector<Problem> problems;  // of the suspects, in order
  // The record without a partition key that ends the run; it has no row.
  std::optional<Problem> keyless;
  uint64_t lines = 0;
  Summary summary;  // of these lines and user records

  // Of the batch, by the sink and by the quarantine sink; null before the
  // first.
  std::unique_ptr<Chunk> encoded;
  std::unique_ptr<Chunk> quarantined;

  // Memory was out: there are no results.
  bool out_of_memory = false;

  [[nodiscard]] bool has_unparsed_lines() const {
    return parsed < block.bytes.size();
  }
};

// Parses the next lines of `block`, until its end, for kMaxBlockLines lines or
// up to the line that ends the run by `rules`, whichever comes first.
void ParseLines(const LineRules& rules, TextBlock* block);

}  // namespace thresh

#endif  // THRESH_AGGREGATE_TEXT_BLOCK_H_
