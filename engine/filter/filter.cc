// Parses the text of filters.
#include "thresh/filter.h"

#include <utility>

#include "base/errors.h"
#include "base/time.h"
#include "filter/record_filter.h"

namespace thresh {
namespace {

// An end of a hash range.
std::optional<HashKey> ParseEnd(std::string_view text) {
  if (text.starts_with("0x") || text.starts_with("0X")) {
    return ParseHashKey(text.substr(2), 16);
  }
  return ParseHashKey(text);
}

}  // namespace

Result<void> CheckFilter(const Filter& filter) {
  Result<RecordFilter> compiled = RecordFilter::Compile(filter);
  if (!compiled) return tl::unexpected(std::move(compiled.error()));
  return {};
}

Result<HashRange> ParseHashRange(std::string_view text) {
  const size_t dash = text.find('-');
  const auto wrong = [text](const std::string& what) {
    return tl::unexpected(InvalidArgument(
        "'" + std::string(text) + "' is not a hash range" + what,
        "write two numbers below 2^128, decimal or hexadecimal after 0x, the "
        "lower one first, as in 0-0x7fffffffffffffffffffffffffffffff"));
  };
  if (dash == std::string_view::npos) return wrong("");
  const std::optional<HashKey> first = ParseEnd(text.substr(0, dash));
  const std::optional<HashKey> last = ParseEnd(text.substr(dash + 1));
  if (!first || !last) return wrong("");
  if (*last < *first) return wrong(": it ends before it starts");
  return HashRange{*first, *last};
}

Result<int64_t> ParseTime(std::string_view text) {
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  std::optional<int64_t> time = ParseIsoTime(text);
  if (!time && !digits.empty() && digits[0] >= '0' && digits[0] <= '9') {
    time = ParseEpoch(text);
  }
  if (time) return *time;
  return tl::unexpected(
      InvalidArgument("'" + std::string(text) + "' is not a time",
                      "write it as 2025-06-15T15:06:40Z, with Z or an offset, "
                      "or in seconds since 1970"));
}

}  // namespace thresh
