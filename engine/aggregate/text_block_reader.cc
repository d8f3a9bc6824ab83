// See text_block_reader.h.
#include "aggregate/text_block_reader.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

namespace thresh {
namespace {

// More bytes than a block has unless a line is long.
constexpr size_t kLargeBlock = size_t{4} << 20;

// A block whose chunks have kept more memory is not reused.
constexpr size_t kMaxKeptChunks = size_t{16} << 20;

// How many of `bytes`, which are whole lines, to parse as one block: about
// kMaxBlockLines lines, if all are as long as the first.
size_t CutBlock(Bytes bytes) {
  constexpr size_t kSample = 4096;
  const Bytes sample = bytes.first(std::min(bytes.size(), kSample));
  const auto lines =
      static_cast<size_t>(std::ranges::count(sample, uint8_t{'\n'}));
  if (lines == 0) return bytes.size();
  // At least the sample.
  const size_t most = kMaxBlockLines / lines * sample.size();
  if (bytes.size() <= most) return bytes.size();
  const void* const feed = memrchr(bytes.data(), '\n', most);
  return static_cast<size_t>(static_cast<const uint8_t*>(feed) - bytes.data()) +
         1;
}

size_t KeptBy(const std::unique_ptr<Chunk>& chunk) {
  return chunk == nullptr ? 0 : chunk->reserved_memory();
}

}  // namespace

Result<std::unique_ptr<TextBlockReader>> TextBlockReader::Open(
    const InputList& inputs, const Options& options, const LineParser& parser) {
  std::unique_ptr<TextBlockReader> reader(new TextBlockReader(parser));
  Options reading = options;
  if (options.progress != nullptr) {
    reading.progress = [to = &reader->progress_](const Progress& progress) {
      *to = progress;
    };
  }
  Result<LineReader> lines = LineReader::Open(inputs, std::move(reading));
  if (!lines) return tl::unexpected(std::move(lines.error()));
  reader->lines_ = *std::move(lines);
  return reader;
}

std::unique_ptr<TextBlock> TextBlockReader::Next() {
  if (unread_.bytes.empty()) {
    std::optional<LineBlock> next = lines_->Next();
    if (!next.has_value()) {
      at_end_ = true;
      return nullptr;
    }
    unread_ = *std::move(next);
  }
  std::unique_ptr<TextBlock> block = TakeFree();
  const size_t size = CutBlock(unread_.bytes);
  block->block = unread_;
  block->block.bytes = unread_.bytes.first(size);
  block->parsed = 0;
  block->progress = progress_;
  unread_.bytes = unread_.bytes.subspan(size);
  unread_.offset += size;
  unread_.starts_input = false;
  if (unread_.bytes.empty()) unread_.owner.reset();
  was_large_ = size > kLargeBlock;
  return block;
}

void TextBlockReader::Give(std::unique_ptr<TextBlock> block) {
  const bool large = block->block.bytes.size() > kLargeBlock;
  block->block = {};
  if (large ||
      KeptBy(block->encoded) + KeptBy(block->quarantined) > kMaxKeptChunks) {
    return;
  }
  const std::scoped_lock lock(mutex_);
  free_.push_back(std::move(block));
}

std::unique_ptr<TextBlock> TextBlockReader::TakeFree() {
  {
    const std::scoped_lock lock(mutex_);
    if (!free_.empty()) {
      std::unique_ptr<TextBlock> block = std::move(free_.back());
      free_.pop_back();
      return block;
    }
  }
  auto block = std::make_unique<TextBlock>();
  block->parser = parser_.Copy();
  return block;
}

}  // namespace thresh
