// In a build without RE2.
#include "base/errors.h"
#include "filter/regex.h"

namespace thresh {

Result<Regex> Regex::Compile(const std::string& expression) {
  return tl::unexpected(InvalidArgument(
      "'" + expression + "' cannot be matched: this build of thresh has no RE2",
      "use a shell pattern, or build thresh with RE2"));
}

// There is none to match with.
// NOLINTNEXTLINE(readability-convert-member-functions-to-static)
bool Regex::Matches(std::string_view /*text*/) const { return false; }

}  // namespace thresh
