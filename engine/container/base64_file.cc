#include "container/base64_file.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/lenient_base64.h"
#include "container/base64_line.h"
#include "container/base64_wrapped.h"
#include "thresh/bytes.h"

namespace thresh {
namespace {

constexpr std::string_view kStandardAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\n";

}  // namespace

SearchOutcome FindBlobInBase64(std::string_view text, bool whole) {
  std::string joined;
  bool padded = false;  // nothing of the text follows
  for (const char c : text) {
    if (std::string_view(" \t\r\n\"").find(c) != std::string_view::npos) {
      continue;
    }
    if (c == '=') {
      padded = true;
      break;
    }
    if (kStandardAlphabet.find(c) == std::string_view::npos && c != '-' &&
        c != '_') {
      return SearchOutcome::kNone;
    }
    joined += c;
  }
  if (!joined.starts_with(kEncodedMagic)) return SearchOutcome::kNone;
  std::vector<uint8_t> bytes(LenientBase64Size(joined.size()));
  std::optional<size_t> size;
  if (whole || padded) {
    size = LenientBase64Decode(AsBytes(joined), bytes.data());
  }
  if (!size.has_value()) {
    joined.resize(joined.size() / 4 * 4);
    size = LenientBase64Decode(AsBytes(joined), bytes.data());
  }
  if (!size.has_value()) return SearchOutcome::kNone;
  const BlobEnd end = FindBlobEnd(Bytes(bytes.data(), *size), whole || padded);
  // The text may end where the blob does; it is then a record.
  const bool ends_here =
      end.outcome == SearchOutcome::kFound && end.size == *size;
  return ends_here && !whole ? SearchOutcome::kNeedsMore : end.outcome;
}

std::optional<std::string> RemedyForBase64File(std::string_view text) {
  std::string_view line = text.substr(0, text.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.starts_with('"')) line.remove_prefix(1);
  if (!StartsWrapped(AsBytes(line)) &&
      FindBlobInBase64(text, true) != SearchOutcome::kFound) {
    return std::nullopt;
  }
  if (text.find_first_not_of(kStandardAlphabet) == std::string_view::npos) {
    return "decode it first: base64 -d FILE > NEW";
  }
  return "decode it first: python3 -c 'import base64,re,sys; "
         "t=re.sub(r\"[\\s\\ufeff\\x22]\",\"\",sys.stdin.read()).rstrip(\"=\")."
         "translate({45:"
         "43,95:47}); "
         "sys.stdout.buffer.write(base64.b64decode(t+\"=\"*(-len(t)%4),"
         "validate=True))' < FILE > NEW";
}

std::optional<std::string> RemedyForCompressedBase64(std::string_view text) {
  struct Compression {
    std::string_view start;  // of its data in base64
    const char* command;
  };
  constexpr std::array<Compression, 2> kCompressions = {
      {{"H4sI", "gzip"}, {"KLUv/", "zstd"}}};
  const auto* compression =
      std::ranges::find_if(kCompressions, [text](const Compression& known) {
        return text.starts_with(known.start);
      });
  if (compression == kCompressions.end()) return std::nullopt;
  std::string_view line = text.substr(0, text.find('\n'));
  const std::string_view next =
      text.substr(std::min(line.size() + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.find_first_not_of(kStandardAlphabet) != std::string_view::npos) {
    return std::nullopt;
  }
  if (!next.starts_with(compression->start)) {
    return "decode it first: base64 -d FILE > NEW";
  }
  return "decompress each line: while read -r l; do echo \"$l\" | base64 -di "
         "| " +
         std::string(compression->command) + " -dc; done < FILE > NEW";
}

}  // namespace thresh
