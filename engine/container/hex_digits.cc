#include "container/hex_digits.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "container/blobs.h"
#include "container/dump_text.h"
#include "container/record_digest.h"
#include "thresh/bytes.h"

namespace thresh {
namespace {

// Whether the digits of `line` are one blob whose digest matches.
bool IsOneBlob(std::string_view line) {
  const std::string bytes = BytesShown({line}, false);
  if (!StartsWithBlob(AsBytes(bytes))) return false;
  return DigestMatches(AsBytes(bytes));
}

struct HexText {
  size_t digits = 0;
  bool has_letter = false;
  bool has_commas = false;
  bool has_stars = false;  // lines that were left out
};

// Null if there is anything but digits and their usual delimiters.
std::optional<HexText> ReadHexText(std::string_view text) {
  const bool may_have_commas = text.starts_with("0x");
  HexText hex;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (kHexDigits.find(c) != std::string_view::npos) {
      ++hex.digits;
      hex.has_letter = hex.has_letter || c > '9';
    } else if (c == '*' && i > 0 && text[i - 1] == '\n') {
      hex.has_stars = true;
    } else if ((c == 'x' || c == 'X') && i > 0 &&
               (text[i - 1] == '\\' || text[i - 1] == '0')) {
      hex.digits -= text[i - 1] == '0' ? 1 : 0;
    } else if (c == ',' && may_have_commas) {
      hex.has_commas = true;
    } else if (c != '\\' && c != ':' &&
               std::string_view(" \t\r\n").find(c) == std::string_view::npos) {
      return std::nullopt;
    }
  }
  return hex;
}

}  // namespace

std::optional<std::string> RemedyForHexDigits(std::string_view text) {
  constexpr size_t kFewest = 16;
  const std::optional<HexText> hex = ReadHexText(text);
  if (!hex || hex->digits < kFewest || !hex->has_letter) return std::nullopt;
  const std::vector<std::string_view> lines = FirstLinesOf(text);
  const DumpGroups groups = SplitGroups(lines.front());
  // od without addresses prints numbers.
  const bool has_numbers =
      groups.size() > 1 && groups[0].size() > 2 &&
      groups[0].find_first_not_of(kHexDigits) == std::string_view::npos &&
      !BytesShown(groups, false).starts_with("\xF3\x89\x9A\xC2");
  if (hex->has_stars || has_numbers) return kDumpAgain;
  const auto starts_record = [](std::string_view line) {
    return line.starts_with("\\x") || line.starts_with("f3899ac2") ||
           line.starts_with("F3899AC2") || line.starts_with("0x");
  };
  const bool all_start = std::ranges::all_of(lines, starts_record);
  const std::string_view longest =
      std::ranges::max(lines, {}, &std::string_view::size);
  const bool wraps = lines.size() == 1 ||
                     std::ranges::all_of(lines.begin(), lines.end() - 1,
                                         [longest](std::string_view line) {
                                           return line.size() == longest.size();
                                         });
  if (lines.size() > 1 && groups.size() == 1 && !hex->has_commas &&
      (all_start || !wraps || IsOneBlob(lines.front()))) {
    return "make base64 of each line: python3 -c 'import base64,re,sys; "
           "[print(base64.b64encode(bytes.fromhex(re.sub(r\"0[xX]|[\\\\xX:"
           "\\s\\ufeff]\","
           "\"\",l))).decode()) for l in sys.stdin]' < FILE > NEW";
  }
  if (hex->has_commas) {
    return "make bytes of it: python3 -c 'import sys; "
           "sys.stdout.buffer.write(bytes(int(x,16) for x in "
           "sys.stdin.read().replace(\",\",\" \").split()))' < FILE > NEW";
  }
  return "make bytes of it: python3 -c 'import re,sys; "
         "sys.stdout.buffer.write(bytes.fromhex(re.sub(r\"0[xX]|[\\\\xX:,"
         "\\s\\ufeff]\","
         "\"\",sys.stdin.read())))' < FILE > NEW";
}

}  // namespace thresh
