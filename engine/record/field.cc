// Finds where a field ends without interpreting it. Groups are traversed with
// an explicit stack, so that hostile nesting causes no recursion.
#include "record/field.h"

#include <algorithm>
#include <array>

#include "base/varint.h"

namespace thresh {
namespace {

constexpr FieldExtent kBad = {FieldStatus::kMalformed, 0};

constexpr FieldExtent Complete(uint64_t size) {
  return {FieldStatus::kOk, size};
}
constexpr FieldExtent Missing(uint64_t needed) {
  return {FieldStatus::kTruncated, needed};
}

// The extent of a number that a reader of varint.h read from the first of
// `bytes` up to `after`, null for failure.
FieldExtent NumberExtent(Bytes bytes, const uint8_t* after,
                         ptrdiff_t max_bytes) {
  if (after != nullptr) {
    return Complete(static_cast<uint64_t>(after - bytes.data()));
  }
  const bool cut_off =
      std::ssize(bytes) < max_bytes &&
      std::ranges::all_of(bytes, [](uint8_t byte) { return byte >= 0x80; });
  if (cut_off) return Missing(bytes.size() + 1);
  return kBad;
}

// Measures and reads a tag. `end_group` is the only end-group tag allowed, or 0
// for none; `may_nest` allows a start-group tag. A truncated tag is checked by
// its available bits.
FieldExtent MeasureTag(Bytes bytes, uint32_t end_group, bool may_nest,
                       uint32_t* tag) {
  *tag = 0;
  const uint8_t* const end = bytes.data() + bytes.size();
  const FieldExtent extent =
      NumberExtent(bytes, ReadTag(bytes.data(), end, tag), kMaxTagBytes);
  if (extent.status == FieldStatus::kMalformed || bytes.empty()) return extent;

  const bool complete = extent.status == FieldStatus::kOk;
  if (complete && *tag >> 3 == 0) return kBad;
  switch (static_cast<WireType>(bytes[0] & 7)) {
    case WireType::kVarint:
    case WireType::kFixed64:
    case WireType::kLengthDelimited:
    case WireType::kFixed32:
      return extent;
    case WireType::kStartGroup:
      return may_nest ? extent : kBad;
    case WireType::kEndGroup: {
      if (complete) return *tag == end_group ? extent : kBad;
      for (size_t i = 0; i < bytes.size(); ++i) {
        if (((bytes[i] ^ end_group >> 7 * i) & 0x7F) != 0) return kBad;
      }
      return extent;
    }
  }
  return kBad;
}

// Measures the value after a tag of a type other than a group's.
FieldExtent MeasureValue(WireType type, Bytes bytes) {
  const uint8_t* const begin = bytes.data();
  const uint8_t* const end = begin + bytes.size();
  uint64_t size = 0;
  switch (type) {
    case WireType::kVarint: {
      uint64_t value = 0;
      return NumberExtent(bytes, ReadVarint(begin, end, &value),
                          kMaxVarintBytes);
    }
    case WireType::kLengthDelimited: {
      uint32_t length = 0;
      const FieldExtent prefix =
          NumberExtent(bytes, ReadLength(begin, end, &length), kMaxLengthBytes);
      if (prefix.status != FieldStatus::kOk) return prefix;
      size = prefix.size + length;
      break;
    }
    case WireType::kFixed64:
      size = 8;
      break;
    case WireType::kFixed32:
      size = 4;
      break;
    default:
      return kBad;
  }
  return size <= bytes.size() ? Complete(size) : Missing(size);
}

}  // namespace

FieldExtent MeasureField(Bytes bytes, size_t depth) {
  std::array<uint32_t, kMaxDepth> end_groups;  // of the open groups
  const size_t room = kMaxDepth - depth;
  size_t open = 0;
  uint64_t size = 0;
  do {
    uint32_t tag = 0;
    const uint32_t end_group = open == 0 ? 0 : end_groups[open - 1];
    FieldExtent step =
        MeasureTag(bytes.subspan(size), end_group, open < room, &tag);
    if (step.status == FieldStatus::kOk) {
      size += step.size;
      const auto type = static_cast<WireType>(tag & 7);
      if (type == WireType::kStartGroup) {
        end_groups[open++] = MakeTag(tag >> 3, WireType::kEndGroup);
        continue;
      }
      if (type == WireType::kEndGroup) {
        --open;
        continue;
      }
      step = MeasureValue(type, bytes.subspan(size));
    }
    if (step.status != FieldStatus::kOk) {
      const bool bad = step.status == FieldStatus::kMalformed;
      return {step.status, bad ? 0 : size + step.size, size};
    }
    size += step.size;
  } while (open > 0);
  return {FieldStatus::kOk, size, size};
}

}  // namespace thresh
