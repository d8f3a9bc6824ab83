// See deduplicator.h.
#include "filter/deduplicator.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <type_traits>
#include <vector>

#include "digest/keyed_hash.h"

namespace thresh {
namespace {

// Appends `text` after its length; null differs from empty.
void Append(const std::optional<Bytes>& text, std::vector<uint8_t>* out) {
  const uint64_t length = text.has_value() ? uint64_t{text->size()} + 1 : 0;
  for (unsigned shift = 0; shift < 64; shift += 8) {
    out->push_back(static_cast<uint8_t>(length >> shift));
  }
  if (text.has_value()) out->insert(out->end(), text->begin(), text->end());
}

// Whether all of the record's position can be read. A sequence number that was
// converted to floating point no longer identifies one record.
bool HasPosition(const KinesisMetadata& metadata) {
  return metadata.sequence_number.has_value() &&
         !metadata.unreadable_position &&
         std::ranges::all_of(*metadata.sequence_number,
                             [](uint8_t c) { return c >= '0' && c <= '9'; });
}

}  // namespace

void Deduplicator::Enter(const KinesisMetadata& metadata) {
  numbered_ = HasPosition(metadata);
  if (by_ != Dedupe::kSequence || !numbered_) return;
  std::vector<uint8_t> identity;
  Append(metadata.stream, &identity);
  Append(metadata.shard_id, &identity);
  Append(metadata.sequence_number, &identity);
  const uint32_t within = metadata.sub_sequence_number.value_or(0);
  const bool told = metadata.sub_sequence_number.has_value();
  const std::array<uint32_t, 2> sub_sequence = {told ? 1U : 0U, within};
  const Bytes bytes = {reinterpret_cast<const uint8_t*>(sub_sequence.data()),
                       sizeof sub_sequence};
  identity.insert(identity.end(), bytes.begin(), bytes.end());
  entered_ = KeyedHash128(identity);
}

// A position alone is not enough: sequence numbers are claims of an archive,
// and records extracted from one aggregate may share theirs. Both a record's
// position and its position with its content are kept in the set, as hashes of
// different lengths.
Deduplicator::Outcome Deduplicator::LookAtPosition(const UserRecord& record) {
  struct Identity {
    Hash128 entered;
    NestedPath nested_path;
    uint32_t sub_sequence_number;
    Hash128 content;
  };
  static_assert(std::has_unique_object_representations_v<Identity>);
  const Identity identity = {entered_, record.nested_path,
                             record.sub_sequence_number,
                             KeyedHash128(EncodedRecord(record))};
  const Bytes bytes = {reinterpret_cast<const uint8_t*>(&identity),
                       sizeof identity};
  const HashSet::Outcome whole = set_.Add(KeyedHash128(bytes));
  if (whole == HashSet::Outcome::kPresent) return Outcome::kRepeated;
  const HashSet::Outcome position =
      set_.Add(KeyedHash128(bytes.first(offsetof(Identity, content))));
  if (whole == HashSet::Outcome::kFull || position == HashSet::Outcome::kFull) {
    return Outcome::kFull;
  }
  return position == HashSet::Outcome::kPresent ? Outcome::kConflict
                                                : Outcome::kFirst;
}

Deduplicator::Outcome Deduplicator::Look(const UserRecord& record) {
  if (by_ == Dedupe::kSequence) {
    return numbered_ ? LookAtPosition(record) : Outcome::kUnnumbered;
  }
  switch (set_.Add(KeyedHash128(EncodedRecord(record)))) {
    case HashSet::Outcome::kAdded:
      return Outcome::kFirst;
    case HashSet::Outcome::kPresent:
      return Outcome::kRepeated;
    case HashSet::Outcome::kFull:
      break;
  }
  return Outcome::kFull;
}

}  // namespace thresh
