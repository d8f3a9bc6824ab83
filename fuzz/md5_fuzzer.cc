// Splits the input into messages and hashes them together on every target; all
// of them must give OpenSSL's result. Each message gets its own allocation, so
// that AddressSanitizer detects a read beyond its end.
//
// Input: messages one after the other, each a length of two bytes, low byte
// first, followed by that many bytes, or fewer if the input ends. A length with
// its top bit set repeats up to 63 bytes, to reach sizes that inputs do not
// have.
#include <openssl/evp.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "digest/md5.h"
#include "digest/md5_lanes.h"
#include "simd/targets.h"
#include "thresh/bytes.h"
#include "thresh/simd_target.h"

namespace {

struct Message {
  std::unique_ptr<uint8_t[]> bytes;
  size_t size;
};

std::vector<Message> Split(const uint8_t* data, size_t size) {
  std::vector<Message> messages;
  while (size >= 2) {
    const size_t wanted = data[0] | (data[1] & 0x7fU) << 8;
    const bool repeat = data[1] >= 0x80;
    data += 2;
    size -= 2;
    const size_t taken = std::min(repeat ? wanted % 64 : wanted, size);
    const size_t length = repeat && taken > 0 ? wanted : taken;
    Message message = {std::make_unique<uint8_t[]>(length), length};
    for (size_t i = 0; i < length; ++i) message.bytes[i] = data[i % taken];
    messages.push_back(std::move(message));
    data += taken;
    size -= taken;
  }
  return messages;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const std::vector<std::string> kTargets = thresh::SimdTargets();
  const std::vector<Message> messages = Split(data, size);
  std::vector<thresh::Bytes> views;
  std::vector<thresh::Md5Digest> expected(messages.size());
  for (const Message& message : messages) {
    views.emplace_back(message.bytes.get(), message.size);
    EVP_Digest(message.bytes.get(), message.size,
               expected[views.size() - 1].data(), nullptr, EVP_md5(), nullptr);
  }
  for (const std::string& target : kTargets) {
    std::vector<thresh::Md5Digest> digests(messages.size());
    if (!thresh::ForceSimdTarget(target)) std::abort();
    thresh::Md5Many(views, digests);
    if (digests != expected) std::abort();
  }
  return 0;
}
