// One pass over the few header bytes of an ordinary field; the only loop is
// over the key bytes that a digest would cover.
#include "record/ordinary_field.h"

#include <algorithm>
#include <cstdint>

#include "base/varint.h"

namespace thresh {
namespace {

constexpr uint8_t kPartitionKeyTag = 0x0A;
constexpr uint8_t kExplicitHashKeyTag = 0x12;
constexpr uint8_t kRecordTag = 0x1A;
constexpr uint8_t kPartitionKeyIndexTag = 0x08;
constexpr uint8_t kExplicitHashKeyIndexTag = 0x10;
constexpr uint8_t kDataTag = 0x1A;

struct ShortVarint {
  uint32_t value;
  uint32_t size;  // bytes; 0 if there is no varint of at most four bytes
};

// Reads a varint of at most four bytes at the front of `bytes`.
ShortVarint ReadShortVarint(Bytes bytes) {
  uint32_t value = 0;
  const uint8_t* const begin = bytes.data();
  const uint8_t* const next =
      ReadBase128<4>(begin, begin + bytes.size(), &value);
  if (next == nullptr) return {0, 0};
  return {value, static_cast<uint32_t>(next - begin)};
}

// Length in bytes of the UTF-8 sequence that `lead` starts; 0 if it does not
// start one.
size_t SequenceLength(uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

// Whether `text` looks like UTF-8 as far as leading and continuation bytes go;
// the last sequence may be cut off.
bool LooksLikeUtf8(Bytes text) {
  size_t i = 0;
  while (i < text.size()) {
    const size_t length = SequenceLength(text[i]);
    if (length == 0) return false;
    const size_t end = std::min(i + length, text.size());
    for (++i; i < end; ++i) {
      if ((text[i] & 0xC0) != 0x80) return false;
    }
  }
  return true;
}

bool IsAsciiKey(Bytes text) {
  uint8_t seen = 0;
  for (const uint8_t byte : text) seen |= byte;
  return seen < 0x80;
}

// `bytes` start with a key table's tag.
size_t KeySize(Bytes bytes) {
  const ShortVarint length = ReadShortVarint(bytes.subspan(1));
  const size_t header = 1 + length.size;
  if (length.size == 0 || length.value > bytes.size() - header) return 0;
  // Two or more of them are the header.
  constexpr size_t kDigestBytesOfKey = kDigestBytes - 2;
  const Bytes key =
      bytes.subspan(header, std::min<size_t>(length.value, kDigestBytesOfKey));
  return IsAsciiKey(key) || LooksLikeUtf8(key) ? header + length.value : 0;
}

// `bytes` start with a record's tag.
size_t RecordSize(Bytes bytes) {
  const ShortVarint length = ReadShortVarint(bytes.subspan(1));
  const size_t header = 1 + length.size;
  if (length.size == 0 || length.value > bytes.size() - header) return 0;
  const Bytes record = bytes.subspan(header, length.value);
  if (record.empty() || record[0] != kPartitionKeyIndexTag) return 0;
  ShortVarint varint = ReadShortVarint(record.subspan(1));
  size_t at = 1 + varint.size;
  if (varint.size == 0 || at == record.size()) return 0;
  if (record[at] == kExplicitHashKeyIndexTag) {
    varint = ReadShortVarint(record.subspan(at + 1));
    at += 1 + varint.size;
    if (varint.size == 0 || at == record.size()) return 0;
  }
  if (record[at] != kDataTag) return 0;
  varint = ReadShortVarint(record.subspan(at + 1));
  at += 1 + varint.size;
  if (varint.size == 0 || varint.value != record.size() - at) return 0;
  return header + length.value;
}

}  // namespace

size_t OrdinaryFieldSize(Bytes bytes) {
  if (bytes.empty()) return 0;
  switch (bytes[0]) {
    case kPartitionKeyTag:
    case kExplicitHashKeyTag:
      return KeySize(bytes);
    case kRecordTag:
      return RecordSize(bytes);
    default:
      return 0;
  }
}

}  // namespace thresh
