// Hashes that the writer of an archive cannot predict: they depend on a secret
// that is drawn at random for each process. Tables and sets of data from
// archives use only these. No result may depend on their values.
#ifndef THRESH_DIGEST_KEYED_HASH_H_
#define THRESH_DIGEST_KEYED_HASH_H_

#include <cstdint>

#include "digest/canonical_encoding.h"
#include "digest/hash128.h"
#include "thresh/bytes.h"
#include "thresh/result.h"

namespace thresh {

// Draws the secret if that has not been done, and returns an error if the
// system does not provide random bytes. The hashes must not be used before this
// has succeeded once; thread-safe.
Result<void> DrawHashSecret();

// For tables that also compare keys: equal hashes of different keys only cost
// time.
uint64_t KeyedHash64(Bytes bytes);

// For sets that store only hashes. For any two different messages that were
// chosen without the secret, the hashes are equal with a probability of about
// 2^-63 or less; for messages that were not chosen to collide, 2^-128.
Hash128 KeyedHash128(Bytes bytes);

// The same for the record's canonical encoding.
Hash128 KeyedHash128(const EncodedRecord& record);

}  // namespace thresh

#endif  // THRESH_DIGEST_KEYED_HASH_H_
