// The inverse of the pipeline: joins the wire writer, the digest and the
// envelope to one blob. The three parts of a message grow side by side, since
// a record may bring a new key long after the first record was written.
#include <functional>
#include <string>
#include <unordered_map>
#include <utility>

#include "digest/md5.h"
#include "envelope/envelope.h"
#include "thresh/blob_builder.h"
#include "wire/aggregated_record_writer.h"

namespace thresh {
namespace {

// One of the two key tables: its fields, and which index each key has.
class KeyTable {
 public:
  using FieldSize = size_t (*)(std::string_view);
  using AppendField = void (*)(std::string_view, std::vector<uint8_t>*);

  KeyTable(FieldSize field_size, AppendField append_field)
      : field_size_(field_size), append_field_(append_field) {}

  struct Place {
    uint64_t index;
    size_t added_size;  // bytes that the key would add to the table
  };

  // Where `key` is, or would be if it were added.
  [[nodiscard]] Place Find(std::string_view key) const {
    const auto found = indices_.find(key);
    if (found != indices_.end()) return {found->second, 0};
    return {indices_.size(), field_size_(key)};
  }

  // The index of `key`, which is added if need be.
  uint64_t Add(std::string_view key) {
    const Place place = Find(key);
    if (place.added_size != 0) {
      indices_.emplace(key, place.index);
      append_field_(key, &fields_);
    }
    return place.index;
  }

  [[nodiscard]] const std::vector<uint8_t>& fields() const { return fields_; }

  void Clear() {
    indices_.clear();
    fields_.clear();
  }

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  FieldSize field_size_;
  AppendField append_field_;
  std::unordered_map<std::string, uint64_t, Hash, std::equal_to<>> indices_;
  std::vector<uint8_t> fields_;
};

void AppendBytes(Bytes bytes, std::vector<uint8_t>* out) {
  out->insert(out->end(), bytes.begin(), bytes.end());
}

}  // namespace

struct BlobBuilder::State {
  KeyTable partition_keys{PartitionKeyFieldSize, AppendPartitionKey};
  KeyTable explicit_hash_keys{ExplicitHashKeyFieldSize, AppendExplicitHashKey};
  std::vector<uint8_t> record_fields;
  size_t records = 0;
};

BlobBuilder::BlobBuilder() : state_(std::make_unique<State>()) {}
BlobBuilder::~BlobBuilder() = default;
BlobBuilder::BlobBuilder(BlobBuilder&&) noexcept = default;
BlobBuilder& BlobBuilder::operator=(BlobBuilder&&) noexcept = default;

void BlobBuilder::Add(std::string_view partition_key,
                      std::optional<std::string_view> explicit_hash_key,
                      Bytes data) {
  const uint64_t key_index = state_->partition_keys.Add(partition_key);
  std::optional<uint64_t> hash_key_index;
  if (explicit_hash_key) {
    hash_key_index = state_->explicit_hash_keys.Add(*explicit_hash_key);
  }
  AppendRecord(key_index, hash_key_index, data, &state_->record_fields);
  ++state_->records;
}

size_t BlobBuilder::size() const {
  return kMagic.size() + state_->partition_keys.fields().size() +
         state_->explicit_hash_keys.fields().size() +
         state_->record_fields.size() + kDigestSize;
}

size_t BlobBuilder::SizeWith(std::string_view partition_key,
                             std::optional<std::string_view> explicit_hash_key,
                             Bytes data) const {
  const KeyTable::Place key = state_->partition_keys.Find(partition_key);
  size_t total = size() + key.added_size;
  std::optional<uint64_t> hash_key_index;
  if (explicit_hash_key) {
    const KeyTable::Place hash_key =
        state_->explicit_hash_keys.Find(*explicit_hash_key);
    total += hash_key.added_size;
    hash_key_index = hash_key.index;
  }
  return total + RecordFieldSize(key.index, hash_key_index, data.size());
}

size_t BlobBuilder::records() const { return state_->records; }

void BlobBuilder::Finish(std::vector<uint8_t>* out) {
  out->reserve(out->size() + size());
  AppendBytes(kMagic, out);
  const size_t message = out->size();
  AppendBytes(state_->partition_keys.fields(), out);
  AppendBytes(state_->explicit_hash_keys.fields(), out);
  AppendBytes(state_->record_fields, out);
  const Md5Digest digest = Md5(Bytes(*out).subspan(message));
  AppendBytes(digest, out);

  state_->partition_keys.Clear();
  state_->explicit_hash_keys.Clear();
  state_->record_fields.clear();
  state_->records = 0;
}

}  // namespace thresh
