// Appends bytes, and their base64, to a buffer.
#ifndef THRESH_BASE_APPEND_H_
#define THRESH_BASE_APPEND_H_

#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/base64.h"
#include "thresh/bytes.h"
#include "thresh/column.h"

namespace thresh {

inline void AppendBytes(Bytes bytes, Column<uint8_t>* out) {
  const size_t size = out->size();
  out->Resize(size + bytes.size());
  if (!bytes.empty()) {
    std::memcpy(out->data() + size, bytes.data(), bytes.size());
  }
}

inline void AppendText(std::string_view text, Column<uint8_t>* out) {
  AppendBytes(AsBytes(text), out);
}

inline void AppendBase64(Bytes data, Column<uint8_t>* out) {
  const size_t size = out->size();
  out->Resize(size + Base64EncodedSize(data.size()));
  Base64Encode(data, out->data() + size);
}

}  // namespace thresh

#endif  // THRESH_BASE_APPEND_H_
