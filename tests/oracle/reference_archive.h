// Reads whole archives with the reference: every container that Options can
// name, with every byte accounted for.
#ifndef THRESH_TESTS_ORACLE_REFERENCE_ARCHIVE_H_
#define THRESH_TESTS_ORACLE_REFERENCE_ARCHIVE_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "oracle/reference.h"

namespace thresh::oracle {

struct ReferenceArchive {
  std::vector<ReferenceRow> rows;  // in input order
  uint64_t bytes = 0;
  uint64_t framing_bytes = 0;
  uint64_t unread_bytes = 0;
  std::optional<uint64_t> lenient_data;  // null: not known
  // Where reading ended early: the first byte of the length prefix that could
  // not be used.
  std::optional<uint64_t> error_offset;

  // The number of bytes in rows: in opaque spans, or in Kinesis records.
  [[nodiscard]] uint64_t RowBytes(bool opaque) const;
};

enum class LengthPrefix { kU32Le, kU32Be, kVarint };

ReferenceArchive ReadBlobs(std::string_view archive);
ReferenceArchive ReadDelimited(std::string_view archive, LengthPrefix prefix);
ReferenceArchive ReadBase64Lines(std::string_view archive);

// The bytes that `text` encodes in base64 as defined in RFC 4648 section 4,
// with padding and with zeros in unused bits; nullopt if `text` is not valid.
std::optional<std::string> DecodeBase64(std::string_view text);
std::string EncodeBase64(std::string_view bytes);

// `length` bytes of `archive` as a row: opaque, or `record` with its verdict.
ReferenceRow OpaqueSpan(std::string_view archive, size_t offset, size_t length);
ReferenceRow JudgeAt(std::string_view record, size_t offset, size_t length);

}  // namespace thresh::oracle

#endif  // THRESH_TESTS_ORACLE_REFERENCE_ARCHIVE_H_
