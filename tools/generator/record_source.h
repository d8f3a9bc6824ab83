// The sequence of user records of a generated archive, independent of the
// container.
#ifndef THRESH_TOOLS_GENERATOR_RECORD_SOURCE_H_
#define THRESH_TOOLS_GENERATOR_RECORD_SOURCE_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "generator/distributions.h"
#include "generator/generator.h"
#include "generator/random.h"
#include "thresh/bytes.h"

namespace thresh::generator {

struct GeneratedRecord {
  std::string_view partition_key;
  std::optional<std::string_view> explicit_hash_key;
  Bytes data;
};

class RecordSource {
 public:
  static constexpr size_t kPartitionKeySize = 16;
  static constexpr size_t kMaxExplicitHashKeySize = 39;

  // `options` must have been checked and must outlive the source.
  explicit RecordSource(const GeneratorOptions& options);

  // Generates the next record. Returns false after the last one.
  bool Next();

  // The record that Next generated; its views are valid until the next call of
  // Next.
  [[nodiscard]] const GeneratedRecord& record() const { return record_; }
  // The number of records generated so far.
  [[nodiscard]] uint64_t count() const { return count_; }

 private:
  void DrawPartitionKey();
  void DrawExplicitHashKey();

  const GeneratorOptions& options_;
  SizeDistribution sizes_;
  std::optional<ZipfDistribution> zipf_;
  std::vector<std::string> hash_keys_;
  Random key_random_;
  Random hash_key_random_;
  Random size_random_;
  Random data_random_;
  uint64_t first_key_;
  uint64_t count_ = 0;
  std::array<uint8_t, kPartitionKeySize> key_{};
  std::vector<uint8_t> data_;
  GeneratedRecord record_;
};

}  // namespace thresh::generator

#endif  // THRESH_TOOLS_GENERATOR_RECORD_SOURCE_H_
