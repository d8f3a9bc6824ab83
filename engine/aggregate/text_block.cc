// See text_block.h.
#include "aggregate/text_block.h"

#include <algorithm>
#include <cstring>
#include <utility>

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
  Taker(LineParser* parser, bool pass_suspects, TextBlock* out)
      : parser_(parser), pass_suspects_(pass_suspects), out_(out) {}

  // Takes the next line, `text` without its end, which begins at byte `at` of
  // the block.
  void Take(Bytes text, size_t at) {
    const LineBlock& block = out_->block;
    ParsedLine line = parser_->Parse(
        {.text = text, .readable = block.bytes.size() - at}, &out_->texts);
    const uint64_t offset = block.offset + at;
    const bool suspect = line.problem != nullptr;
    if (suspect) {
      out_->problems.push_back({out_->lines, offset, line.problem});
      line = {.partition_key = {}, .explicit_hash_key = {}, .data = text};
      ++out_->summary.opaque_spans;
      out_->summary.opaque_bytes += text.size();
    } else {
      out_->summary.record_bytes += text.size();
    }
    const bool is_user_record = !suspect || pass_suspects_;
    UserRecordColumns* const rows = &out_->batch.user_records;
    out_->batch.kinesis_records.Append(
        {.offset = offset,
         .length = text.size(),
         .bytes = text,
         .first_user_record = rows->size(),
         .user_record_count = is_user_record ? 1U : 0U,
         .source = block.source,
         .verdict = suspect ? Verdict::kOpaqueSpan : Verdict::kNotAggregated});
    if (!is_user_record) return;
    AppendUserRecord(line, rows);
    ++out_->summary.user_records;
    out_->summary.user_bytes += line.data.size();
    if (!line.partition_key && !out_->keyless) {
      out_->keyless = {out_->lines, offset, "no partition key"};
    }
  }

 private:
  LineParser* parser_;
  bool pass_suspects_;
  TextBlock* out_;
};

}  // namespace

void TakeApart(LineBlock block, LineParser* parser, bool pass_suspects,
               TextBlock* out) {
  out->block = std::move(block);
  out->batch.Clear();
  out->texts.Clear();
  // Reserved once, so that texts returned earlier do not move.
  out->texts.Reserve(out->block.bytes.size());
  out->problems.clear();
  out->keyless.reset();
  out->lines = 0;
  out->summary = {};
  Taker taker(parser, pass_suspects, out);
  const Bytes bytes = out->block.bytes;
  for (size_t at = 0; at < bytes.size(); ++out->lines) {
    const auto* feed = static_cast<const uint8_t*>(
        std::memchr(bytes.data() + at, '\n', bytes.size() - at));
    const size_t end = feed == nullptr
                           ? bytes.size()
                           : static_cast<size_t>(feed - bytes.data());
    const size_t next = feed == nullptr ? end : end + 1;
    Bytes text = bytes.subspan(at, end - at);
    if (!text.empty() && text.back() == '\r') {
      text = text.first(text.size() - 1);
    }
    out->summary.framing_bytes += next - at - text.size();
    if (!text.empty() || parser->takes_empty_lines()) taker.Take(text, at);
    at = next;
  }
}

}  // namespace thresh
