// Messages assembled byte by byte, including some that no serializer would
// write. Independent of the engine's writer, which is tested too.
#ifndef THRESH_TESTS_RECORD_WIRE_BYTES_H_
#define THRESH_TESTS_RECORD_WIRE_BYTES_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace thresh::wire_bytes {

enum Type : uint32_t {
  kVarint,
  kFixed64,
  kDelimited,
  kStartGroup,
  kEndGroup,
  kFixed32,
};

inline std::string Raw(std::initializer_list<int> bytes) {
  std::string raw;
  for (const int byte : bytes) raw.push_back(static_cast<char>(byte));
  return raw;
}

// `value` in at least `size` bytes, padded with zero bits if necessary.
inline std::string Varint(uint64_t value, size_t size = 1) {
  std::string bytes;
  for (; value >= 0x80 || bytes.size() + 1 < size; value >>= 7) {
    bytes.push_back(static_cast<char>((value & 0x7F) | 0x80));
  }
  bytes.push_back(static_cast<char>(value));
  return bytes;
}

inline std::string Tag(uint32_t number, uint32_t type, size_t size = 1) {
  return Varint(uint64_t{number} << 3 | type, size);
}

inline std::string VarintField(uint32_t number, uint64_t value) {
  return Tag(number, kVarint) + Varint(value);
}

inline std::string BytesField(uint32_t number, std::string_view bytes) {
  std::string field = Tag(number, kDelimited);
  field += Varint(bytes.size());
  field += bytes;
  return field;
}

inline std::string Group(uint32_t number, std::string_view content) {
  return Tag(number, kStartGroup) + std::string(content) +
         Tag(number, kEndGroup);
}

// `depth` nested groups.
inline std::string NestedGroups(int depth, uint32_t number = 9) {
  std::string groups;
  for (int i = 0; i < depth; ++i) groups += Tag(number, kStartGroup);
  for (int i = 0; i < depth; ++i) groups += Tag(number, kEndGroup);
  return groups;
}

// The schema.
inline std::string Key(std::string_view key) { return BytesField(1, key); }
inline std::string HashKeyField(std::string_view key) {
  return BytesField(2, key);
}
inline std::string Record(std::string_view fields) {
  return BytesField(3, fields);
}
inline std::string KeyIndex(uint64_t index) { return VarintField(1, index); }
inline std::string HashKeyIndex(uint64_t index) {
  return VarintField(2, index);
}
inline std::string Data(std::string_view data) { return BytesField(3, data); }
inline std::string RecordTag(std::string_view fields) {
  return BytesField(4, fields);
}

}  // namespace thresh::wire_bytes

#endif  // THRESH_TESTS_RECORD_WIRE_BYTES_H_
