// simdjson reads, but does not use, some bytes after a document.
#ifndef THRESH_AGGREGATE_PADDED_LINE_H_
#define THRESH_AGGREGATE_PADDED_LINE_H_

#include <simdjson.h>

#include <algorithm>
#include <cstring>

#include "aggregate/line_parser.h"

namespace thresh {

// Lines with readable bytes after them; only those that have none are copied.
class PaddedLines {
 public:
  // `line`, valid until the next call.
  const uint8_t* Pad(const TextLine& line) {
    const size_t wanted = line.text.size() + simdjson::SIMDJSON_PADDING;
    if (line.readable >= wanted) return line.text.data();
    copy_.Resize(wanted);
    std::ranges::copy(line.text, copy_.begin());
    std::memset(copy_.data() + line.text.size(), ' ',
                simdjson::SIMDJSON_PADDING);
    return copy_.data();
  }

 private:
  Column<uint8_t> copy_;
};

// Appends `bytes` to `texts` and returns where they are now.
inline Bytes KeepBytes(Bytes bytes, Column<uint8_t>* texts) {
  const size_t size = texts->size();
  texts->Resize(size + bytes.size());
  std::ranges::copy(bytes, texts->data() + size);
  return {texts->data() + size, bytes.size()};
}

}  // namespace thresh

#endif  // THRESH_AGGREGATE_PADDED_LINE_H_
