// MD5 (RFC 1321) one message at a time, in plain C++: the portable twin that
// the lanes are tested against, the code for the last blocks of long messages,
// and the running digest that finds the end of blobs of unknown length.
#ifndef THRESH_DIGEST_MD5_H_
#define THRESH_DIGEST_MD5_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "thresh/bytes.h"

namespace thresh {

using Md5Digest = std::array<uint8_t, 16>;

// The digest of `message`.
Md5Digest Md5(Bytes message);

// The digests of prefixes of a message, at the cost of hashing the message once
// and one or two blocks more per prefix.
class Md5Prefixes {
 public:
  // `message` must outlive this object.
  explicit Md5Prefixes(Bytes message) : message_(message) {}

  // The digest of the first `size` bytes. Sizes must not decrease from one
  // call to the next, nor exceed the message.
  Md5Digest DigestOf(size_t size);

 private:
  Bytes message_;
  size_t hashed_ = 0;  // bytes folded into state_, a multiple of 64
  std::array<uint32_t, 4> state_ = {0x67452301, 0xefcdab89, 0x98badcfe,
                                    0x10325476};
};

}  // namespace thresh

#endif  // THRESH_DIGEST_MD5_H_
