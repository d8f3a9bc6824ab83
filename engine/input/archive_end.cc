// See archive_end.h.
#include "input/archive_end.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "base/byte_order.h"

namespace thresh {
namespace {

std::string CutBehind(const ArchiveFindings& found) {
  return "has no end: it was cut off behind the member " + found.last_entry +
         ", and what may have followed is lost";
}

std::string FollowedAt(uint64_t offset) {
  return "ends at byte " + std::to_string(offset) +
         ", and what follows it in the file is not read";
}

std::string Members(uint64_t count) {
  return std::to_string(count) + (count == 1 ? " member" : " members");
}

// The end of a zip directory: its record, the longest possible comment after
// it, and before it, if numbers need 64 bits, another record and its locator.
constexpr uint32_t kZipEnd = 0x06054B50;     // "PK\5\6"
constexpr uint32_t kZip64End = 0x06064B50;   // "PK\6\6"
constexpr uint32_t kZip64Lead = 0x07064B50;  // "PK\6\7"
constexpr size_t kZipEndSize = 22;
constexpr size_t kZip64EndSize = 56;
constexpr size_t kZip64LeadSize = 20;
constexpr size_t kZipTail = kZip64EndSize + kZip64LeadSize + kZipEndSize +
                            std::numeric_limits<uint16_t>::max();
// A count of entries in 16 bits starts over there.
constexpr uint64_t kWrappedEntries = 65'536;
constexpr size_t kTarTail = 512;
constexpr size_t kHeadSize = 32;
// In the block that ends a RAR5 archive: its type and two fields of flags.
constexpr uint64_t kRar5Unread = 3;

size_t TailSize(ArchiveEndMark mark) {
  if (mark == ArchiveEndMark::kZipDirectory) return kZipTail;
  return mark == ArchiveEndMark::kTarZeros ? kTarTail : 0;
}

// The directory as described at the end of a zip file.
struct ZipDirectory {
  size_t records;  // where those of the end begin
  uint64_t entries;
  bool entries_wrapped;  // there may be a multiple of 65,536 more
  uint64_t size;
  uint64_t offset;
};

// A comment may hold the magic; the directory begins and ends on one disk.
bool IsZipEnd(const uint8_t* record) {
  return LoadLe<uint32_t>(record) == kZipEnd &&
         LoadLe<uint16_t>(record + 4) == LoadLe<uint16_t>(record + 6);
}

// The end record at `end`; null if it is damaged.
std::optional<ZipDirectory> ReadZipEnd(Bytes tail, size_t end) {
  const uint8_t* const record = &tail[end];
  ZipDirectory directory = {.records = end,
                            .entries = LoadLe<uint16_t>(record + 10),
                            .entries_wrapped = true,
                            .size = LoadLe<uint32_t>(record + 12),
                            .offset = LoadLe<uint32_t>(record + 16)};
  const bool is_wide =
      end >= kZip64LeadSize &&
      LoadLe<uint32_t>(&tail[end - kZip64LeadSize]) == kZip64Lead;
  if (!is_wide) return directory;
  constexpr size_t kBoth = kZip64LeadSize + kZip64EndSize;
  if (end < kBoth || LoadLe<uint32_t>(&tail[end - kBoth]) != kZip64End) {
    return std::nullopt;
  }
  const uint8_t* const wide = &tail[end - kBoth];
  directory.records = end - kBoth;
  directory.entries = LoadLe<uint64_t>(wide + 32);
  directory.entries_wrapped = false;
  directory.size = LoadLe<uint64_t>(wide + 40);
  directory.offset = LoadLe<uint64_t>(wide + 48);
  return directory;
}

}  // namespace

void ArchiveEnding::See(uint64_t offset, Bytes bytes) {
  if (offset == 0 && head_.empty()) {
    const Bytes head = bytes.first(std::min(bytes.size(), kHeadSize));
    head_.assign(head.begin(), head.end());
  }
  if (offset != seen_to_) tail_.clear();
  seen_to_ = offset + bytes.size();
  const size_t kept = TailSize(mark_);
  const Bytes last = bytes.last(std::min(kept, bytes.size()));
  if (tail_.size() + last.size() > kept) {
    tail_.erase(tail_.begin(),
                tail_.end() - static_cast<ptrdiff_t>(kept - last.size()));
  }
  tail_.insert(tail_.end(), last.begin(), last.end());
  size_t size = bytes.size();
  while (size > 0 && bytes[size - 1] == 0) --size;
  if (size > 0) last_byte_end_ = std::max(last_byte_end_, offset + size);
}

// The end of the archive, if it is known without its tail.
uint64_t ArchiveEnding::ContentEnd(uint64_t end) const {
  if (mark_ == ArchiveEndMark::kRar5Block) return end + kRar5Unread;
  if (head_.size() < kHeadSize) return end;
  if (mark_ == ArchiveEndMark::kCabSize) return LoadLe<uint32_t>(&head_[8]);
  if (mark_ != ArchiveEndMark::kSevenZipSize) return end;
  return kHeadSize + LoadLe<uint64_t>(&head_[12]) +
         LoadLe<uint64_t>(&head_[20]);
}

uint64_t ArchiveEnding::Start(uint64_t size, uint64_t end) const {
  const size_t tail = TailSize(mark_);
  if (tail > 0) return size - std::min<uint64_t>(size, tail);
  return std::min(size, ContentEnd(end));
}

std::string ArchiveEnding::Problem(const ArchiveFindings& found) const {
  switch (mark_) {
    case ArchiveEndMark::kZipDirectory:
      return ZipProblem(found);
    case ArchiveEndMark::kTarZeros:
      return OffsetOf(0) >= last_byte_end_ ? "" : CutBehind(found);
    case ArchiveEndMark::kTrailer:
    case ArchiveEndMark::kRar5Block:
    case ArchiveEndMark::kSevenZipSize:
    case ArchiveEndMark::kCabSize:
      break;
  }
  const uint64_t end = ContentEnd(found.end);
  return last_byte_end_ > end ? FollowedAt(end) : "";
}

// The end is the last end record whose comment extends to the end of the file,
// except for padding.
std::string ArchiveEnding::ZipProblem(const ArchiveFindings& found) const {
  std::optional<uint64_t> other_end;
  for (size_t size = kZipEndSize; size <= tail_.size(); ++size) {
    const size_t at = tail_.size() - size;
    if (!IsZipEnd(&tail_[at])) continue;
    const size_t end = at + kZipEndSize + LoadLe<uint16_t>(&tail_[at + 20]);
    if (end > tail_.size()) continue;
    if (OffsetOf(end) >= last_byte_end_) return DirectoryProblem(at, found);
    if (!other_end.has_value()) other_end = OffsetOf(end);
  }
  return other_end.has_value() ? FollowedAt(*other_end) : CutBehind(found);
}

std::string ArchiveEnding::DirectoryProblem(
    size_t end, const ArchiveFindings& found) const {
  const std::optional<ZipDirectory> directory = ReadZipEnd(tail_, end);
  if (!directory.has_value()) return "has a damaged end";
  const uint64_t entries = directory->entries_wrapped
                               ? found.entries % kWrappedEntries
                               : found.entries;
  if (entries != directory->entries) {
    return "says that it holds " + Members(directory->entries) + ", and " +
           std::to_string(found.entries) +
           " can be found: the others are not read";
  }
  const uint64_t place = OffsetOf(directory->records);
  if (directory->size > place || place - directory->size != directory->offset) {
    return "has bytes too many or too few before its directory: members may "
           "be missing";
  }
  return {};
}

}  // namespace thresh
