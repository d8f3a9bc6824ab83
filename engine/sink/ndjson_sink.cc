// One JSON object per line with AWS's field names, the same members in the same
// order in every line. A member that the archive does not have is null.
#include <string_view>

#include "base/json.h"
#include "sink/metadata_members.h"
#include "sink/put.h"
#include "sink/text_member.h"
#include "sink/text_sink.h"

namespace thresh {
namespace {

constexpr std::string_view kBeforeSubSequence =
    R"(,"sequenceNumber":null,"subSequenceNumber":)";
constexpr std::string_view kAggregated =
    R"(,"approximateArrivalTimestamp":null,"shardId":null,"aggregated":true,)";
constexpr std::string_view kNotAggregated =
    R"(,"approximateArrivalTimestamp":null,"shardId":null,"aggregated":false,)";
constexpr std::string_view kEnd = "}\n";

// The size of a line without its keys, its data and the parts shared with other
// lines, but with the quotes around the data.
constexpr size_t kFixedSize =
    kLongestNumber + sizeof(R"("data":"")") + kEnd.size();

// A position in nested aggregates is a path, as text: "3.0".
constexpr size_t kLongestPath = kMaxNesting * (kLongestNumber + 1) + 2;

uint8_t* PutPath(const NestedPath& path, uint32_t number, uint8_t* at) {
  at = Put("\"", at);
  for (const uint32_t outer : path.outer()) {
    at = Put(".", PutNumber(outer, at));
  }
  return Put("\"", PutNumber(number, at));
}

// The members that hold a key, each encoded once and not for each record:
// records share keys.
class KeyMembers {
 public:
  // Encodes the table `keys`. `opening` precedes the member `name`.
  void Encode(char opening, std::string_view name, const Column<Bytes>& keys) {
    text_.Clear();
    bounds_.Clear();
    bounds_.Append(0);
    AppendOpening(opening);
    AppendNullMember(name);
    bounds_.Append(text_.size());
    for (const Bytes key : keys) {
      AppendOpening(opening);
      AppendTextMember(name, key, &text_);
      bounds_.Append(text_.size());
    }
  }

  // The member for row `id` of the table, or null if `id` is kNoKey.
  [[nodiscard]] Bytes operator[](uint32_t id) const {
    static_assert(static_cast<uint32_t>(kNoKey + 1) == 0);
    const uint32_t slot = id + 1;  // null comes first
    return {text_.data() + bounds_[slot], bounds_[slot + 1] - bounds_[slot]};
  }

  [[nodiscard]] size_t reserved_memory() const {
    return text_.memory() + bounds_.capacity() * sizeof(size_t);
  }

 private:
  void AppendOpening(char opening) {
    text_.Append(static_cast<uint8_t>(opening));
  }

  void AppendNullMember(std::string_view name) {
    constexpr std::string_view kNull = "\":null";
    uint8_t* at = RoomFor(1 + name.size() + kNull.size(), &text_);
    at = Put("\"", at);
    at = Put(name, at);
    at = Put(kNull, at);
    EndAt(at, &text_);
  }

  OutputBuffer text_;
  Column<size_t> bounds_;  // of the members in text_, null first
};

// The parts that the lines of one Kinesis record share, encoded once for all of
// its user records.
class RecordMembers {
 public:
  // Encodes `record`. With `sources` also the optional members.
  void Encode(const KinesisRecord& record, const KinesisMetadata& metadata,
              const InputList* sources) {
    text_.Clear();
    AppendOptionalText("sequenceNumber", metadata.sequence_number, &text_);
    AppendText(R"(,"subSequenceNumber":)");
    before_size_ = text_.size();
    AppendOptionalTime("approximateArrivalTimestamp", metadata.arrival_time,
                       &text_);
    AppendOptionalText("shardId", metadata.shard_id, &text_);
    if (sources != nullptr) AppendMore(record, metadata, *sources);
    AppendText(record.verdict == Verdict::kAggregated
                   ? R"(,"aggregated":true,)"
                   : R"(,"aggregated":false,)");
  }

  // Up to subSequenceNumber, and from there to data.
  [[nodiscard]] Bytes before() const { return {text_.data(), before_size_}; }
  [[nodiscard]] Bytes after() const {
    return {text_.data() + before_size_, text_.size() - before_size_};
  }

  [[nodiscard]] size_t reserved_memory() const { return text_.memory(); }

 private:
  void AppendMore(const KinesisRecord& record, const KinesisMetadata& metadata,
                  const InputList& sources) {
    AppendOptionalText("encryptionType", metadata.encryption_type, &text_);
    AppendOptionalText("outerPartitionKey",
                       metadata.outer_partition_key.has_value()
                           ? metadata.outer_partition_key
                           : metadata.partition_key,
                       &text_);
    AppendOptionalText("stream", metadata.stream, &text_);
    text_.Append(',');
    AppendTextMember("source", AsBytes(sources[record.source]), &text_);
    AppendText(R"(,"offset":)");
    uint8_t* const at = RoomFor(kLongestNumber, &text_);
    EndAt(PutNumber(record.offset, at), &text_);
  }

  void AppendText(std::string_view text) {
    EndAt(Put(text, RoomFor(text.size(), &text_)), &text_);
  }

  OutputBuffer text_;
  size_t before_size_ = 0;
};

void AppendJsonData(Bytes data, JsonChecker* checker, OutputBuffer* out) {
  const size_t start = out->size();
  constexpr std::string_view kName = R"("data":)";
  EndAt(Put(kName, RoomFor(kName.size(), out)), out);
  if (AppendInlineJson(data, checker, out)) return;
  out->Resize(start);
  AppendBase64Member("data", data, out);
}

// With the parts shared by many lines, of the batch being encoded.
class NdjsonChunk final : public TextChunk {
 public:
  [[nodiscard]] size_t reserved_memory() const override {
    return TextChunk::reserved_memory() + partition_keys.reserved_memory() +
           explicit_hash_keys.reserved_memory() + members.reserved_memory() +
           checker.reserved_memory();
  }

  KeyMembers partition_keys;
  KeyMembers explicit_hash_keys;
  RecordMembers members;
  JsonChecker checker;
};

class NdjsonSink final : public TextSink<NdjsonChunk> {
 public:
  NdjsonSink(std::unique_ptr<ByteOutput> output, const NdjsonOptions& options)
      : TextSink(std::move(output)),
        data_encoding_(options.data_encoding),
        metadata_(options.metadata),
        sources_(options.sources) {}

 protected:
  void EncodeTo(const Batch& batch, NdjsonChunk* chunk) const override {
    OutputBuffer* const out = chunk->mutable_text();
    KeyMembers& partition_keys = chunk->partition_keys;
    KeyMembers& explicit_hash_keys = chunk->explicit_hash_keys;
    const UserRecordColumns& rows = batch.user_records;
    partition_keys.Encode('{', "partitionKey", rows.partition_keys);
    explicit_hash_keys.Encode(',', "explicitHashKey", rows.explicit_hash_keys);
    for (const KinesisRecord& from : batch.kinesis_records) {
      if (from.user_record_count == 0) continue;
      Line line = SharedBy(from, batch, &chunk->members);
      for (uint32_t i = 0; i < from.user_record_count; ++i) {
        const uint64_t row = from.first_user_record + i;
        line.partition_key = partition_keys[rows.partition_key[row]];
        line.explicit_hash_key =
            explicit_hash_keys[rows.explicit_hash_key[row]];
        line.data = {rows.data[row], rows.data_size[row]};
        line.sub_sequence_number = batch.SubSequenceNumber(from, row);
        line.nested_path = batch.PathOf(row);
        AppendLine(line, &chunk->checker, out);
      }
    }
  }

 private:
  struct Line {
    Bytes partition_key;      // the whole member
    Bytes explicit_hash_key;  // likewise
    Bytes before_sub_sequence;
    uint32_t sub_sequence_number;
    NestedPath nested_path;
    Bytes after_sub_sequence;
    Bytes data;
  };

  // A line with the parts that all lines of `record` share.
  Line SharedBy(const KinesisRecord& record, const Batch& batch,
                RecordMembers* members) const {
    Line line{};
    if (record.metadata == kNoMetadata && !metadata_) {
      const bool aggregated = record.verdict == Verdict::kAggregated;
      line.before_sub_sequence = AsBytes(kBeforeSubSequence);
      line.after_sub_sequence =
          AsBytes(aggregated ? kAggregated : kNotAggregated);
    } else {
      members->Encode(record, batch.MetadataOf(record),
                      metadata_ ? &sources_ : nullptr);
      line.before_sub_sequence = members->before();
      line.after_sub_sequence = members->after();
    }
    return line;
  }

  void AppendLine(const Line& line, JsonChecker* checker,
                  OutputBuffer* out) const {
    uint8_t* at = RoomFor(
        line.partition_key.size() + line.explicit_hash_key.size() +
            line.before_sub_sequence.size() + line.after_sub_sequence.size() +
            kFixedSize + kLongestPath + Base64EncodedSize(line.data.size()),
        out);
    at = Put(line.partition_key, at);
    at = Put(line.explicit_hash_key, at);
    at = Put(line.before_sub_sequence, at);
    at = line.nested_path.depth == 0
             ? PutNumber(line.sub_sequence_number, at)
             : PutPath(line.nested_path, line.sub_sequence_number, at);
    at = Put(line.after_sub_sequence, at);
    if (data_encoding_ == DataEncoding::kBase64) {
      at = Put(R"("data":")", at);
      at = PutBase64(line.data, at);
      at = Put("\"", at);
    } else {
      EndAt(at, out);
      AppendData(line.data, checker, out);
      at = RoomFor(kEnd.size(), out);
    }
    EndAt(Put(kEnd, at), out);
  }

  // For the encodings whose size depends on the data's bytes.
  void AppendData(Bytes data, JsonChecker* checker, OutputBuffer* out) const {
    if (data_encoding_ == DataEncoding::kText) {
      AppendTextMember("data", data, out);
    } else {
      AppendJsonData(data, checker, out);
    }
  }

  DataEncoding data_encoding_;
  bool metadata_;
  InputList sources_;
};

}  // namespace

std::unique_ptr<Sink> MakeNdjsonSink(std::unique_ptr<ByteOutput> output,
                                     const NdjsonOptions& options) {
  return std::make_unique<NdjsonSink>(std::move(output), options);
}

}  // namespace thresh
