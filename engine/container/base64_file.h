// Base64 of a whole file of blobs: one text, in a line or wrapped, in which
// blobs end anywhere.
#ifndef THRESH_CONTAINER_BASE64_FILE_H_
#define THRESH_CONTAINER_BASE64_FILE_H_

#include <optional>
#include <string>
#include <string_view>

#include "container/blob_end.h"

namespace thresh {

// Whether a blob begins that text, lines joined, of which `text` is the start
// (all of it if `whole`).
Search FindBlobInBase64(std::string_view text, bool whole);

// The remedy for `text`, the first bytes of a file; null if it is no such text.
std::optional<std::string> RemedyForBase64File(std::string_view text);

// The remedy for `text`, the first bytes of a file, if they are base64 of gzip
// or zstd data, of the whole file or a line each; else null.
std::optional<std::string> RemedyForCompressedBase64(std::string_view text);

}  // namespace thresh

#endif  // THRESH_CONTAINER_BASE64_FILE_H_
