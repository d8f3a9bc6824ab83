// Limits that keep a typing error from starting a thousand threads.
#include "pipeline/check_options.h"

#include <algorithm>
#include <string>
#include <thread>
#include <utility>

#include "base/errors.h"
#include "digest/keyed_hash.h"
#include "thresh/simd_target.h"

namespace thresh {
namespace {

constexpr unsigned kMaxJobs = 1024;
// Rows and keys of a window are counted in 32 bits.
constexpr size_t kMaxWindowBytes = size_t{1} << 30;

tl::unexpected<Error> Invalid(std::string message, std::string remedy) {
  return tl::unexpected(InvalidArgument(std::move(message), std::move(remedy)));
}

}  // namespace

Summary EmptySummary(const Options& options) {
  Summary summary;
  if (options.content_checksum) summary.content_checksum.emplace();
  if (options.content_digest) summary.content_digest.emplace();
  summary.limited = options.filter.limit == uint64_t{0} ||
                    options.filter.kinesis_record_limit == uint64_t{0};
  return summary;
}

unsigned JobsOf(const Options& options) {
  if (options.jobs != 0) return options.jobs;
  return std::max(1U, std::thread::hardware_concurrency());
}

bool MapsFiles(const Options& options) {
  return options.use_mmap && options.handle_sigbus;
}

ExpansionLimits ExpansionLimitsOf(const Options& options) {
  return {.ratio = options.max_expansion, .bytes = options.max_expanded_bytes};
}

Result<void> CheckOptions(const Options& options) {
  Result<void> known =
      CheckEnum("container", options.container, ContainerKind::kRecord);
  if (known) {
    known = CheckEnum("on_suspect", options.on_suspect, SuspectPolicy::kFail);
  }
  if (!known) return known;
  if (options.jobs > kMaxJobs) {
    return Invalid(std::to_string(options.jobs) + " jobs",
                   "ask for at most " + std::to_string(kMaxJobs));
  }
  if (options.window_bytes == 0 || options.window_bytes > kMaxWindowBytes) {
    return Invalid(
        "a window of " + std::to_string(options.window_bytes) + " bytes",
        "give it 1 to " + std::to_string(kMaxWindowBytes));
  }
  if (options.max_expansion == 0 || options.max_expanded_bytes == 0) {
    return Invalid("the limit of expansion is below 1",
                   "allow an expansion of at least 1");
  }
  if (Result<std::string> target = SimdTarget(); !target) {
    return tl::unexpected(std::move(target).error());
  }
  return DrawHashSecret();
}

Result<void> CheckQuarantine(const Options& options, const Sink* quarantine) {
  if (options.on_suspect == SuspectPolicy::kQuarantine &&
      quarantine == nullptr) {
    return Invalid(
        "suspects are to be quarantined, but there is no quarantine sink",
        "give one, or another policy");
  }
  return {};
}

Result<void> CheckOptions(const Options& options, const Sink* sink,
                          const Sink* quarantine) {
  if (sink == nullptr) {
    return Invalid("no sink", "give the null sink to write nothing");
  }
  const Result<void> ok = CheckQuarantine(options, quarantine);
  return ok ? CheckOptions(options) : ok;
}

}  // namespace thresh
