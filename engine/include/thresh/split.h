// Splits: parts of input files that are read by themselves, by several
// processes, or by a run that goes on where another ended.
//
//   auto inputs = thresh::ExpandInputs({"archive/"});
//   auto splits = thresh::PlanSplits(*inputs, options, 256 << 20);
//   for (const thresh::Split& split : *splits) {
//     // Anywhere:
//     auto reader = thresh::BatchReader::Open(
//         thresh::InputList::OfSplits({split}), options);
//   }
#ifndef THRESH_SPLIT_H_
#define THRESH_SPLIT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "thresh/export.h"
#include "thresh/input_list.h"
#include "thresh/options.h"
#include "thresh/result.h"

namespace thresh {

// The bytes [begin, end) of a file as stored. They are read like a whole file,
// with three differences: offsets in rows, verdicts and errors are those
// in the file; Options::container kAuto means the one that the file's start
// shows; and only the split that begins the file counts in Summary::inputs. So
// the counts of a file's splits add up to those of the file (Summary::Merge).
//
// `begin` is 0 or where PlanSplits has divided the file: at any other place the
// rest of a record would be a suspect. Conditions on earlier records (dedupe
// and the limits of Filter, filter.h) apply within each run.
//
// A file that is shorter than `end` when it is opened is an input error of kIo,
// with its name, and its size as offset. So is an input that is not a regular
// file, unless the split is all of it. A compressed file or an archive whose
// `begin` is not 0 is an input error of kContainer.
struct Split {
  std::string input;  // a path, or "-" for standard input
  uint64_t begin = 0;
  uint64_t end = UINT64_MAX;  // or: to the end of the input

  bool operator==(const Split&) const = default;
};

// The largest record of a Kinesis stream: PutRecord accepts 10 MiB of data and
// partition key. The data of an aggregated record is the whole blob.
inline constexpr uint64_t kLargestKinesisRecord = uint64_t{10} << 20;

// Divides each of `inputs` into splits of `target_bytes` (at least 1) or more,
// except the last of each, and returns them in order; together they are all
// bytes of the inputs. Where a file may be divided depends on its container:
//
// - kBlobs: before a blob that verifies;
// - kBase64Lines: after three lines that do not have the length of wrapped
//   text, 64 or 76 characters;
// - kJson: between two lines each of which is a whole document by itself, and
//   the second of which holds records;
// - the others, compressed files and archives: nowhere. They
//   are one split.
//
// An input that is empty, not a regular file, or cannot be read now, is one
// split of all of it, whose end is UINT64_MAX; every other input ends where it
// does now. Where no place is found for a long time, a split is longer. Reads a
// file of blobs for about kLargestKinesisRecord before each place, of other
// containers a few lines.
//
// Reading all splits of a file gives what reading the whole file gives: the
// same rows and counts, and the content digests merged are the same. There are
// two exceptions, in which a record is not silently lost, since all bytes are
// accounted for:
// - A blob of more than kLargestKinesisRecord that has blobs in its user data
//   may be divided before one of those. It is then a suspect, in pieces, and
//   blobs within it are read as blobs of their own, as in an archive in which
//   it is damaged. Bytes made for the purpose of misleading the search
//   (FORMAT.md, "Time") may have the same effect on blobs of any size.
// - Past an error that ends an input (a line that is too long), the splits that
//   follow are read, and not counted as unread.
//
// Fails for a target of 0 bytes, for options that are not valid, without
// memory, and for Options::cancel. Of the options, `container`, `use_mmap` and
// `cancel` matter. `inputs` may be of splits itself.
[[nodiscard]] THRESH_EXPORT Result<std::vector<Split>> PlanSplits(
    const InputList& inputs, const Options& options, uint64_t target_bytes);

}  // namespace thresh

#endif  // THRESH_SPLIT_H_
