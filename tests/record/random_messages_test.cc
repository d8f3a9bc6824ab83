// The reader against protobuf's codec on random messages: made by protobuf from
// random content, or assembled field by field with everything that the wire
// format allows, and then damaged or not.
#include <google/protobuf/unknown_field_set.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "oracle/message_oracle.h"
#include "sanitized.h"
#include "wire_bytes.h"

namespace thresh {
namespace {

using namespace wire_bytes;

class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed) {}

  // From 0 to `bound` - 1.
  uint64_t Below(uint64_t bound) { return engine_() % bound; }
  bool OneIn(uint64_t n) { return Below(n) == 0; }
  char Byte() { return static_cast<char>(Below(256)); }

  // Mostly small, sometimes of any size.
  uint64_t Number() { return engine_() >> (OneIn(8) ? Below(64) : 61); }
  std::string Text() {
    std::string text(OneIn(10) ? Below(400) : Below(12), '\0');
    std::ranges::generate(text, [this] { return Byte(); });
    return text;
  }

 private:
  std::mt19937_64 engine_;
};

void AddUnknownFields(int depth, google::protobuf::UnknownFieldSet* fields,
                      Random* random) {
  for (uint64_t count = random->Below(3); count > 0; --count) {
    const int number = static_cast<int>(5 + random->Below(3000));
    switch (random->Below(5)) {
      case 0:
        fields->AddVarint(number, random->Number());
        break;
      case 1:
        fields->AddFixed32(number, static_cast<uint32_t>(random->Number()));
        break;
      case 2:
        fields->AddFixed64(number, random->Number());
        break;
      case 3:
        *fields->AddLengthDelimited(number) = random->Text();
        break;
      default:
        if (depth > 0) {
          AddUnknownFields(depth - 1, fields->AddGroup(number), random);
        }
    }
  }
}

// Messages that a serializer writes.
std::string SerializedMessage(Random* random) {
  oracle::AggregatedRecord message;
  const uint64_t keys = 1 + random->Below(200);
  const uint64_t hash_keys = random->Below(3);
  for (uint64_t i = 0; i < keys; ++i) {
    message.add_partition_key_table(random->Text());
  }
  for (uint64_t i = 0; i < hash_keys; ++i) {
    message.add_explicit_hash_key_table(random->Text());
  }
  const bool odd = random->OneIn(2);
  for (uint64_t count = random->Below(20); count > 0; --count) {
    oracle::Record* record = message.add_records();
    record->set_partition_key_index(random->Below(keys));
    record->set_data(random->Text());
    if (random->OneIn(3)) {
      record->set_explicit_hash_key_index(
          random->Below(std::max<uint64_t>(hash_keys, 1)));
    }
    if (!odd || !random->OneIn(5)) continue;
    AddUnknownFields(3, record->mutable_unknown_fields(), random);
    record->add_tags()->set_key(random->Text());
  }
  if (odd) AddUnknownFields(5, message.mutable_unknown_fields(), random);
  return message.SerializePartialAsString();
}

// Messages that a serializer would not write: numbers of any length, fields of
// any number and type, often the schema's.
class FieldMaker {
 public:
  explicit FieldMaker(Random* random) : random_(random) {}

  std::string Message() {
    std::string message;
    for (uint64_t count = random_->Below(12); count > 0; --count) {
      switch (random_->Below(6)) {
        case 0:
          message += AnyField(3);
          break;
        case 1:
        case 2:
          message += Delimited(1 + Number(2), random_->Text());
          break;
        default:
          message += Delimited(3, RecordFields());
      }
    }
    return message;
  }

 private:
  std::string RecordFields() {
    std::string fields;
    if (!random_->OneIn(30)) fields += VarintOf(1, random_->Below(3));
    if (random_->OneIn(3)) fields += VarintOf(2, random_->Below(2));
    if (!random_->OneIn(30)) fields += Delimited(3, random_->Text());
    if (random_->OneIn(4)) fields += AnyField(2);
    if (random_->OneIn(4)) {
      fields += Delimited(4, random_->OneIn(9)
                                 ? AnyField(2)
                                 : Delimited(1, random_->Text()) + AnyField(2));
    }
    return fields;
  }

  std::string AnyField(int depth) {
    const uint32_t number =
        random_->OneIn(40) ? 0 : 1 + Number(random_->OneIn(4) ? 3000 : 5);
    switch (random_->Below(depth > 0 ? 25 : 20)) {
      case 0:
        return Tag(number, Number(8), Padding());
      case 1:
      case 2:
      case 3:
        return Tag(number, kFixed32, Padding()) + std::string(4, 'x');
      case 4:
      case 5:
      case 6:
        return Tag(number, kFixed64, Padding()) + std::string(8, 'x');
      case 7:
      case 8:
      case 9:
      case 10:
        return Delimited(number, random_->Text());
      case 20:
      case 21:
      case 22:
      case 23:
      case 24:
        return Tag(number, kStartGroup, Padding()) + AnyField(depth - 1) +
               AnyField(depth - 1) +
               Tag(number + (random_->OneIn(50) ? 1 : 0), kEndGroup, Padding());
      default:
        return VarintOf(number, random_->Number());
    }
  }

  std::string VarintOf(uint32_t number, uint64_t value) {
    const size_t size = random_->OneIn(5) ? 1 + random_->Below(11) : 1;
    return Tag(number, kVarint, Padding()) + Varint(value, size);
  }

  std::string Delimited(uint32_t number, const std::string& body) {
    const uint64_t claimed =
        body.size() + (random_->OneIn(200) ? random_->Below(20) : 0);
    return Tag(number, kDelimited, Padding()) + Varint(claimed, Padding()) +
           body;
  }

  // The minimum size in bytes of a tag or length; rarely too many.
  size_t Padding() {
    if (random_->OneIn(400)) return 6;
    return random_->OneIn(8) ? 1 + random_->Below(5) : 1;
  }

  uint32_t Number(uint64_t bound) {
    return static_cast<uint32_t>(random_->Below(bound));
  }

  Random* random_;
};

constexpr std::array<char, 16> kTellingBytes = {
    '\x00', '\x01', '\x08', '\x0A', '\x0B', '\x0C', '\x10', '\x12',
    '\x1A', '\x1B', '\x1C', '\x22', '\x7F', '\x80', '\xFE', '\xFF'};

void Damage(const std::string& other, std::string* message, Random* random) {
  const size_t at = random->Below(message->size() + 1);
  const size_t length = 1 + random->Below(random->OneIn(4) ? 60 : 4);
  const std::string piece = message->substr(at, length);
  const char telling = kTellingBytes[random->Below(kTellingBytes.size())];
  switch (random->Below(8)) {
    case 0:
      if (at < message->size()) (*message)[at] = random->Byte();
      break;
    case 1:
      if (at < message->size()) (*message)[at] = telling;
      break;
    case 2:
      if (at < message->size()) {
        (*message)[at] =
            static_cast<char>((*message)[at] ^ (1 << random->Below(8)));
      }
      break;
    case 3:
      message->insert(at, 1, telling);
      break;
    case 4:
      message->erase(at, length);
      break;
    case 5:
      message->insert(random->Below(message->size() + 1), piece);
      break;
    case 6:
      if (!other.empty()) {
        message->replace(at, length, other, random->Below(other.size()),
                         length);
      }
      break;
    default:
      message->resize(at);
  }
}

TEST(RandomMessages, AreReadAsTheCodecReadsThem) {
  constexpr int kRounds = kSanitized ? 8000 : 30000;
  Random random(20240607);
  FieldMaker fields(&random);
  std::array<uint64_t, 3> seen = {};
  std::string other;
  const auto check = [&](const std::string& message) {
    const auto read = oracle::DecodeByEngine(AsBytes(message));
    ASSERT_TRUE(read.has_value());
    ASSERT_TRUE(*read == oracle::DecodeByProtobuf(AsBytes(message)))
        << ::testing::PrintToString(
               std::vector<uint8_t>(message.begin(), message.end()));
    ++seen[static_cast<size_t>(read->status)];
  };
  for (int round = 0; round < kRounds; ++round) {
    SCOPED_TRACE(round);
    std::string message =
        round % 2 == 0 ? SerializedMessage(&random) : fields.Message();
    const std::string whole = message;
    check(message);
    for (int step = 0; step < 4 && !HasFatalFailure(); ++step) {
      Damage(other, &message, &random);
      check(message);
    }
    if (HasFatalFailure()) return;
    other = whole;
  }
  // Each verdict must occur often enough, or the test is meaningless.
  for (const uint64_t count : seen) EXPECT_GT(count, uint64_t{kRounds} / 20);
  RecordProperty("ok", std::to_string(seen[0]));
  RecordProperty("malformed", std::to_string(seen[1]));
  RecordProperty("out_of_range", std::to_string(seen[2]));
}

}  // namespace
}  // namespace thresh
