// Encodings as text and back.
#ifndef THRESH_TESTS_SINK_OUTPUT_TEXT_H_
#define THRESH_TESTS_SINK_OUTPUT_TEXT_H_

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

#include "thresh/output_buffer.h"
#include "thresh/sink.h"

namespace thresh {

inline std::string TextOf(const OutputBuffer& encoded) {
  std::string text;
  encoded.ForEachPiece([&text](Bytes piece) { text += AsText(piece); });
  return text;
}

inline void AppendCopy(std::string_view text, OutputBuffer* out) {
  for (const uint8_t byte : AsBytes(text)) out->Append(byte);
}

inline OutputBuffer BufferOf(std::string_view text) {
  OutputBuffer buffer;
  AppendCopy(text, &buffer);
  return buffer;
}

// For chunks that are a TextChunk, as those of all text sinks are.
inline OutputBuffer* MutableTextOf(Chunk* chunk) {
  return static_cast<TextChunk*>(chunk)->mutable_text();
}
inline std::string TextOf(const Chunk& chunk) {
  return TextOf(static_cast<const TextChunk&>(chunk).text());
}

// A chunk of `sink` that holds `text`.
inline std::unique_ptr<Chunk> ChunkOf(std::string_view text, const Sink& sink) {
  std::unique_ptr<Chunk> chunk = sink.NewChunk();
  AppendCopy(text, MutableTextOf(chunk.get()));
  return chunk;
}

// The encoding of `batch` by `sink`.
inline std::unique_ptr<Chunk> EncodedChunk(const Batch& batch,
                                           const Sink& sink) {
  std::unique_ptr<Chunk> chunk = sink.NewChunk();
  sink.Encode(batch, chunk.get());
  return chunk;
}

// `text`, which must outlive the result, as many pieces of all sizes from 0 to
// 3000, alternately copied and referred to.
inline OutputBuffer InPieces(std::string_view text) {
  OutputBuffer buffer;
  for (size_t turn = 0; !text.empty(); ++turn) {
    const size_t size = std::min(turn * turn * 7919 % 3001, text.size());
    if (turn % 2 == 0) {
      buffer.Refer(AsBytes(text.substr(0, size)));
    } else {
      AppendCopy(text.substr(0, size / 10), &buffer);
      buffer.Refer(AsBytes(text.substr(size / 10, size - size / 10)));
    }
    text.remove_prefix(size);
  }
  return buffer;
}

}  // namespace thresh

#endif  // THRESH_TESTS_SINK_OUTPUT_TEXT_H_
