// See blob_end.h.
#include "container/blob_end.h"

#include <algorithm>
#include <iterator>

#include "container/container.h"
#include "container/record_digest.h"
#include "digest/md5.h"
#include "record/envelope.h"
#include "record/field.h"
#include "record/ordinary_field.h"
#include "record/small_record.h"

namespace thresh {
namespace {

constexpr size_t kEnvelopeBytes = kMagic.size() + kDigestSize;

// Whether the bytes after `boundary` may start an ordinary field, but end
// before it does.
bool MayGoOn(Bytes bytes, size_t boundary) {
  const Bytes rest = bytes.subspan(boundary);
  if (rest.empty()) return true;
  if (!MayBeOrdinary(rest[0])) return false;
  const FieldExtent field = MeasureField(rest);
  return field.status == FieldStatus::kTruncated &&
         field.size <= kMaxRecordBytes - boundary;
}

// Prefetches every cache line, some distance ahead of an iteration that reads a
// few bytes here and there: it is the first to read the input, later stages
// read all of it, and hardware prefetching does not detect its pattern.
class FetchAhead {
 public:
  explicit FetchAhead(const uint8_t* start) : line_(AddressOf(start)) {}

  // The iteration has reached `at`.
  void To(const uint8_t* at) {
    for (; line_ < AddressOf(at); line_ += kLine) {
      // Not pointer arithmetic, since the input may end before.
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

// The result of an iteration over ordinary fields that reached `boundary`.
BlobEnd Walked(SearchOutcome outcome, size_t boundary) {
  const bool found = outcome == SearchOutcome::kFound;
  return {.outcome = outcome,
          .size = found ? boundary + kDigestSize : 0,
          .reach = boundary,
          .work = boundary};
}

// Whether a blob ends at the digest after `boundary`, where no ordinary field
// begins, because a line end separates it from the next magic or the end of
// `bytes`. kNeedsMore: it may, but `bytes` end within that.
SearchOutcome CandidateLineEnd(Bytes bytes, size_t boundary) {
  const size_t end = boundary + kDigestSize;
  if (boundary == kMagic.size() || end >= bytes.size() ||
      end > kMaxRecordBytes) {
    return SearchOutcome::kNone;
  }
  const Bytes after = bytes.subspan(end);
  const size_t line_end = LineEndSize(after);
  if (line_end == 0) {
    const bool cut = after.size() == 1 && after[0] == '\r';
    return cut ? SearchOutcome::kNeedsMore : SearchOutcome::kNone;
  }
  const Bytes next = after.subspan(line_end);
  const size_t seen = std::min(next.size(), kMagic.size());
  if (!std::ranges::equal(next.first(seen), Bytes(kMagic).first(seen))) {
    return SearchOutcome::kNone;
  }
  return seen > 0 && seen < kMagic.size() ? SearchOutcome::kNeedsMore
                                          : SearchOutcome::kFound;
}

// Skips small fields from `boundary` on, as far as possible without checks for
// the end of `bytes` and until one ends before a magic. Returns where it
// stopped.
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
    if (IsMagicAfterDigest(at)) break;
  }
  return static_cast<size_t>(at - bytes.data());
}

// The rule itself: the first boundary of the message after the magic at the
// front of `bytes` whose digest follows it. kNeedsMore: no boundary within
// `bytes` fits, but a later one may; impossible if `at_end`.
BlobEnd FindFirstEnd(Bytes bytes, bool at_end) {
  constexpr size_t kTail = size_t{2} * 64;  // hashed again at each boundary
  // A group may extend past the largest record.
  const Bytes message = bytes.first(std::min(bytes.size(), kMaxRecordBytes))
                            .subspan(kMagic.size());
  const SearchOutcome beyond =
      at_end ? SearchOutcome::kNone : SearchOutcome::kNeedsMore;
  Md5Prefixes prefixes(message);
  size_t boundary = 0;
  size_t work = 0;
  const auto without = [&](SearchOutcome outcome, uint64_t read) {
    const size_t reach = kMagic.size() + boundary + static_cast<size_t>(read);
    return BlobEnd{outcome, 0, reach, work + reach};
  };
  while (true) {
    const FieldExtent field = MeasureField(message.subspan(boundary));
    if (field.status == FieldStatus::kMalformed ||
        field.size > kMaxRecordBytes - kEnvelopeBytes - boundary) {
      return without(SearchOutcome::kNone, field.read);
    }
    if (field.status == FieldStatus::kTruncated) {
      return without(beyond, field.read);
    }
    boundary += static_cast<size_t>(field.size);
    if (message.size() - boundary < kDigestSize) return without(beyond, 0);
    const Md5Digest digest = prefixes.DigestOf(boundary);
    work += static_cast<size_t>(field.size) + kTail;
    if (std::ranges::equal(digest, message.subspan(boundary, kDigestSize))) {
      const size_t size = boundary + kEnvelopeBytes;
      return {SearchOutcome::kFound, size, size, work + size};
    }
  }
}

}  // namespace

size_t LineEndSize(Bytes bytes) {
  if (bytes.empty()) return 0;
  if (bytes[0] == '\n') return 1;
  return bytes.size() > 1 && bytes[0] == '\r' && bytes[1] == '\n' ? 2 : 0;
}

BlobEnd CandidateEnd(Bytes bytes, bool at_end) {
  size_t boundary = kMagic.size();
  FetchAhead fetch(bytes.data());
  while (true) {
    const size_t skipped = SkipSmallFields(bytes, boundary, fetch);
    if (skipped != boundary) {
      boundary = skipped;
    } else {
      const size_t field = OrdinaryFieldSize(bytes.subspan(boundary));
      if (field == 0) {
        const SearchOutcome end = CandidateLineEnd(bytes, boundary);
        const bool goes_on =
            end == SearchOutcome::kNone && MayGoOn(bytes, boundary);
        return Walked(goes_on ? SearchOutcome::kNeedsMore : end, boundary);
      }
      boundary += field;
      fetch.To(bytes.data() + boundary);
    }
    const size_t end = boundary + kDigestSize;
    if (end > kMaxRecordBytes) return Walked(SearchOutcome::kNone, boundary);
    if (end > bytes.size()) return Walked(SearchOutcome::kNeedsMore, boundary);
    if (end == bytes.size() ? at_end : StartsWithMagic(bytes.subspan(end))) {
      return Walked(SearchOutcome::kFound, boundary);
    }
  }
}

BlobEnd FindBlobEnd(Bytes bytes, bool at_end) {
  BlobEnd candidate = CandidateEnd(bytes, at_end);
  if (candidate.outcome == SearchOutcome::kNeedsMore && !at_end)
    return candidate;
  if (candidate.outcome == SearchOutcome::kFound) {
    candidate.work += candidate.size;
    if (DigestMatches(bytes.first(candidate.size))) return candidate;
  }
  BlobEnd end = FindFirstEnd(bytes, at_end);
  end.reach = std::max(end.reach, candidate.reach);
  end.work += candidate.work;
  return end;
}

}  // namespace thresh
