// Statistics of generated Kinesis records: the same regardless of how the
// records are divided into batches and windows, and consistent.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <numeric>
#include <type_traits>

#include "thresh/batch.h"
#include "thresh/stats.h"

namespace {

using thresh::ArchiveStats;
using thresh::Batch;
using thresh::Bytes;

void Require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "stats_fuzzer: %s\n", what);
  std::abort();
}

// Takes small numbers and excerpts from the input; zeros and nothing after its
// end.
class Taker {
 public:
  explicit Taker(Bytes rest) : rest_(rest) {}

  [[nodiscard]] bool done() const { return rest_.empty(); }
  uint8_t Number() {
    if (rest_.empty()) return 0;
    const uint8_t number = rest_[0];
    rest_ = rest_.subspan(1);
    return number;
  }
  Bytes Excerpt(size_t size) {
    const Bytes excerpt = rest_.first(std::min(size, rest_.size()));
    rest_ = rest_.subspan(excerpt.size());
    return excerpt;
  }

 private:
  Bytes rest_;
};

// A new key, or none, or the last one of the table, which begins for this
// record at row `begin`.
uint32_t TakeKey(Taker* taker, size_t begin, thresh::Column<Bytes>* table) {
  const uint8_t number = taker->Number();
  if (number % 8 == 7) return thresh::kNoKey;
  if (number % 2 == 1 || table->size() == begin) {
    table->Append(taker->Excerpt(number / 8));
  }
  return static_cast<uint32_t>(table->size() - 1);
}

// Appends a Kinesis record as the input specifies.
void AppendRecord(uint64_t offset, Taker* taker, Batch* batch) {
  const auto verdict =
      static_cast<thresh::Verdict>(taker->Number() % thresh::kVerdicts);
  thresh::KinesisMetadata metadata;
  const uint8_t told = taker->Number();
  if (told % 2 != 0) {
    int64_t time = 0;
    const Bytes bytes = taker->Excerpt(sizeof(time));
    if (!bytes.empty()) std::memcpy(&time, bytes.data(), bytes.size());
    metadata.arrival_time = time;
  }
  if (told % 4 > 1) metadata.shard_id = taker->Excerpt(told / 16);
  batch->metadata.Append(metadata);

  thresh::UserRecordColumns* const rows = &batch->user_records;
  const size_t first = rows->size();
  const size_t keys = rows->partition_keys.size();
  const size_t hash_keys = rows->explicit_hash_keys.size();
  uint32_t count = 0;
  if (verdict == thresh::Verdict::kAggregated) count = 1 + taker->Number() % 8;
  if (verdict == thresh::Verdict::kNotAggregated) count = 1;
  for (uint32_t i = 0; i < count; ++i) {
    rows->partition_key.Append(TakeKey(taker, keys, &rows->partition_keys));
    rows->explicit_hash_key.Append(
        verdict == thresh::Verdict::kNotAggregated
            ? thresh::kNoKey
            : TakeKey(taker, hash_keys, &rows->explicit_hash_keys));
    const Bytes data = taker->Excerpt(taker->Number() % 16);
    rows->data.Append(data.data());
    rows->data_size.Append(static_cast<uint32_t>(data.size()));
  }
  batch->kinesis_records.Append(
      {.offset = offset,
       .length = 21,
       .bytes = {},
       .first_user_record = first,
       .user_record_count = count,
       .source = 0,
       .verdict = verdict,
       .metadata = static_cast<uint32_t>(batch->metadata.size() - 1)});
}

// The statistics of all records, with `per_batch` records per batch and
// `per_window` batches per window.
ArchiveStats Gather(Bytes input, size_t per_batch, size_t per_window) {
  const auto sink = thresh::OpenStats({.shards = thresh::EqualRanges(5)});
  Require(sink.has_value(), "equal ranges are refused");
  Taker taker(input);
  Batch batch;
  const std::unique_ptr<thresh::Chunk> window = (*sink)->NewChunk();
  uint64_t offset = 0;
  size_t batches = 0;
  while (!taker.done()) {
    for (size_t i = 0; i < per_batch && !taker.done(); ++i) {
      offset += uint64_t{taker.Number()} << 13;
      AppendRecord(offset, &taker, &batch);
    }
    (*sink)->Encode(batch, window.get());
    batch.Clear();
    if (++batches < per_window && !taker.done()) continue;
    Require((*sink)->Write(window.get()).has_value(), "a window is refused");
    window->Clear();
    batches = 0;
  }
  return (*sink)->Stats();
}

bool SameKeys(const thresh::TopKeys& a, const thresh::TopKeys& b) {
  return a.by_records == b.by_records && a.by_bytes == b.by_bytes &&
         a.distinct == b.distinct && a.records_error == b.records_error;
}

void RequireSame(const ArchiveStats& a, const ArchiveStats& b) {
  // Only 64-bit numbers.
  static_assert(std::has_unique_object_representations_v<thresh::StatsCounts>);
  const thresh::StatsCounts& counts = a;
  const thresh::StatsCounts& others = b;
  Require(std::memcmp(&counts, &others, sizeof(counts)) == 0,
          "counts depend on batches or windows");
  Require(SameKeys(a.keys, b.keys), "keys depend on batches or windows");
  Require(SameKeys(a.told_shards, b.told_shards),
          "told shards depend on batches or windows");
  for (size_t i = 0; i < a.shards.size(); ++i) {
    Require(a.shards[i].records == b.shards[i].records &&
                a.shards[i].bytes == b.shards[i].bytes,
            "shards depend on batches or windows");
  }
}

void RequireAgreement(const ArchiveStats& stats) {
  const uint64_t records = stats.data_bytes.count();
  const uint64_t placed = std::accumulate(stats.hash_space.begin(),
                                          stats.hash_space.end(), uint64_t{0});
  Require(placed + stats.without_hash_key == records,
          "a record is in no part of the hash space");
  uint64_t in_shards = stats.outside_shards;
  for (const thresh::ShardCount& shard : stats.shards) {
    in_shards += shard.records;
  }
  Require(in_shards == placed, "a record is in no shard");
  uint64_t arrived = stats.without_arrival;
  if (!stats.arrivals.empty()) {
    for (size_t i = 0; i < stats.arrivals.size(); ++i) {
      arrived += stats.arrivals.CountOf(i);
    }
  }
  Require(arrived == records, "a record came at no time");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Bytes input(data, size);
  const ArchiveStats stats = Gather(input, SIZE_MAX, 1);
  RequireAgreement(stats);
  RequireSame(stats, Gather(input, 1, 1));
  RequireSame(stats, Gather(input, 2, 3));
  return 0;
}
