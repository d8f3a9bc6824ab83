// See secrets.h.
#include "kinesis/secrets.h"

#include <re2/re2.h>

#include <algorithm>
#include <cstddef>

#include "base/printable.h"

namespace thresh::kinesis {
namespace {

// More than is shown, so that text is redacted before it is cut off.
constexpr size_t kMaxReadBytes = 4096;
constexpr size_t kMaxShownBytes = 1000;
constexpr size_t kPiece = 12;    // of a secret
constexpr size_t kShortest = 8;  // shorter ones are not secret: "test", "none"
constexpr char kRedacted[] = "[redacted]";

// The start of `text`, at most `size` bytes, of whole UTF-8 characters.
std::string_view Front(std::string_view text, size_t size) {
  if (text.size() <= size) return text;
  while (size > 0 && (text[size] & 0xC0) == 0x80) --size;
  return text.substr(0, size);
}

// Marks in `hidden` the bytes of `text` that are part of a piece of `secret`.
void Mark(std::string_view secret, std::string_view text,
          std::vector<bool>* hidden) {
  const size_t size = std::min(kPiece, secret.size());
  for (size_t start = 0; start + size <= secret.size(); ++start) {
    const std::string_view piece = secret.substr(start, size);
    for (size_t at = text.find(piece); at != std::string_view::npos;
         at = text.find(piece, at + 1)) {
      std::fill_n(hidden->begin() + static_cast<std::ptrdiff_t>(at), size,
                  true);
    }
  }
}

// Replaces anything that looks like a signature or a credential, of any
// account.
void RedactByLooks(std::string* text) {
  static const re2::RE2 kHeader(
      R"re((?i)(authorization["']?\s*[:=]\s*["']?)[^\r\n"']+)re",
      re2::RE2::Latin1);
  static const re2::RE2 kParameter(
      R"re((?i)((?:signature|credential|security-?token|session-?token|)re"
      R"re(secret-?access-?key|access-?key-?id)["']?\s*[:=]\s*["']?))re"
      R"re([^\s,;&"']+)re",
      re2::RE2::Latin1);
  static const re2::RE2 kBare("(?:AKIA|ASIA)[A-Z0-9]{12,}|[0-9A-Fa-f]{64,}",
                              re2::RE2::Latin1);
  re2::RE2::GlobalReplace(text, kHeader, R"(\1[redacted])");
  re2::RE2::GlobalReplace(text, kParameter, R"(\1[redacted])");
  re2::RE2::GlobalReplace(text, kBare, kRedacted);
}

}  // namespace

Secrets::Secrets(const Credentials& credentials) {
  for (const std::string& secret :
       {credentials.access_key_id, credentials.secret_access_key,
        credentials.session_token}) {
    if (secret.size() >= kShortest) secrets_.push_back(secret);
  }
}

std::string Secrets::Shown(std::string_view text) const {
  const std::string_view read = Front(text, kMaxReadBytes);
  std::vector<bool> hidden(read.size());
  for (const std::string& secret : secrets_) Mark(secret, read, &hidden);
  std::string shown;
  for (size_t i = 0; i < read.size(); ++i) {
    if (!hidden[i]) {
      shown += read[i];
    } else if (i == 0 || !hidden[i - 1]) {
      shown += kRedacted;
    }
  }
  RedactByLooks(&shown);
  const bool is_whole =
      read.size() == text.size() && shown.size() <= kMaxShownBytes;
  shown.assign(Front(shown, kMaxShownBytes));
  return Printable(shown) + (is_whole ? "" : "...");
}

}  // namespace thresh::kinesis
