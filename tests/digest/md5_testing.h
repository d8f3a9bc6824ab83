// Shared by the tests in this directory: an independent MD5 and repeatable
// noise.
#ifndef THRESH_TESTS_DIGEST_MD5_TESTING_H_
#define THRESH_TESTS_DIGEST_MD5_TESTING_H_

#include <openssl/evp.h>

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "digest/md5.h"
#include "thresh/bytes.h"

namespace thresh {

inline Md5Digest OpenSslMd5(Bytes message) {
  Md5Digest digest;
  if (EVP_Digest(message.data(), message.size(), digest.data(), nullptr,
                 EVP_md5(), nullptr) != 1) {
    std::abort();
  }
  return digest;
}

inline std::string ToHex(const Md5Digest& digest) {
  std::string hex;
  for (const uint8_t byte : digest) {
    hex += "0123456789abcdef"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  return hex;
}

// The same bytes for the same seed on every platform.
inline std::vector<uint8_t> RandomBytes(uint64_t seed, size_t size) {
  std::mt19937_64 random(seed);
  std::vector<uint8_t> bytes(size);
  for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random());
  return bytes;
}

}  // namespace thresh

#endif  // THRESH_TESTS_DIGEST_MD5_TESTING_H_
