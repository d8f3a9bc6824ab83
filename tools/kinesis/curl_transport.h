// The transport to a real endpoint: HTTP by libcurl, which signs requests (AWS
// Signature Version 4).
#ifndef THRESH_TOOLS_KINESIS_CURL_TRANSPORT_H_
#define THRESH_TOOLS_KINESIS_CURL_TRANSPORT_H_

#include <chrono>
#include <memory>
#include <string>

#include "kinesis/credentials.h"
#include "kinesis/transport.h"
#include "thresh/result.h"

namespace thresh::kinesis {

struct Endpoint {
  std::string url;     // http:// or https://, without a path
  std::string region;  // used in signatures
  std::chrono::milliseconds timeout{60'000};  // of a request and its reply
  // A file of CA certificates, the only ones trusted for the endpoint; empty:
  // those that the system trusts.
  std::string authorities;
  // Whether an http:// URL may refer to another machine.
  bool allow_http = false;
};

// Keeps its connection between requests and does not follow redirects. Fails
// with code kInvalidArgument for a URL that is not valid or not allowed.
[[nodiscard]] Result<std::unique_ptr<Transport>> OpenCurlTransport(
    const Endpoint& endpoint, const Credentials& credentials);

}  // namespace thresh::kinesis

#endif  // THRESH_TOOLS_KINESIS_CURL_TRANSPORT_H_
