// Blobs back to back, found by the rule of FORMAT.md taken literally: try every
// magic, walk the fields behind it, hash at every boundary.
#define OPENSSL_SUPPRESS_DEPRECATED  // MD5_CTX, whose state can be copied
#include <openssl/md5.h>

#include "oracle/reference.h"

namespace thresh::oracle {
namespace {

constexpr int kMaxGroups = 100;
constexpr int kVarintBytes = 10;
constexpr int kTagBytes = 5;
constexpr int kLengthBytes = 5;

// Reads what lies in a message from front to back; every step tells whether
// the bytes were there and valid.
class Skipper {
 public:
  Skipper(std::string_view message, size_t at) : message_(message), at_(at) {}

  [[nodiscard]] size_t at() const { return at_; }

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
    for (;;) {
      uint32_t tag = 0;
      if (!Tag(&tag)) return false;
      if ((tag & 7) == 4) return tag == start_tag + 1;
      if (!Value(tag, groups)) return false;
    }
  }

  // What follows `tag` within `groups` open groups.
  bool Value(uint32_t tag, int groups) {
    uint64_t ignored = 0;
    switch (tag & 7) {
      case 0:
        return Varint(kVarintBytes, &ignored);
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
};

// The MD5 of ever longer prefixes of one run of bytes.
class PrefixDigest {
 public:
  explicit PrefixDigest(std::string_view bytes) : bytes_(bytes) {
    MD5_Init(&state_);
  }

  // `size` must not fall from call to call.
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

// The length of the blob that begins at the start of `bytes`, which begin
// with the magic; 0 if none does.
size_t BlobLength(std::string_view bytes) {
  const std::string_view message = bytes.substr(kReferenceMagic.size());
  PrefixDigest digest(message);
  size_t end = 0;
  while (end < message.size()) {
    const std::optional<size_t> next = SkipField(message, end);
    if (!next) return 0;
    end = *next;
    const size_t blob = kReferenceMagic.size() + end + MD5_DIGEST_LENGTH;
    if (blob > bytes.size() || blob > kReferenceMaxRecord) return 0;
    if (digest.Of(end) == message.substr(end, MD5_DIGEST_LENGTH)) return blob;
  }
  return 0;
}

}  // namespace

std::optional<size_t> SkipField(std::string_view message, size_t at) {
  Skipper skipper(message, at);
  uint32_t tag = 0;
  if (!skipper.Tag(&tag) || !skipper.Value(tag, 0)) return std::nullopt;
  return skipper.at();
}

std::vector<BlobSpan> ScanBlobs(std::string_view archive) {
  std::vector<BlobSpan> spans;
  size_t covered = 0;  // everything before lies in `spans`
  size_t start = archive.find(kReferenceMagic);
  while (start != std::string_view::npos) {
    const size_t length = BlobLength(archive.substr(start));
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
