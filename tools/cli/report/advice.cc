// See advice.h.
#include "cli/report/advice.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace thresh::cli {
namespace {

struct Advice {
  ErrorDetail detail;
  // Replaces the engine's remedy, unless it is null; "{0}" is the option that
  // names the container of the input.
  const char* remedy;
  // Whether the input may be lines of text.
  bool may_be_lines = false;
};

constexpr std::array<Advice, 24> kAdvice = {{
    {ErrorDetail::kMappedInput,
     "let no one write to the file and run again; --no-mmap reads it instead "
     "of "
     "mapping it"},
    {ErrorDetail::kMappedInputInOutput,
     "a mapped input was truncated, or its storage failed: let no one write to "
     "it and run again; --no-mmap reads it instead of mapping it"},
    {ErrorDetail::kOutOfMemory,
     "give the program more memory, or fewer --jobs"},
    {ErrorDetail::kDedupeMemory,
     "give --dedupe-memory more, or narrow the records by other filters"},
    {ErrorDetail::kExpandedBytes,
     "raise --max-expanded-bytes if it is meant to"},
    {ErrorDetail::kExpansionRatio, "raise --max-expansion if it is meant to"},
    {ErrorDetail::kLengthPrefix,
     "check that this is the right {0}, or cut the file there; the records "
     "before it are good"},
    {ErrorDetail::kLineTooLong, "check that this is the right {0}"},
    {ErrorDetail::kWholeRecordTooLong,
     "an archive of many records is of another {0}"},
    {ErrorDetail::kUnreadableFormat,
     "write its records in one of the containers that --help names"},
    {ErrorDetail::kUnknownText,
     "if it does hold Kinesis records, name their container with {0}", true},
    {ErrorDetail::kUnknownBytes,
     "if it does hold Kinesis records, name their container with {0}"},
    {ErrorDetail::kUnknownJson,
     "if it holds Kinesis records in JSON, name it with {0} json", true},
    {ErrorDetail::kBlobsAfterOtherBytes,
     "name the container with {0}: blobs if records lie back to back and the "
     "first is damaged, else what stands before each of them"},
    {ErrorDetail::kDeepJson,
     "take what is around them off, or name it with {0} json to have such "
     "documents reported and the others read"},
    {ErrorDetail::kJsonWithoutRecords,
     "if they come later, name it with {0} json; else write its records in one "
     "of the containers that --help names",
     true},
    {ErrorDetail::kPutRequest,
     "send it with 'thresh replay --requests'; it holds records that no stream "
     "has numbered yet"},
    {ErrorDetail::kThreshNdjson,
     "its explicit hash keys have no place in a Kinesis record: read it with "
     "'thresh aggregate --from ndjson'"},
    {ErrorDetail::kLoggedJson, nullptr, true},
    {ErrorDetail::kColumns, nullptr, true},
    {ErrorDetail::kNoPartitionKey, "give it one with --default-key"},
    {ErrorDetail::kHashKey,
     "--on-unsendable drop-hash-key sends such records by their partition "
     "keys"},
    {ErrorDetail::kUnsendableHashKey,
     "--on-unsendable drop-hash-key sends such records by their partition "
     "keys; --on-unsendable skip leaves such records out"},
    {ErrorDetail::kUnsendable, nullptr},
}};

}  // namespace

Error Advised(Error error, const InputAdvice& input) {
  const auto* const advice =
      std::ranges::find(kAdvice, error.detail, &Advice::detail);
  if (advice == kAdvice.end()) return error;
  if (advice->remedy != nullptr) {
    error.remedy =
        fmt::format(fmt::runtime(advice->remedy), input.container_option);
  }
  if (error.detail == ErrorDetail::kUnsendable) {
    if (!error.remedy.empty()) error.remedy += "; ";
    error.remedy += "--on-unsendable skip leaves such records out";
  }
  if (advice->may_be_lines && input.reads_lines) {
    error.remedy += "; lines are read with --from ndjson or lines";
  }
  return error;
}

}  // namespace thresh::cli
