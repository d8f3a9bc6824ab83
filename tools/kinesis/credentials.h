// Who signs the requests: from where the AWS tools take it, as far as these
// places are plain ones.
#ifndef THRESH_TOOLS_KINESIS_CREDENTIALS_H_
#define THRESH_TOOLS_KINESIS_CREDENTIALS_H_

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "thresh/result.h"

namespace thresh::kinesis {

// Secrets: for the transport alone, never for a message or a file.
struct Credentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;  // empty: none
};

// The value of an environment variable, or null.
using Environment =
    std::function<std::optional<std::string>(const std::string& name)>;

// With a `profile`, that one's of the credentials file, which is
// AWS_SHARED_CREDENTIALS_FILE or ~/.aws/credentials. Without,
// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN; and where
// these are not set the profile that AWS_PROFILE names, or "default".
[[nodiscard]] Result<Credentials> FindCredentials(
    const std::string& profile, const Environment& environment);

// The same from the content of a credentials file, whose name is for errors.
[[nodiscard]] Result<Credentials> ParseCredentials(std::string_view content,
                                                   const std::string& profile,
                                                   const std::string& file);

}  // namespace thresh::kinesis

#endif  // THRESH_TOOLS_KINESIS_CREDENTIALS_H_
