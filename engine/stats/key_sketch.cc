// See key_sketch.h.
#include "stats/key_sketch.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <functional>
#include <numbers>
#include <string_view>
#include <utility>

#include "digest/same_key.h"

namespace thresh {
namespace {

constexpr size_t kLeastPlaces = 1024;

// The series sigma and tau of the estimator below, which account for registers
// that no key has reached, and for saturated ones.
double SumOfEmpty(double share) {
  double weight = 1;
  double sum = share;
  for (double before = -1; sum != before;) {
    share *= share;
    before = sum;
    sum += share * weight;
    weight *= 2;
  }
  return sum;
}

double SumOfFull(double share) {
  if (share == 0 || share == 1) return 0;
  double weight = 1;
  double sum = 1 - share;
  for (double before = -1; sum != before;) {
    share = std::sqrt(share);
    before = sum;
    weight /= 2;
    sum -= (1 - share) * (1 - share) * weight;
  }
  return sum / 3;
}

}  // namespace

KeySketch::KeySketch(size_t capacity)
    : capacity_(capacity), places_(kLeastPlaces) {}

// The slot of the key, or the free slot where it would be.
size_t KeySketch::PlaceOf(uint64_t hash, Bytes key) const {
  const size_t mask = places_.size() - 1;
  size_t place = hash & mask;
  while (places_[place] != 0) {
    const Entry& entry = entries_[places_[place] - 1];
    if (entry.hash == hash && SameKey(KeyOf(entry), key)) break;
    place = (place + 1) & mask;
  }
  return place;
}

void KeySketch::FillPlaces() {
  const size_t mask = places_.size() - 1;
  for (size_t i = 0; i < entries_.size(); ++i) {
    size_t place = entries_[i].hash & mask;
    while (places_[place] != 0) place = (place + 1) & mask;
    places_[place] = static_cast<uint32_t>(i + 1);
  }
}

void KeySketch::GrowPlaces() {
  places_.assign(2 * places_.size(), 0);
  FillPlaces();
}

bool KeySketch::AddCounted(uint64_t hash, Bytes key, uint64_t records,
                           uint64_t bytes) {
  const size_t place = PlaceOf(hash, key);
  if (places_[place] != 0) {
    Entry& entry = entries_[places_[place] - 1];
    entry.records += records;
    entry.bytes += bytes;
    return false;
  }
  entries_.push_back({.hash = hash,
                      .records = records,
                      .bytes = bytes,
                      .key = keys_.size(),
                      .key_size = key.size()});
  keys_ += AsText(key);
  places_[place] = static_cast<uint32_t>(entries_.size());
  if (2 * entries_.size() > places_.size()) GrowPlaces();
  return true;
}

// Subtracts from each measure the value of the key at rank capacity / 4: at
// most that many keys have more.
void KeySketch::Forget() {
  const size_t rank = capacity_ / 4;
  std::vector<uint64_t> values(entries_.size());
  const auto take = [&](uint64_t Entry::* measure, uint64_t* error) {
    std::ranges::transform(entries_, values.begin(), measure);
    std::ranges::nth_element(values,
                             values.begin() + static_cast<ptrdiff_t>(rank),
                             std::greater<>());
    const uint64_t taken = values[rank];
    for (Entry& entry : entries_) {
      entry.*measure -= std::min(entry.*measure, taken);
    }
    *error += taken;
  };
  take(&Entry::records, &records_error_);
  take(&Entry::bytes, &bytes_error_);
  forgot_ = true;

  std::string keys;
  size_t kept = 0;
  for (Entry entry : entries_) {
    if (entry.records == 0 && entry.bytes == 0) continue;
    const std::string_view key = AsText(KeyOf(entry));
    entry.key = keys.size();
    keys += key;
    entries_[kept++] = entry;
  }
  entries_.resize(kept);
  keys_ = std::move(keys);
  std::ranges::fill(places_, 0);
  FillPlaces();
}

void KeySketch::Merge(const KeySketch& other) {
  for (const Entry& entry : other.entries_) {
    AddCounted(entry.hash, other.KeyOf(entry), entry.records, entry.bytes);
  }
  for (size_t i = 0; i < registers_.size(); ++i) {
    registers_[i] = std::max(registers_[i], other.registers_[i]);
  }
  records_error_ += other.records_error_;
  bytes_error_ += other.bytes_error_;
  forgot_ = forgot_ || other.forgot_;
  Settle();
}

// HyperLogLog: of the hash keys that share their first bits, the most zeros
// after these.
void KeySketch::Register(HashKey hash_key) {
  const uint64_t hash = hash_key.high;
  const uint64_t rest = hash << kRegisterBits | uint64_t{1}
                                                    << (kRegisterBits - 1);
  const auto zeros = static_cast<uint8_t>(std::countl_zero(rest) + 1);
  uint8_t& most = registers_[hash >> (64 - kRegisterBits)];
  most = std::max(most, zeros);
}

// The estimator of Ertl, "New cardinality estimation algorithms for HyperLogLog
// sketches" (2017), algorithm 6. The original one has a bias of some percent
// where it changes its formula, at 2.5 keys for each register.
uint64_t KeySketch::EstimateDistinct() const {
  constexpr size_t kMaxZeros = 64 - kRegisterBits + 1;
  constexpr auto kRegisters = static_cast<double>(size_t{1} << kRegisterBits);
  std::array<double, kMaxZeros + 1> counts = {};
  for (const uint8_t zeros : registers_) ++counts[zeros];
  double sum = kRegisters * SumOfFull(1 - counts[kMaxZeros] / kRegisters);
  for (size_t zeros = kMaxZeros - 1; zeros > 0; --zeros) {
    sum = (sum + counts[zeros]) / 2;
  }
  sum += kRegisters * SumOfEmpty(counts[0] / kRegisters);
  return static_cast<uint64_t>(
      std::llround(kRegisters * kRegisters / (2 * std::numbers::ln2 * sum)));
}

std::vector<KeyCount> KeySketch::Most(uint64_t Entry::* measure,
                                      size_t top) const {
  std::vector<const Entry*> order;
  for (const Entry& entry : entries_) {
    if (entry.*measure > 0) order.push_back(&entry);
  }
  top = std::min(top, order.size());
  const auto more = [this, measure](const Entry* a, const Entry* b) {
    if (a->*measure != b->*measure) return a->*measure > b->*measure;
    return std::ranges::lexicographical_compare(KeyOf(*a), KeyOf(*b));
  };
  std::ranges::partial_sort(order, order.begin() + static_cast<ptrdiff_t>(top),
                            more);
  std::vector<KeyCount> most;
  most.reserve(top);
  for (size_t i = 0; i < top; ++i) {
    most.push_back({.key = std::string(AsText(KeyOf(*order[i]))),
                    .records = order[i]->records,
                    .bytes = order[i]->bytes});
  }
  return most;
}

TopKeys KeySketch::Top(size_t top) const {
  return {.by_records = Most(&Entry::records, top),
          .by_bytes = Most(&Entry::bytes, top),
          .records_error = records_error_,
          .bytes_error = bytes_error_,
          .distinct = forgot_ ? EstimateDistinct() : entries_.size(),
          .distinct_exact = !forgot_};
}

}  // namespace thresh
