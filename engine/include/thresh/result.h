// Errors of the world around the data: files, options, containers that cannot
// be read on. Bad records are not errors; they get a verdict (verdict.h).
#ifndef THRESH_RESULT_H_
#define THRESH_RESULT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <tl/expected.hpp>

#include "thresh/export.h"

namespace thresh {

// What a caller may have to tell apart to go on.
enum class ErrorCode : uint8_t {
  kInvalidArgument,  // an option or a combination of options makes no sense
  kIo,               // the operating system refused to open, read or write
  kContainer,        // the bytes are not, or no longer, the container's
  kSuspect,          // SuspectPolicy::kFail met its first suspect
  kMemory,           // of the machine, or Filter::dedupe_memory, is too small
  kTooLarge,         // a user record fits in no blob (aggregator.h)
  kCancelled,        // Options::cancel was requested to stop
};

// What failed, as finely as advice may depend on it. A program that has names
// of its own for what can be chosen here advises in these names; `remedy` has
// none.
enum class ErrorDetail : uint8_t {
  kNone,  // as `code` says
  // kIo: a mapped input could not be read on; or not while output was written
  // from it. Options::use_mmap.
  kMappedInput,
  kMappedInputInOutput,
  kOutOfMemory,     // kMemory: of the machine. Options::jobs
  kDedupeMemory,    // kMemory: Filter::dedupe_memory
  kExpandedBytes,   // kContainer: Options::max_expanded_bytes
  kExpansionRatio,  // kContainer: Options::max_expansion
  kLengthPrefix,    // kContainer: a length that cannot be right
  kLineTooLong,     // kContainer: a line that cannot be one of a container's
  kWholeRecordTooLong,  // kContainer: an input is no record
  // kContainer, of an input whose first bytes show that it cannot be read, or
  // do not show what it is. Options::container.
  kUnreadableFormat,      // a format of another kind
  kUnknownText,           // text without control characters
  kUnknownBytes,          // any others
  kUnknownJson,           // text that may hold JSON
  kBlobsAfterOtherBytes,  // a blob may begin at some place
  kDeepJson,              // JSON that is wrapped too often
  kJsonWithoutRecords,    // JSON, as far as it was read
  kPutRequest,            // a request to put records
  kThreshNdjson,          // user records as NdjsonSink writes them
  kLoggedJson,            // JSON after other text in each line
  kColumns,               // CSV
  // kContainer: a user record that aggregation cannot take.
  // AggregateOptions::default_key, on_unsendable.
  kNoPartitionKey,
  kHashKey,            // for its explicit hash key
  kUnsendableHashKey,  // likewise, and it ends the run
  kUnsendable,         // for whatever else, and it ends the run
};

struct Error {
  ErrorCode code = ErrorCode::kIo;
  ErrorDetail detail = ErrorDetail::kNone;
  std::string file;                // "-" for standard input; empty if none
  std::optional<uint64_t> offset;  // bytes from the start of the container
  std::string message;             // what is wrong, no final full stop
  std::string remedy;              // what the user can do; may be empty

  // "FILE: offset N: MESSAGE; REMEDY", leaving out what is absent. In one line,
  // with control characters and those that are not seen written as \xNN: all
  // parts may quote names and data.
  [[nodiscard]] THRESH_EXPORT std::string ToString() const;
};

template <typename T>
using Result = tl::expected<T, Error>;

}  // namespace thresh

#endif  // THRESH_RESULT_H_
