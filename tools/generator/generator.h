// Generates archives for tests and benchmarks: any number of user records,
// drawn from the given distributions, in constant memory. The same seed and
// options give the same bytes on every platform and with every compiler.
#ifndef THRESH_TOOLS_GENERATOR_GENERATOR_H_
#define THRESH_TOOLS_GENERATOR_GENERATOR_H_

#include <cstdint>
#include <functional>
#include <optional>

#include "thresh/bytes.h"
#include "thresh/content_checksum.h"
#include "thresh/content_digest.h"
#include "thresh/options.h"
#include "thresh/record_writer.h"
#include "thresh/result.h"

namespace thresh::generator {

// The size of a user record's data in bytes: constant if both are equal, else
// log-normal between the two, which are the distribution's 3.5 sigma.
struct SizeRange {
  uint64_t min = 100;
  uint64_t max = 100;
};

enum class KeyDistribution : uint8_t {
  kUniform,  // all partition keys equally often
  kZipf,     // the n-th most frequent key 1/n as often as the first
};

enum class DataKind : uint8_t {
  kText,    // printable ASCII without blanks, quotes or line ends
  kJson,    // one JSON value: an object if the size allows it
  kBinary,  // any bytes
};

struct GeneratorProgress {
  uint64_t user_records = 0;
  uint64_t bytes = 0;  // of the archive
};

struct GeneratorOptions {
  uint64_t records = 0;  // user records to make, at least 1
  SizeRange record_size;
  uint64_t keys = 1000;  // different partition keys; 0: a new one per record
  KeyDistribution key_distribution = KeyDistribution::kUniform;
  // The share of user records that have an explicit hash key, drawn from 256.
  double explicit_hash_keys = 0;
  DataKind data = DataKind::kText;
  ContainerKind container = ContainerKind::kBlobs;  // not kAuto
  JsonShape json = JsonShape::kLambda;              // for ContainerKind::kJson
  // The share of Kinesis records that are one user record, not aggregated.
  // Must be 0 for ContainerKind::kBlobs, which cannot hold these.
  double plain = 0;
  uint64_t blob_size = 50 << 10;  // upper bound, magic and digest included
  uint64_t seed = 1;
  // What the report computes over the user records.
  bool content_checksum = false;
  bool content_digest = false;
  // Called about once per MiB of archive.
  std::function<void(const GeneratorProgress&)> progress;
};

struct GeneratorReport {
  uint64_t user_records = 0;
  uint64_t user_bytes = 0;  // of data only, without keys
  uint64_t kinesis_records = 0;
  uint64_t bytes = 0;  // of the archive
  // Set if the options request it.
  std::optional<ContentChecksum> content_checksum;
  std::optional<ContentDigest> content_digest;
};

// Receives the next bytes of the archive; they are valid only during the call.
using WriteFunction = std::function<Result<void>(Bytes)>;

// Generates the archive and passes it to `write` in pieces. Fails with
// kInvalidArgument, before the first write, if the options are invalid, and
// with any error of `write`.
[[nodiscard]] Result<GeneratorReport> Generate(const GeneratorOptions& options,
                                               const WriteFunction& write);

}  // namespace thresh::generator

#endif  // THRESH_TOOLS_GENERATOR_GENERATOR_H_
