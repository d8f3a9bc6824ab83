// See curl_transport.h. libcurl signs all headers that it is given, so only
// headers that it also sends may be set.
#include "kinesis/curl_transport.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <memory>
#include <new>
#include <utility>

#include "base/printable.h"
#include "kinesis/curl_library.h"
#include "kinesis/failed.h"

namespace thresh::kinesis {
namespace {

// More than a reply to 500 records, or with a thousand shards, can have.
constexpr size_t kMaxReplyBytes = size_t{16} << 20;
using Long = decltype(0L);  // the type of libcurl's options and results
constexpr Long kConnectMilliseconds = 10'000;

using Handle = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;

// The headers of a request.
class Headers {
 public:
  explicit Headers(const CurlLibrary& curl) : curl_(curl) {}
  ~Headers() { curl_.slist_free_all(list_); }
  Headers(const Headers&) = delete;
  Headers& operator=(const Headers&) = delete;

  void Add(const std::string& header) {
    curl_slist* const longer = curl_.slist_append(list_, header.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    list_ = longer;
  }
  [[nodiscard]] curl_slist* get() const { return list_; }

 private:
  const CurlLibrary& curl_;
  curl_slist* list_ = nullptr;
};

// During its lifetime, writing to a connection that the peer has closed is an
// error and does not end the program: TLS libraries cannot request that, and
// libcurl leaves it to its caller if it may not use signals itself.
class IgnoredPipeSignal {
 public:
  IgnoredPipeSignal() {
    struct sigaction ignore{};
    ignore.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &ignore, &before_);
  }
  ~IgnoredPipeSignal() { sigaction(SIGPIPE, &before_, nullptr); }
  IgnoredPipeSignal(const IgnoredPipeSignal&) = delete;
  IgnoredPipeSignal& operator=(const IgnoredPipeSignal&) = delete;

 private:
  struct sigaction before_{};
};

// libcurl's write callback: returning less than the size aborts the transfer.
size_t Receive(char* data, size_t size, size_t count, void* reply) {
  auto* const body = static_cast<std::string*>(reply);
  const size_t bytes = size * count;
  if (body->size() + bytes > kMaxReplyBytes) return 0;
  body->append(data, bytes);
  return bytes;
}

// Whether a retry may succeed.
bool IsTransient(CURLcode code) {
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
  CurlTransport(const CurlLibrary& curl, Handle handle, std::string url,
                const Credentials& credentials)
      : Transport(Secrets(credentials)),
        curl_(curl),
        handle_(std::move(handle)),
        url_(std::move(url)),
        token_(credentials.session_token) {
    Set(CURLOPT_ERRORBUFFER, detail_.data());
  }

  Result<HttpReply> Post(std::string_view action,
                         std::string_view body) override {
    Headers headers(curl_);
    headers.Add("Content-Type: application/x-amz-json-1.1");
    headers.Add("X-Amz-Target: Kinesis_20131202." + std::string(action));
    if (!token_.empty()) headers.Add("X-Amz-Security-Token: " + token_);
    HttpReply reply;
    Set(CURLOPT_HTTPHEADER, headers.get());
    Set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    const char* const bytes = body.data();  // the size is set as an option
    Set(CURLOPT_POSTFIELDS, bytes);
    Set(CURLOPT_WRITEDATA, &reply.body);
    detail_[0] = '\0';
    const IgnoredPipeSignal ignored;
    const CURLcode code = curl_.easy_perform(handle_.get());
    // They go out of scope.
    Set(CURLOPT_HTTPHEADER, static_cast<curl_slist*>(nullptr));
    Set(CURLOPT_POSTFIELDS, static_cast<const char*>(nullptr));
    if (code != CURLE_OK) {
      return Failed(
          IsTransient(code) ? ErrorCode::kIo : ErrorCode::kInvalidArgument,
          Shown(detail_[0] != '\0' ? detail_.data()
                                   : curl_.easy_strerror(code)),
          code == CURLE_PEER_FAILED_VERIFICATION
              ? "is the endpoint right? AWS_CA_BUNDLE may name a file of other "
                "authorities"
              : "is the endpoint right?",
          url_);
    }
    Long status = 0;
    curl_.easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
    reply.status = status;
    return reply;
  }

 private:
  // For options that cannot fail.
  template <typename Value>
  void Set(CURLoption option, Value value) {
    static_cast<void>(curl_.easy_setopt(handle_.get(), option, value));
  }

  const CurlLibrary& curl_;
  std::array<char, CURL_ERROR_SIZE> detail_{};  // of the last failure
  Handle handle_;
  std::string url_;
  std::string token_;
};

constexpr std::string_view kPlainScheme = "http://";
constexpr std::string_view kSecureScheme = "https://";

// Whether `text` is http://HOST or https://HOST, optionally followed by a port
// and a slash: signatures are for the root path.
bool IsEndpoint(std::string_view text) {
  if (text.starts_with(kPlainScheme)) {
    text.remove_prefix(kPlainScheme.size());
  } else if (text.starts_with(kSecureScheme)) {
    text.remove_prefix(kSecureScheme.size());
  } else {
    return false;
  }
  if (text.ends_with('/')) text.remove_suffix(1);
  constexpr std::string_view kMarks = ".-_:[]";
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || kMarks.find(c) != std::string_view::npos;
  });
}

// Whether `text`, an endpoint, is http:// to this machine, by a name or an
// address that only the machine itself can have.
bool IsPlainLoopback(std::string_view text) {
  if (!text.starts_with(kPlainScheme)) return false;
  static const re2::RE2 loopback(
      R"re((?i)(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?/?)re");
  text.remove_prefix(kPlainScheme.size());
  return re2::RE2::FullMatch(re2::StringPiece(text.data(), text.size()),
                             loopback);
}

Result<void> CheckEndpoint(const Endpoint& endpoint) {
  if (!IsEndpoint(endpoint.url)) {
    return Failed(ErrorCode::kInvalidArgument,
                  "'" + Printable(endpoint.url) + "' is not an endpoint",
                  "give a URL such as https://kinesis.us-east-1.amazonaws.com");
  }
  if (endpoint.url.starts_with(kPlainScheme) && !endpoint.allow_http &&
      !IsPlainLoopback(endpoint.url)) {
    return Failed(ErrorCode::kInvalidArgument,
                  "'" + Printable(endpoint.url) +
                      "' would receive the records and the session token "
                      "without encryption, and anyone on the way could reply",
                  "write https://, or add --allow-http");
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Transport>> OpenCurlTransport(
    const Endpoint& endpoint, const Credentials& credentials) {
  if (Result<void> sound = CheckEndpoint(endpoint); !sound) {
    return tl::unexpected(std::move(sound.error()));
  }
  const Result<const CurlLibrary*> loaded = LoadCurl();
  if (!loaded) return tl::unexpected(loaded.error());
  const CurlLibrary& curl = **loaded;
  Handle handle(curl.easy_init(), curl.easy_cleanup);
  if (handle == nullptr) throw std::bad_alloc();
  const auto set = [&](CURLoption option, auto value) {
    return curl.easy_setopt(handle.get(), option, value) == CURLE_OK;
  };
  const std::string signing = "aws:amz:" + endpoint.region + ":kinesis";
  const bool is_set =
      set(CURLOPT_URL, endpoint.url.c_str()) &&
      set(CURLOPT_PROTOCOLS_STR, "http,https") &&
      set(CURLOPT_AWS_SIGV4, signing.c_str()) &&
      set(CURLOPT_USERNAME, credentials.access_key_id.c_str()) &&
      set(CURLOPT_PASSWORD, credentials.secret_access_key.c_str()) &&
      set(CURLOPT_WRITEFUNCTION, &Receive) && set(CURLOPT_NOSIGNAL, 1L) &&
      set(CURLOPT_TIMEOUT_MS, static_cast<Long>(endpoint.timeout.count())) &&
      set(CURLOPT_CONNECTTIMEOUT_MS, kConnectMilliseconds) &&
      // Large bodies send "Expect: 100-continue", which cannot be removed:
      // libcurl would sign the absent header. So the wait is disabled.
      set(CURLOPT_EXPECT_100_TIMEOUT_MS, 1L) &&
      set(CURLOPT_USERAGENT, "thresh") &&
      // A proxy would be another machine.
      (!IsPlainLoopback(endpoint.url) || set(CURLOPT_PROXY, "")) &&
      (endpoint.authorities.empty() ||
       set(CURLOPT_CAINFO, endpoint.authorities.c_str()));
  if (!is_set) {
    return Failed(ErrorCode::kIo, "libcurl lacks what is needed",
                  kLibcurlRemedy);
  }
  return std::make_unique<CurlTransport>(curl, std::move(handle), endpoint.url,
                                         credentials);
}

}  // namespace thresh::kinesis
