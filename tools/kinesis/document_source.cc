// See document_source.h. A line is read whole, up to a bound far above any
// request that Kinesis accepts.
#include "kinesis/document_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/base64.h"
#include "kinesis/failed.h"
#include "kinesis/json_member.h"
#include "thresh/kinesis_keys.h"
#include "thresh/shard_aggregator.h"

namespace thresh::kinesis {
namespace {

using Json = nlohmann::json;

constexpr size_t kMaxDocumentBytes = size_t{32} << 20;

// The record in the document, without its place. Null if a part is missing or
// not valid.
std::optional<OutgoingRecord> ToRecord(const Json& value) {
  if (!value.is_object()) return std::nullopt;
  const std::string* const data = FindText(value, "Data");
  const std::string* const key = FindText(value, "PartitionKey");
  const std::string* const hash_key = FindText(value, "ExplicitHashKey");
  if (data == nullptr || key == nullptr) return std::nullopt;
  const auto given = value.find("ExplicitHashKey");
  if (hash_key == nullptr && given != value.end() && !given->is_null()) {
    return std::nullopt;
  }
  OutgoingRecord record{.shard = 0,
                        .first = 0,
                        .count = 1,
                        .data = {},
                        .partition_key = *key,
                        .explicit_hash_key = std::nullopt};
  record.data.resize(Base64DecodedBound(data->size()));
  const std::optional<size_t> size =
      Base64Decode(AsBytes(*data), record.data.data());
  if (!size) return std::nullopt;
  record.data.resize(*size);
  if (hash_key != nullptr) record.explicit_hash_key = *hash_key;
  return record;
}

bool IsBlank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace

Result<std::unique_ptr<DocumentSource>> DocumentSource::Open(
    const InputList& inputs, const Options& reading,
    const DocumentOptions& options, const std::vector<HashKeyRange>& shards,
    std::vector<Acknowledged> done) {
  Result<LineReader> reader = LineReader::Open(inputs, reading);
  if (!reader) return tl::unexpected(reader.error());
  return std::unique_ptr<DocumentSource>(new DocumentSource(
      std::move(*reader), inputs, options, shards, std::move(done)));
}

DocumentSource::DocumentSource(LineReader reader, InputList inputs,
                               const DocumentOptions& options,
                               const std::vector<HashKeyRange>& shards,
                               std::vector<Acknowledged> done)
    : reader_(std::move(reader)),
      inputs_(std::move(inputs)),
      options_(options),
      shards_(shards),
      done_(std::move(done)),
      numbers_(shards.size()) {}

Result<void> DocumentSource::ReadOn() {
  const Result<bool> more = NextBlock();
  if (!more) return tl::unexpected(more.error());
  if (!*more) {
    End();
    return {};
  }
  const bool starts_input = starts_input_;
  const Document line = TakeLine();
  if (IsBlank(line.text)) return {};
  starts_input_ = false;
  if (line.text.size() > kMaxDocumentBytes) {
    return tl::unexpected(Wrong("a line too long for a request", line));
  }
  // A file with one document that was reformatted for reading.
  if (starts_input && !Json::accept(line.text)) return TakeInput(line);
  return TakeDocument(line);
}

Result<bool> DocumentSource::NextBlock() {
  if (!rest_.empty()) return true;
  std::optional<LineBlock> block = reader_.Next();
  // Checked first: the block may be of the next input.
  if (const auto& errors = reader_.report().input_errors; !errors.empty()) {
    return tl::unexpected(errors.front());
  }
  if (!block) return false;
  if (block->starts_input) starts_input_ = true;
  block_ = std::move(*block);
  rest_ = AsText(block_.bytes);
  return true;
}

DocumentSource::Document DocumentSource::TakeLine() {
  const uint64_t offset = block_.offset + (block_.bytes.size() - rest_.size());
  const size_t size = std::min(rest_.find('\n'), rest_.size() - 1) + 1;
  const std::string_view line = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return {.text = line, .source = block_.source, .offset = offset};
}

Result<void> DocumentSource::TakeInput(const Document& line) {
  std::string text(line.text);
  while (true) {
    const Result<bool> more = NextBlock();
    if (!more) return tl::unexpected(more.error());
    if (!*more || block_.source != line.source) break;
    if (text.size() + rest_.size() > kMaxDocumentBytes) {
      return tl::unexpected(Wrong("is not a request document", line));
    }
    text += rest_;
    rest_ = {};
  }
  return TakeDocument(
      {.text = text, .source = line.source, .offset = line.offset});
}

Result<void> DocumentSource::TakeDocument(const Document& from) {
  const Json document =
      Json::parse(from.text, nullptr, /*allow_exceptions=*/false);
  const auto records =
      document.is_object() ? document.find("Records") : document.end();
  if (!document.is_object() || records == document.end() ||
      !records->is_array()) {
    return tl::unexpected(Wrong("is not a request document", from));
  }
  for (size_t i = 0; i < records->size(); ++i) {
    std::optional<OutgoingRecord> record = ToRecord((*records)[i]);
    if (!record) {
      return tl::unexpected(Wrong(
          fmt::format("Records[{}] lacks its Data, in base64, or PartitionKey",
                      i),
          from));
    }
    if (Result<void> taken = Take(std::move(*record), from); !taken) {
      return taken;
    }
  }
  return {};
}

Result<void> DocumentSource::Take(OutgoingRecord record, const Document& from) {
  bool dropped = false;
  if (record.explicit_hash_key &&
      !CheckExplicitHashKey(*record.explicit_hash_key)) {
    if (options_.on_unsendable != OnUnsendable::kDropHashKey) {
      Error why = HashKeyObstacle(*record.explicit_hash_key);
      why.file = inputs_[from.source];
      why.offset = from.offset;
      return LeaveOut(std::move(why), options_.on_unsendable);
    }
    record.explicit_hash_key.reset();
    dropped = true;
  }
  const PutRecord view = record.View();
  if (const Result<void> taken = CheckPutRecord(view, options_.limits);
      !taken) {
    Error why = Wrong(taken.error().message, from);
    why.remedy = taken.error().remedy;
    return LeaveOut(std::move(why), options_.on_unsendable);
  }
  record.shard = FindShard(
      shards_, *EffectiveHashKey(view.partition_key, view.explicit_hash_key));
  record.first = numbers_[record.shard]++;
  if (done_[record.shard].Contains(record.first)) {
    CountSentBefore();
    return {};
  }
  if (dropped) CountDroppedHashKey();
  MakeReady(std::move(record));
  return {};
}

Error DocumentSource::Wrong(std::string message, const Document& from) const {
  return Error{.code = ErrorCode::kContainer,
               .file = inputs_[from.source],
               .offset = from.offset,
               .message = std::move(message),
               .remedy =
                   "give documents as 'aws kinesis put-records "
                   "--cli-input-json' reads them, one a line"};
}

}  // namespace thresh::kinesis
