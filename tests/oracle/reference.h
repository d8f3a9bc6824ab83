// The second implementation of FORMAT.md: slow, and simple enough to be checked
// by reading. Tests and fuzz targets compare the engine with it. It shares no
// code with the engine: messages go through protobuf's own codec, digests
// through OpenSSL and xxHash.
#ifndef THRESH_TESTS_ORACLE_REFERENCE_H_
#define THRESH_TESTS_ORACLE_REFERENCE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace thresh::oracle {

inline constexpr std::string_view kReferenceMagic = "\xF3\x89\x9A\xC2";
// The maximum size in bytes of one Kinesis record in any container.
inline constexpr size_t kReferenceMaxRecord = size_t{64} << 20;

struct ReferenceRecord {
  std::optional<std::string> partition_key;
  std::optional<std::string> explicit_hash_key;
  std::string data;
  uint32_t sub_sequence_number = 0;
  bool aggregated = false;

  friend bool operator==(const ReferenceRecord&,
                         const ReferenceRecord&) = default;
};

enum class ReferenceVerdict {
  kAggregated,
  kEmptyAggregate,
  kNotAggregated,
  kDigestMismatch,
  kMalformed,
  kKeyIndexOutOfRange,
  kOpaqueSpan,
};

// One Kinesis record or opaque span, and its position in its archive.
struct ReferenceRow {
  ReferenceVerdict verdict = ReferenceVerdict::kOpaqueSpan;
  uint64_t offset = 0;
  uint64_t length = 0;
  std::string bytes;  // decoded if the container encodes it
  std::vector<ReferenceRecord> user_records;
  // The number of user records that name an explicit hash key although the blob
  // has none.
  uint64_t explicit_hash_keys_without_table = 0;

  friend bool operator==(const ReferenceRow&, const ReferenceRow&) = default;
};

// The MD5 of `bytes`, 16 bytes.
std::string Md5(std::string_view bytes);

// `message` as a blob: magic, message and its digest.
std::string Seal(std::string_view message);

// The user record that is a whole Kinesis record, not deaggregated.
ReferenceRecord WholeRecord(std::string_view record);

// The verdict on one whole Kinesis record, with its user records. A suspect has
// none. The offset is 0 and the length that of `record`.
ReferenceRow Judge(std::string_view record);

// The end of the top-level field that begins at `at` (which must be within
// `message`) as protobuf's codec would skip it if it were unknown; nullopt if
// the codec would reject it.
std::optional<size_t> SkipField(std::string_view message, size_t at);

// A part of an archive of blobs back to back.
struct BlobSpan {
  size_t offset = 0;
  size_t length = 0;
  bool is_blob = false;

  friend bool operator==(const BlobSpan&, const BlobSpan&) = default;
};

// The blobs of `archive` and the opaque spans between them. The spans cover the
// archive, and no two opaque ones are adjacent.
std::vector<BlobSpan> ScanBlobs(std::string_view archive);

// The canonical content checksum of user records (thresh/content_checksum.h).
class ReferenceChecksum {
 public:
  void Add(const ReferenceRecord& record);
  [[nodiscard]] std::string ToHex() const;

 private:
  std::array<uint64_t, 2> sum_ = {0, 0};  // low half first
};

}  // namespace thresh::oracle

#endif  // THRESH_TESTS_ORACLE_REFERENCE_H_
