// Errors outside the records: files, options, containers that cannot be read
// further. Bad records are not errors; they get a verdict (verdict.h).
#ifndef THRESH_RESULT_H_
#define THRESH_RESULT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <tl/expected.hpp>

#include "thresh/export.h"

namespace thresh {

// The kinds of errors that a caller may handle differently.
enum class ErrorCode : uint8_t {
  kInvalidArgument,  // an option or a combination of options is not valid
  kIo,               // the operating system refused to open, read or write
  kContainer,        // the bytes are not, or no longer, the container's
  kSuspect,          // the first suspect under SuspectPolicy::kFail
  kMemory,           // of the machine, or Filter::dedupe_memory, is too small
  kTooLarge,         // a user record fits in no blob (aggregator.h)
  kCancelled,        // Options::cancel was requested to stop
};

// The cause, in as much detail as advice needs. A program with its own names
// for the options can give advice in those names; `remedy` has no names.
enum class ErrorDetail : uint8_t {
  kNone,  // as `code` says
  // kIo: a mapped input could not be read further, or failed while output was
  // written from it. Options::use_mmap.
  kMappedInput,
  kMappedInputInOutput,
  kOutOfMemory,         // kMemory: of the machine. Options::jobs
  kDedupeMemory,        // kMemory: Filter::dedupe_memory
  kExpandedBytes,       // kContainer: Options::max_expanded_bytes
  kExpansionRatio,      // kContainer: Options::max_expansion
  kLengthPrefix,        // kContainer: a length that cannot be right
  kLineTooLong,         // kContainer: a line that is not valid in any container
  kWholeRecordTooLong,  // kContainer: an input is not a record
  // kContainer, for an input whose first bytes show that it cannot be read, or
  // are not recognized. Options::container.
  kUnreadableFormat,      // a format of another kind
  kUnknownText,           // text without control characters
  kUnknownBytes,          // any others
  kUnknownJson,           // text that may hold JSON
  kBlobsAfterOtherBytes,  // a blob may begin at some offset
  kDeepJson,              // JSON that is wrapped too often
  kJsonWithoutRecords,    // valid JSON, as far as it was read
  kPutRequest,            // a request to put records
  kThreshNdjson,          // user records as NdjsonSink writes them
  kLoggedJson,            // JSON after other text in each line
  kColumns,               // CSV
  // kContainer: a user record that aggregation cannot take.
  // AggregateOptions::default_key, on_unsendable.
  kNoPartitionKey,
  kHashKey,            // for its explicit hash key
  kUnsendableHashKey,  // likewise, and it ends the run
  kUnsendable,         // for another reason, and it ends the run
};

struct Error {
  ErrorCode code = ErrorCode::kIo;
  ErrorDetail detail = ErrorDetail::kNone;
  std::string file;                // "-" for standard input; empty if none
  std::optional<uint64_t> offset;  // bytes from the start of the container
  std::string message;             // what is wrong, without a final period
  std::string remedy;              // what the user can do; may be empty

  // "FILE: offset N: MESSAGE; REMEDY", without absent parts. One line, with
  // control and invisible characters written as \xNN: all parts may quote names
  // and data.
  [[nodiscard]] THRESH_EXPORT std::string ToString() const;
};

// Running out of memory is an error of kMemory where the input determines how
// much is needed: Deaggregate, Aggregate, BatchReader::Next. Other functions
// of the library may throw std::bad_alloc instead, also those that return a
// Result: what opens, checks or parses, LineReader::Next, and aggregators and
// writers, of which the object can then only be destroyed. Nothing else is
// thrown, except what the caller's own sinks, outputs, writers and callbacks
// throw.
template <typename T>
using Result = tl::expected<T, Error>;

}  // namespace thresh

#endif  // THRESH_RESULT_H_
