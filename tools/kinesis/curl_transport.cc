// See curl_transport.h. The headers that are given to libcurl are signed, so
// there must be none that it would not send.
#include "kinesis/curl_transport.h"

#include <curl/curl.h>

#include <memory>
#include <new>
#include <utility>

#include "kinesis/failed.h"
#include "text/printable.h"

namespace thresh::kinesis {
namespace {

// More than a reply to 500 records, or a thousand shards, can have.
constexpr size_t kMostReplyBytes = size_t{16} << 20;
constexpr long kConnectMilliseconds = 10'000;

struct Free {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Handle = std::unique_ptr<CURL, Free>;
using Headers = std::unique_ptr<curl_slist, Free>;
using Url = std::unique_ptr<CURLU, Free>;

void Add(const std::string& header, Headers* headers) {
  curl_slist* const longer = curl_slist_append(headers->get(), header.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  static_cast<void>(headers->release());
  headers->reset(longer);
}

// libcurl's callback: what is not taken in full ends the transfer.
size_t Receive(char* data, size_t size, size_t count, void* reply) {
  std::string* const body = static_cast<std::string*>(reply);
  const size_t bytes = size * count;
  if (body->size() + bytes > kMostReplyBytes) return 0;
  body->append(data, bytes);
  return bytes;
}

// Whether another attempt may do better.
bool MayPass(CURLcode code) {
  switch (code) {
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_WRITE_ERROR:
      return false;
    default:
      return true;
  }
}

class CurlTransport : public Transport {
 public:
  CurlTransport(Handle handle, std::string url, std::string token)
      : handle_(std::move(handle)),
        url_(std::move(url)),
        token_(std::move(token)) {}

  Result<HttpReply> Post(std::string_view action,
                         std::string_view body) override {
    Headers headers;
    Add("Content-Type: application/x-amz-json-1.1", &headers);
    Add("X-Amz-Target: Kinesis_20131202." + std::string(action), &headers);
    if (!token_.empty()) Add("X-Amz-Security-Token: " + token_, &headers);
    HttpReply reply;
    CURL* const handle = handle_.get();
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, body.data());
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &reply.body);
    const CURLcode code = curl_easy_perform(handle);
    // They go out of scope.
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, nullptr);
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, nullptr);
    if (code != CURLE_OK) {
      return Failed(
          MayPass(code) ? ErrorCode::kIo : ErrorCode::kInvalidArgument,
          curl_easy_strerror(code), "is the endpoint right?", url_);
    }
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &reply.status);
    return reply;
  }

 private:
  Handle handle_;
  std::string url_;
  std::string token_;
};

// Whether requests can be sent to `text`.
bool IsEndpoint(const std::string& text) {
  if (!text.starts_with("http://") && !text.starts_with("https://")) {
    return false;
  }
  const Url url(curl_url());
  if (url == nullptr ||
      curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) {
    return false;
  }
  char* path = nullptr;
  if (curl_url_get(url.get(), CURLUPART_PATH, &path, 0) != CURLUE_OK) {
    return false;
  }
  const bool at_root = std::string_view(path) == "/";
  curl_free(path);
  return at_root;
}

}  // namespace

Result<std::unique_ptr<Transport>> OpenCurlTransport(
    const Endpoint& endpoint, const Credentials& credentials) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  Handle handle(ready == CURLE_OK ? curl_easy_init() : nullptr);
  if (handle == nullptr) {
    return Failed(ErrorCode::kIo, "libcurl cannot be used");
  }
  if (!IsEndpoint(endpoint.url)) {
    return Failed(ErrorCode::kInvalidArgument,
                  "'" + Printable(endpoint.url) + "' is no endpoint",
                  "give a URL such as https://kinesis.us-east-1.amazonaws.com");
  }
  const auto set = [&handle](CURLoption option, auto value) {
    return curl_easy_setopt(handle.get(), option, value) == CURLE_OK;
  };
  const std::string signing = "aws:amz:" + endpoint.region + ":kinesis";
  const bool is_set =
      set(CURLOPT_URL, endpoint.url.c_str()) &&
      set(CURLOPT_PROTOCOLS_STR, "http,https") &&
      set(CURLOPT_AWS_SIGV4, signing.c_str()) &&
      set(CURLOPT_USERNAME, credentials.access_key_id.c_str()) &&
      set(CURLOPT_PASSWORD, credentials.secret_access_key.c_str()) &&
      set(CURLOPT_WRITEFUNCTION, &Receive) && set(CURLOPT_NOSIGNAL, 1L) &&
      set(CURLOPT_TIMEOUT_MS, static_cast<long>(endpoint.timeout.count())) &&
      set(CURLOPT_CONNECTTIMEOUT_MS, kConnectMilliseconds) &&
      // Large bodies are announced ("Expect: 100-continue"), which cannot be
      // left out: libcurl would sign the absent header. So nobody waits.
      set(CURLOPT_EXPECT_100_TIMEOUT_MS, 1L) &&
      set(CURLOPT_USERAGENT, "thresh");
  if (!is_set) return Failed(ErrorCode::kIo, "libcurl lacks what is needed");
  return std::make_unique<CurlTransport>(std::move(handle), endpoint.url,
                                         credentials.session_token);
}

}  // namespace thresh::kinesis
