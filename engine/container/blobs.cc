// A blob carries no length: it ends at the first field boundary of its message
// that is followed by the MD5 of everything before it. To hash at every
// boundary would double the work, so FrameBlobs conjectures that a blob ends
// where a magic (or the segment's end) is first met in the right distance from
// a boundary, all conjectures are hashed at once in lanes, and SettleBlobs
// hashes boundary by boundary only where one turned out wrong: after damage, or
// around bytes that are no blob.
#include "container/blobs.h"

#include <algorithm>
#include <cstring>
#include <iterator>

#include "digest/md5.h"
#include "envelope/envelope.h"
#include "wire/field.h"
#include "wire/ordinary_field.h"
#include "wire/small_record.h"

namespace thresh {
namespace {

constexpr size_t kEnvelopeBytes = kMagic.size() + kDigestSize;

enum class Search : uint8_t { kFound, kNone, kNeedsMore };

struct BlobEnd {
  Search outcome;
  size_t size;  // kFound: of the blob, envelope included
};

// Whether the bytes behind `boundary` may start an ordinary field, but end
// before it does.
bool MayGoOn(Bytes bytes, size_t boundary) {
  const Bytes rest = bytes.subspan(boundary);
  if (rest.empty()) return true;
  const FieldExtent field = MeasureField(rest);
  return MayBeOrdinary(rest[0]) && field.status == FieldStatus::kTruncated &&
         field.size <= kMaxRecordBytes - boundary;
}

// Fetches every cache line, some way ahead of a walk that reads a few bytes
// here and there: the walk is the first to touch the input, those who come
// after it read it all, and the processor's own prefetching takes a walk's
// steps for random ones.
class FetchAhead {
 public:
  explicit FetchAhead(const uint8_t* start) : line_(AddressOf(start)) {}

  // The walk has come to `at`.
  void To(const uint8_t* at) {
    for (; line_ < AddressOf(at); line_ += kLine) {
      // Not pointer arithmetic, for the input may end before.
      // NOLINTNEXTLINE(performance-no-int-to-ptr)
      __builtin_prefetch(reinterpret_cast<const void*>(line_ + kAhead), 0, 2);
    }
  }

 private:
  static constexpr uintptr_t kLine = 64;
  static constexpr uintptr_t kAhead = 2048;
  static uintptr_t AddressOf(const uint8_t* at) {
    return reinterpret_cast<uintptr_t>(at);
  }

  uintptr_t line_;
};

// Whether a magic lies where it would if a blob's digest began at `boundary`.
bool EndsBlob(const uint8_t* boundary) {
  return std::memcmp(boundary + kDigestSize, kMagic.data(), kMagic.size()) == 0;
}

// Walks over small fields from `boundary` on, as far as it can do so without a
// look at the end of `bytes` and until one ends before a magic. Returns where
// it stopped.
size_t SkipSmallFields(Bytes bytes, size_t boundary, FetchAhead& fetch) {
  constexpr ptrdiff_t kReach =
      kMaxSmallRecordSize + std::ssize(kMagic) + ptrdiff_t{kDigestSize};
  if (std::ssize(bytes) < kReach) return boundary;
  const uint8_t* at = bytes.data() + boundary;
  const uint8_t* const last = bytes.data() + bytes.size() - kReach;
  while (at <= last) {
    const size_t size = SmallFieldSize(at);
    if (size == 0) break;
    fetch.To(at + size);
    at += size;
    if (EndsBlob(at)) break;
  }
  return static_cast<size_t>(at - bytes.data());
}

// Where the blob at the front of `bytes` ends if it consists of ordinary fields
// up to a boundary whose digest would be followed by a magic or by the end of
// `bytes`. Ordinary fields cannot start with the digest of what precedes them
// (ordinary_field.h), so if the blob's own digest matches here, no boundary
// before this one can have matched. kNeedsMore: so it may be, but the end lies
// behind `bytes`.
BlobEnd ConjectureEnd(Bytes bytes) {
  size_t boundary = kMagic.size();
  FetchAhead fetch(bytes.data());
  while (true) {
    const size_t skipped = SkipSmallFields(bytes, boundary, fetch);
    if (skipped != boundary) {
      boundary = skipped;
    } else {
      const size_t field = OrdinaryFieldSize(bytes.subspan(boundary));
      if (field == 0) {
        return {MayGoOn(bytes, boundary) ? Search::kNeedsMore : Search::kNone,
                0};
      }
      boundary += field;
      fetch.To(bytes.data() + boundary);
    }
    const size_t end = boundary + kDigestSize;
    if (end > kMaxRecordBytes) return {Search::kNone, 0};
    if (end > bytes.size()) return {Search::kNeedsMore, 0};
    if (end == bytes.size() || StartsWithMagic(bytes.subspan(end))) {
      return {Search::kFound, end};
    }
  }
}

// The rule itself: the first boundary of the message behind the magic at the
// front of `bytes` whose digest follows it. kNeedsMore: no boundary within
// `bytes` fits, but one beyond may; impossible if `at_end`.
BlobEnd FindFirstEnd(Bytes bytes, bool at_end) {
  const Bytes message = bytes.subspan(kMagic.size());
  const Search beyond = at_end ? Search::kNone : Search::kNeedsMore;
  Md5Prefixes prefixes(message);
  size_t boundary = 0;
  while (true) {
    const FieldExtent field = MeasureField(message.subspan(boundary));
    if (field.status == FieldStatus::kMalformed ||
        field.size > kMaxRecordBytes - kEnvelopeBytes - boundary) {
      return {Search::kNone, 0};
    }
    if (field.status == FieldStatus::kTruncated) return {beyond, 0};
    boundary += static_cast<size_t>(field.size);
    if (message.size() - boundary < kDigestSize) return {beyond, 0};
    const Md5Digest digest = prefixes.DigestOf(boundary);
    if (std::ranges::equal(digest, message.subspan(boundary, kDigestSize))) {
      return {Search::kFound, boundary + kEnvelopeBytes};
    }
  }
}

bool Verifies(Bytes blob) {
  return std::ranges::equal(Md5(MessageOf(blob)), DigestOf(blob));
}

// Where the blob at the front of `bytes` ends, if one starts there. The answer
// does not depend on how much of the input lies within `bytes`: a conjecture
// goes first here as it does elsewhere, and is waited for if it cannot be made
// yet.
BlobEnd FindEnd(Bytes bytes, bool at_end) {
  const BlobEnd conjecture = ConjectureEnd(bytes);
  if (conjecture.outcome == Search::kNeedsMore && !at_end) return conjecture;
  if (conjecture.outcome == Search::kFound &&
      Verifies(bytes.first(conjecture.size))) {
    return conjecture;
  }
  return FindFirstEnd(bytes, at_end);
}

Frame BlobFrame(Bytes segment, size_t offset, size_t length, bool verified) {
  return {.offset = offset,
          .length = length,
          .record = segment.subspan(offset, length),
          .opaque = false,
          .verified = verified};
}

// Whether a conjecture whose digest is known is what FindEnd would find.
bool Holds(const Frame& conjecture) {
  return conjecture.verified && conjecture.ordinary;
}

// Whether the conjectures fill the segment without a gap and all of them hold.
bool AllHold(const Segment& segment, const Frames& frames) {
  size_t end = 0;
  for (const Frame& frame : frames.list) {
    if (frame.offset != end || !Holds(frame)) return false;
    end += frame.length;
  }
  return end == segment.bytes.size();
}

// The bytes at the end of `bytes` that may be the start of a magic.
size_t PartialMagic(Bytes bytes) {
  for (size_t size = std::min(kMagic.size() - 1, bytes.size()); size > 0;
       --size) {
    if (std::equal(bytes.end() - static_cast<ptrdiff_t>(size), bytes.end(),
                   kMagic.begin())) {
      return size;
    }
  }
  return 0;
}

// What no blob has claimed, of which the first bytes say what it was to be.
void AddUnclaimed(Bytes segment, size_t offset, size_t length, Frames* frames) {
  const Reason reason = StartsWithMagic(segment.subspan(offset))
                            ? Reason::kDigest
                            : Reason::kNoMagic;
  frames->AppendOpaque(segment, offset, length, reason);
}

}  // namespace

size_t CutBlobs(Bytes window, bool at_end) {
  if (at_end) return window.size();
  const size_t last = FindLastMagic(window);
  if (last != 0 && last != window.size()) return last;
  // One blob that goes on behind the window, or none: bytes outside blobs can
  // be cut anywhere but in the middle of a magic.
  return last == 0 ? 0 : window.size() - PartialMagic(window);
}

void FrameBlobs(const Segment& segment, Frames* frames) {
  const Bytes bytes = segment.bytes;
  size_t start = FindMagic(bytes, 0);
  while (start < bytes.size()) {
    const BlobEnd end = ConjectureEnd(bytes.subspan(start));
    if (end.outcome != Search::kFound) {
      start = FindMagic(bytes, start + 1);
      continue;
    }
    frames->list.Append(BlobFrame(bytes, start, end.size, false));
    frames->list.back().ordinary = true;
    start += end.size;
  }
}

void SettleBlobs(const Segment& segment, Frames* frames) {
  if (AllHold(segment, *frames)) return;
  const Column<Frame> conjectures = std::move(frames->list);
  frames->list.Clear();
  const Bytes bytes = segment.bytes;
  const Frame* conjecture = conjectures.begin();
  size_t opaque = 0;  // where the bytes begin that no blob has claimed yet
  size_t start = FindMagic(bytes, 0);
  while (start < bytes.size()) {
    conjecture = std::find_if(
        conjecture, conjectures.end(),
        [start](const Frame& frame) { return frame.offset >= start; });
    BlobEnd end = {Search::kNone, 0};
    if (conjecture != conjectures.end() && conjecture->offset == start &&
        Holds(*conjecture)) {
      end = {Search::kFound, conjecture->length};
    } else {
      end = FindEnd(bytes.subspan(start), segment.ends_input);
    }
    if (end.outcome == Search::kNeedsMore) {
      AddUnclaimed(bytes, opaque, start - opaque, frames);
      frames->unsettled = bytes.size() - start;
      return;
    }
    if (end.outcome == Search::kNone) {
      start = FindMagic(bytes, start + 1);
      continue;
    }
    AddUnclaimed(bytes, opaque, start - opaque, frames);
    frames->list.Append(BlobFrame(bytes, start, end.size, true));
    opaque = start + end.size;
    start = FindMagic(bytes, opaque);
  }
  if (!segment.ends_input) {
    frames->unsettled = PartialMagic(bytes.subspan(opaque));
  }
  AddUnclaimed(bytes, opaque, bytes.size() - opaque - frames->unsettled,
               frames);
}

}  // namespace thresh
