// The connection to a service: one request, one reply. Replies are not
// interpreted here.
#ifndef THRESH_TOOLS_KINESIS_TRANSPORT_H_
#define THRESH_TOOLS_KINESIS_TRANSPORT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "kinesis/secrets.h"
#include "thresh/result.h"

namespace thresh::kinesis {

struct HttpReply {
  int64_t status = 0;
  std::string body;
};

class Transport {
 public:
  // A transport without credentials.
  Transport() = default;
  explicit Transport(Secrets secrets) : secrets_(std::move(secrets)) {}
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;
  virtual ~Transport() = default;

  // Posts `body` to the service as a request for `action`, such as PutRecords.
  // Fails if there was no reply, whether or not the request arrived: with code
  // kIo if a retry may succeed, else (the endpoint's name, its certificate)
  // with code kInvalidArgument.
  [[nodiscard]] virtual Result<HttpReply> Post(std::string_view action,
                                               std::string_view body) = 0;

  // The form of a text from the service that is safe to show; see Secrets.
  [[nodiscard]] std::string Shown(std::string_view text) const {
    return secrets_.Shown(text);
  }

 private:
  Secrets secrets_;
};

}  // namespace thresh::kinesis

#endif  // THRESH_TOOLS_KINESIS_TRANSPORT_H_
