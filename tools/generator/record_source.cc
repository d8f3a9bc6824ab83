// Keys are computed from their number, not stored, so that a run with a new key
// for each record uses no more memory than one with a single key.
#include "generator/record_source.h"

#include <algorithm>

#include "generator/data_writer.h"

namespace thresh::generator {
namespace {

// Which Random stream is used for what; changing the numbers changes every
// archive.
enum Stream : uint64_t { kKeys, kHashKeys, kSizes, kData, kHashKeyTexts };

constexpr size_t kHashKeyCount = 256;

std::string ToDecimal(Uint128 number) {
  std::string digits;
  do {
    digits.push_back(static_cast<char>('0' + static_cast<int>(number % 10)));
    number /= 10;
  } while (number != 0);
  std::reverse(digits.begin(), digits.end());
  return digits;
}

std::vector<std::string> MakeHashKeys(uint64_t seed) {
  Random random(seed, kHashKeyTexts);
  std::vector<std::string> keys(kHashKeyCount);
  for (std::string& key : keys) {
    const Uint128 high = random.Next();
    key = ToDecimal((high << 64) | random.Next());
  }
  return keys;
}

}  // namespace

RecordSource::RecordSource(const GeneratorOptions& options)
    : options_(options),
      sizes_(options.record_size),
      key_random_(options.seed, kKeys),
      hash_key_random_(options.seed, kHashKeys),
      size_random_(options.seed, kSizes),
      data_random_(options.seed, kData),
      first_key_(key_random_.Next()),
      data_(options.record_size.max) {
  if (options.key_distribution == KeyDistribution::kZipf) {
    zipf_.emplace(options.keys);
  }
  if (options.explicit_hash_keys > 0) hash_keys_ = MakeHashKeys(options.seed);
}

bool RecordSource::Next() {
  if (count_ == options_.records) return false;
  DrawPartitionKey();
  DrawExplicitHashKey();
  const std::span<uint8_t> data =
      std::span(data_).first(sizes_.Draw(&size_random_));
  WriteData(options_.data, &data_random_, data);
  record_.data = data;
  ++count_;
  return true;
}

void RecordSource::DrawPartitionKey() {
  uint64_t number = count_;
  if (zipf_) {
    number = zipf_->Draw(&key_random_);
  } else if (options_.keys != 0) {
    number = key_random_.Below(options_.keys);
  }
  WriteHex(Mix(first_key_ + number), key_.data());
  record_.partition_key = AsText(key_);
}

void RecordSource::DrawExplicitHashKey() {
  record_.explicit_hash_key.reset();
  if (hash_keys_.empty()) return;
  if (!hash_key_random_.Chance(options_.explicit_hash_keys)) return;
  record_.explicit_hash_key =
      hash_keys_[hash_key_random_.Below(hash_keys_.size())];
}

}  // namespace thresh::generator
