#include "container/dump_text.h"

#include <algorithm>
#include <charconv>
#include <cstddef>

namespace thresh {
namespace {

// The number of bytes at the start that are examined.
constexpr size_t kSeenBytes = size_t{16} << 10;
constexpr std::string_view kBetweenGroups = " \t\r\n";

}  // namespace

DumpGroups SplitGroups(std::string_view text) {
  DumpGroups groups;
  while (true) {
    const size_t begin = text.find_first_not_of(kBetweenGroups);
    if (begin == std::string_view::npos) return groups;
    text.remove_prefix(begin);
    const size_t size =
        std::min(text.find_first_of(kBetweenGroups), text.size());
    groups.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
}

std::vector<std::string_view> FirstLinesOf(std::string_view text) {
  const bool cut = text.size() > kSeenBytes;
  text = text.substr(0, kSeenBytes);
  std::vector<std::string_view> lines;
  for (size_t at = 0; at < text.size();) {
    const size_t feed = text.find('\n', at);
    if (feed == std::string_view::npos && cut && !lines.empty()) break;
    const size_t end = std::min(feed, text.size());
    std::string_view line = text.substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) lines.push_back(line);
    at = end + 1;
  }
  return lines;
}

std::optional<uint64_t> NumberOf(std::string_view digits, int base) {
  uint64_t number = 0;
  const auto [stop, error] = std::from_chars(
      digits.data(), digits.data() + digits.size(), number, base);
  const bool whole = stop == digits.data() + digits.size();
  if (error != std::errc() || !whole) return std::nullopt;
  return number;
}

std::string BytesShown(const DumpGroups& groups, bool little_endian) {
  std::string bytes;
  for (const std::string_view group : groups) {
    std::string piece;
    for (size_t i = 0; i + 2 <= group.size(); i += 2) {
      piece += static_cast<char>(NumberOf(group.substr(i, 2), 16).value_or(0));
    }
    if (little_endian) std::ranges::reverse(piece);
    bytes += piece;
  }
  return bytes;
}

}  // namespace thresh
