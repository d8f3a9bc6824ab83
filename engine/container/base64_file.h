// Base64 of a whole file of blobs: one text, on one line or wrapped, in which
// blobs end anywhere.
#ifndef THRESH_CONTAINER_BASE64_FILE_H_
#define THRESH_CONTAINER_BASE64_FILE_H_

#include <optional>
#include <string>
#include <string_view>

#include "container/blob_end.h"

namespace thresh {

// Whether that text, with lines joined, begins with a blob. `text` is its start
// (all of it if `whole`).
SearchOutcome FindBlobInBase64(std::string_view text, bool whole);

// The remedy for `text`, the first bytes of a file; null if it is not such a
// text.
std::optional<std::string> RemedyForBase64File(std::string_view text);

// The remedy for `text`, the first bytes of a file, if they are base64 of gzip
// or zstd data, of the whole file or one per line; otherwise null.
std::optional<std::string> RemedyForCompressedBase64(std::string_view text);

}  // namespace thresh

#endif  // THRESH_CONTAINER_BASE64_FILE_H_
