// Containers: how Kinesis records are stored in an archive. Each is a few plain
// functions in separate files, reader and writer together, and a line in the
// table of container.cc.
#ifndef THRESH_CONTAINER_CONTAINER_H_
#define THRESH_CONTAINER_CONTAINER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "container/json_outline.h"
#include "container/recognizer.h"
#include "container/text_blocks.h"
#include "input/segment.h"
#include "thresh/bytes.h"
#include "thresh/column.h"
#include "thresh/kinesis_metadata.h"
#include "thresh/options.h"
#include "thresh/record_writer.h"
#include "thresh/result.h"
#include "thresh/summary.h"
#include "thresh/verdict.h"

namespace thresh {

// The largest Kinesis record that a container may hold. Kinesis accepts 10 MiB;
// the limit exists so that a damaged length is an error, and so that streams
// need bounded memory.
inline constexpr size_t kMaxRecordBytes = size_t{64} << 20;

// A stretch of a segment: one Kinesis record, or bytes that belong to none.
struct Frame {
  size_t offset;  // of its first byte in the segment
  size_t length;  // bytes that it occupies there
  Bytes record;   // the record, decoded; for an opaque frame, its raw bytes
  bool opaque;    // belongs to no Kinesis record
  bool verified;  // looks aggregated, and its MD5 has been found to match
  // It consists only of ordinary fields (record/ordinary_field.h). Used by
  // containers that have to find the end of a record themselves.
  bool ordinary = false;
  // Its end was guessed (Frames::may_guess): whether the record ends there is
  // known once it has been verified, and read by ReadOrdinaryRecord.
  bool guessed = false;
  bool skipped = false;  // a record that a filter leaves unread
  bool lenient = false;  // a record; its data is not canonical base64
  // Times and numbers of the record that are present but cannot be read.
  uint8_t unreadable_metadata = 0;
  // For a record that is one line of the length of wrapped text: 64 or 76. For
  // several such lines: negative.
  int8_t wrapped_width = 0;
  Reason reason = Reason::kNone;    // of an opaque frame
  uint32_t metadata = kNoMetadata;  // row of Frames::metadata
  uint32_t line_end = 0;            // KinesisRecord::line_end
};

// A search for a record that examined bytes without finding the record that
// they belong to (search_limits.h).
struct FailedSearch {
  size_t end;         // of the bytes that it examined
  size_t size_class;  // how many these are
};

// A JSON document that began before a segment and has more records.
struct OpenDocument {
  std::shared_ptr<const JsonOutline> outline;
  JsonOutline::Position at = {};
};

// The frames of a segment. Reused from segment to segment.
struct Frames {
  // After this many frames, the container stops at the next place where another
  // segment may begin. Set by the caller, at least 1.
  size_t max_frames = SIZE_MAX;
  // Whether the container may guess where records end. Set by the caller, who
  // frames the segment again without guesses if one is wrong.
  bool may_guess = false;
  // Found by `resolve`, which then did nothing else: not all guesses hold, as
  // far as digests show.
  bool misguessed = false;
  // Bytes at the segment's end that were not framed for this reason: they must
  // become another segment.
  size_t left = 0;
  Column<Frame> list;                        // in order, without overlap
  uint64_t framing_bytes = 0;                // delimiters between the records
  std::vector<MissingRange> missing_ranges;  // offsets are in the segment
  // Bytes at the segment's end that cannot be framed without those that follow
  // the segment; zero if the segment ends its input.
  size_t unresolved = 0;
  // Searches that started before the segment and examined bytes in it; after
  // framing, the same for the unresolved bytes.
  std::vector<FailedSearch> failed_searches;
  // The document in which the segment begins; after framing, that in which
  // `left` begins.
  OpenDocument open_document;
  // Owns texts of its records.
  std::shared_ptr<const JsonOutline> outline;
  // The container cannot be read past error->offset; unread_bytes follow.
  std::optional<Error> error;
  uint64_t unread_bytes = 0;
  // An upper bound of the bytes traversed and hashed to find where records end:
  // at most a constant times the segment's bytes, for any bytes.
  uint64_t work = 0;
  // Owns the records and texts of containers that encode them.
  Column<uint8_t> decoded;
  TextBlocks texts;
  Column<KinesisMetadata> metadata;  // of containers that have any

  // Bytes of memory of nearly all of this.
  [[nodiscard]] size_t memory() const;
  void Clear();
  // Adds bytes [offset, offset + length) of `segment` as opaque, cut into
  // frames of at most kMaxRecordBytes.
  void AppendOpaque(Bytes segment, size_t offset, size_t length, Reason reason);
  // Drops everything after the frame at `offset`, which occupies `length`
  // bytes. Unresolved bytes stay so.
  void EndWith(size_t offset, size_t length);
};

// A shape in which a container is written, and its name.
struct WrittenShape {
  std::string_view name;
  JsonShape json;
};

struct Container {
  ContainerKind kind;
  std::string_view name;  // as in options and reports
  // Segments without a place to cut may grow to this size.
  size_t segment_limit;
  CutFunction cut;
  // Frames `segment`. Errors have no file name; offsets are absolute.
  void (*frame)(const Segment& segment, Frames* frames);
  // Null if the result of `frame` is final. Otherwise the frames are
  // candidates: called once their `verified` is known, it replaces those that
  // were wrong. `left` depends on them, too.
  void (*resolve)(const Segment& segment, Frames* frames) = nullptr;
  // Opaque bytes at the end of one segment and at the start of the next are one
  // span.
  bool joins_opaque = false;
  // Line ends between two records, valid or damaged, or after the last, are
  // framing (blob_gap.h).
  bool line_ends_frame = false;
  // SegmentSource::EndLinesWithFiles.
  bool ends_lines_with_files = false;
  // The most bytes read of an input at a time, unless a record has more:
  // decoded records take memory besides the input.
  size_t max_read = SIZE_MAX;
  // Bytes of memory that a frame takes, with its metadata.
  size_t frame_bytes = sizeof(Frame);
  // Recognizes an input of it by its first bytes. Null if these show nothing:
  // such inputs are read only if the container is named.
  Sight (*recognize)(SniffPass pass, Recognition* recognition) = nullptr;
  // Why an input that begins with `head` cannot be of this container, which was
  // named for it. Null: it can be.
  std::optional<Error> (*refuse)(Bytes head, bool whole) = nullptr;
  // Makes a writer; null if a file has only one record. Formats have the kind
  // of the container.
  std::unique_ptr<RecordWriter> (*write)(const ContainerFormat& format,
                                         const JsonSource& source) = nullptr;
  // The shapes that `write` accepts; empty if there is only one, which has the
  // container's name.
  // NOLINTNEXTLINE(readability-redundant-member-init)
  std::span<const WrittenShape> shapes = {};
  // Finds the first place at or after `from` in `segment` at which an input can
  // be divided: two readers, one of what is before it and one of what follows,
  // find what one reader of both finds. `segment` begins at such a place or
  // `split_lookback` bytes before `from`. No result if there is none, or unless
  // the segment ends the input, if bytes after it may change the answer. Null:
  // inputs are not divided.
  std::optional<size_t> (*split)(const Segment& segment, size_t from) = nullptr;
  size_t split_lookback = 0;  // bytes
};

// All of them, in the order in which they are tried.
std::span<const Container> Containers();

// The container of `kind`, which is not kAuto.
const Container& ContainerOf(ContainerKind kind);

}  // namespace thresh

#endif  // THRESH_CONTAINER_CONTAINER_H_
