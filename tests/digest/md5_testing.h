// What the tests of this room share: an independent MD5, repeatable noise, and
// memory that ends at a page which may not be read.
#ifndef THRESH_TESTS_DIGEST_MD5_TESTING_H_
#define THRESH_TESTS_DIGEST_MD5_TESTING_H_

#include <openssl/evp.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
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

// Memory between two inaccessible pages.
class GuardedBytes {
 public:
  explicit GuardedBytes(size_t pages)
      : page_(static_cast<size_t>(sysconf(_SC_PAGESIZE))),
        size_(pages * page_),
        start_(
            static_cast<uint8_t*>(mmap(nullptr, size_ + 2 * page_, PROT_NONE,
                                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))) {
    if (start_ == MAP_FAILED ||
        mprotect(start_ + page_, size_, PROT_READ | PROT_WRITE) != 0) {
      std::abort();
    }
  }
  GuardedBytes(const GuardedBytes&) = delete;
  GuardedBytes& operator=(const GuardedBytes&) = delete;
  ~GuardedBytes() { munmap(start_, size_ + 2 * page_); }

  // Copies `bytes` to where the next byte after them cannot be read.
  Bytes Last(const std::vector<uint8_t>& bytes) {
    uint8_t* const to = start_ + page_ + size_ - bytes.size();
    std::copy(bytes.begin(), bytes.end(), to);
    return {to, bytes.size()};
  }

  // Copies `bytes` to where the byte before them cannot be read.
  Bytes First(const std::vector<uint8_t>& bytes) {
    uint8_t* const to = start_ + page_;
    std::copy(bytes.begin(), bytes.end(), to);
    return {to, bytes.size()};
  }

 private:
  size_t page_;
  size_t size_;
  uint8_t* start_;
};

}  // namespace thresh

#endif  // THRESH_TESTS_DIGEST_MD5_TESTING_H_
