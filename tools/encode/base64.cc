// Three bytes to four characters at a time, and a padded group at the end.
#include "encode/base64.h"

#include <cstddef>

namespace thresh {
namespace {

constexpr char kAlphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// Writes the encoding of 1 to 3 bytes, which is always 4 characters.
void EncodeGroup(const uint8_t* in, size_t size, uint8_t* out) {
  uint32_t bits = uint32_t{in[0]} << 16;
  if (size > 1) bits |= uint32_t{in[1]} << 8;
  if (size > 2) bits |= in[2];
  for (size_t i = 0; i < 4; ++i) {
    const char c = kAlphabet[(bits >> (18 - 6 * i)) & 63];
    out[i] = static_cast<uint8_t>(i <= size ? c : '=');
  }
}

}  // namespace

void AppendBase64(Bytes data, std::vector<uint8_t>* out) {
  const size_t start = out->size();
  out->resize(start + (data.size() + 2) / 3 * 4);
  uint8_t* to = out->data() + start;
  size_t i = 0;
  for (; i + 3 <= data.size(); i += 3, to += 4) {
    EncodeGroup(data.data() + i, 3, to);
  }
  if (i < data.size()) EncodeGroup(data.data() + i, data.size() - i, to);
}

std::string ToBase64(Bytes data) {
  std::vector<uint8_t> encoded;
  AppendBase64(data, &encoded);
  return std::string(AsText(encoded));
}

}  // namespace thresh
