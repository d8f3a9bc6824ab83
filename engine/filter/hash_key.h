// Hash keys of user records: what Kinesis would have assigned them to shards
// by, had they not been packed into one record.
#ifndef THRESH_FILTER_HASH_KEY_H_
#define THRESH_FILTER_HASH_KEY_H_

#include <optional>
#include <string_view>

#include "digest/md5.h"
#include "thresh/filter.h"

namespace thresh {

// An explicit hash key: decimal digits, below 2^128. Null for anything else.
std::optional<HashKey> ParseExplicitHashKey(std::string_view text);

// That of a partition key with this digest, which is read big endian.
HashKey HashKeyOf(const Md5Digest& digest);

}  // namespace thresh

#endif  // THRESH_FILTER_HASH_KEY_H_
