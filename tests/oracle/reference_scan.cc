// Blobs back to back, found by a literal implementation of the rule in
// FORMAT.md: try every magic, walk the fields after it, hash at every boundary.
#define OPENSSL_SUPPRESS_DEPRECATED  // MD5_CTX, whose state can be copied
#include <openssl/md5.h>

#include <algorithm>
#include <array>

#include "oracle/reference.h"

namespace thresh::oracle {
namespace {

constexpr int kMaxGroups = 100;
constexpr int kVarintBytes = 10;
constexpr int kTagBytes = 5;
constexpr int kLengthBytes = 5;

// Reads a message from front to back; every step returns whether the bytes were
// present and valid.
class Skipper {
 public:
  Skipper(std::string_view message, size_t at)
      : message_(message), at_(at), read_(at) {}

  [[nodiscard]] size_t at() const { return at_; }
  // The position after the last tag or value that was present and valid.
  [[nodiscard]] size_t read() const { return read_; }

  // A varint of at most `max_bytes` bytes; bits past the 64th are dropped.
  bool Varint(int max_bytes, uint64_t* value) {
    *value = 0;
    for (int i = 0; i < max_bytes; ++i) {
      if (at_ == message_.size()) return false;
      const auto byte = static_cast<uint8_t>(message_[at_++]);
      *value |= static_cast<uint64_t>(byte & 0x7F) << (7 * i);
      if (byte < 0x80) return true;
    }
    return false;
  }

  bool Tag(uint32_t* tag) {
    uint64_t value = 0;
    if (!Varint(kTagBytes, &value)) return false;
    *tag = static_cast<uint32_t>(value);
    return *tag >> 3 != 0;
  }

  bool Fixed(size_t size) {
    if (message_.size() - at_ < size) return false;
    at_ += size;
    read_ = at_;
    return true;
  }

  bool Length() {
    uint64_t length = 0;
    return Varint(kLengthBytes, &length) && length <= message_.size() - at_ &&
           Fixed(static_cast<size_t>(length));
  }

  // The rest of a group whose start tag has been read.
  bool Group(uint32_t start_tag, int groups) {
    if (groups > kMaxGroups) return false;
    read_ = at_;
    for (;;) {
      uint32_t tag = 0;
      if (!Tag(&tag)) return false;
      if ((tag & 7) == 4) return tag == start_tag + 1 && Fixed(0);
      if (!Value(tag, groups)) return false;
    }
  }

  // Reads the value of `tag` within `groups` open groups.
  bool Value(uint32_t tag, int groups) {
    uint64_t ignored = 0;
    const uint32_t type = tag & 7;
    if (type <= 2 || type == 5) read_ = at_;
    switch (type) {
      case 0:
        return Varint(kVarintBytes, &ignored) && Fixed(0);
      case 1:
        return Fixed(8);
      case 2:
        return Length();
      case 3:
        return Group(tag, groups + 1);
      case 5:
        return Fixed(4);
      default:
        return false;
    }
  }

 private:
  std::string_view message_;
  size_t at_;
  size_t read_;
};

// The MD5 of prefixes of increasing size of the same bytes.
class PrefixDigest {
 public:
  explicit PrefixDigest(std::string_view bytes) : bytes_(bytes) {
    MD5_Init(&state_);
  }

  // `size` must not decrease from call to call.
  std::string Of(size_t size) {
    MD5_Update(&state_, bytes_.data() + hashed_, size - hashed_);
    hashed_ = size;
    MD5_CTX finished = state_;
    unsigned char digest[MD5_DIGEST_LENGTH];
    MD5_Final(digest, &finished);
    return {reinterpret_cast<const char*>(digest), sizeof(digest)};
  }

 private:
  std::string_view bytes_;
  size_t hashed_ = 0;
  MD5_CTX state_;
};

struct Look {
  size_t length;  // of the blob; 0 if none was found
  size_t reach;   // bytes that were examined
};

// Looks for a blob that begins at the start of `bytes`, which begin with the
// magic.
Look LookForBlob(std::string_view bytes) {
  const size_t before = kReferenceMagic.size();
  const std::string_view message = bytes.substr(before);
  PrefixDigest digest(message);
  size_t end = 0;
  for (;;) {
    Skipper skipper(message, end);
    uint32_t tag = 0;
    if (!skipper.Tag(&tag) || !skipper.Value(tag, 0)) {
      return {0, before + skipper.read()};
    }
    end = skipper.at();
    const size_t blob = before + end + MD5_DIGEST_LENGTH;
    if (blob > bytes.size() || blob > kReferenceMaxRecord) {
      return {0, before + end};
    }
    if (digest.Of(end) == message.substr(end, MD5_DIGEST_LENGTH)) {
      return {blob, blob};
    }
  }
}

// The limits of searches according to FORMAT.md.
class Limits {
 public:
  explicit Limits(std::string_view archive) : archive_(archive) {}

  Look At(size_t start) {
    const std::string_view rest = archive_.substr(start);
    const size_t far = FarMagic(start);
    const size_t limit = LimitAt(start);
    const bool limited = far != std::string_view::npos && limit < rest.size();
    const Look look = LookForBlob(
        limited ? rest.substr(0, std::max(limit, far - start)) : rest);
    if (look.length == 0 && far != std::string_view::npos &&
        start + look.reach > far) {
      vain_.push_back({start, look.reach});
    }
    return look;
  }

 private:
  static constexpr std::array<size_t, 6> kClasses = {
      4 << 10, 32 << 10, 256 << 10, 2 << 20, 16 << 20, 64 << 20};

  struct Vain {
    size_t start;
    size_t reach;
  };

  // The end of the ninth magic after the one at `start`.
  [[nodiscard]] size_t FarMagic(size_t start) const {
    for (int i = 0; i < 9; ++i) {
      start = archive_.find(kReferenceMagic, start + 1);
      if (start == std::string_view::npos) return start;
    }
    return start + kReferenceMagic.size();
  }

  [[nodiscard]] size_t LimitAt(size_t start) const {
    size_t below = 0;
    for (const size_t most : kClasses) {
      const auto in_class = [&](const Vain& vain) {
        return vain.start + vain.reach > start && vain.reach > below &&
               vain.reach <= most;
      };
      if (std::ranges::count_if(vain_, in_class) >= 4) return below;
      below = most;
    }
    return std::string_view::npos;
  }

  std::string_view archive_;
  std::vector<Vain> vain_;
};

}  // namespace

std::optional<size_t> SkipField(std::string_view message, size_t at) {
  Skipper skipper(message, at);
  uint32_t tag = 0;
  if (!skipper.Tag(&tag) || !skipper.Value(tag, 0)) return std::nullopt;
  return skipper.at();
}

std::vector<BlobSpan> ScanBlobs(std::string_view archive) {
  std::vector<BlobSpan> spans;
  size_t covered = 0;  // everything before it is in `spans`
  Limits limits(archive);
  size_t start = archive.find(kReferenceMagic);
  while (start != std::string_view::npos) {
    const size_t length = limits.At(start).length;
    if (length == 0) {
      start = archive.find(kReferenceMagic, start + 1);
      continue;
    }
    if (covered < start) spans.push_back({covered, start - covered, false});
    spans.push_back({start, length, true});
    covered = start + length;
    start = archive.find(kReferenceMagic, covered);
  }
  if (covered < archive.size()) {
    spans.push_back({covered, archive.size() - covered, false});
  }
  return spans;
}

}  // namespace thresh::oracle
