// Generated blobs, the same for the same seed, which tests damage, concatenate
// and nest. Written by protobuf's codec and by hand, not by the engine's own
// writer.
#ifndef THRESH_TESTS_ORACLE_SAMPLES_H_
#define THRESH_TESTS_ORACLE_SAMPLES_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace thresh::oracle {

// SplitMix64: the same numbers on every platform.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t Next();
  // Below `bound`, which must not be 0.
  size_t Below(size_t bound) { return static_cast<size_t>(Next() % bound); }
  std::string Bytes(size_t size);

 private:
  uint64_t state_;
};

// The wire format by hand, for messages that no codec would write.
std::string Varint(uint64_t value);
std::string LengthField(uint32_t number, std::string_view content);
std::string VarintField(uint32_t number, uint64_t value);
std::string GroupField(uint32_t number, std::string_view fields);

// A record in a message, with its tag.
std::string RecordField(uint64_t partition_key_index,
                        std::optional<uint64_t> explicit_hash_key_index,
                        std::string_view data);

// The message that a KPL would write for `records` records, each with data of
// at most `max_data` bytes: tables first, some records with an explicit hash
// key.
std::string KplMessage(Random* random, size_t records, size_t max_data);

// The differences between blobs that matter to a reader.
enum class SampleKind {
  kKpl,
  kOneRecord,
  kEmptyAggregate,
  kTablesLast,
  kNestedBlob,         // a whole blob in the data of a record
  kNestedBlobAsGroup,  // one among the fields: its magic is a group's tag
  kMagicEverywhere,    // in keys and data
  kUnknownFields,      // of every wire type, before, between and after
  kHashKeyWithoutTable,
  kMissingData,  // seals a record without its required data
  kIndexOutOfRange,
};
inline constexpr size_t kSampleKinds = 11;

// A blob with a correct digest, of a few kilobytes at most.
std::string SampleBlob(SampleKind kind, Random* random);

// `count` blobs, with kinds in rotation.
std::vector<std::string> SampleBlobs(size_t count, uint64_t seed);

// A message that begins with another one and its digest, so that its blob has
// two boundaries with a correct digest.
struct PrefixTrap {
  std::string first;  // the shorter message; its blob must be found
  std::string whole;  // first + Md5(first) + more fields
};

// Tries messages until the digest of one starts with `digest_prefix` (at most
// two bytes, or the search is long) and parses as whole fields.
PrefixTrap MakePrefixTrap(std::string_view digest_prefix);

// A trap whose inner digest parses as the start of an ASCII key: given by
// number, because finding one takes millions of attempts. The record after that
// key holds `data`.
inline constexpr size_t kOrdinaryTraps = 3;
PrefixTrap MakeOrdinaryTrap(size_t which, std::string_view data);

std::string Join(const std::vector<std::string>& parts);

}  // namespace thresh::oracle

#endif  // THRESH_TESTS_ORACLE_SAMPLES_H_
