// Encodings as text and back.
#ifndef THRESH_TESTS_SINK_OUTPUT_TEXT_H_
#define THRESH_TESTS_SINK_OUTPUT_TEXT_H_

#include <algorithm>
#include <string>
#include <string_view>

#include "thresh/output_buffer.h"

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

// `text`, which must outlive it, as many pieces of all sizes from 0 to 3000,
// copied and referred to in turn.
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
