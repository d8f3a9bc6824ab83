// See text_block.h.
#include "aggregate/text_block.h"

#include <cstring>

namespace thresh {
namespace {

// The row of `key` in the table `keys`.
uint32_t RowOf(const std::optional<Bytes>& key, Column<Bytes>* keys) {
  if (!key) return kNoKey;
  keys->Append(*key);
  return static_cast<uint32_t>(keys->size() - 1);
}

void AppendUserRecord(const ParsedLine& line, UserRecordColumns* rows) {
  rows->data.Append(line.data.data());
  rows->data_size.Append(static_cast<uint32_t>(line.data.size()));
  rows->partition_key.Append(RowOf(line.partition_key, &rows->partition_keys));
  rows->explicit_hash_key.Append(
      RowOf(line.explicit_hash_key, &rows->explicit_hash_keys));
}

class Taker {
 public:
  Taker(const LineRules& rules, TextBlock* out) : rules_(rules), out_(out) {}

  // Takes the next line, `text` without its end, which begins at byte `at` of
  // the block. False if it ends the run.
  bool Take(Bytes text, size_t at) {
    const LineBlock& block = out_->block;
    ParsedLine line = out_->parser->Parse(
        {.text = text, .readable = block.bytes.size() - at}, &out_->texts);
    const uint64_t offset = block.offset + at;
    const char* const problem = line.problem;
    const bool suspect = problem != nullptr;
    if (suspect) {
      line = {.partition_key = {}, .explicit_hash_key = {}, .data = text};
    }
    const bool is_user_record = !suspect || rules_.pass_suspects;
    if (is_user_record && !line.partition_key && rules_.keys_needed) {
      out_->keyless = {out_->lines, offset, "no partition key"};
      return false;
    }
    if (suspect) {
      out_->problems.push_back({out_->lines, offset, problem});
      ++out_->summary.opaque_spans;
      out_->summary.opaque_bytes += text.size();
    } else {
      out_->summary.record_bytes += text.size();
    }
    UserRecordColumns* const rows = &out_->batch.user_records;
    out_->batch.kinesis_records.Append(
        {.offset = offset,
         .length = text.size(),
         .bytes = text,
         .first_user_record = rows->size(),
         .user_record_count = is_user_record ? 1U : 0U,
         .source = block.source,
         .verdict = suspect ? Verdict::kOpaqueSpan : Verdict::kNotAggregated});
    if (is_user_record) {
      AppendUserRecord(line, rows);
      ++out_->summary.user_records;
      out_->summary.user_bytes += line.data.size();
    }
    return !suspect || !rules_.fail_suspects;
  }

 private:
  const LineRules& rules_;
  TextBlock* out_;
};

}  // namespace

void ParseLines(const LineRules& rules, TextBlock* block) {
  block->batch.Clear();
  block->texts.Clear();
  // Reserved once, so that texts returned earlier do not move.
  block->texts.Reserve(block->block.bytes.size() - block->parsed);
  block->problems.clear();
  block->keyless.reset();
  block->lines = 0;
  block->summary = {};
  Taker taker(rules, block);
  const Bytes bytes = block->block.bytes;
  bool goes_on = true;
  for (size_t at = block->parsed; at < bytes.size(); at = block->parsed) {
    if (!goes_on || block->lines == kMaxBlockLines) break;
    const auto* feed = static_cast<const uint8_t*>(
        std::memchr(bytes.data() + at, '\n', bytes.size() - at));
    const size_t end = feed == nullptr
                           ? bytes.size()
                           : static_cast<size_t>(feed - bytes.data());
    block->parsed = feed == nullptr ? end : end + 1;
    Bytes text = bytes.subspan(at, end - at);
    if (!text.empty() && text.back() == '\r') {
      text = text.first(text.size() - 1);
    }
    block->summary.framing_bytes += block->parsed - at - text.size();
    if (!text.empty() || block->parser->takes_empty_lines()) {
      goes_on = taker.Take(text, at);
    }
    ++block->lines;
  }
}

}  // namespace thresh
