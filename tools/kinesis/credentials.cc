// See credentials.h.
#include "kinesis/credentials.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/printable.h"
#include "io/read.h"
#include "kinesis/failed.h"

namespace thresh::kinesis {
namespace {

constexpr size_t kMaxBytes = size_t{1} << 20;
constexpr const char* kRemedy =
    "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile of "
    "~/.aws/credentials that has keys; 'aws configure export-credentials "
    "--format env' prints those of others";

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r";
  const size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

// Sets the member that a line "name = value" names.
void ReadSetting(std::string_view line, Credentials* credentials) {
  const size_t equals = line.find('=');
  if (equals == std::string_view::npos) return;
  const std::string_view name = Trim(line.substr(0, equals));
  const std::string_view value = Trim(line.substr(equals + 1));
  if (name == "aws_access_key_id") credentials->access_key_id = value;
  if (name == "aws_secret_access_key") credentials->secret_access_key = value;
  if (name == "aws_session_token") credentials->session_token = value;
}

// They become part of HTTP headers. Errors do not show any part of them.
Result<Credentials> Checked(Credentials credentials, const std::string& from) {
  const auto is_plain = [](const std::string& text) {
    return std::ranges::all_of(text,
                               [](char c) { return c > ' ' && c <= '~'; });
  };
  if (is_plain(credentials.access_key_id) &&
      is_plain(credentials.secret_access_key) &&
      is_plain(credentials.session_token)) {
    return credentials;
  }
  return Failed(ErrorCode::kIo,
                "a key or token contains a space, a line end or another "
                "invalid character",
                "copy it again", from);
}

// The value of `variable`; empty if it is not set.
std::string ValueOf(const Environment& environment, const char* variable) {
  return environment(variable).value_or("");
}

}  // namespace

Result<Credentials> ParseCredentials(std::string_view content,
                                     const std::string& profile,
                                     const std::string& file) {
  Credentials credentials;
  bool is_here = false;
  while (!content.empty()) {
    const size_t end = std::min(content.find('\n'), content.size());
    const std::string_view line = Trim(content.substr(0, end));
    content.remove_prefix(std::min(end + 1, content.size()));
    if (line.empty() || line[0] == '#' || line[0] == ';') continue;
    if (line[0] == '[') {
      is_here = line.back() == ']' &&
                Trim(line.substr(1, line.size() - 2)) == profile;
    } else if (is_here) {
      ReadSetting(line, &credentials);
    }
  }
  if (credentials.access_key_id.empty() ||
      credentials.secret_access_key.empty()) {
    return Failed(ErrorCode::kIo,
                  "has no keys of the profile '" + Printable(profile) + "'",
                  kRemedy, file);
  }
  return Checked(std::move(credentials), file);
}

Result<Credentials> FindCredentials(const std::string& profile,
                                    const Environment& environment) {
  Credentials credentials{
      .access_key_id = ValueOf(environment, "AWS_ACCESS_KEY_ID"),
      .secret_access_key = ValueOf(environment, "AWS_SECRET_ACCESS_KEY"),
      .session_token = ValueOf(environment, "AWS_SESSION_TOKEN")};
  const bool has_id = !credentials.access_key_id.empty();
  const bool has_secret = !credentials.secret_access_key.empty();
  if (profile.empty() && has_id != has_secret) {
    return Failed(
        ErrorCode::kIo,
        "only one of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY is set",
        "set both, or none to use a profile");
  }
  if (profile.empty() && has_id) {
    return Checked(std::move(credentials), "the environment");
  }
  std::string wanted = profile;
  if (wanted.empty()) wanted = ValueOf(environment, "AWS_PROFILE");
  if (wanted.empty()) wanted = "default";
  std::string path = ValueOf(environment, "AWS_SHARED_CREDENTIALS_FILE");
  if (path.empty()) path = ValueOf(environment, "HOME") + "/.aws/credentials";
  const Descriptor file = OpenToRead(path);
  const std::optional<std::string> content =
      file.is_open() ? ReadToEnd(file.number(), kMaxBytes) : std::nullopt;
  if (!content || content->size() > kMaxBytes) {
    return Failed(
        ErrorCode::kIo,
        (profile.empty() ? "no credentials: the environment has none, and "
                         : "no credentials: ") +
            Printable(path) + " cannot be read",
        kRemedy);
  }
  return ParseCredentials(*content, wanted, path);
}

}  // namespace thresh::kinesis
