// The keyed hashes against inputs crafted with knowledge of XXH3.
#include "digest/keyed_hash.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "digest/hash_secret.h"
#include "digest/hostile.h"
#include "digest/md5_testing.h"
#include "sanitized.h"

namespace thresh {
namespace {

using ::testing::HasSubstr;

Bytes Written(const EncodedRecord& record, std::vector<uint8_t>* encoding) {
  encoding->resize(record.Size());
  record.Write(encoding->data());
  return *encoding;
}

TEST(KeyedHash, TellsApartKeysThatCollideWithoutASecret) {
  std::set<uint64_t> hashes;
  std::set<uint64_t> public_hashes;
  const std::vector<std::string> keys = CollidingKeys(56'000);
  for (const std::string& key : keys) {
    hashes.insert(KeyedHash64(AsBytes(key)));
    public_hashes.insert(XXH3_64bits(key.data(), key.size()));
  }
  EXPECT_EQ(public_hashes.size(), 1U) << "nothing is tested";
  EXPECT_EQ(hashes.size(), keys.size());
}

// The slot of a key in a table is given by the hash's lowest bits: with half of
// the slots taken, a search visits 1.5 of them if they are random.
TEST(KeyedHash, SpreadsKeysThatCollideWithoutASecret) {
  constexpr size_t kPlaces = 1 << 17;
  std::vector<bool> taken(kPlaces);
  uint64_t probes = 0;
  for (const std::string& key : CollidingKeys(kPlaces / 2)) {
    size_t place = KeyedHash64(AsBytes(key)) % kPlaces;
    for (++probes; taken[place]; ++probes) place = (place + 1) % kPlaces;
    taken[place] = true;
  }
  EXPECT_LT(probes, 2 * kPlaces / 2);
}

TEST(KeyedHash, TellsApartRecordsThatCollideWithoutASecret) {
  std::set<std::pair<uint64_t, uint64_t>> hashes;
  std::set<uint64_t> public_hashes;
  const std::vector<std::string> all = CollidingData(1000);
  for (const std::string& data : all) {
    UserRecord record = {};
    record.partition_key = AsBytes(kTenant);
    record.data = AsBytes(data);
    std::vector<uint8_t> encoding;
    const Bytes bytes = Written(EncodedRecord(record), &encoding);
    public_hashes.insert(XXH3_128bits(bytes.data(), bytes.size()).low64);
    const Hash128 hash = KeyedHash128(EncodedRecord(record));
    hashes.insert({hash.low, hash.high});
  }
  EXPECT_EQ(public_hashes.size(), 1U) << "nothing is tested";
  EXPECT_EQ(hashes.size(), all.size());
}

// XXH3 of messages of more than 240 bytes, with any secret, has few sums for
// these: two million messages are enough for some to collide; sanitized builds
// test fewer, because of their memory alone.
TEST(KeyedHash, TellsApartWhatCollidesUnderMostSecrets) {
  constexpr uint32_t kCount = kSanitized ? 1 << 18 : 1 << 21;
  std::vector<std::pair<uint64_t, uint64_t>> hashes;
  for (uint32_t i = 0; i < kCount; ++i) {
    const Hash128 hash = KeyedHash128(AsBytes(FewSums(i)));
    hashes.emplace_back(hash.low, hash.high);
  }
  std::ranges::sort(hashes);
  EXPECT_EQ(std::ranges::adjacent_find(hashes), hashes.end());
}

TEST(KeyedHash, IsThatOfTheCanonicalEncoding) {
  for (size_t size = 0; size < 10'000; size += 1 + size / 40) {
    const std::vector<uint8_t> field = RandomBytes(size, size);
    for (int kind = 0; kind < 4; ++kind) {
      UserRecord record = {};
      record.data = AsBytes("data");
      if (kind == 0) record.data = field;
      if (kind == 1) record.partition_key = field;
      if (kind == 2) record.explicit_hash_key = field;
      if (kind == 3) {
        record.partition_key = field;
        record.data = field;
      }
      std::vector<uint8_t> encoding;
      const Bytes bytes = Written(EncodedRecord(record), &encoding);
      ASSERT_EQ(KeyedHash128(EncodedRecord(record)), KeyedHash128(bytes))
          << size << " " << kind;
    }
  }
}

TEST(KeyedHash, TellsApartEveryLengthAndEveryBit) {
  std::set<std::pair<uint64_t, uint64_t>> hashes;
  size_t messages = 0;
  const auto add = [&](Bytes message) {
    const Hash128 hash = KeyedHash128(message);
    hashes.insert({hash.low, hash.high});
    ++messages;
  };
  std::vector<uint8_t> zeros(8000);
  for (size_t size = 0; size <= zeros.size(); ++size) {
    add(Bytes(zeros).first(size));
  }
  for (const size_t size : {1U, 16U, 240U, 241U, 480U, 3600U, 3601U, 7200U}) {
    for (size_t bit = 0; bit < 8 * size; ++bit) {
      zeros[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
      add(Bytes(zeros).first(size));
      zeros[bit / 8] = 0;
    }
  }
  EXPECT_EQ(hashes.size(), messages);
}

TEST(KeyedHash, DependsOnThePlaceOfEachPiece) {
  std::vector<uint8_t> message = RandomBytes(1, 240 * 40);
  const Hash128 hash = KeyedHash128(message);
  for (size_t piece = 0; piece + 1 < 40; ++piece) {
    const auto at = message.begin() + static_cast<ptrdiff_t>(piece * 240);
    std::swap_ranges(at, at + 240, at + 240);
    EXPECT_NE(KeyedHash128(message), hash) << piece;
    std::swap_ranges(at, at + 240, at + 240);
  }
}

TEST(KeyedHash, HasASecretOfItsOwn) {
  ASSERT_TRUE(DrawHashSecret());
  const std::string key = "key";
  EXPECT_NE(KeyedHash64(AsBytes(key)), XXH3_64bits(key.data(), key.size()));
  EXPECT_EQ(KeyedHash64(AsBytes(key)), KeyedHash64(AsBytes(key)));
}

TEST(HashSecret, IsWhatTheSystemGives) {
  const Result<HashSecret> secret = ReadHashSecret([](void* to, size_t size) {
    std::memset(to, 7, size);
    return 0;
  });
  ASSERT_TRUE(secret);
  EXPECT_THAT(*secret, ::testing::Each(7));
}

TEST(HashSecret, IsAnErrorIfTheSystemGivesNone) {
  const Result<HashSecret> secret =
      ReadHashSecret([](void* /*to*/, size_t /*size*/) {
        errno = ENOSYS;
        return -1;
      });
  ASSERT_FALSE(secret);
  EXPECT_EQ(secret.error().code, ErrorCode::kIo);
  EXPECT_THAT(secret.error().ToString(), HasSubstr("random bytes"));
  EXPECT_THAT(secret.error().ToString(), HasSubstr("not implemented"));
  EXPECT_THAT(secret.error().remedy, HasSubstr("getrandom"));
}

}  // namespace
}  // namespace thresh
