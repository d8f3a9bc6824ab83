// XXH3 with a private secret, which applies to all lengths; a seed would only
// change the public secret by 64 bits. For messages of up to 240 bytes XXH3
// multiplies words of 64 bits, each combined with bits of the secret, to 128.
// For longer ones it multiplies halves of 32 bits and adds the products: of two
// million records of a kilobyte that differ in the uppermost bits of some
// words, a few pairs collide under any secret. So a long message is hashed in
// pieces of 240 bytes:
//
//     message   | piece 0 | piece 1 | ... | piece 14 | piece 15 | ...
//     hashes    [    h0   |    h1   | ... |    h14   ]
//                              hashed: h'
//               [    h'   |   h15   | ...
//
// Fifteen hashes of 16 bytes are as long as a piece. They are hashed to one,
// the first of the next fifteen; at the end the remaining ones are hashed.
#include "digest/keyed_hash.h"

#define XXH_INLINE_ALL
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "base/errors.h"
#include "digest/hash_secret.h"

namespace thresh {
namespace {

constexpr size_t kPieceSize = 240;
constexpr size_t kHashesPerPiece = kPieceSize / sizeof(Hash128);

// Drawn on first use, and then fixed for the process.
struct DrawnSecret {
  HashSecret secret = {};
  std::optional<Error> error;
};

const DrawnSecret& TheSecret() {
  static const DrawnSecret kDrawn = [] {
    DrawnSecret drawn;
    Result<HashSecret> secret = ReadHashSecret(&getentropy);
    if (secret) {
      drawn.secret = *secret;
    } else {
      drawn.error = std::move(secret.error());
    }
    return drawn;
  }();
  return kDrawn;
}

// At most kPieceSize bytes.
Hash128 HashPiece(const uint8_t* bytes, size_t size, const HashSecret& secret) {
  const XXH128_hash_t hash =
      XXH3_128bits_withSecret(bytes, size, secret.data(), secret.size());
  return {hash.low64, hash.high64};
}

// Hashes a message that is passed part by part.
class PiecewiseHash {
 public:
  explicit PiecewiseHash(const HashSecret& secret) : secret_(secret) {}

  void Add(Bytes part) {
    if (buffered_ > 0) {
      const size_t room = std::min(kPieceSize - buffered_, part.size());
      Buffer(part.first(room));
      part = part.subspan(room);
      if (part.empty()) return;
      // The buffer is full, and something follows it.
      Take(buffer_.data(), kPieceSize);
      buffered_ = 0;
    }
    for (; part.size() > kPieceSize; part = part.subspan(kPieceSize)) {
      Take(part.data(), kPieceSize);
    }
    Buffer(part);
  }

  Hash128 Finish() {
    Take(buffer_.data(), buffered_);
    return HashHashes();
  }

 private:
  void Buffer(Bytes part) {
    if (part.empty()) return;
    std::memcpy(buffer_.data() + buffered_, part.data(), part.size());
    buffered_ += part.size();
  }

  void Take(const uint8_t* piece, size_t size) {
    if (count_ == kHashesPerPiece) {
      hashes_[0] = HashHashes();
      count_ = 1;
    }
    hashes_[count_++] = HashPiece(piece, size, secret_);
  }

  [[nodiscard]] Hash128 HashHashes() const {
    return HashPiece(reinterpret_cast<const uint8_t*>(hashes_.data()),
                     count_ * sizeof(Hash128), secret_);
  }

  const HashSecret& secret_;
  std::array<uint8_t, kPieceSize> buffer_;
  size_t buffered_ = 0;
  std::array<Hash128, kHashesPerPiece> hashes_;
  size_t count_ = 0;
};

}  // namespace

Result<HashSecret> ReadHashSecret(ReadRandom read) {
  HashSecret secret;
  if (read(secret.data(), secret.size()) == 0) return secret;
  return tl::unexpected(IoError(
      {},
      std::string("the system gives no random bytes: ") + std::strerror(errno),
      "allow the system call getrandom, which a sandbox may forbid"));
}

Result<void> DrawHashSecret() {
  if (TheSecret().error.has_value()) return tl::unexpected(*TheSecret().error);
  return {};
}

uint64_t KeyedHash64(Bytes bytes) {
  const HashSecret& secret = TheSecret().secret;
  return XXH3_64bits_withSecret(bytes.data(), bytes.size(), secret.data(),
                                secret.size());
}

Hash128 KeyedHash128(Bytes bytes) {
  const HashSecret& secret = TheSecret().secret;
  if (bytes.size() <= kPieceSize) {
    return HashPiece(bytes.data(), bytes.size(), secret);
  }
  PiecewiseHash hash(secret);
  hash.Add(bytes);
  return hash.Finish();
}

Hash128 KeyedHash128(const EncodedRecord& record) {
  const HashSecret& secret = TheSecret().secret;
  if (record.Size() <= kPieceSize) {
    std::array<uint8_t, kPieceSize> encoding;
    const uint8_t* const end = record.Write(encoding.data());
    return HashPiece(encoding.data(),
                     static_cast<size_t>(end - encoding.data()), secret);
  }
  PiecewiseHash hash(secret);
  hash.Add(record.Header());
  for (const Bytes field : record.Fields()) hash.Add(field);
  return hash.Finish();
}

}  // namespace thresh
