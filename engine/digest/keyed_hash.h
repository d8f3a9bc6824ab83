// Hashes that whoever wrote an archive cannot prepare for: they depend on a
// secret that is drawn at random for each process. Tables and sets of what
// comes from archives use these alone. No result may depend on their values.
#ifndef THRESH_DIGEST_KEYED_HASH_H_
#define THRESH_DIGEST_KEYED_HASH_H_

#include <cstdint>

#include "digest/canonical_encoding.h"
#include "digest/hash128.h"
#include "thresh/bytes.h"
#include "thresh/result.h"

namespace thresh {

// Draws the secret if that has not been done, and returns the error if the
// system gives no random bytes. What hashes must not be used before this has
// succeeded once; thread-safe.
Result<void> DrawHashSecret();

// For tables that compare keys besides: equal hashes of different keys cost
// time and no more.
uint64_t KeyedHash64(Bytes bytes);

// For sets that keep hashes alone. For any two different messages that were
// chosen without the secret the hashes are equal with a probability of about
// 2^-63 or less, whatever the messages are; for messages that were not chosen
// to this end, 2^-128.
Hash128 KeyedHash128(Bytes bytes);

// The same of the record's canonical encoding.
Hash128 KeyedHash128(const EncodedRecord& record);

}  // namespace thresh

#endif  // THRESH_DIGEST_KEYED_HASH_H_
