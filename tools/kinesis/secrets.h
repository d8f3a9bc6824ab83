// Makes texts that a service sends safe to show. The service has seen the
// requests, so it could return the credentials they are signed with.
#ifndef THRESH_TOOLS_KINESIS_SECRETS_H_
#define THRESH_TOOLS_KINESIS_SECRETS_H_

#include <string>
#include <string_view>
#include <vector>

#include "kinesis/credentials.h"

namespace thresh::kinesis {

class Secrets {
 public:
  // Has no credentials; recognizes only their forms.
  Secrets() = default;
  explicit Secrets(const Credentials& credentials);

  // `text` as Printable returns it, cut to about 1,000 bytes, with "[redacted]"
  // for
  // - every piece of 12 bytes or more of the access key id, the secret key and
  //   the session token; if these have fewer bytes, the whole value, from 8
  //   bytes on;
  // - values of members, headers and parameters that are named authorization,
  //   credential, signature, or like keys and tokens;
  // - access key ids of any account, and 64 hexadecimal digits or more.
  // Encodings of them (base64, percent signs) are not recognized.
  [[nodiscard]] std::string Shown(std::string_view text) const;

 private:
  std::vector<std::string> secrets_;
};

}  // namespace thresh::kinesis

#endif  // THRESH_TOOLS_KINESIS_SECRETS_H_
