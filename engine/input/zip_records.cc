// Field by field, as APPNOTE.TXT lays them out.
#include "input/zip_records.h"

#include <algorithm>
#include <array>
#include <utility>

#include "input/byte_order.h"

namespace thresh::zip {
namespace {

constexpr uint32_t kDescriptor = 0x08074B50;
constexpr uint32_t kIn64 = 0xFFFFFFFF;  // a length that an extra field has
constexpr uint16_t kExtra64 = 0x0001;
constexpr size_t kExtraHeader = 4;

constexpr uint16_t kEncrypted = 1U << 0;
constexpr uint16_t kDescribedBehind = 1U << 3;
constexpr uint16_t kPatched = 1U << 5;
constexpr uint16_t kMasked = 1U << 13;
constexpr uint16_t kMethodAes = 99;

constexpr std::array<std::pair<uint16_t, const char*>, 14> kMethods = {{
    {kStored, "storing"},
    {1, "shrinking"},
    {2, "reducing"},
    {3, "reducing"},
    {4, "reducing"},
    {5, "reducing"},
    {6, "imploding"},
    {kDeflated, "deflate"},
    {9, "Deflate64"},
    {12, "bzip2"},
    {14, "LZMA"},
    {93, "zstd"},
    {95, "xz"},
    {98, "PPMd"},
}};

const auto* FindMethod(uint16_t method) {
  return std::ranges::find(kMethods, method,
                           &decltype(kMethods)::value_type::first);
}

// Takes the lengths that the header has no room for out of the extra fields.
void ReadExtra64(Bytes extra, DataFacts* facts) {
  while (extra.size() >= kExtraHeader) {
    const uint16_t id = LoadU16Le(extra.data());
    const size_t size = LoadU16Le(&extra[2]);
    extra = extra.subspan(kExtraHeader);
    Bytes field = extra.first(std::min(size, extra.size()));
    extra = extra.subspan(field.size());
    if (id != kExtra64) continue;
    for (uint64_t* length : {&facts->content, &facts->compressed}) {
      if (*length != kIn64 || field.size() < 8) continue;
      *length = LoadU64Le(field.data());
      field = field.subspan(8);
    }
  }
}

}  // namespace

std::optional<EntryHeader> ReadEntryHeader(LayerInput* input) {
  Bytes view = input->Peek(kEntryHeader);
  if (view.size() < kEntryHeader) return std::nullopt;
  const size_t name_size = LoadU16Le(&view[26]);
  const size_t extra_size = LoadU16Le(&view[28]);
  EntryHeader header;
  header.size = kEntryHeader + name_size + extra_size;
  view = input->Peek(header.size);
  if (view.size() < header.size) return std::nullopt;
  const uint16_t flags = LoadU16Le(&view[6]);
  header.method = LoadU16Le(&view[8]);
  header.is_encrypted =
      (flags & (kEncrypted | kMasked)) != 0 || header.method == kMethodAes;
  header.has_descriptor = (flags & kDescribedBehind) != 0;
  header.facts = {.crc = LoadU32Le(&view[14]),
                  .compressed = LoadU32Le(&view[18]),
                  .content = LoadU32Le(&view[22])};
  ReadExtra64(view.subspan(kEntryHeader + name_size, extra_size),
              &header.facts);
  header.is_patch = (flags & kPatched) != 0;
  return header;
}

bool IsMethod(uint16_t method) {
  return FindMethod(method) != kMethods.end() || method == kMethodAes;
}

std::string WhyRefused(const EntryHeader& header) {
  if (header.is_encrypted) return "an encrypted zip entry";
  if (header.is_patch) return "a zip entry with patch data";
  if (header.method == kStored || header.method == kDeflated) return "";
  const auto* method = FindMethod(header.method);
  return "a zip entry compressed by " +
         (method != kMethods.end() ? std::string(method->second)
                                   : "method " + std::to_string(header.method));
}

std::optional<size_t> FindDescriptor(Bytes behind, const DataFacts& facts) {
  // The longer lengths first: what follows a descriptor with the shorter ones
  // is never a number of zeros, and would have to be.
  for (const size_t width : {8U, 4U}) {
    for (const size_t magic_size : {kMagicSize, size_t{0}}) {
      const size_t size = magic_size + 4 + 2 * width;
      if (behind.size() < size) continue;
      if (magic_size > 0 && LoadU32Le(behind.data()) != kDescriptor) continue;
      const uint8_t* const fields = behind.data() + magic_size;
      const DataFacts stated = {.crc = LoadU32Le(fields),
                                .compressed = LoadLe(fields + 4, width),
                                .content = LoadLe(fields + 4 + width, width)};
      if (stated == facts) return size;
    }
  }
  return std::nullopt;
}

bool SkipDirectoryRecord(LayerInput* input, uint32_t magic) {
  // The size of the fixed part, and where the sizes of the rest stand in it.
  struct Shape {
    size_t size;
    std::array<std::pair<size_t, size_t>, 3> rest;  // offset and width
  };
  const auto shape_of = [](uint32_t record) -> Shape {
    switch (record) {
      case kListing:
        return {46, {{{28, 2}, {30, 2}, {32, 2}}}};
      case kSignature:
        return {6, {{{4, 2}, {}, {}}}};
      case kDirectoryEnd64:
        return {12, {{{4, 8}, {}, {}}}};
      case kLocator64:
        return {20, {}};
      default:
        return {kEmptyArchive, {{{20, 2}, {}, {}}}};
    }
  };
  const Shape shape = shape_of(magic);
  const Bytes view = input->Peek(shape.size);
  if (view.size() < shape.size) return false;
  uint64_t size = shape.size;
  for (const auto& [offset, width] : shape.rest) {
    const uint64_t more = LoadLe(&view[offset], width);
    if (more > UINT64_MAX - size) return false;
    size += more;
  }
  return input->Skip(size) == size;
}

}  // namespace thresh::zip
