// A container may begin with any bytes, so each test checks enough of a header
// to make a chance match negligible.
#include "input/archive_format.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <numeric>
#include <string>

#include "base/byte_order.h"
#include "compression/inflater.h"

namespace thresh {
namespace {

constexpr size_t kTarBlock = 512;

// The number in a field of a tar header, octal; -1 if there is none.
int64_t OctalField(Bytes field) {
  const std::string text(AsText(field));
  char* end = nullptr;
  const auto value = std::strtoll(text.c_str(), &end, 8);
  const bool ended = *end == '\0' || *end == ' ';
  return end != text.c_str() && ended ? value : -1;
}

// Its checksum is right. It covers its own field as if it contained spaces;
// some programs sum signed bytes.
bool LooksTar(Bytes head) {
  constexpr size_t kChecksum = 148;
  constexpr size_t kChecksumSize = 8;
  if (head.size() < kTarBlock || head.front() == 0) return false;
  const int64_t stated = OctalField(head.subspan(kChecksum, kChecksumSize));
  int64_t sum = int64_t{kChecksumSize} * ' ';
  int64_t signed_sum = sum;
  for (size_t i = 0; i < kTarBlock; ++i) {
    if (i >= kChecksum && i < kChecksum + kChecksumSize) continue;
    sum += head[i];
    signed_sum += static_cast<int8_t>(head[i]);
  }
  return stated == sum || stated == signed_sum;
}

// An empty archive is only the end of a directory.
bool LooksEmptyZip(Bytes head) {
  constexpr size_t kEnd = 22;
  return head.size() >= kEnd &&
         std::ranges::all_of(head.subspan(4, kEnd - 6),
                             [](uint8_t byte) { return byte == 0; });
}

bool IsZipMethod(uint16_t method) {
  constexpr std::array<uint16_t, 16> kMethods = {0, 1,  2,  3,  4,  5,  6,  8,
                                                 9, 12, 14, 93, 95, 97, 98, 99};
  return std::ranges::find(kMethods, method) != kMethods.end();
}

// Whether every field of an entry's header, of which `head` has at least 30
// bytes, is valid, so that the data need not be checked: they may be damaged.
bool IsZipHeader(Bytes head) {
  constexpr uint16_t kReservedFlags = 0b1101'0111'1000'0000;
  constexpr size_t kName = 30;
  const unsigned time = LoadLe<uint16_t>(&head[10]);
  const unsigned date = LoadLe<uint16_t>(&head[12]);
  const bool is_time =
      (time & 31) < 30 && (time >> 5 & 63) < 60 && time >> 11 < 24;
  const bool is_date = (date >> 5 & 15) <= 12;  // of nothing, it is 0
  const size_t name_size = LoadLe<uint16_t>(&head[26]);
  if ((LoadLe<uint16_t>(&head[6]) & kReservedFlags) != 0 || !is_time ||
      !is_date || head[5] != 0 || name_size == 0) {
    return false;
  }
  Bytes rest = head.subspan(kName);
  const Bytes name = rest.first(std::min(name_size, rest.size()));
  if (std::ranges::any_of(name, [](uint8_t byte) { return byte < ' '; })) {
    return false;
  }
  rest = rest.subspan(name.size());
  size_t extra = LoadLe<uint16_t>(&head[28]);
  while (extra > 0 && rest.size() >= 4) {  // fields with a size each
    const size_t field = size_t{4} + LoadLe<uint16_t>(&rest[2]);
    if (field > extra) return false;
    extra -= field;
    rest = rest.subspan(std::min(field, rest.size()));
  }
  return true;
}

// It begins with the header of an entry, and its data, if marked as deflated,
// inflates as far as available; or the header is certain.
bool LooksZip(Bytes head) {
  constexpr uint32_t kEntry = 0x04034B50;         // "PK\3\4"
  constexpr uint32_t kDirectoryEnd = 0x06054B50;  // "PK\5\6"
  constexpr size_t kHeader = 30;           // without name and extra fields
  constexpr uint8_t kHighestVersion = 99;  // needed to extract; 63 so far
  constexpr uint16_t kEncrypted = 1U << 0 | 1U << 13;
  constexpr uint16_t kDeflated = 8;
  if (head.size() < 4) return false;
  const auto magic = LoadLe<uint32_t>(head.data());
  if (magic == kDirectoryEnd) return LooksEmptyZip(head);
  if (magic != kEntry || head.size() < kHeader) return magic == kEntry;
  const auto method = LoadLe<uint16_t>(&head[8]);
  if (head[4] > kHighestVersion || !IsZipMethod(method)) return false;
  if (method != kDeflated || (LoadLe<uint16_t>(&head[6]) & kEncrypted) != 0) {
    return true;
  }
  const size_t size = kHeader + size_t{LoadLe<uint16_t>(&head[26])} +
                      size_t{LoadLe<uint16_t>(&head[28])};
  return size >= head.size() ||
         Inflates(head.subspan(size), /*with_trailer=*/false) ||
         IsZipHeader(head);
}

bool Looks7Zip(Bytes head) {
  return AsText(head).starts_with("7z\xBC\xAF\x27\x1C");
}

// The portable form of its header: only digits.
bool LooksCpio(Bytes head) {
  const std::string_view text = AsText(head);
  const auto digits = [text](size_t size, std::string_view of) {
    return text.size() >= size &&
           text.substr(0, size).find_first_not_of(of) == std::string_view::npos;
  };
  if (text.starts_with("070707")) return digits(76, "01234567");
  return (text.starts_with("070701") || text.starts_with("070702")) &&
         digits(110, "0123456789abcdefABCDEF");
}

bool LooksRar(Bytes head) {
  return AsText(head).starts_with(std::string_view("Rar!\x1A\x07\x00", 7));
}

bool LooksRar5(Bytes head) {
  return AsText(head).starts_with(std::string_view("Rar!\x1A\x07\x01\x00", 8));
}

bool LooksCab(Bytes head) {
  return AsText(head).starts_with(std::string_view("MSCF\0\0\0\0", 8));
}

constexpr std::array<ArchiveFormat, 7> kFormats = {{
    {ArchiveKind::kZip, "zip", false, true, ArchiveEndMark::kZipDirectory,
     LooksZip},
    {ArchiveKind::kSevenZip, "7-Zip", true, false,
     ArchiveEndMark::kSevenZipSize, Looks7Zip},
    {ArchiveKind::kRar, "RAR", false, false, ArchiveEndMark::kTrailer,
     LooksRar},
    {ArchiveKind::kRar5, "RAR5", false, false, ArchiveEndMark::kRar5Block,
     LooksRar5},
    {ArchiveKind::kCab, "CAB", false, false, ArchiveEndMark::kCabSize,
     LooksCab},
    {ArchiveKind::kCpio, "cpio", false, false, ArchiveEndMark::kTrailer,
     LooksCpio},
    {ArchiveKind::kTar, "tar", false, false, ArchiveEndMark::kTarZeros,
     LooksTar},
}};

}  // namespace

const ArchiveFormat* FindArchive(Bytes head) {
  head = head.first(std::min(head.size(), kArchiveSniffBytes));
  const auto* found = std::ranges::find_if(
      kFormats,
      [head](const ArchiveFormat& format) { return format.recognize(head); });
  return found == kFormats.end() ? nullptr : found;
}

}  // namespace thresh
