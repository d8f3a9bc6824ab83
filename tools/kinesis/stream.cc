// See stream.h.
#include "kinesis/stream.h"

#include <algorithm>
#include <vector>

#include "base/printable.h"
#include "kinesis/failed.h"

namespace thresh::kinesis {
namespace {

constexpr size_t kLongestName = 128;
constexpr size_t kArnParts = 6;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsWordCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || IsDigit(c) ||
         c == '_' || c == '.' || c == '-';
}

bool IsName(std::string_view text) {
  return !text.empty() && text.size() <= kLongestName &&
         std::ranges::all_of(text, IsWordCharacter);
}

std::vector<std::string_view> SplitAtColons(std::string_view text) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t colon = text.find(':');
    parts.push_back(text.substr(0, colon));
    if (colon == std::string_view::npos) return parts;
    text.remove_prefix(colon + 1);
  }
}

}  // namespace

Result<Stream> ParseStream(std::string_view text) {
  if (IsName(text)) return Stream{.text = std::string(text), .region = {}};
  constexpr std::string_view kResource = "stream/";
  const std::vector<std::string_view> parts = SplitAtColons(text);
  const bool is_arn = parts.size() == kArnParts && parts[0] == "arn" &&
                      IsName(parts[1]) && parts[2] == "kinesis" &&
                      IsName(parts[3]) && !parts[4].empty() &&
                      std::ranges::all_of(parts[4], IsDigit) &&
                      parts[5].starts_with(kResource) &&
                      IsName(parts[5].substr(kResource.size()));
  if (!is_arn) {
    return Failed(ErrorCode::kInvalidArgument,
                  "'" + Printable(text) + "' is not the name of a stream",
                  "give its name, or its ARN "
                  "arn:aws:kinesis:REGION:ACCOUNT:stream/NAME");
  }
  return Stream{.text = std::string(text),
                .is_arn = true,
                .region = std::string(parts[3]),
                .partition = std::string(parts[1])};
}

std::string DefaultEndpoint(const Stream& stream, const std::string& region) {
  const bool in_china =
      stream.partition == "aws-cn" || region.starts_with("cn-");
  return "https://kinesis." + region + ".amazonaws.com" +
         (in_china ? ".cn" : "");
}

}  // namespace thresh::kinesis
