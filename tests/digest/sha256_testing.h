// SHA-256 and the content digest with OpenSSL, as FORMAT.md defines them.
#ifndef THRESH_TESTS_DIGEST_SHA256_TESTING_H_
#define THRESH_TESTS_DIGEST_SHA256_TESTING_H_

#include <openssl/bn.h>
#include <openssl/evp.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "digest/sha256.h"
#include "thresh/bytes.h"

namespace thresh {

inline Sha256Digest OpenSslSha256(Bytes message) {
  Sha256Digest digest;
  if (EVP_Digest(message.data(), message.size(), digest.data(), nullptr,
                 EVP_sha256(), nullptr) != 1) {
    std::abort();
  }
  return digest;
}

// 384 bytes of MGF1-SHA-256.
inline std::vector<uint8_t> OpenSslMgf1(const Sha256Digest& seed) {
  std::vector<uint8_t> mask;
  for (uint8_t counter = 0; counter < 12; ++counter) {
    std::vector<uint8_t> message(seed.begin(), seed.end());
    message.insert(message.end(), {0, 0, 0, counter});
    const Sha256Digest digest = OpenSslSha256(message);
    mask.insert(mask.end(), digest.begin(), digest.end());
  }
  return mask;
}

struct BignumDeleter {
  void operator()(BIGNUM* number) const { BN_free(number); }
};
using Bignum = std::unique_ptr<BIGNUM, BignumDeleter>;

inline Bignum MuHashPrime() {
  Bignum prime(BN_new());
  BN_set_bit(prime.get(), 3072);
  BN_sub_word(prime.get(), 1103717);
  return prime;
}

// The content digest of records, given their canonical encodings.
inline std::string ReferenceContentDigest(
    const std::vector<std::string>& encodings) {
  const Bignum prime = MuHashPrime();
  const Bignum product(BN_new());
  BN_one(product.get());
  BN_CTX* const context = BN_CTX_new();
  for (const std::string& encoding : encodings) {
    const std::vector<uint8_t> mask =
        OpenSslMgf1(OpenSslSha256(AsBytes(encoding)));
    const Bignum factor(
        BN_bin2bn(mask.data(), static_cast<int>(mask.size()), nullptr));
    BN_mod_mul(product.get(), product.get(), factor.get(), prime.get(),
               context);
  }
  BN_CTX_free(context);
  std::vector<uint8_t> bytes(384);
  BN_bn2binpad(product.get(), bytes.data(), static_cast<int>(bytes.size()));
  std::string hex;
  for (const uint8_t byte : OpenSslSha256(bytes)) {
    hex += "0123456789abcdef"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  return hex;
}

}  // namespace thresh

#endif  // THRESH_TESTS_DIGEST_SHA256_TESTING_H_
