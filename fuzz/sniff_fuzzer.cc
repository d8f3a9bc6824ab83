// How an input is recognized: its layers and its container. For any bytes, the
// result must not depend on how they are read: from memory, from a mapped file,
// by read(2), or in small reads from a pipe, of a size that the first byte
// chooses. A run with the container given finds the same as a run that
// recognizes it; and every byte is accounted for, or an error names the input
// and the position.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "compression/layers.h"
#include "container/container.h"
#include "input/open.h"
#include "input/peel.h"
#include "input/stream_source.h"
#include "memory_file.h"
#include "mutate.h"
#include "oracle/drip_stream.h"
#include "oracle/engine_run.h"

namespace {

using thresh::ContainerKind;
using thresh::Error;
using thresh::Input;
using thresh::Peeled;
using thresh::Result;
using thresh::SegmentSource;
using thresh::Summary;
using thresh::oracle::EngineRun;

constexpr thresh::ExpansionLimits kLimits = {.bytes = 1 << 20};
constexpr std::array<size_t, 8> kSteps = {1, 2, 3, 15, 16, 17, 4096, 65537};
constexpr size_t kLargestInput = size_t{1} << 18;

void Require(bool holds, const char* what, const char* where) {
  if (holds) return;
  std::fprintf(stderr, "%s: %s\n", where, what);
  std::abort();
}

// An error's message without its position in the compressed data, which is only
// approximate where decoders detect the error.
std::string ProblemOf(const Error& error) {
  return error.message.substr(0, error.message.rfind(" (at byte"));
}

struct Answer {
  std::string container;     // its name, or why there is none
  std::string content = {};  // without layers
  std::string problem = {};  // the error that ended the content

  bool operator==(const Answer&) const = default;
};

Answer Ask(Result<Input> input) {
  if (!input) return {.container = ProblemOf(input.error())};
  const std::unique_ptr<SegmentSource>& source = input->source;
  Require(source != nullptr, "an archive", "no archive");
  const auto head = source->Peek(thresh::kSniffBytes + 1);
  if (!head) return {.container = ProblemOf(head.error())};
  const bool whole = head->size() <= thresh::kSniffBytes;
  const auto kind = thresh::SniffContainer(
      whole ? *head : head->first(thresh::kSniffBytes), whole);
  Answer answer = {.container = kind ? std::string(ContainerKindName(*kind))
                                     : ProblemOf(kind.error())};
  for (bool ended = false; !ended;) {
    const thresh::Segment segment =
        source->Next(4096, 1 << 16,
                     [](thresh::Bytes window, bool) { return window.size(); });
    answer.content += thresh::AsText(segment.bytes);
    if (segment.error) answer.problem = ProblemOf(*segment.error);
    ended = segment.ends_input;
  }
  return answer;
}

Result<Peeled> PeelDrips(std::string_view bytes, size_t step) {
  return TakeLayersOff(
      std::make_unique<thresh::oracle::DripStream>(std::string(bytes), step),
      "drips", kLimits);
}

Result<Input> OpenDrips(std::string_view bytes, size_t step) {
  return PeelDrips(bytes, step).map([](Peeled&& peeled) {
    return Input{
        thresh::NewStreamSource(std::move(peeled.content), "drips", 0,
                                std::make_shared<thresh::BufferPool>()),
        nullptr};
  });
}

// Archives, however they are read, are tested by archive_fuzzer.
bool IsArchive(std::string_view bytes, size_t step) {
  const Result<Peeled> whole = TakeLayersOff(
      std::make_unique<thresh::MemoryStream>(thresh::AsBytes(bytes)), "memory",
      kLimits);
  const Result<Peeled> drips = PeelDrips(bytes, step);
  const bool is_archive = whole && whole->archive != nullptr;
  Require(is_archive == (drips && drips->archive != nullptr),
          "an archive from memory or in drips, not both", "drips");
  return is_archive;
}

void Expect(const Answer& got, const Answer& expected, const char* how) {
  if (got == expected) return;
  for (const Answer* answer : {&got, &expected}) {
    std::fprintf(stderr, "%s: \"%s\", %zu bytes, \"%s\"\n",
                 answer == &got ? how : "memory", answer->container.c_str(),
                 answer->content.size(), answer->problem.c_str());
  }
  std::abort();
}

void CheckAccounts(const EngineRun& run, const char* how) {
  const Summary& summary = run.report.summary;
  Require(run.failure.empty(), "the run failed", how);
  Require(summary.record_bytes + summary.framing_bytes + summary.opaque_bytes +
                  summary.unread_bytes ==
              summary.bytes,
          "a byte is not accounted for", how);
  Require(run.report.input_errors.size() <= 1, "more than one error", how);
  for (const Error& error : run.report.input_errors) {
    Require(error.file == "memory" && error.offset.has_value() &&
                !error.message.empty(),
            "an error without its place", how);
  }
}

auto Counts(const Summary& s) {
  return std::array{s.inputs,
                    s.stored_bytes,
                    s.bytes,
                    s.record_bytes,
                    s.framing_bytes,
                    s.opaque_bytes,
                    s.unread_bytes,
                    s.kinesis_records,
                    s.aggregated,
                    s.not_aggregated,
                    s.empty_aggregates,
                    s.digest_mismatch,
                    s.malformed,
                    s.opaque_spans,
                    s.key_index_out_of_range,
                    s.user_records,
                    s.user_bytes,
                    s.filtered_records,
                    s.skipped_records,
                    s.explicit_hash_keys_without_table};
}

void ExpectSame(const EngineRun& named, const EngineRun& automatic) {
  const char* const how = "named container";
  const auto& errors = automatic.report.input_errors;
  Require(named.rows == automatic.rows, "other rows", how);
  Require(Counts(named.report.summary) == Counts(automatic.report.summary),
          "another summary", how);
  Require(named.report.summary.content_checksum->ToHex() ==
              automatic.report.summary.content_checksum->ToHex(),
          "another digest", how);
  Require(named.report.input_errors.size() == errors.size(), "other errors",
          how);
  if (errors.empty()) return;
  Require(named.report.input_errors[0].ToString() == errors[0].ToString(),
          "another error", how);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0 || size > kLargestInput) return 0;
  const size_t step = kSteps[data[0] % kSteps.size()];
  const std::string_view bytes = thresh::fuzz::AsText(data + 1, size - 1);

  if (IsArchive(bytes, step)) return 0;
  const Answer answer = Ask(OpenMemory(thresh::AsBytes(bytes), kLimits));
  Expect(Ask(OpenDrips(bytes, step)), answer, "drips");
  const thresh::fuzz::MemoryFile file(bytes);
  Expect(Ask(OpenInput(file.path(), /*use_mmap=*/true, 0, kLimits)), answer,
         "mapped file");
  Expect(Ask(OpenInput(file.path(), /*use_mmap=*/false, 0, kLimits)), answer,
         "file");

  thresh::Options options;
  options.jobs = 1;
  options.max_expanded_bytes = kLimits.bytes;
  const EngineRun automatic = thresh::oracle::RunEngine(bytes, options);
  CheckAccounts(automatic, "recognized container");
  const auto kind = thresh::ParseContainerKind(answer.container);
  if (!kind) {
    Require(automatic.report.summary.inputs == 0 &&
                automatic.report.input_errors.size() == 1,
            "refused, and yet read", "recognized container");
    return 0;
  }
  options.container = *kind;
  const EngineRun named = thresh::oracle::RunEngine(bytes, options);
  CheckAccounts(named, "named container");
  ExpectSame(named, automatic);
  return 0;
}
