// A table of the well-formed sequences (Unicode, table 3-7), walked in order.
#include "encode/utf8.h"

#include <cstddef>

namespace thresh {
namespace {

struct Form {
  uint8_t first_low, first_high;    // range of the lead byte
  uint8_t second_low, second_high;  // range of the byte behind it
  uint8_t length;                   // the rest are 80..BF
};

constexpr Form kForms[] = {
    {0x00, 0x7F, 0x00, 0xFF, 1}, {0xC2, 0xDF, 0x80, 0xBF, 2},
    {0xE0, 0xE0, 0xA0, 0xBF, 3}, {0xE1, 0xEC, 0x80, 0xBF, 3},
    {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
    {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4},
    {0xF4, 0xF4, 0x80, 0x8F, 4},
};

// Bytes of the well-formed sequence that `rest` begins with; 0 if none.
size_t SequenceLength(Bytes rest) {
  for (const Form& form : kForms) {
    if (rest[0] < form.first_low || rest[0] > form.first_high) continue;
    if (rest.size() < form.length) return 0;
    if (form.length == 1) return 1;
    if (rest[1] < form.second_low || rest[1] > form.second_high) return 0;
    for (size_t i = 2; i < form.length; ++i) {
      if ((rest[i] & 0xC0) != 0x80) return 0;
    }
    return form.length;
  }
  return 0;
}

}  // namespace

bool IsValidUtf8(Bytes bytes) {
  while (!bytes.empty()) {
    const size_t length = SequenceLength(bytes);
    if (length == 0) return false;
    bytes = bytes.subspan(length);
  }
  return true;
}

}  // namespace thresh
