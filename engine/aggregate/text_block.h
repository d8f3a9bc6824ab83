// A parsed block of lines: its user records, and the rest.
#ifndef THRESH_AGGREGATE_TEXT_BLOCK_H_
#define THRESH_AGGREGATE_TEXT_BLOCK_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "aggregate/line_parser.h"
#include "thresh/batch.h"
#include "thresh/column.h"
#include "thresh/line_reader.h"
#include "thresh/options.h"
#include "thresh/summary.h"

namespace thresh {

// Reused from block to block.
struct TextBlock {
  LineBlock block;
  // A row of kinesis_records for each line: not aggregated, or a suspect. Views
  // point into the block and `texts`.
  Batch batch;
  Column<uint8_t> texts;
  struct Problem {
    uint64_t line;  // from 0, in the block
    uint64_t offset;
    const char* what;
  };
  std::vector<Problem> problems;   // of the suspects, in order
  std::optional<Problem> keyless;  // the first record without a partition key
  uint64_t lines = 0;
  Progress progress;  // of the reader, when it had read the block
  Summary summary;    // of this block: its lines and user records
};

// Parses `block` with `parser`. With `pass_suspects` each suspect has a user
// record, too.
void TakeApart(LineBlock block, LineParser* parser, bool pass_suspects,
               TextBlock* out);

}  // namespace thresh

#endif  // THRESH_AGGREGATE_TEXT_BLOCK_H_
