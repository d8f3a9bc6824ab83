// See kinesis_keys.h.
#include "thresh/kinesis_keys.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/errors.h"
#include "base/json.h"
#include "digest/hash_key_of.h"
#include "digest/md5.h"

namespace thresh {
namespace {

constexpr ptrdiff_t kMaxCharacters = 256;

tl::unexpected<Error> Refused(std::string message, std::string remedy) {
  return tl::unexpected(InvalidArgument(std::move(message), std::move(remedy)));
}

// In UTF-8 every code point has one byte that is not a continuation byte.
ptrdiff_t CountCharacters(std::string_view utf8) {
  return std::ranges::count_if(
      utf8, [](char c) { return (static_cast<uint8_t>(c) & 0xC0) != 0x80; });
}

}  // namespace

Result<void> CheckPartitionKey(std::string_view key) {
  constexpr const char* kRemedy =
      "Kinesis accepts 1 to 256 characters of UTF-8";
  if (key.empty()) return Refused("an empty partition key", kRemedy);
  if (!IsUtf8(AsBytes(key))) {
    return Refused("a partition key that is not UTF-8", kRemedy);
  }
  const ptrdiff_t characters = CountCharacters(key);
  if (characters > kMaxCharacters) {
    return Refused(
        "a partition key of " + std::to_string(characters) + " characters",
        kRemedy);
  }
  return {};
}

Result<void> CheckExplicitHashKey(std::string_view key) {
  const bool leading_zero = key.size() > 1 && key[0] == '0';
  if (!leading_zero && IsHashKey(key)) return {};
  return Refused(
      "an explicit hash key that is not a number as Kinesis accepts it",
      "give a decimal integer below 2^128 without leading zeros");
}

std::optional<HashKey> EffectiveHashKey(
    std::string_view partition_key,
    std::optional<std::string_view> explicit_hash_key) {
  if (explicit_hash_key) return ParseHashKey(*explicit_hash_key);
  return HashKeyOf(Md5(AsBytes(partition_key)));
}

}  // namespace thresh
