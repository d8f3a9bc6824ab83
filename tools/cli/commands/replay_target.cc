// See replay_target.h.
#include "cli/commands/replay_target.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>

#include "base/printable.h"
#include "cli/options/shard_map.h"
#include "cli/report/messages.h"
#include "cli/report/replay_report.h"
#include "kinesis/backoff.h"
#include "kinesis/credentials.h"
#include "kinesis/curl_transport.h"
#include "kinesis/failed.h"
#include "kinesis/service.h"
#include "kinesis/shard_map.h"
#include "thresh/shard_aggregator.h"

namespace thresh::cli {
namespace {

using kinesis::Failed;
using kinesis::Stream;
using kinesis::Transport;

std::optional<std::string> FromEnvironment(const std::string& name) {
  const char* const value = std::getenv(name.c_str());
  if (value == nullptr) return std::nullopt;
  return value;
}

struct Place {
  std::string region;
  std::string endpoint;
};

Result<Place> FindPlace(const ReplayOptions& options, const Stream& stream) {
  std::string region = options.region;
  if (region.empty()) region = stream.region;
  if (region.empty()) region = FromEnvironment("AWS_REGION").value_or("");
  if (region.empty()) {
    region = FromEnvironment("AWS_DEFAULT_REGION").value_or("");
  }
  if (region.empty()) {
    return Failed(ErrorCode::kInvalidArgument, "no region is known",
                  "give --region, or the stream's ARN, or set AWS_REGION");
  }
  // It becomes part of a host name.
  const bool is_name = std::ranges::all_of(region, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
  if (!is_name) {
    return Failed(ErrorCode::kInvalidArgument,
                  "'" + Printable(region) + "' is not a region",
                  "give one such as eu-west-1");
  }
  return Place{.region = region,
               .endpoint = options.endpoint.empty()
                               ? kinesis::DefaultEndpoint(stream, region)
                               : options.endpoint};
}

Result<std::unique_ptr<Transport>> Connect(const ReplayOptions& options,
                                           const Place& place) {
  const Result<kinesis::Credentials> credentials =
      kinesis::FindCredentials(options.profile, FromEnvironment);
  if (!credentials) return tl::unexpected(credentials.error());
  return kinesis::OpenCurlTransport(
      {.url = place.endpoint,
       .region = place.region,
       .timeout = std::chrono::seconds(options.timeout_seconds),
       .authorities = FromEnvironment("AWS_CA_BUNDLE").value_or(""),
       .allow_http = options.allow_http},
      *credentials);
}

Result<std::vector<HashKeyRange>> FindShards(const ReplayOptions& options,
                                             const Stream& stream,
                                             kinesis::Clock* clock,
                                             Transport* transport) {
  const bool given = !options.shards.empty();
  Result<std::vector<HashKeyRange>> shards =
      given ? ReadShardMap(options.shards) : std::vector<HashKeyRange>();
  if (!given) {
    kinesis::Backoff backoff(0);
    const auto list = kinesis::ListShards(
        stream,
        {.attempts = options.attempts,
         .backoff = &backoff,
         .clock = clock,
         .failed =
             [&options](const Error& why, kinesis::Time pause) {
               if (!options.summary.quiet) ReportNote(AgainText(why, pause));
             }},
        transport);
    if (!list) return tl::unexpected(list.error());
    shards = kinesis::OpenShards(*list, "the reply to ListShards");
  }
  if (!shards) return shards;
  if (Result<void> sound = CheckShards(*shards); !sound) {
    Error error = std::move(sound.error());
    error.file = given ? options.shards : "the reply to ListShards";
    return tl::unexpected(std::move(error));
  }
  return shards;
}

}  // namespace

Result<ReplayTarget> FindTarget(const ReplayOptions& options,
                                kinesis::Clock* clock) {
  Result<Stream> stream = kinesis::ParseStream(options.stream);
  if (!stream) return tl::unexpected(stream.error());
  ReplayTarget target;
  target.stream = std::move(*stream);
  const Result<Place> place = FindPlace(options, target.stream);
  if (place) target.endpoint = place->endpoint;
  if (!options.dry_run || options.shards.empty()) {
    if (!place) return tl::unexpected(place.error());
    Result<std::unique_ptr<Transport>> transport = Connect(options, *place);
    if (!transport) return tl::unexpected(transport.error());
    target.transport = std::move(*transport);
  }
  Result<std::vector<HashKeyRange>> shards =
      FindShards(options, target.stream, clock, target.transport.get());
  if (!shards) return tl::unexpected(shards.error());
  target.shards = std::move(*shards);
  return target;
}

}  // namespace thresh::cli
