// Options for reading archives.
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

// How Kinesis records are stored in an input. Compression of any of them is
// recognized by content and removed first.
enum class ContainerKind : uint8_t {
  kAuto,         // by content; an input that fits none is an error
  kBlobs,        // aggregated records back to back, or a line end between two
  kU32Le,        // each record after its length, 4 bytes little endian
  kU32Be,        // the same, big endian
  kVarint,       // the same, a protobuf varint
  kBase64Lines,  // one record a line
  kJson,         // events and responses of AWS services, FORMAT.md lists them
  kRecord,       // each input is one record; never recognized
};

[[nodiscard]] THRESH_EXPORT std::optional<ContainerKind> ParseContainerKind(
    std::string_view name);
[[nodiscard]] THRESH_EXPORT std::string_view ContainerKindName(
    ContainerKind kind);

// All kinds except kAuto, in the order above.
[[nodiscard]] THRESH_EXPORT std::vector<ContainerKind> ContainerKinds();

// Where the bytes of a suspect go. No policy outputs part of its user records.
enum class SuspectPolicy : uint8_t {
  kQuarantine,  // to the quarantine sink
  kPass,        // out as one user record that is the whole suspect
  kSkip,        // nowhere: counted only
  kFail,        // nowhere: the run ends at the first
};

struct Progress {
  uint64_t stored_bytes_total = 0;  // of all inputs; 0 if not known
  Summary so_far;                   // of the output; without `seconds`
};

struct Options {
  ContainerKind container = ContainerKind::kAuto;
  SuspectPolicy on_suspect = SuspectPolicy::kQuarantine;
  // Whether user records that are verified aggregates themselves are
  // deaggregated, at most kMaxNesting deep. They are counted in any case.
  bool nested = false;
  // Worker threads, the caller's among them; 0: one per core. The others are
  // those of oneTBB, which a process has once: runs at the same time share
  // them, also with other users of oneTBB. A limit that the process has set by
  // oneapi::tbb::global_control holds for runs as well. Where there is none, a
  // run of more threads than cores raises oneTBB's own while it lasts; no other
  // run changes any setting of oneTBB.
  unsigned jobs = 0;
  bool use_mmap = true;  // false: read(2) local files too
  // Whether the library may handle SIGBUS, which mapped files need: the first
  // run of the process that maps a file installs a handler, for good, that
  // passes on faults outside the library's files. A process that installs
  // another later that does not pass signals on must set false: files are
  // then read, as without use_mmap.
  bool handle_sigbus = true;
  // Whether to sum the content checksum, which detects accidental differences
  // between results. It takes a pass over all data: 50% to 100% of the time of
  // all else.
  bool content_checksum = false;
  // Whether to compute the content digest, which also detects differences made
  // by an adversary. It multiplies long numbers once for each record, which
  // takes ten times as long as all else for records of 1 kB, and more for
  // shorter ones.
  bool content_digest = false;
  Filter filter;  // by default, everything passes
  // The most input bytes that a worker takes at a time, unless a single record
  // has more; at most 1 GiB. Only mapped files with large records, which take
  // no memory, reach this size. Their output may take eight times as much
  // memory, 28 MiB at most. Results do not depend on it.
  size_t window_bytes = size_t{128} << 20;
  // How far a compressed file may expand before it ends with an error: the
  // ratio to the bytes of it that have been read, checked past 64 MiB; and the
  // number of bytes. At least 1 each. If layers are nested, each layer's output
  // is compared with the bytes of the file.
  uint64_t max_expansion = 1000;
  uint64_t max_expanded_bytes = uint64_t{64} << 30;
  // Which members of archives are inputs: those that match one of `include`, if
  // there is any, and none of `exclude`. Globs as in fnmatch(3), where "*"
  // matches "/" too, matched against the member's path and its last component.
  // Names of files without records (LeftOut) are never inputs.
  std::vector<std::string> include;
  std::vector<std::string> exclude;
  // Whether inputs that the caller requested are missing. The result is then
  // incomplete, as if one could not be read (a kIo error of an input).
  bool lacks_inputs = false;
  // Whether an incomplete result is finished as if it were complete
  // (Sink::Finish), not kept apart (Sink::FinishIncomplete).
  bool keep_going = false;
  // Ends the run at the next window once a stop is requested: with an error of
  // kCancelled, and no output published.
  std::stop_token cancel;
  // Called after each window, on one thread at a time.
  std::function<void(const Progress&)> progress;
  // Whether Progress has the total, which requires a stat of each input in
  // advance.
  bool progress_total = true;
};

// Expands the words of a command line to files, in the order of the words:
// - "-" is kept, as standard input;
// - a directory becomes the regular files in it and in the directories below,
//   hidden ones too, each directory's entries in byte order of their names,
//   except names of files without records (LeftOut) and those that
//   Options::include and exclude, matched against the path in the directory,
//   leave out; symbolic links, pipes and devices in it are left out and
//   counted, but the word itself may be a link;
// - any other existing file is taken literally, whatever its name;
// - a path with a scheme (file_system.h) becomes the file of that name in its
//   storage, or the files below that directory or prefix, in byte order of
//   their paths, filtered as those of a directory; it is not a pattern;
// - a pattern as in glob(7) becomes its matches in byte order, each handled as
//   a word, but pipes and devices are left out and counted.
// A word that names nothing, a scheme that is not registered, and a directory
// that cannot be read or has nothing to count, are kIo errors. An unreadable
// directory within a directory and a dangling link that matches a pattern are
// kept as if they were files, so that opening them reports the error.
[[nodiscard]] THRESH_EXPORT Result<InputList> ExpandInputs(
    const std::vector<std::string>& words, const Options& options = {});

}  // namespace thresh

#endif  // THRESH_OPTIONS_H_
