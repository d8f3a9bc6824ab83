// FORMAT.md's table of verdicts, as code.
#include "pipeline/rows.h"

#include <algorithm>
#include <optional>

#include "container/blobs.h"
#include "container/record_digest.h"
#include "pipeline/nested.h"
#include "record/aggregated_record_reader.h"
#include "record/envelope.h"
#include "record/spoiled_aggregate.h"

namespace thresh {
namespace {

struct Judgement {
  Verdict verdict;
  Reason reason = Reason::kNone;
};

// Returns the verdict on `frame` and, for a verified aggregate, appends its
// records. None if the frame was guessed wrongly.
std::optional<Judgement> Judge(const Frame& frame, UserRecordColumns* out,
                               Summary* summary) {
  using enum Verdict;
  if (frame.opaque) return Judgement{kOpaqueSpan, frame.reason};
  if (!LooksAggregated(frame.record)) return Judgement{kNotAggregated};
  if (!frame.verified) {
    return Judgement{kDigestMismatch, StartsWithBlob(frame.record)
                                          ? Reason::kBytesAfterAggregate
                                          : Reason::kDigest};
  }
  const size_t before = out->size();
  const Bytes message = MessageOf(frame.record);
  const WireResult read = frame.guessed ? ReadOrdinaryRecord(message, out)
                                        : ReadAggregatedRecord(message, out);
  switch (read.status) {
    case WireStatus::kMayEndBefore:
      return std::nullopt;
    case WireStatus::kMalformed:
      return Judgement{kMalformed, read.reason};
    case WireStatus::kKeyIndexOutOfRange:
      return Judgement{kKeyIndexOutOfRange, read.reason};
    case WireStatus::kOk:
      break;
  }
  summary->explicit_hash_keys_without_table +=
      read.explicit_hash_keys_without_table;
  return Judgement{out->size() == before ? kEmptyAggregate : kAggregated};
}

// Whether `record` was truncated after its magic, or the magic was damaged, in
// one byte or in one character of its base64. The digest shows it, unless the
// message begins in that character: then the rest of both does.
bool HasDamagedFront(Bytes record) {
  constexpr uint8_t kSharedBits = 0x03;  // of the magic, in that character
  constexpr uint8_t kWireType = 0x07;
  constexpr uint8_t kLengthDelimited = 2;
  if (record.size() < kMinAggregateSize) return StartsWithMagic(record);
  const size_t right = CountMagicBytes(record);
  if (right + 2 < kMagic.size() || right == kMagic.size()) return false;
  const size_t last = kMagic.size() - 1;
  if (right == last &&
      (record[last] | kSharedBits) == (kMagic[last] | kSharedBits) &&
      (record[last + 1] & kWireType) == kLengthDelimited) {
    return true;
  }
  return DigestMatches(record);
}

// Whether `record`, which is not aggregated, once was.
bool LooksChanged(Bytes record) {
  return LooksSpoiled(record) || HasDamagedFront(record);
}

void AppendWhole(Bytes record, const std::optional<Bytes>& partition_key,
                 UserRecordColumns* out) {
  out->data.Append(record.data());
  out->data_size.Append(static_cast<uint32_t>(record.size()));
  if (partition_key.has_value()) {
    out->partition_key.Append(
        static_cast<uint32_t>(out->partition_keys.size()));
    out->partition_keys.Append(*partition_key);
  } else {
    out->partition_key.Append(kNoKey);
  }
  out->explicit_hash_key.Append(kNoKey);
}

uint64_t* CounterOf(Verdict verdict, Summary* summary) {
  switch (verdict) {
    case Verdict::kAggregated:
      return &summary->aggregated;
    case Verdict::kEmptyAggregate:
      return &summary->empty_aggregates;
    case Verdict::kNotAggregated:
      return &summary->not_aggregated;
    case Verdict::kDigestMismatch:
      return &summary->digest_mismatch;
    case Verdict::kMalformed:
      return &summary->malformed;
    case Verdict::kKeyIndexOutOfRange:
      return &summary->key_index_out_of_range;
    case Verdict::kOpaqueSpan:
      break;
  }
  return &summary->opaque_spans;
}

void Count(const Frame& frame, const Judgement& judgement,
           const UserRecordColumns& out, size_t first, Summary* summary) {
  ++*CounterOf(judgement.verdict, summary);
  if (IsSuspect(judgement.verdict)) {
    ++summary->reasons[static_cast<size_t>(judgement.reason)];
  }
  if (judgement.verdict == Verdict::kNotAggregated &&
      LooksChanged(frame.record)) {
    ++summary->suspicious_data;
  }
  if (frame.opaque) {
    summary->opaque_bytes += frame.length;
  } else {
    ++summary->kinesis_records;
    summary->record_bytes += frame.length;
  }
  summary->user_records += out.size() - first;
  for (size_t row = first; row < out.size(); ++row) {
    summary->user_bytes += out.data_size[row];
  }
}

// Returns its row in the batch.
uint32_t AppendMetadata(const Frame& frame, const FrameOrigin& origin,
                        Batch* batch) {
  if (frame.metadata == kNoMetadata) return kNoMetadata;
  const auto row = static_cast<uint32_t>(batch->metadata.size());
  batch->metadata.Append((*origin.metadata)[frame.metadata]);
  return row;
}

}  // namespace

std::optional<Verdict> AppendRow(const Frame& frame, const FrameOrigin& origin,
                                 RowOptions options, Batch* batch,
                                 Summary* summary) {
  UserRecordColumns* out = &batch->user_records;
  const size_t first = out->size();
  const std::optional<Judgement> judgement = Judge(frame, out, summary);
  if (!judgement.has_value()) return std::nullopt;
  const Verdict verdict = judgement->verdict;
  const uint32_t metadata = AppendMetadata(frame, origin, batch);
  if (verdict == Verdict::kNotAggregated ||
      (IsSuspect(verdict) && options.pass_suspects)) {
    std::optional<Bytes> partition_key;
    if (metadata != kNoMetadata) {
      partition_key = batch->metadata[metadata].partition_key;
    }
    AppendWhole(frame.record, partition_key, out);
  }
  if (verdict == Verdict::kAggregated) {
    HandleNested(first, options.nested, batch, summary);
  }
  NumberRows(first, out);
  Count(frame, *judgement, *out, first, summary);
  batch->kinesis_records.Append(
      {.offset = origin.offset + frame.offset,
       .length = frame.length,
       .bytes = frame.record,
       .first_user_record = first,
       .user_record_count = static_cast<uint32_t>(out->size() - first),
       .source = origin.source,
       .verdict = verdict,
       .reason = judgement->reason,
       .metadata = metadata,
       .line_end = frame.line_end});
  return verdict;
}

}  // namespace thresh
