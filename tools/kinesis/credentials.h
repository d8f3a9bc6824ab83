// The credentials that sign requests, from the same places as the AWS tools, as
// far as these are plain variables and files.
#ifndef THRESH_TOOLS_KINESIS_CREDENTIALS_H_
#define THRESH_TOOLS_KINESIS_CREDENTIALS_H_

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "thresh/result.h"

namespace thresh::kinesis {

// Secret: for the transport only, never in a message or a file.
struct Credentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;  // empty: none
};

// The value of an environment variable, or null.
using Environment =
    std::function<std::optional<std::string>(const std::string& name)>;

// With a `profile`, reads it from the credentials file, which is
// AWS_SHARED_CREDENTIALS_FILE or ~/.aws/credentials. Without, uses
// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN; if these are
// not set, the profile named by AWS_PROFILE, or "default".
[[nodiscard]] Result<Credentials> FindCredentials(
    const std::string& profile, const Environment& environment);

// The same from the content of a credentials file, whose name is used in
// errors.
[[nodiscard]] Result<Credentials> ParseCredentials(std::string_view content,
                                                   const std::string& profile,
                                                   const std::string& file);

}  // namespace thresh::kinesis

#endif  // THRESH_TOOLS_KINESIS_CREDENTIALS_H_
