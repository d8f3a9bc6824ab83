// Blobs by kind, and the traps that require a search.
#include "oracle/samples.h"

#include <array>

#include "aggregated_record.pb.h"
#include "oracle/reference.h"

namespace thresh::oracle {
namespace {

std::string FieldTag(uint32_t number, uint32_t wire_type) {
  return Varint(uint64_t{number} << 3 | wire_type);
}

std::string UnknownFields(Random* random) {
  std::string fields;
  fields += VarintField(9, random->Next());
  fields += FieldTag(10, 1) + random->Bytes(8);
  fields += LengthField(11, random->Bytes(random->Below(40)));
  fields += GroupField(
      12, VarintField(1, 7) + GroupField(13, FieldTag(4, 5) + "abcd"));
  fields += FieldTag(2000000, 5) + random->Bytes(4);
  // A known number with another wire type is an unknown field, too.
  fields += VarintField(3, random->Next());
  return fields;
}

// Whether `bytes` is a sequence of whole fields.
bool AreFields(std::string_view bytes) {
  size_t at = 0;
  while (at < bytes.size()) {
    const std::optional<size_t> next = SkipField(bytes, at);
    if (!next) return false;
    at = *next;
  }
  return true;
}

// A message whose bytes after the first parse as fields, and whose digest does,
// too: so its blob can be a group among the fields of another message, with the
// magic and the first byte as the group's tag.
std::string BlobAsGroup(Random* random) {
  for (;;) {
    // As a message: a key of 10 bytes. As a group's content: the length byte is
    // the tag of field 1, the key's first byte its length.
    const std::string message = std::string("\x0A\x0A\x09", 3) +
                                random->Bytes(9) +
                                RecordField(0, std::nullopt, "inner");
    const std::string digest = Md5(message);
    if (AreFields(digest)) return Seal(message) + "\xF4\x89\x9A\xC2\x0A";
  }
}

// One of a series of messages with a key and a record.
std::string TrapMessage(uint64_t number) {
  return LengthField(1, Join({"k", std::to_string(number)})) +
         RecordField(0, std::nullopt, "first");
}

std::string DataAround(std::string_view what, Random* random) {
  return random->Bytes(random->Below(100)) + std::string(what) +
         random->Bytes(random->Below(100));
}

}  // namespace

uint64_t Random::Next() {
  state_ += 0x9E3779B97F4A7C15;
  uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

std::string Random::Bytes(size_t size) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(Next());
  return bytes;
}

std::string Varint(uint64_t value) {
  std::string bytes;
  while (value >= 0x80) {
    bytes.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  bytes.push_back(static_cast<char>(value));
  return bytes;
}

std::string LengthField(uint32_t number, std::string_view content) {
  return FieldTag(number, 2) + Varint(content.size()) + std::string(content);
}

std::string VarintField(uint32_t number, uint64_t value) {
  return FieldTag(number, 0) + Varint(value);
}

std::string GroupField(uint32_t number, std::string_view fields) {
  return FieldTag(number, 3) + std::string(fields) + FieldTag(number, 4);
}

std::string RecordField(uint64_t partition_key_index,
                        std::optional<uint64_t> explicit_hash_key_index,
                        std::string_view data) {
  Record record;
  record.set_partition_key_index(partition_key_index);
  if (explicit_hash_key_index) {
    record.set_explicit_hash_key_index(*explicit_hash_key_index);
  }
  record.set_data(std::string(data));
  return LengthField(3, record.SerializeAsString());
}

std::string KplMessage(Random* random, size_t records, size_t max_data) {
  AggregatedRecord message;
  const size_t keys = 1 + random->Below(9);
  for (size_t i = 0; i < keys; ++i) {
    message.add_partition_key_table(
        Join({"key-", std::to_string(random->Below(99))}));
    message.add_explicit_hash_key_table(std::to_string(random->Next()));
  }
  for (size_t i = 0; i < records; ++i) {
    Record* record = message.add_records();
    record->set_partition_key_index(random->Below(keys));
    if (random->Below(3) == 0) {
      record->set_explicit_hash_key_index(random->Below(keys));
    }
    record->set_data(random->Bytes(random->Below(max_data + 1)));
  }
  return message.SerializeAsString();
}

std::string SampleBlob(SampleKind kind, Random* random) {
  const std::string key = LengthField(1, "partition");
  const std::string hash_key = LengthField(2, "340282366920938463463");
  const std::string records =
      RecordField(0, std::nullopt, random->Bytes(random->Below(300))) +
      RecordField(0, 0, random->Bytes(random->Below(30)));
  switch (kind) {
    case SampleKind::kKpl:
      return Seal(KplMessage(random, 1 + random->Below(60), 60));
    case SampleKind::kOneRecord:
      return Seal(key + RecordField(0, std::nullopt, random->Bytes(1)));
    case SampleKind::kEmptyAggregate:
      return Seal(key + hash_key);
    case SampleKind::kTablesLast:
      return Seal(records + hash_key + key);
    case SampleKind::kNestedBlob: {
      const std::string inner = Seal(KplMessage(random, 3, 20));
      return Seal(key + RecordField(0, std::nullopt, inner) +
                  RecordField(0, std::nullopt, DataAround(inner, random)));
    }
    case SampleKind::kNestedBlobAsGroup:
      return Seal(key + BlobAsGroup(random) + hash_key + records);
    case SampleKind::kMagicEverywhere: {
      const std::string magic(kReferenceMagic);
      return Seal(LengthField(1, magic) + LengthField(2, magic) +
                  RecordField(0, 0, magic + magic) +
                  RecordField(0, 0, DataAround(magic, random)));
    }
    case SampleKind::kUnknownFields:
      return Seal(UnknownFields(random) + key + hash_key +
                  UnknownFields(random) + records + UnknownFields(random));
    case SampleKind::kHashKeyWithoutTable:
      return Seal(key + records);
    case SampleKind::kMissingData:
      return Seal(key + hash_key + records + LengthField(3, VarintField(1, 0)));
    case SampleKind::kIndexOutOfRange:
      return Seal(key + hash_key + records +
                  RecordField(uint64_t{1} << 32, std::nullopt, "data"));
  }
  return {};
}

std::vector<std::string> SampleBlobs(size_t count, uint64_t seed) {
  Random random(seed);
  std::vector<std::string> blobs;
  for (size_t i = 0; i < count; ++i) {
    blobs.push_back(
        SampleBlob(static_cast<SampleKind>(i % kSampleKinds), &random));
  }
  return blobs;
}

PrefixTrap MakePrefixTrap(std::string_view digest_prefix) {
  for (uint64_t number = 0;; ++number) {
    const std::string first = TrapMessage(number);
    const std::string digest = Md5(first);
    if (digest.starts_with(digest_prefix) && AreFields(digest)) {
      return {first, first + digest + RecordField(0, std::nullopt, "rest")};
    }
  }
}

PrefixTrap MakeOrdinaryTrap(size_t which, std::string_view data) {
  constexpr std::array<uint64_t, kOrdinaryTraps> kNumbers = {11694010, 25429609,
                                                             26814598};
  const std::string first = TrapMessage(kNumbers[which]);
  const std::string digest = Md5(first);
  const size_t key_bytes_in_digest = digest.size() - 2;
  const std::string filler(
      static_cast<uint8_t>(digest[1]) - key_bytes_in_digest, '.');
  return {first, first + digest + filler + RecordField(0, std::nullopt, data)};
}

std::string Join(const std::vector<std::string>& parts) {
  std::string joined;
  for (const std::string& part : parts) joined += part;
  return joined;
}

}  // namespace thresh::oracle
