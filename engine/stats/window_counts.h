// What the batches of one window come to, as it lies in the window's output
// buffer on its way from the thread that counts to the one that adds up. A
// window may be made again, so nothing is counted for good before it is
// written.
//
//   StatsCounts | a ShardTally for each shard | groups
//
// A group is a KeyGroup and that many KeyTallies behind it, each with its key
// behind itself, padded. The key is copied: a mapped file that is truncated
// after its window was checked must not change it.
#ifndef THRESH_STATS_WINDOW_COUNTS_H_
#define THRESH_STATS_WINDOW_COUNTS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "thresh/bytes.h"
#include "thresh/hash_key.h"
#include "thresh/output_buffer.h"
#include "thresh/stats.h"

namespace thresh {

struct ShardTally {
  uint64_t records;
  uint64_t bytes;
};

enum class KeyKind : uint32_t { kPartitionKey, kShardId };

// Keys of Kinesis records that begin in one stretch of one input. Stretches do
// not depend on windows, so a sketch that settles between them, and only there,
// does not depend on windows either.
struct KeyGroup {
  KeyKind kind;
  uint32_t source;
  uint64_t stretch;  // offset / kStretchBytes
  uint64_t tallies;
};

inline constexpr uint64_t kStretchBytes = uint64_t{1} << 20;

struct KeyTally {
  uint64_t hash;     // KeyedHash64(key)
  HashKey hash_key;  // its MD5
  uint64_t records;
  uint64_t bytes;
  uint64_t size;  // of the key
};

// All of these lie in bytes: made by copies, and without gaps to be aligned.
static_assert(std::is_trivially_copyable_v<StatsCounts>);
static_assert(sizeof(StatsCounts) % alignof(KeyTally) == 0);
static_assert(sizeof(ShardTally) % alignof(KeyTally) == 0);
static_assert(sizeof(KeyGroup) % alignof(KeyTally) == 0);

template <typename T>
void AppendPlain(const T& value, OutputBuffer* out) {
  const size_t at = out->size();
  out->Resize(at + sizeof(T));
  std::memcpy(out->data() + at, &value, sizeof(T));
}

// Bytes that a key of `size` takes behind its tally.
constexpr uint64_t PaddedSize(uint64_t size) {
  return (size + alignof(KeyTally) - 1) / alignof(KeyTally) * alignof(KeyTally);
}

inline void AppendTally(const KeyTally& tally, Bytes key, OutputBuffer* out) {
  AppendPlain(tally, out);
  const size_t at = out->size();
  out->Resize(at + PaddedSize(key.size()));
  std::ranges::copy(key, out->data() + at);
}

// What lies at `offset` of `out`, where it has been appended.
template <typename T>
T* PlainAt(size_t offset, OutputBuffer* out) {
  return reinterpret_cast<T*>(out->data() + offset);
}
template <typename T>
const T* PlainAt(size_t offset, const OutputBuffer& out) {
  return reinterpret_cast<const T*>(out.data() + offset);
}

}  // namespace thresh

#endif  // THRESH_STATS_WINDOW_COUNTS_H_
