#include "filter/regex.h"

#include <re2/re2.h>

#include "base/errors.h"

namespace thresh {

Result<Regex> Regex::Compile(const std::string& expression) {
  auto compiled = std::make_shared<re2::RE2>(expression, re2::RE2::Quiet);
  if (!compiled->ok()) {
    return tl::unexpected(InvalidArgument("'" + expression +
                                              "' is not a valid regular "
                                              "expression: " +
                                              compiled->error(),
                                          "write it in the syntax of RE2"));
  }
  Regex regex;
  regex.compiled_ = std::move(compiled);
  return regex;
}

bool Regex::Matches(std::string_view text) const {
  return re2::RE2::FullMatch(re2::StringPiece(text.data(), text.size()),
                             *compiled_);
}

}  // namespace thresh
