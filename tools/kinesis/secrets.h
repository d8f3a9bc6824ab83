// What may be shown of texts that a service sends. It has seen the requests,
// so it could send back what they are signed with.
#ifndef THRESH_TOOLS_KINESIS_SECRETS_H_
#define THRESH_TOOLS_KINESIS_SECRETS_H_

#include <string>
#include <string_view>
#include <vector>

#include "kinesis/credentials.h"

namespace thresh::kinesis {

class Secrets {
 public:
  // Knows no credentials, only what they look like.
  Secrets() = default;
  explicit Secrets(const Credentials& credentials);

  // `text` as Printable has it, cut to some 1,000 bytes, with "[redacted]" for
  // - every piece of 12 bytes or more of the access key id, the secret key and
  //   the session token; for those of fewer bytes the whole, from 8 bytes on;
  // - values of members, headers and parameters that are named authorization,
  //   credential, signature, or as keys and tokens are;
  // - access key ids of any account, and 64 hexadecimal digits or more.
  // Encodings of them (base64, percent signs) are not recognised.
  [[nodiscard]] std::string Shown(std::string_view text) const;

 private:
  std::vector<std::string> secrets_;
};

}  // namespace thresh::kinesis

#endif  // THRESH_TOOLS_KINESIS_SECRETS_H_
