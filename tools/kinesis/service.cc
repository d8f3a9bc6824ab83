// See service.h. Replies are untrusted.
#include "kinesis/service.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "kinesis/failed.h"
#include "kinesis/json_member.h"

namespace thresh::kinesis {
namespace {

using Json = nlohmann::json;

constexpr size_t kMaxPages = 1000;
constexpr int64_t kOk = 200;
constexpr int64_t kTooManyRequests = 429;
constexpr int64_t kServerErrors = 500;

// The text member `name` of `value`, in a form that is safe to show.
std::string ShownIn(const Json& value, const char* name,
                    const Transport& transport) {
  const std::string* const text = FindText(value, name);
  return text == nullptr ? std::string() : transport.Shown(*text);
}

// The error in a reply: its name, without the prefix that some have, and its
// message, which has two spellings.
struct ServiceError {
  std::string name;
  std::string message;
};

ServiceError ErrorIn(const HttpReply& reply, const Transport& transport) {
  const Json body = Json::parse(reply.body, nullptr, false);
  std::string name = ShownIn(body, "__type", transport);
  name.erase(0, name.find('#') + 1);
  std::string message = ShownIn(body, "message", transport);
  if (message.empty()) message = ShownIn(body, "Message", transport);
  return {std::move(name), std::move(message)};
}

bool IsTransient(int64_t status, std::string_view name) {
  constexpr std::array<std::string_view, 9> kPassing = {
      "ProvisionedThroughputExceededException",
      "LimitExceededException",
      "ThrottlingException",
      "Throttling",
      "RequestLimitExceeded",
      "KMSThrottlingException",
      "InternalFailure",
      "InternalFailureException",
      "ServiceUnavailable"};
  return status >= kServerErrors || status == kTooManyRequests ||
         std::ranges::find(kPassing, name) != kPassing.end();
}

std::string RemedyFor(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, const char*>, 11> kRemedies =
      {{{"ResourceNotFoundException",
         "check the stream's name, the region and the account of the "
         "credentials"},
        {"AccessDeniedException",
         "allow kinesis:PutRecords and kinesis:ListShards on the stream; "
         "--shards FILE makes the latter unnecessary"},
        {"UnrecognizedClientException", "check the credentials"},
        {"InvalidClientTokenId", "check the credentials"},
        {"ExpiredTokenException", "renew the credentials"},
        {"InvalidSignatureException",
         "check the secret key, the region and this machine's clock"},
        {"IncompleteSignatureException", "check the credentials"},
        {"MissingAuthenticationTokenException", "check the credentials"},
        {"ResourceInUseException", "wait until the stream is active"},
        {"ValidationException",
         "if records are too large for the stream, lower --max-record-size; if "
         "the request is, --max-request-size"},
        {"InvalidArgumentException",
         "if records are too large for the stream, lower "
         "--max-record-size"}}};
  for (const auto& [known, remedy] : kRemedies) {
    if (known == name) return remedy;
  }
  return {};
}

Error ToError(const HttpReply& reply, const ServiceError& error,
              std::string_view action) {
  std::string message =
      fmt::format("{} was answered with HTTP status {}", action, reply.status);
  if (!error.name.empty()) message += ", " + error.name;
  if (!error.message.empty()) message += ": " + error.message;
  return Failed(ErrorCode::kIo, message, RemedyFor(error.name)).value();
}

PutOutcome Lost(Error error, bool is_transient) {
  return {
      .records = {}, .failure = std::move(error), .is_transient = is_transient};
}

// The reply with status 200 to an idempotent request.
Result<HttpReply> Ask(std::string_view action, const std::string& body,
                      const Patience& patience, Transport* transport) {
  for (uint64_t attempt = 1;; ++attempt) {
    Result<HttpReply> reply = transport->Post(action, body);
    if (reply && reply->status == kOk) return reply;
    const ServiceError reported =
        reply ? ErrorIn(*reply, *transport) : ServiceError();
    Error error =
        reply ? ToError(*reply, reported, action) : std::move(reply.error());
    const bool is_transient = reply ? IsTransient(reply->status, reported.name)
                                    : error.code == ErrorCode::kIo;
    error.code = ErrorCode::kIo;  // not a usage error
    if (!is_transient || attempt >= patience.attempts ||
        patience.clock->Interrupted()) {
      return tl::unexpected(std::move(error));
    }
    const Time pause = patience.backoff->Delay(attempt);
    if (patience.failed) patience.failed(error, pause);
    patience.clock->SleepUntil(patience.clock->Now() + pause);
    if (patience.clock->Interrupted()) return tl::unexpected(std::move(error));
  }
}

// The outcomes of the reply's records; empty if it has no list of `records`
// elements.
std::vector<RecordOutcome> OutcomesIn(const std::string& body, size_t records,
                                      const Transport& transport) {
  const Json json = Json::parse(body, nullptr, false);
  if (!json.is_object()) return {};
  const auto list = json.find("Records");
  if (list == json.end() || !list->is_array() || list->size() != records) {
    return {};
  }
  std::vector<RecordOutcome> outcomes;
  for (const Json& record : *list) {
    std::string code = ShownIn(record, "ErrorCode", transport);
    // A record with neither an error nor a number was not acknowledged.
    if (code.empty() && TextOrEmpty(record, "SequenceNumber").empty())
      return {};
    outcomes.push_back({.error_code = std::move(code),
                        .message = ShownIn(record, "ErrorMessage", transport),
                        .shard = ShownIn(record, "ShardId", transport)});
  }
  return outcomes;
}

}  // namespace

bool IsTransient(const RecordOutcome& outcome) {
  return IsTransient(kOk, outcome.error_code);
}

PutOutcome ServicePutter::Put(std::string_view document, size_t records) {
  Result<HttpReply> reply = transport_->Post("PutRecords", document);
  if (!reply) {
    const bool is_transient = reply.error().code == ErrorCode::kIo;
    reply.error().code = ErrorCode::kIo;
    return Lost(std::move(reply.error()), is_transient);
  }
  if (reply->status != kOk) {
    const ServiceError reported = ErrorIn(*reply, *transport_);
    return Lost(ToError(*reply, reported, "PutRecords"),
                IsTransient(reply->status, reported.name));
  }
  std::vector<RecordOutcome> outcomes =
      OutcomesIn(reply->body, records, *transport_);
  if (outcomes.empty()) {
    return Lost(
        Failed(ErrorCode::kIo,
               "the reply to PutRecords does not have a result for each record",
               "is the endpoint one of Kinesis?")
            .value(),
        /*is_transient=*/false);
  }
  return {.records = std::move(outcomes), .failure = std::nullopt};
}

Result<std::vector<ListedShard>> ListShards(const Stream& stream,
                                            const Patience& patience,
                                            Transport* transport) {
  std::vector<ListedShard> shards;
  Json request = {{std::string(stream.member()), stream.text}};
  for (size_t page = 0; page < kMaxPages; ++page) {
    const Result<HttpReply> reply =
        Ask("ListShards", request.dump(), patience, transport);
    if (!reply) return tl::unexpected(reply.error());
    const Json body = Json::parse(reply->body, nullptr, false);
    if (!body.is_object() || !body.contains("Shards") ||
        !body["Shards"].is_array()) {
      return Failed(ErrorCode::kIo, "the reply to ListShards has no Shards",
                    "is the endpoint one of Kinesis?");
    }
    for (const Json& shard : body["Shards"]) {
      shards.push_back(
          ReadListedShard(shard, [transport](const std::string& text) {
            return transport->Shown(text);
          }));
    }
    const std::string next = TextOrEmpty(body, "NextToken");
    if (next.empty()) return shards;
    // A request has either the stream or the token of the next page.
    request = {{"NextToken", next}};
  }
  return Failed(ErrorCode::kIo, "ListShards does not end");
}

}  // namespace thresh::kinesis
