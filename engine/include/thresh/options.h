// What a caller can choose about reading an archive.
#ifndef THRESH_OPTIONS_H_
#define THRESH_OPTIONS_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "thresh/export.h"
#include "thresh/filter.h"
#include "thresh/input_list.h"
#include "thresh/result.h"
#include "thresh/summary.h"

namespace thresh {

// How Kinesis records lie in an input. Compression around any of them is
// recognised by content and taken off first.
enum class ContainerKind : uint8_t {
  kAuto,         // by content; an input that fits none is an error
  kBlobs,        // aggregated records back to back, or a line end between two
  kU32Le,        // each record behind its length, 4 bytes little endian
  kU32Be,        // the same, big endian
  kVarint,       // the same, a protobuf varint
  kBase64Lines,  // one record a line
  kJson,         // events and responses of AWS services, FORMAT.md lists them
  kRecord,       // each input is one record; never recognised
};

[[nodiscard]] THRESH_EXPORT std::optional<ContainerKind> ParseContainerKind(
    std::string_view name);
[[nodiscard]] THRESH_EXPORT std::string_view ContainerKindName(
    ContainerKind kind);

// All kinds but kAuto, in their order above.
[[nodiscard]] THRESH_EXPORT std::vector<ContainerKind> ContainerKinds();

// Whether an input of this kind can be read in parts: a reader that begins at
// any byte finds the records that begin after it. Before the first of them it
// reports what is left of the record that the byte is in as a suspect. The
// others are read from their start.
[[nodiscard]] THRESH_EXPORT bool IsSplittable(ContainerKind kind);

// Where the bytes of a suspect go. None of them ever yields part of its user
// records.
enum class SuspectPolicy : uint8_t {
  kQuarantine,  // to the quarantine sink
  kPass,        // out as one user record that is the whole suspect
  kSkip,        // nowhere: counted only
  kFail,        // nowhere: the run ends at the first
};

struct Progress {
  uint64_t stored_bytes_total = 0;  // of all inputs; 0 if not known
  Summary so_far;                   // of what was handed on; without `seconds`
};

struct Options {
  ContainerKind container = ContainerKind::kAuto;
  SuspectPolicy on_suspect = SuspectPolicy::kQuarantine;
  // Whether user records that are aggregates themselves, and verify, are taken
  // apart, at most kMaxNesting deep. They are counted in any case.
  bool nested = false;
  unsigned jobs = 0;     // worker threads; 0: one per core
  bool use_mmap = true;  // false: read(2) local files too
  // Whether to sum the content checksum, which shows that two results of one's
  // own are equal. It takes a pass over all data: half as long as all else, or
  // as long.
  bool content_checksum = false;
  // Whether to compute the content digest, which shows the same of results that
  // an adversary made. It multiplies long numbers once for each record, which
  // takes ten times as long as all else for records of 1 kB, and more for
  // shorter ones.
  bool content_digest = false;
  Filter filter;  // as it is, everything passes
  // The most input bytes that a worker takes at a time, unless a single record
  // has more; at most 1 GiB. So much is taken only of mapped files with large
  // records, to which it costs no memory. What is made of them may take eight
  // times as much memory, 28 MiB at most. Results do not depend on it.
  size_t window_bytes = size_t{128} << 20;
  // How far a compressed file may expand before it ends with an error: to so
  // many times the bytes of it that have been read, which is looked at beyond
  // 64 MiB; and to so many bytes. At least 1 each. Where one layer lies in
  // another, each layer's output is held against the bytes of the file.
  uint64_t max_expansion = 1000;
  uint64_t max_expanded_bytes = uint64_t{64} << 30;
  // Which members of archives are inputs: those that match one of `include`, if
  // there is any, and none of `exclude`. Globs as in fnmatch(3), where "*"
  // matches "/" too, held against the member's path and against its last part.
  // Names that hold no records (LeftOut) are no inputs in any case.
  std::vector<std::string> include;
  std::vector<std::string> exclude;
  // Whether inputs are missing that the caller wanted to be read. The result is
  // then incomplete, as it is if one cannot be read (a kIo error of an input).
  bool lacks_inputs = false;
  // Whether an incomplete result is finished as if it were the whole
  // (Sink::Finish), not kept apart (Sink::FinishIncomplete).
  bool keep_going = false;
  // Ends the run at the next window once a stop is requested: with an error of
  // kCancelled, and no output published.
  std::stop_token cancel;
  // Called after each window, on one thread at a time.
  std::function<void(const Progress&)> progress;
  // Whether it is told the total, for which each input is looked up beforehand.
  bool progress_total = true;
};

// Turns a command line's words into files, in the order of the words:
// - "-" is kept, as standard input;
// - a directory becomes the regular files in it and in the directories below,
//   hidden ones too, each directory's entries in byte order of their names, but
//   for names that hold no records (LeftOut) and those that Options::include
//   and exclude, held against the path in the directory, leave out; symbolic
//   links, pipes and devices in it are left out and counted, the word itself
//   may be a link;
// - what exists otherwise is taken literally, whatever characters it has;
// - a pattern as in glob(7) becomes its matches in byte order, each taken as if
//   it were a word; but pipes and devices are left out and counted.
// A word that names nothing, and a directory that cannot be read or holds
// nothing to count, are kIo errors. A closed directory that a walk meets and a
// link that leads nowhere and matches a pattern are kept as if they were files,
// so that opening them says what is wrong.
[[nodiscard]] THRESH_EXPORT Result<InputList> ExpandInputs(
    const std::vector<std::string>& words, const Options& options = {});

}  // namespace thresh

#endif  // THRESH_OPTIONS_H_
