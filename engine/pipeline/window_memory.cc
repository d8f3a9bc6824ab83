// See window_memory.h.
#include "pipeline/window_memory.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace thresh {
namespace {

constexpr size_t kMaxWindowMemory = size_t{28} << 20;
// Small windows are used by tests, and if memory is small.
constexpr size_t kMemoryOfByte = 8;

// The bytes of all columns; count(column) is the number of elements of one.
template <typename Count>
size_t MemoryOf(const Batch& batch, Count count) {
  const UserRecordColumns& rows = batch.user_records;
  constexpr size_t kRow = sizeof(const uint8_t*) + 3 * sizeof(uint32_t);
  return count(batch.kinesis_records) * sizeof(KinesisRecord) +
         count(batch.metadata) * sizeof(KinesisMetadata) +
         count(rows.data) * kRow +
         (count(rows.sub_sequence_number) + count(rows.nested_path)) *
             sizeof(uint32_t) +
         count(rows.nested_paths) * sizeof(NestedPath) +
         (count(rows.partition_keys) + count(rows.explicit_hash_keys)) *
             sizeof(Bytes);
}

}  // namespace

size_t WindowMemory(const Options& options) {
  return std::min(kMaxWindowMemory,
                  options.window_bytes > kMaxWindowMemory / kMemoryOfByte
                      ? kMaxWindowMemory
                      : options.window_bytes * kMemoryOfByte);
}

size_t FrameMemory(const Options& options) {
  constexpr size_t kShare = 5;  // 5.6 MiB: 120,000 frames without metadata
  return WindowMemory(options) / kShare;
}

size_t SliceMemory(const Options& options) {
  return WindowMemory(options) / 7;  // 4 MiB
}

size_t WaitingMemory(const Options& options) {
  return WindowMemory(options) / 7 * 6;  // 24 MiB
}

size_t BatchMemory(const Batch& batch) {
  return MemoryOf(batch, [](const auto& column) { return column.size(); });
}

size_t EncodedMemory(const Window& window) {
  return window.encoded == nullptr ? 0 : window.encoded->memory();
}

size_t ResultMemory(const Window& window) {
  const Chunk* const quarantined = window.quarantined.get();
  return BatchMemory(window.batch) + EncodedMemory(window) +
         (quarantined == nullptr ? 0 : quarantined->memory());
}

size_t ReservedMemory(const Window& window) {
  size_t memory = MemoryOf(
      window.batch, [](const auto& column) { return column.capacity(); });
  for (const Chunk* chunk : {window.encoded.get(), window.quarantined.get()}) {
    if (chunk != nullptr) memory += chunk->reserved_memory();
  }
  return memory;
}

void LeaveParts(size_t part, Window* window) {
  const auto first = window->parts.begin() + static_cast<ptrdiff_t>(part);
  window->rest.insert(window->rest.begin(), std::make_move_iterator(first),
                      std::make_move_iterator(window->parts.end()));
  window->parts.erase(first, window->parts.end());
}

void LeaveBytes(size_t part, size_t size, Window* window) {
  LeaveParts(part + 1, window);
  Part* kept = &window->parts[part];
  Part left = *kept;
  left.starts_input = false;
  left.segment.bytes = left.segment.bytes.subspan(size);
  left.segment.offset += size;
  left.failed_searches.clear();
  left.open_document = {};
  left.stored_bytes = 0;
  left.left_out = {};
  // Leading bytes carried from an earlier window are not of this part.
  left.bytes =
      left.lost_bytes + std::min<uint64_t>(left.segment.bytes.size(),
                                           left.bytes - left.lost_bytes);
  kept->bytes -= left.bytes;
  kept->lost_bytes = 0;
  kept->segment.bytes = kept->segment.bytes.first(size);
  kept->segment.ends_input = false;
  kept->segment.ends_line = false;
  kept->segment.error.reset();
  window->rest.insert(window->rest.begin(), std::move(left));
}

void LeaveRest(size_t part, Window* window) {
  Frames* frames = &window->frames[part];
  Part* kept = &window->parts[part];
  const bool ends_input = kept->segment.ends_input;
  LeaveBytes(part, kept->segment.bytes.size() - frames->left, window);
  kept->bytes_after = std::exchange(frames->left, 0);
  kept->input_ends_after = ends_input;
  window->was_split = true;
}

void SeeBytesAfter(Part* part) {
  Segment* segment = &part->segment;
  if (part->bytes_after == 0) return;
  segment->bytes =
      Bytes(segment->bytes.data(), segment->bytes.size() + part->bytes_after);
  segment->ends_input = part->input_ends_after;
  part->bytes += std::exchange(part->bytes_after, 0);
}

void TakeBack(Window* window) {
  Part* part = &window->parts.back();
  if (part->bytes_after == 0) return;
  const Part left = std::move(window->rest.front());
  window->rest.erase(window->rest.begin());
  const uint64_t bytes = part->bytes + left.bytes;
  SeeBytesAfter(part);
  part->bytes = bytes;
  part->lost_bytes = left.lost_bytes;
  part->segment.ends_line = left.segment.ends_line;
  part->segment.error = left.segment.error;
}

}  // namespace thresh
