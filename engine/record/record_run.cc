// The fast path: runs of records of the shape that aggregators write,
//
//   1A length | 08 index | 10 index (sometimes) | 1A length data
//
// with every number in few bytes. The general reader reads all others.
//
// The speed of a reader of small records is limited by the dependency chain
// from one record's length to the next one's address. Here only the outer
// length is on that chain; the rest is checked in parallel, without branches on
// anything that changes from record to record. (Predicting the length of the
// previous record, to avoid the chain, was no faster on records of one size and
// a fifth slower when indices of one and two bytes alternate.) The memory
// latency of the chain is hidden by prefetching headers as if all records had
// the same length.
#include "record/record_run.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <iterator>

#include "base/byte_order.h"
#include "record/envelope.h"
#include "record/small_record.h"

namespace thresh {
namespace {

// The bytes that ReadCommonRecord loads unconditionally: a tag and a length of
// three bytes, an index field of four, a word.
constexpr ptrdiff_t kHeaderWindow = 16;

// Prefetches the header of the record that is `kAhead` records ahead if all are
// as long as the one from `at` to `next`.
void PrefetchHeader(const uint8_t* at, const uint8_t* next) {
  constexpr uintptr_t kAhead = 32;
  // Not pointer arithmetic, since the guess may be past the message.
  const auto address = reinterpret_cast<uintptr_t>(at) +
                       kAhead * static_cast<uintptr_t>(next - at);
  // NOLINTNEXTLINE(performance-no-int-to-ptr)
  __builtin_prefetch(reinterpret_cast<const void*>(address));
}

// Reads the records from `at` through the last one that starts at or before
// `last`, or up to the first that is not small, has an explicit hash key or an
// index of three bytes. From `last` on there are kMaxSmallRecordSize bytes, and
// `rows` has room for a row every kMinRecordSize bytes up to there. Watching,
// up to the first that ends before what may be a digest and a magic, which is
// looked for even if it is past `last`. Returns the first byte not read.
//
// Kept out of line, so that its state stays in registers.
template <Watch kWatch>
[[gnu::noinline]] const uint8_t* ReadSmallRecords(const uint8_t* at,
                                                  const uint8_t* last,
                                                  RecordRows* rows) {
  RecordRows::Run run(rows);
  if (at > last) return at;
  do {
    const SmallRecord record = ReadSmallRecord(at);
    if (record.size == 0) break;
    const uint8_t* const next = at + record.size;
    PrefetchHeader(at, next);
    run.Append(at + record.data_offset, static_cast<uint32_t>(record.data_size),
               record.partition_key_index);
    at = next;
    if (kWatch == Watch::kYes && IsMagicAfterDigest(at)) break;
  } while (at <= last);
  return at;
}

// A varint of up to three bytes. A fast path besides base/varint.h: without a
// branch on its length, which changes from record to record.
struct MaskedVarint {
  uint64_t value;
  unsigned bits;  // of its encoding, or 32 if that is longer
};

// Decodes the varint at the low end of `word`. The lowest byte without a
// continuation bit ends it (low byte left):
//   word   1aaaaaaa 0bbbbbbb ........
//   stop   00000000 10000000 ?0000000
//   kept   1aaaaaaa 0bbbbbbb 00000000
MaskedVarint DecodeMaskedVarint(uint64_t word) {
  constexpr uint64_t kSentinel = uint64_t{1} << 31;
  const uint64_t stop = (~word & 0x808080) | kSentinel;
  const uint64_t kept = word & (stop ^ (stop - 1));
  return {(kept & 0x7F) | (kept >> 1 & 0x3F80) | (kept >> 2 & 0x1FC000),
          static_cast<unsigned>(std::countr_zero(stop)) + 1};
}

// Reads one field "tag varint" at the low end of `word` and shifts it out.
// Returns its size in bytes, or 0 if it is another field or too long.
[[gnu::always_inline]] inline size_t TakeShortField(uint8_t tag, uint64_t* word,
                                                    uint64_t* value) {
  const MaskedVarint number = DecodeMaskedVarint(*word >> 8);
  if ((*word & 0xFF) != tag || number.bits == 32) return 0;
  *value = number.value;
  *word = *word >> 8 >> number.bits;
  return 1 + number.bits / 8;
}

// Reads the record at `at`, of which kHeaderWindow bytes are before `end`, if
// it is of the common shape with numbers of up to three bytes. `rows` has room
// for it. Returns the byte after it, or null.
//
// Inlined even though ReadRecordRun is compiled twice: a call costs 4 % of the
// whole job where records are of this kind.
[[gnu::always_inline]] inline const uint8_t* ReadCommonRecord(
    const uint8_t* at, const uint8_t* end, RecordRows* rows) {
  auto word = LoadLe<uint64_t>(at);
  uint64_t length = 0;
  const size_t prefix = TakeShortField(0x1A, &word, &length);
  const uint8_t* field = at + prefix;
  if (prefix == 0 || length > static_cast<uint64_t>(end - field)) {
    return nullptr;
  }
  const uint8_t* const next = field + length;
  PrefetchHeader(at, next);

  word = LoadLe<uint64_t>(field);
  uint64_t index = 0;
  const size_t index_size = TakeShortField(0x08, &word, &index);
  if (index_size == 0) return nullptr;
  field += index_size;

  uint64_t hash_key_index = 0;
  const bool has_hash_key = (word & 0xFF) == 0x10;
  if (has_hash_key) {
    word = LoadLe<uint64_t>(field);
    const size_t size = TakeShortField(0x10, &word, &hash_key_index);
    if (size == 0) return nullptr;
    field += size;
  }

  uint64_t data_size = 0;
  const size_t data_prefix = TakeShortField(0x1A, &word, &data_size);
  if (data_prefix == 0) return nullptr;
  const uint8_t* const data = field + data_prefix;
  // Also differs if fields past the record's end were read.
  if (data + data_size != next) return nullptr;

  rows->Append(data, static_cast<uint32_t>(data_size), index);
  if (has_hash_key) rows->SetExplicitHashKey(hash_key_index);
  return next;
}

}  // namespace

template <Watch kWatch>
const uint8_t* ReadRecordRun(const uint8_t* at, const uint8_t* end,
                             RecordRows* rows) {
  constexpr ptrdiff_t kSeen =
      kMaxSmallRecordSize + (kWatch == Watch::kYes ? std::ssize(kMagic) : 0);
  while (!rows->full()) {
    const auto room = static_cast<ptrdiff_t>(rows->room());
    const ptrdiff_t reach =
        std::min(end - at - kSeen, (room - 1) * kMinRecordSize);
    if (reach >= 0) {
      const uint8_t* const next =
          ReadSmallRecords<kWatch>(at, at + reach, rows);
      const bool stops =
          kWatch == Watch::kYes && next != at && MayEndBlob(next, end);
      at = next;
      if (stops) break;
    }
    if (rows->full() || end - at < kHeaderWindow) break;
    const uint8_t* const next = ReadCommonRecord(at, end, rows);
    if (next == nullptr) break;
    at = next;
    if (kWatch == Watch::kYes && MayEndBlob(at, end)) break;
  }
  return at;
}

template const uint8_t* ReadRecordRun<Watch::kNo>(const uint8_t* at,
                                                  const uint8_t* end,
                                                  RecordRows* rows);
template const uint8_t* ReadRecordRun<Watch::kYes>(const uint8_t* at,
                                                   const uint8_t* end,
                                                   RecordRows* rows);

}  // namespace thresh
