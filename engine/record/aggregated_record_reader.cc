// The general reader: any message that the codec accepts, field by field. Runs
// of ordinary records are read by the fast path of record_run.cc.
#include "record/aggregated_record_reader.h"

#include "base/varint.h"
#include "record/envelope.h"
#include "record/field.h"
#include "record/ordinary_field.h"
#include "record/record_rows.h"
#include "record/record_run.h"
#include "record/small_record.h"

namespace thresh {
namespace {

// The schema, as tags: a known number with another wire type is an unknown
// field.
constexpr uint32_t kPartitionKeyTable = MakeTag(1, WireType::kLengthDelimited);
constexpr uint32_t kExplicitHashKeyTable =
    MakeTag(2, WireType::kLengthDelimited);
constexpr uint32_t kRecords = MakeTag(3, WireType::kLengthDelimited);

constexpr uint32_t kPartitionKeyIndex = MakeTag(1, WireType::kVarint);
constexpr uint32_t kExplicitHashKeyIndex = MakeTag(2, WireType::kVarint);
constexpr uint32_t kData = MakeTag(3, WireType::kLengthDelimited);
constexpr uint32_t kTags = MakeTag(4, WireType::kLengthDelimited);

constexpr uint32_t kTagKey = MakeTag(1, WireType::kLengthDelimited);
constexpr uint32_t kTagValue = MakeTag(2, WireType::kLengthDelimited);

// Messages around a record's and a tag's fields.
constexpr size_t kRecordDepth = 1;
constexpr size_t kTagDepth = 2;

// The fields of one message, one after another. Every function returns false
// if the message is malformed there.
class FieldCursor {
 public:
  FieldCursor(Bytes message, size_t depth)
      : at_(message.data()),
        end_(message.data() + message.size()),
        depth_(depth) {}

  [[nodiscard]] bool done() const { return at_ == end_; }
  [[nodiscard]] const uint8_t* at() const { return at_; }
  [[nodiscard]] const uint8_t* end() const { return end_; }
  void set_at(const uint8_t* at) { at_ = at; }

  // Reads a tag and moves past it.
  bool ReadTag(uint32_t* tag) {
    field_ = at_;
    return Advance(thresh::ReadTag(at_, end_, tag));
  }
  bool ReadVarint(uint64_t* value) {
    return Advance(thresh::ReadVarint(at_, end_, value));
  }
  bool ReadBytes(Bytes* bytes) {
    uint32_t length = 0;
    if (!Advance(ReadLength(at_, end_, &length)) || length > end_ - at_) {
      return false;
    }
    *bytes = {at_, length};
    at_ += length;
    return true;
  }
  // Skips the field whose tag was read last.
  bool SkipField() {
    const FieldExtent extent = MeasureField({field_, end_}, depth_);
    at_ = field_ + extent.size;
    return extent.status == FieldStatus::kOk;
  }

 private:
  bool Advance(const uint8_t* after) {
    at_ = after;
    return after != nullptr;
  }

  const uint8_t* at_;
  const uint8_t* field_ = nullptr;
  const uint8_t* end_;
  size_t depth_;
};

// Tags are not kept, but a message with an invalid one must be rejected.
bool CheckTag(Bytes message, Reason* reason) {
  FieldCursor cursor(message, kTagDepth);
  bool has_key = false;
  while (!cursor.done()) {
    uint32_t tag = 0;
    Bytes text;
    if (!cursor.ReadTag(&tag)) return false;
    if (tag == kTagKey || tag == kTagValue) {
      if (!cursor.ReadBytes(&text)) return false;
      has_key |= tag == kTagKey;
    } else if (!cursor.SkipField()) {
      return false;
    }
  }
  if (!has_key) *reason = Reason::kNoTagKey;
  return has_key;
}

// Reads keys of under 128 bytes for as long as the fields at `at` have the tag
// of the first; watching, ordinary ones up to where MayEndBlob. Returns the
// first byte not read.
template <Watch kWatch>
const uint8_t* ReadKeyRun(const uint8_t* at, const uint8_t* end,
                          Column<Bytes>* table) {
  const uint8_t tag = *at;
  while (end - at >= 2 && at[0] == tag && at[1] < 0x80 &&
         at[1] <= end - at - 2) {
    if (kWatch == Watch::kYes &&
        (end - at < kMaxSmallRecordSize || SmallKeySize(at) == 0)) {
      break;
    }
    const Bytes key(at + 2, at[1]);
    table->Append(key);
    at += 2 + key.size();
    if (kWatch == Watch::kYes && MayEndBlob(at, end)) break;
  }
  return at;
}

template <Watch kWatch>
class MessageReader {
 public:
  explicit MessageReader(UserRecordColumns* out)
      : out_(out),
        keys_before_(out->partition_keys.size()),
        hash_keys_before_(out->explicit_hash_keys.size()),
        rows_before_(out->size()),
        rows_(out) {}

  WireResult Read(Bytes message) {
    WireResult result;
    result.status =
        ReadFields(message) ? Resolve(&result) : WireStatus::kMalformed;
    if (may_end_before_) result.status = WireStatus::kMayEndBefore;
    rows_.CutBack(out_);
    if (result.status != WireStatus::kOk) {
      result.reason = reason_;
      out_->Truncate(rows_before_, keys_before_, hash_keys_before_);
    }
    return result;
  }

 private:
  bool ReadFields(Bytes message) {
    FieldCursor cursor(message, 0);
    while (!cursor.done()) {
      const uint8_t* const at = cursor.at();
      const uint8_t* const after = ReadRun(at, cursor.end());
      if (after != at) {
        cursor.set_at(after);
      } else if (kWatch == Watch::kYes &&
                 OrdinaryFieldSize({at, cursor.end()}) == 0) {
        may_end_before_ = true;
        return true;
      } else if (!ReadField(&cursor)) {
        return false;
      }
      if (kWatch == Watch::kYes && MayEndBlob(cursor.at(), cursor.end())) {
        may_end_before_ = true;
        return true;
      }
    }
    return true;
  }

  // Reads as much as the fast paths can from `at` on; returns where they
  // stopped.
  const uint8_t* ReadRun(const uint8_t* at, const uint8_t* end) {
    switch (*at) {
      case kPartitionKeyTable:
      case kExplicitHashKeyTable:
        return ReadKeyRun<kWatch>(at, end, TableOf(*at));
      case kRecords:
        ReserveRow(end - at);
        return ReadRecordRun<kWatch>(at, end, &rows_);
      default:
        return at;
    }
  }

  bool ReadField(FieldCursor* cursor) {
    uint32_t tag = 0;
    if (!cursor->ReadTag(&tag)) return false;
    if (tag != kPartitionKeyTable && tag != kExplicitHashKeyTable &&
        tag != kRecords) {
      return cursor->SkipField();
    }
    Bytes bytes;
    if (!cursor->ReadBytes(&bytes)) return false;
    if (tag == kRecords) return ReadRecord(bytes);
    TableOf(tag)->Append(bytes);
    return true;
  }

  // Reads one record by the rule that a scalar's last occurrence wins.
  bool ReadRecord(Bytes message) {
    FieldCursor cursor(message, kRecordDepth);
    uint64_t key_index = 0;
    uint64_t hash_key_index = 0;
    Bytes data;
    bool has_key_index = false;
    bool has_hash_key_index = false;
    bool has_data = false;
    while (!cursor.done()) {
      uint32_t tag = 0;
      if (!cursor.ReadTag(&tag)) return false;
      bool good = true;
      switch (tag) {
        case kPartitionKeyIndex:
          good = has_key_index = cursor.ReadVarint(&key_index);
          break;
        case kExplicitHashKeyIndex:
          good = has_hash_key_index = cursor.ReadVarint(&hash_key_index);
          break;
        case kData:
          good = has_data = cursor.ReadBytes(&data);
          break;
        case kTags: {
          Bytes inner;
          good = cursor.ReadBytes(&inner) && CheckTag(inner, &reason_);
          break;
        }
        default:
          good = cursor.SkipField();
      }
      if (!good) return false;
    }
    if (!has_key_index || !has_data) {
      reason_ =
          has_key_index ? Reason::kNoDataField : Reason::kNoPartitionKeyIndex;
      return false;
    }
    ReserveRow(0);
    rows_.Append(data.data(), static_cast<uint32_t>(data.size()), key_index);
    if (has_hash_key_index) rows_.SetExplicitHashKey(hash_key_index);
    return true;
  }

  Column<Bytes>* TableOf(uint32_t tag) {
    return tag == kPartitionKeyTable ? &out_->partition_keys
                                     : &out_->explicit_hash_keys;
  }

  // Makes room for a row, and for more if `bytes_left` may hold them.
  void ReserveRow(ptrdiff_t bytes_left) {
    if (!rows_.full()) return;
    rows_.Grow(static_cast<size_t>(bytes_left / kMinRecordSize), out_);
  }

  // Key tables may follow the records that point into them, so indices are
  // checked when the whole message has been read.
  WireStatus Resolve(WireResult* result) {
    const size_t keys = out_->partition_keys.size() - keys_before_;
    const size_t hash_keys =
        out_->explicit_hash_keys.size() - hash_keys_before_;
    if (!rows_.PartitionKeysWithin(keys)) {
      reason_ = Reason::kPartitionKeyIndex;
      return WireStatus::kKeyIndexOutOfRange;
    }
    if (hash_keys == 0) {
      result->explicit_hash_keys_without_table = rows_.DropExplicitHashKeys();
    } else if (!rows_.ExplicitHashKeysWithin(hash_keys)) {
      reason_ = Reason::kExplicitHashKeyIndex;
      return WireStatus::kKeyIndexOutOfRange;
    }
    return WireStatus::kOk;
  }

  UserRecordColumns* out_;
  size_t keys_before_;
  size_t hash_keys_before_;
  size_t rows_before_;
  RecordRows rows_;
  Reason reason_ = Reason::kBrokenField;  // of the next failure
  bool may_end_before_ = false;           // WireStatus::kMayEndBefore
};

}  // namespace

WireResult ReadAggregatedRecord(Bytes message, UserRecordColumns* out) {
  return MessageReader<Watch::kNo>(out).Read(message);
}

WireResult ReadOrdinaryRecord(Bytes message, UserRecordColumns* out) {
  return MessageReader<Watch::kYes>(out).Read(message);
}

}  // namespace thresh
