// See json_outline.h.
#include "container/json_outline.h"

#include <algorithm>
#include <bit>
#include <tuple>

#include "base/append.h"
#include "base/varint.h"

namespace thresh {
namespace {

// The first byte of an item: for an opaque stretch its reason, otherwise these
// flags and the number of wrappers.
constexpr uint8_t kIsRecord = 0x80;
constexpr uint8_t kIsElement = 0x40;
constexpr uint8_t kIsListed = 0x20;
constexpr uint8_t kIsElsewhere = 0x10;  // its text is not in the document
constexpr uint8_t kWrappers = 0x0F;

// Zigzag encoding: small numbers for values near zero.
uint64_t Folded(int64_t value) {
  return static_cast<uint64_t>(value) << 1 ^ static_cast<uint64_t>(value >> 63);
}
int64_t Unfolded(uint64_t value) {
  return static_cast<int64_t>(value >> 1 ^ (0 - (value & 1)));
}

// Texts are in separate blocks, so their distance is meaningful only as a
// number.
int64_t Distance(const uint8_t* from, const uint8_t* to) {
  return static_cast<int64_t>(std::bit_cast<uintptr_t>(to) -
                              std::bit_cast<uintptr_t>(from));
}

}  // namespace

void JsonItems::Append(const Item& item) {
  const bool is_record = item.text != nullptr;
  const bool is_elsewhere = is_record && item.text != document_ + item.offset;
  bytes_.Append(is_record
                    ? static_cast<uint8_t>(
                          kIsRecord | (item.is_element ? kIsElement : 0) |
                          (item.listed ? kIsListed : 0) |
                          (is_elsewhere ? kIsElsewhere : 0) | item.wrappers)
                    : static_cast<uint8_t>(item.reason));
  AppendVarint(Folded(static_cast<int64_t>(item.offset) - end_.end), &bytes_);
  AppendVarint(item.length, &bytes_);
  if (is_elsewhere) {
    AppendVarint(Folded(Distance(end_.text_end, item.text)), &bytes_);
    end_.text_end = item.text + item.length;
  }
  end_.end = item.offset + item.length;
  end_.byte = bytes_.size();
  ++end_.item;
}

JsonItems::Item JsonItems::Take(Position* at) const {
  const uint8_t* next = bytes_.data() + at->byte;
  const auto take = [this, &next] {
    uint64_t value = 0;
    next = ReadVarint(next, bytes_.data() + bytes_.size(), &value);
    return value;
  };
  Item item;
  const uint8_t head = *next++;
  item.offset = static_cast<uint32_t>(at->end + Unfolded(take()));
  item.length = static_cast<uint32_t>(take());
  at->end = item.offset + item.length;
  if ((head & kIsRecord) == 0) {
    item.reason = static_cast<Reason>(head);
  } else {
    item.is_element = (head & kIsElement) != 0;
    item.listed = (head & kIsListed) != 0;
    item.wrappers = head & kWrappers;
    item.text = document_ + item.offset;
    if ((head & kIsElsewhere) != 0) {
      item.text = std::bit_cast<const uint8_t*>(
          std::bit_cast<uintptr_t>(at->text_end) +
          static_cast<uintptr_t>(Unfolded(take())));
      at->text_end = item.text + item.length;
    }
  }
  at->byte = static_cast<size_t>(next - bytes_.data());
  ++at->item;
  return item;
}

void JsonStreams::Append(size_t first, size_t end, Bytes stream) {
  if (first == end) return;
  if (names_.empty() || names_.back() != AsText(stream)) {
    names_.emplace_back(AsText(stream));
  }
  documents_.push_back({static_cast<uint32_t>(first),
                        static_cast<uint32_t>(end),
                        static_cast<uint32_t>(names_.size() - 1)});
}

void JsonStreams::ChangeAt(uint32_t item, uint32_t row) {
  if (!changes_.empty() && changes_.back().item == item) changes_.pop_back();
  const uint32_t before = changes_.empty() ? kNone : changes_.back().row;
  if (row != before) changes_.push_back({item, row});
}

void JsonStreams::Finish() {
  // Of two that begin together, the outer one first: it ends later, or was
  // added later. Not stable_sort, whose memory clang 19 calls deprecated.
  std::ranges::sort(documents_, [](const Document& a, const Document& b) {
    return std::tie(a.first, b.end, b.row) < std::tie(b.first, a.end, a.row);
  });
  std::vector<Document> around;
  const auto leave_until = [this, &around](uint32_t item) {
    while (!around.empty() && around.back().end <= item) {
      const uint32_t end = around.back().end;
      around.pop_back();
      ChangeAt(end, around.empty() ? kNone : around.back().row);
    }
  };
  for (const Document& document : documents_) {
    leave_until(document.first);
    ChangeAt(document.first, document.row);
    around.push_back(document);
  }
  leave_until(UINT32_MAX);
  documents_ = {};
}

size_t JsonOutline::TextOfTurn(Position at, size_t most, Bytes segment) const {
  size_t bytes = 0;
  for (; most > 0 && HasItem(at); --most) bytes += items.Take(&at.items).length;
  if (HasItem(at)) return bytes;
  const ptrdiff_t after = segment.data() + segment.size() - (start + size);
  return bytes + static_cast<size_t>(std::max<ptrdiff_t>(after, 0));
}

JsonItems::Item JsonOutline::Take(Position* at,
                                  std::optional<Bytes>* stream) const {
  const auto& changes = streams.changes();
  const size_t item = at->items.item;
  while (at->stream_changes < changes.size() &&
         changes[at->stream_changes].item <= item) {
    ++at->stream_changes;
  }
  const uint32_t row = at->stream_changes == 0
                           ? JsonStreams::kNone
                           : changes[at->stream_changes - 1].row;
  stream->reset();
  if (row != JsonStreams::kNone) *stream = streams.name(row);
  return items.Take(&at->items);
}

}  // namespace thresh
