// SHA-256 and MGF1 are computed for some hundred records at a time, in lanes;
// the product uses GMP.
#include "thresh/content_digest.h"

#include <gmp.h>

#include <algorithm>
#include <vector>

#include "digest/canonical_encoding.h"
#include "digest/sha256.h"
#include "digest/sha256_lanes.h"

namespace thresh {
namespace {

static_assert(GMP_NUMB_BITS == 64 && sizeof(mp_limb_t) == sizeof(uint64_t));

// The prime is 2^3072 minus this.
constexpr mp_limb_t kBelowPower = 1103717;

using Number = Mask;
constexpr mp_size_t kWords = std::tuple_size_v<Number>;

// Multiplies `number` by `factor`, modulo the prime. The result is less than
// 2^3072, as both must be, and not always less than the prime.
void MultiplyBy(const Number& factor, Number* number) {
  std::array<mp_limb_t, 2 * kWords> product;
  mpn_mul_n(product.data(), number->data(), factor.data(), kWords);
  // high * 2^3072 + low is high * kBelowPower + low modulo the prime. The part
  // above 2^3072 is again one word, and then one bit.
  const mp_limb_t over = mpn_addmul_1(product.data(), product.data() + kWords,
                                      kWords, kBelowPower);
  if (mpn_add_1(number->data(), product.data(), kWords, over * kBelowPower) !=
      0) {
    mpn_add_1(number->data(), number->data(), kWords, kBelowPower);
  }
}

// Subtracts the prime from a `number` that is at least the prime.
void Reduce(Number* number) {
  Number less;
  if (mpn_add_1(less.data(), number->data(), kWords, kBelowPower) != 0) {
    *number = less;
  }
}

// Multiplies the factors of many records together.
class RecordProduct {
 public:
  explicit RecordProduct(Number* product) : product_(product) {}

  // The bytes of `record` must be valid until Flush.
  void Add(const EncodedRecord& record) {
    if (bodies_.size() == kRecords || heads_.size() > kHeadBytes) Flush();
    const size_t begin = heads_.size();
    heads_.resize(begin + record.HeadSize());
    record.WriteHead(heads_.data() + begin);
    head_ends_.push_back(heads_.size());
    bodies_.push_back(record.data);
  }

  // Must be called after the last record.
  void Flush() {
    messages_.clear();
    size_t begin = 0;
    for (size_t i = 0; i < bodies_.size(); ++i) {
      const Bytes head = Bytes(heads_).subspan(begin, head_ends_[i] - begin);
      messages_.push_back({.head = head, .body = bodies_[i]});
      begin = head_ends_[i];
    }
    digests_.resize(messages_.size());
    Sha256Many(messages_, digests_);
    std::array<Mask, kMasks> masks;
    for (size_t first = 0; first < digests_.size(); first += kMasks) {
      const size_t count = std::min(kMasks, digests_.size() - first);
      Mgf1Many(std::span(digests_).subspan(first, count),
               std::span(masks).first(count));
      for (size_t i = 0; i < count; ++i) MultiplyBy(masks[i], product_);
    }
    Reduce(product_);
    heads_.clear();
    head_ends_.clear();
    bodies_.clear();
  }

 private:
  // The most records at a time; fewer if their keys are long.
  static constexpr size_t kRecords = 512;
  static constexpr size_t kHeadBytes = size_t{1} << 20;
  static constexpr size_t kMasks = 32;

  Number* product_;
  std::vector<uint8_t> heads_;  // one after the other
  std::vector<size_t> head_ends_;
  std::vector<Bytes> bodies_;
  std::vector<Sha256Message> messages_;
  std::vector<sha256::State> digests_;
};

}  // namespace

void ContentDigest::Add(std::span<const UserRecord> records) {
  RecordProduct product(&product_);
  for (const UserRecord& record : records) product.Add(EncodedRecord(record));
  product.Flush();
}

void ContentDigest::Add(const Batch& batch, size_t first_row) {
  const UserRecordColumns& columns = batch.user_records;
  RecordProduct product(&product_);
  for (size_t row = first_row; row < columns.size(); ++row) {
    product.Add(EncodedRecord(columns, row));
  }
  product.Flush();
}

void ContentDigest::Merge(const ContentDigest& other) {
  MultiplyBy(other.product_, &product_);
  Reduce(&product_);
}

std::string ContentDigest::ToHex() const {
  std::array<uint8_t, sizeof(Number)> bytes;
  for (size_t i = 0; i < bytes.size(); ++i) {
    const size_t place =
        bytes.size() - 1 - i;  // of the byte, from the lowest one
    bytes[i] = static_cast<uint8_t>(product_[place / 8] >> (place % 8 * 8));
  }
  std::string hex;
  for (const uint8_t byte : Sha256(bytes)) {
    hex += "0123456789abcdef"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  return hex;
}

}  // namespace thresh
