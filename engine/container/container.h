// Containers: how Kinesis records lie one after another in an archive. Each is
// a few plain functions in files of its own, reader and writer side by side,
// and a line in the table of container.cc.
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
#include "container/recogniser.h"
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

// The largest Kinesis record that a container may hold. Kinesis takes 10 MiB;
// the limit exists so that a damaged length ends in an error, and so that
// streams need bounded memory.
inline constexpr size_t kMaxRecordBytes = size_t{64} << 20;

// A stretch of a segment: one Kinesis record, or bytes that belong to none.
struct Frame {
  size_t offset;  // of its first byte in the segment
  size_t length;  // bytes that it takes up there
  Bytes record;   // the record, decoded; for an opaque frame, its raw bytes
  bool opaque;    // belongs to no Kinesis record
  bool verified;  // looks aggregated, and its MD5 has been found to match
  // Nothing but ordinary fields leads to its end (record/ordinary_field.h). Of
  // use to containers that have to find the end of a record themselves.
  bool ordinary = false;
  bool skipped = false;  // a record that a filter leaves unread
  bool lenient = false;  // a record; its data is no canonical base64
  // Times and numbers of the record that are there and cannot be read.
  uint8_t unreadable_metadata = 0;
  // Of a record that is one line as long as wrapped text: 64 or 76. Of several
  // such lines: less than zero.
  int8_t wrapped_width = 0;
  Reason reason = Reason::kNone;    // of an opaque frame
  uint32_t metadata = kNoMetadata;  // row of Frames::metadata
  uint32_t line_end = 0;            // KinesisRecord::line_end
};

// A search for a record that looked at bytes without finding one of which they
// are (search_limits.h).
struct VainSearch {
  size_t end;         // of the bytes that it looked at
  size_t size_class;  // how many these are
};

// A JSON document that began before a segment, of whose records some are still
// to come.
struct OpenDocument {
  std::shared_ptr<const JsonOutline> outline;
  JsonOutline::Position at = {};
};

// A segment taken apart. Reused from segment to segment.
struct Frames {
  // Once there are so many frames, the container stops at the next place where
  // another segment may begin. Set by the caller, at least 1.
  size_t most = SIZE_MAX;
  // Bytes at the segment's end of which it gave no frames for this: they are to
  // be a segment of their own.
  size_t left = 0;
  Column<Frame> list;                        // in order, without overlap
  uint64_t framing_bytes = 0;                // delimiters between the records
  std::vector<MissingRange> missing_ranges;  // offsets are in the segment
  // Bytes at the segment's end that cannot be judged without those that follow
  // the segment; zero if the segment ends its input.
  size_t unsettled = 0;
  // Searches that started before the segment and looked at bytes in it; when it
  // is taken apart, the same of the unsettled bytes.
  std::vector<VainSearch> vain_searches;
  // What the segment begins in; when it is taken apart, what `left` does.
  OpenDocument open_document;
  // Owns texts of records that came of it.
  std::shared_ptr<const JsonOutline> outline;
  // The container cannot be read on from error->offset; unread_bytes follow.
  std::optional<Error> error;
  uint64_t unread_bytes = 0;
  // What it took to find where records end: bytes that were walked over and
  // hashed for it, at most. A constant times the segment's bytes, whatever
  // these are.
  uint64_t work = 0;
  // Owns the records and texts of containers that encode them.
  Column<uint8_t> decoded;
  TextBlocks texts;
  Column<KinesisMetadata> metadata;  // of containers that have any

  // Bytes of memory that all this takes, or as good as all.
  [[nodiscard]] size_t memory() const;
  void Clear();
  // Adds bytes [offset, offset + length) of `segment` as opaque, cut into
  // frames of at most kMaxRecordBytes.
  void AppendOpaque(Bytes segment, size_t offset, size_t length, Reason reason);
  // Forgets what comes after the frame at `offset`, which takes up `length`
  // bytes. What is unsettled stays so.
  void EndWith(size_t offset, size_t length);
};

// A shape in which a container is written, by the name of that.
struct WrittenShape {
  std::string_view name;
  JsonShape json;
};

struct Container {
  ContainerKind kind;
  std::string_view name;  // as options and reports spell it
  // Segments that hold no place to cut may grow to this size.
  size_t segment_limit;
  CutFunction cut;
  // Takes `segment` apart. Errors carry no file name; offsets are absolute.
  void (*frame)(const Segment& segment, Frames* frames);
  // Null where `frame` has the last word. Else the frames were conjectures:
  // called once their `verified` is known, it replaces those that were wrong.
  // What `frame` has left is a conjecture, too.
  void (*settle)(const Segment& segment, Frames* frames) = nullptr;
  // Opaque bytes at the end of one segment and at the start of the next are one
  // span.
  bool joins_opaque = false;
  // Line ends between two records, sound or damaged, or after the last, are
  // framing (blob_gap.h).
  bool line_ends_frame = false;
  // SegmentSource::EndLinesWithFiles.
  bool ends_lines_with_files = false;
  // The most that is read of an input at a time, unless a record has more:
  // where records are encoded, they take memory beside the input.
  size_t most_read = SIZE_MAX;
  // Bytes of memory that a frame takes, with its metadata.
  size_t frame_bytes = sizeof(Frame);
  // Whether an input of it is recognised by its first bytes. Null where nothing
  // there says so: such inputs are read where the container is named.
  Sight (*recognise)(SniffPass pass, Recognition* recognition) = nullptr;
  // Why an input that begins so cannot be of this container, which was named
  // for it. Null: it can be.
  std::optional<Error> (*refuse)(Bytes head, bool whole) = nullptr;
  // Makes a writer; null where a file has but one record. Formats have the kind
  // of the container.
  std::unique_ptr<RecordWriter> (*write)(const ContainerFormat& format,
                                         const JsonSource& source) = nullptr;
  // The shapes that `write` takes; none if there is only one, which has the
  // container's name.
  // NOLINTNEXTLINE(readability-redundant-member-init)
  std::span<const WrittenShape> shapes = {};
  // Whether a reader that starts anywhere in an input finds the records that
  // begin after it (IsSplittable).
  bool splittable = false;
};

// All of them, in the order in which they are recognised.
std::span<const Container> Containers();

// The container of `kind`, which is not kAuto.
const Container& ContainerOf(ContainerKind kind);

}  // namespace thresh

#endif  // THRESH_CONTAINER_CONTAINER_H_
