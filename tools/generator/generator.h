// Makes archives for tests and benchmarks: any number of user records, drawn
// from described distributions, in constant memory. One seed and one set of
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

// Bytes of a user record's data: all alike when both are equal, else spread
// log-normally between the two, which are the distribution's 3.5 sigma.
struct SizeRange {
  uint64_t min = 100;
  uint64_t max = 100;
};

enum class KeyDistribution : uint8_t {
  kUniform,  // every partition key as often as any other
  kZipf,     // the n-th most frequent one 1/n as often as the first
};

enum class DataKind : uint8_t {
  kText,    // printable ASCII without blanks, quotes or line ends
  kJson,    // one JSON value: an object where the size has room for it
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
  // Share of the user records that have an explicit hash key, one of 256.
  double explicit_hash_keys = 0;
  DataKind data = DataKind::kText;
  ContainerKind container = ContainerKind::kBlobs;  // not kAuto
  JsonShape json = JsonShape::kLambda;              // for ContainerKind::kJson
  // Share of the Kinesis records that are one user record, not aggregated.
  // Blobs back to back cannot hold such.
  double plain = 0;
  uint64_t blob_size = 50 << 10;  // upper bound, magic and digest included
  uint64_t seed = 1;
  // What the report shall have of the user records.
  bool content_checksum = false;
  bool content_digest = false;
  // Called about once per MiB of archive.
  std::function<void(const GeneratorProgress&)> progress;
};

struct GeneratorReport {
  uint64_t user_records = 0;
  uint64_t user_bytes = 0;  // of data alone, keys not counted
  uint64_t kinesis_records = 0;
  uint64_t bytes = 0;  // of the archive
  // If the options asked for it.
  std::optional<ContentChecksum> content_checksum;
  std::optional<ContentDigest> content_digest;
};

// Takes the next bytes of the archive; they are valid during the call only.
using WriteFunction = std::function<Result<void>(Bytes)>;

// Makes the archive and hands it to `write` piece by piece. Fails with
// kInvalidArgument, before the first write, for options that make no sense,
// and with whatever `write` fails with.
[[nodiscard]] Result<GeneratorReport> Generate(const GeneratorOptions& options,
                                               const WriteFunction& write);

}  // namespace thresh::generator

#endif  // THRESH_TOOLS_GENERATOR_GENERATOR_H_
