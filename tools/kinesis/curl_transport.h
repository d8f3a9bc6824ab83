// The way to a real endpoint: HTTP by libcurl, which signs requests itself
// (AWS Signature Version 4).
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
  std::string region;  // that signatures name
  std::chrono::milliseconds timeout{60'000};  // of a request, reply included
  // A file of certificates that alone may sign the endpoint's; empty: those
  // that the system trusts.
  std::string authorities;
  // Whether a url of http:// may name another machine than this one.
  bool allow_http = false;
};

// Keeps its connection from request to request, and follows no redirection.
// Fails with code kInvalidArgument for a URL that is none or not allowed.
[[nodiscard]] Result<std::unique_ptr<Transport>> OpenCurlTransport(
    const Endpoint& endpoint, const Credentials& credentials);

}  // namespace thresh::kinesis

#endif  // THRESH_TOOLS_KINESIS_CURL_TRANSPORT_H_
