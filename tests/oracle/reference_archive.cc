// Containers, each read in one pass over an archive in memory.
#include "oracle/reference_archive.h"

namespace thresh::oracle {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

struct Prefix {
  size_t size;      // bytes of the prefix itself
  uint64_t length;  // the stored length
};

std::optional<Prefix> ReadU32(std::string_view bytes, bool big_endian) {
  if (bytes.size() < 4) return std::nullopt;
  uint64_t length = 0;
  for (size_t i = 0; i < 4; ++i) {
    const auto byte = static_cast<uint8_t>(bytes[big_endian ? i : 3 - i]);
    length = length << 8 | byte;
  }
  return Prefix{4, length};
}

std::optional<Prefix> ReadVarint(std::string_view bytes) {
  uint64_t length = 0;
  for (size_t i = 0; i < bytes.size() && i < 10; ++i) {
    const auto byte = static_cast<uint8_t>(bytes[i]);
    length |= static_cast<uint64_t>(byte & 0x7F) << (7 * i);
    if (i == 9 && byte > 1) return std::nullopt;  // 2^64 and more
    if (byte < 0x80) return Prefix{i + 1, length};
  }
  return std::nullopt;
}

std::optional<Prefix> ReadPrefix(std::string_view bytes, LengthPrefix prefix) {
  if (prefix == LengthPrefix::kVarint) return ReadVarint(bytes);
  return ReadU32(bytes, prefix == LengthPrefix::kU32Be);
}

}  // namespace

ReferenceRow OpaqueSpan(std::string_view archive, size_t offset,
                        size_t length) {
  ReferenceRow row;
  row.verdict = ReferenceVerdict::kOpaqueSpan;
  row.offset = offset;
  row.length = length;
  row.bytes = std::string(archive.substr(offset, length));
  return row;
}

ReferenceRow JudgeAt(std::string_view record, size_t offset, size_t length) {
  ReferenceRow row = Judge(record);
  row.offset = offset;
  row.length = length;
  return row;
}

uint64_t ReferenceArchive::RowBytes(bool opaque) const {
  uint64_t sum = 0;
  for (const ReferenceRow& row : rows) {
    if ((row.verdict == ReferenceVerdict::kOpaqueSpan) == opaque) {
      sum += row.length;
    }
  }
  return sum;
}

// Whether fields fill `damage` from its magic up to `digest_end`, except for a
// digest.
bool FieldsLeadTo(std::string_view damage, size_t digest_end) {
  if (damage.size() > kReferenceMaxRecord) return false;
  size_t at = 0;
  const std::string_view message = damage.substr(4);
  while (at + 4 + 16 < digest_end) {
    const std::optional<size_t> next = SkipField(message, at);
    if (!next) return false;
    at = *next;
  }
  return at > 0 && at + 4 + 16 == digest_end;
}

// How many bytes at the end of `damage`, which begins with the magic and
// follows the line end `before`, or none, are a line end of the file.
size_t LineEndBehind(std::string_view damage, std::string_view before) {
  for (const std::string_view end : {"\r\n", "\n"}) {
    if (damage.ends_with(end) &&
        FieldsLeadTo(damage, damage.size() - end.size())) {
      return end.size();
    }
  }
  const bool alike = !before.empty() && damage.ends_with(before) &&
                     damage.size() > before.size();
  return alike && !FieldsLeadTo(damage, damage.size()) ? before.size() : 0;
}

ReferenceArchive ReadBlobs(std::string_view archive) {
  ReferenceArchive result;
  result.bytes = archive.size();
  for (const BlobSpan& span : ScanBlobs(archive)) {
    const std::string_view text = archive.substr(span.offset, span.length);
    if (span.is_blob) {
      result.rows.push_back(JudgeAt(text, span.offset, span.length));
    } else if (span.offset > 0 && (text == "\n" || text == "\r\n")) {
      // No two opaque spans are adjacent, so it follows a blob, and a blob or
      // nothing follows it.
      result.framing_bytes += span.length;
    } else {
      // A line end before a damaged blob, and one after it.
      size_t before = 0;
      for (const std::string_view end : {"\r\n", "\n"}) {
        if (before == 0 && span.offset > 0 && text.starts_with(end) &&
            text.substr(end.size()).starts_with(kReferenceMagic)) {
          before = end.size();
        }
      }
      const std::string_view damage = text.substr(before);
      const size_t after = damage.starts_with(kReferenceMagic)
                               ? LineEndBehind(damage, text.substr(0, before))
                               : 0;
      result.framing_bytes += before + after;
      result.rows.push_back(OpaqueSpan(archive, span.offset + before,
                                       span.length - before - after));
    }
  }
  return result;
}

ReferenceArchive ReadDelimited(std::string_view archive, LengthPrefix prefix) {
  ReferenceArchive result;
  result.bytes = archive.size();
  size_t at = 0;
  while (at < archive.size()) {
    const std::optional<Prefix> read = ReadPrefix(archive.substr(at), prefix);
    if (!read || read->length > kReferenceMaxRecord ||
        read->length > archive.size() - at - read->size) {
      result.error_offset = at;
      result.unread_bytes = archive.size() - at;
      break;
    }
    const size_t length = static_cast<size_t>(read->length);
    const size_t start = at + read->size;
    result.framing_bytes += read->size;
    result.rows.push_back(
        JudgeAt(archive.substr(start, length), start, length));
    at = start + length;
  }
  return result;
}

std::optional<std::string> DecodeBase64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  size_t padding = 0;
  while (padding < 2 && text.ends_with('=')) {
    text.remove_suffix(1);
    ++padding;
  }
  std::string bytes;
  uint32_t bits = 0;
  int count = 0;  // bits not yet written
  for (const char c : text) {
    const size_t value = kAlphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = bits << 6 | static_cast<uint32_t>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes.push_back(static_cast<char>(bits >> count));
      bits &= (1U << count) - 1;
    }
  }
  if (bits != 0) return std::nullopt;
  return bytes;
}

std::string EncodeBase64(std::string_view bytes) {
  std::string text;
  for (size_t at = 0; at < bytes.size(); at += 3) {
    const std::string_view part = bytes.substr(at, 3);
    uint32_t bits = 0;
    for (size_t i = 0; i < 3; ++i) {
      bits = bits << 8 | (i < part.size() ? static_cast<uint8_t>(part[i]) : 0U);
    }
    for (size_t i = 0; i < 4; ++i) {
      text.push_back(i <= part.size() ? kAlphabet[bits >> (18 - 6 * i) & 63]
                                      : '=');
    }
  }
  return text;
}

}  // namespace thresh::oracle
