// Inputs crafted with knowledge of XXH3 and its public secret: keys and records
// that collide. The hash xors words of the message with words of the secret; an
// attacker who knows these can make a factor zero, or let two words change each
// other's sums by amounts that cancel out.
#ifndef THRESH_TESTS_DIGEST_HOSTILE_H_
#define THRESH_TESTS_DIGEST_HOSTILE_H_

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace thresh {

inline constexpr std::string_view kTenant = "tenant";

// Different partition keys with the same XXH3-64. The first eight bytes are the
// secret's, so that the factor of the next eight is zero.
inline std::vector<std::string> CollidingKeys(size_t count) {
  std::vector<std::string> keys;
  for (size_t i = 0; i < count; ++i) {
    std::string key(32, '\0');
    std::memcpy(key.data(), XXH3_kSecret, 8);
    const uint64_t word = i * 0x9e3779b97f4a7c15;
    std::memcpy(key.data() + 8, &word, 8);
    std::memcpy(key.data() + 16, "0123456789abcdef", 16);
    keys.push_back(key);
  }
  return keys;
}

// Data of different records with the partition key kTenant and no explicit hash
// key, whose canonical encodings have the same XXH3-128. In two stripes one
// half of a word is the secret's, so that the product with the other half is
// zero; the remaining halves add up to the same sum.
inline std::vector<std::string> CollidingData(size_t count) {
  constexpr size_t kEncodedSize = 512;
  constexpr size_t kHeadSize = 24 + kTenant.size();
  constexpr uint32_t kSum = 0x1234567;
  std::vector<std::string> all;
  for (size_t i = 0; i < count; ++i) {
    std::string encoding;
    for (size_t at = 0; at < kEncodedSize; ++at) {
      encoding += static_cast<char>(at * 7 + 13);
    }
    const auto half = static_cast<uint32_t>(i * 2654435761);
    const uint32_t other = kSum - half;
    std::memcpy(encoding.data() + 128, XXH3_kSecret + 16, 4);
    std::memcpy(encoding.data() + 132, &half, 4);
    std::memcpy(encoding.data() + 192, XXH3_kSecret + 24, 4);
    std::memcpy(encoding.data() + 196, &other, 4);
    all.push_back(encoding.substr(kHeadSize));
  }
  return all;
}

// Messages of a kilobyte for which XXH3 has few values under any secret: in one
// word of each of the first stripes the two uppermost bits differ, and what
// such a word adds to a 64-bit sum is a multiple of 2^30. `index` must be less
// than 2^30; different values give different messages, which look random.
inline std::string FewSums(uint32_t index) {
  constexpr uint32_t kMask = (uint32_t{1} << 30) - 1;
  for (int round = 0; round < 3; ++round) {
    index ^= index >> 15;
    index = (index * 0x2c1b3c6dU) & kMask;
  }
  std::string message(1024, 'x');
  for (size_t stripe = 0; stripe < 15; ++stripe) {
    const auto bits = static_cast<uint8_t>(index >> (2 * stripe) & 3);
    message[stripe * 64 + 7] = static_cast<char>(bits << 6 | 0x15);
  }
  return message;
}

}  // namespace thresh

#endif  // THRESH_TESTS_DIGEST_HOSTILE_H_
