// See document_source.h. A line is read whole, up to a bound that no request
// that Kinesis takes comes near.
#include "kinesis/document_source.h"

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

#include "kinesis/failed.h"
#include "kinesis/shard_map.h"
#include "text/base64.h"
#include "thresh/kinesis_keys.h"

namespace thresh::kinesis {
namespace {

using Json = nlohmann::json;

constexpr size_t kMostBytes = size_t{64} << 20;

// The text member `name` of `value`; null if there is none.
const std::string* TextOf(const Json& value, const char* name) {
  const auto found = value.find(name);
  return found != value.end() && found->is_string()
             ? found->get_ptr<const std::string*>()
             : nullptr;
}

// The record as the document has it, without its place. Null if it lacks a part
// or a part is not what it should be.
std::optional<OutgoingRecord> ToRecord(const Json& value) {
  if (!value.is_object()) return std::nullopt;
  const std::string* const data = TextOf(value, "Data");
  const std::string* const key = TextOf(value, "PartitionKey");
  const std::string* const hash_key = TextOf(value, "ExplicitHashKey");
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

DocumentSource::DocumentSource(std::vector<std::string> inputs,
                               const DocumentOptions& options,
                               const std::vector<HashKeyRange>& shards,
                               std::vector<Acknowledged> done)
    : inputs_(std::move(inputs)),
      options_(options),
      shards_(shards),
      done_(std::move(done)),
      numbers_(shards.size()) {}

Result<std::optional<OutgoingRecord>> DocumentSource::Next() {
  while (ready_.empty()) {
    if (ended_) return std::nullopt;
    if (Result<void> read = ReadOn(); !read) {
      return tl::unexpected(read.error());
    }
  }
  OutgoingRecord record = std::move(ready_.front());
  ready_.pop_front();
  return record;
}

Result<void> DocumentSource::ReadOn() {
  if (file_ == nullptr) return OpenNext();
  const uint64_t offset = offset_;
  Result<std::optional<std::string>> line = ReadLine();
  if (!line) return tl::unexpected(line.error());
  if (!*line) {
    file_ = nullptr;
    return {};
  }
  if (IsBlank(**line)) return {};
  if (offset == 0 && !Json::accept(**line)) {
    // A file of one document that somebody made readable.
    for (Result<std::optional<std::string>> more = ReadLine();;
         more = ReadLine()) {
      if (!more) return tl::unexpected(more.error());
      if (!*more) break;
      **line += **more;
      if ((*line)->size() > kMostBytes) {
        return tl::unexpected(Wrong("is no request document", 0));
      }
    }
  }
  return TakeDocument(**line, offset);
}

Result<void> DocumentSource::OpenNext() {
  if (opened_ == inputs_.size()) {
    ended_ = true;
    return {};
  }
  const std::string& name = inputs_[opened_++];
  offset_ = 0;
  file_.reset(name == "-" ? stdin : std::fopen(name.c_str(), "rbe"));
  if (file_ == nullptr) {
    return Failed(ErrorCode::kIo, std::strerror(errno), {}, name);
  }
  return {};
}

Result<std::optional<std::string>> DocumentSource::ReadLine() {
  std::string line;
  for (int c = getc_unlocked(file_.get()); c != EOF;
       c = getc_unlocked(file_.get())) {
    line.push_back(static_cast<char>(c));
    if (c == '\n') break;
    if (line.size() > kMostBytes) {
      return tl::unexpected(Wrong("a line too long for a request", offset_));
    }
  }
  if (std::ferror(file_.get()) != 0) {
    return Failed(ErrorCode::kIo, std::strerror(errno), {},
                  inputs_[opened_ - 1]);
  }
  offset_ += line.size();
  if (line.empty()) return std::nullopt;
  return line;
}

Result<void> DocumentSource::TakeDocument(const std::string& text,
                                          uint64_t offset) {
  const Json document = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  const auto records =
      document.is_object() ? document.find("Records") : document.end();
  if (!document.is_object() || records == document.end() ||
      !records->is_array()) {
    return tl::unexpected(Wrong("is no request document", offset));
  }
  for (const Json& value : *records) {
    std::optional<OutgoingRecord> record = ToRecord(value);
    if (!record) {
      return tl::unexpected(
          Wrong("a record lacks its Data, in base64, or PartitionKey", offset));
    }
    if (Result<void> taken = Take(std::move(*record), offset); !taken) {
      return taken;
    }
  }
  return {};
}

Result<void> DocumentSource::Take(OutgoingRecord record, uint64_t offset) {
  const PutRecord view = record.View();
  if (const Result<void> taken = CheckPutRecord(view, options_.limits);
      !taken) {
    Error why = Wrong(taken.error().message, offset);
    why.remedy = taken.error().remedy;
    return LeaveOut(std::move(why), options_.on_unsendable);
  }
  record.shard = FindShard(
      shards_, *EffectiveHashKey(view.partition_key, view.explicit_hash_key));
  record.first = numbers_[record.shard]++;
  if (done_[record.shard].Contains(record.first)) {
    ++counts_.sent_before;
    return {};
  }
  ready_.push_back(std::move(record));
  return {};
}

Error DocumentSource::Wrong(std::string message, uint64_t offset) const {
  return Error{.code = ErrorCode::kContainer,
               .file = inputs_[opened_ - 1],
               .offset = offset,
               .message = std::move(message),
               .remedy =
                   "give documents as 'aws kinesis put-records "
                   "--cli-input-json' reads them, one a line"};
}

}  // namespace thresh::kinesis
