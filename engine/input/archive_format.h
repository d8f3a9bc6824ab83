// The kinds of archives that are directories in a file, recognized by their
// first bytes. libarchive reads them, but does not decide what is an archive,
// since it accepts too much.
#ifndef THRESH_INPUT_ARCHIVE_FORMAT_H_
#define THRESH_INPUT_ARCHIVE_FORMAT_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "thresh/bytes.h"

namespace thresh {

enum class ArchiveKind : uint8_t {
  kZip,
  kSevenZip,
  kRar,
  kRar5,
  kCab,
  kCpio,
  kTar,
};

// How an archive shows where it ends (archive_end.h).
enum class ArchiveEndMark : uint8_t {
  kZipDirectory,
  kTarZeros,
  kTrailer,       // an entry or block after which libarchive stops reading
  kRar5Block,     // such a block, whose last bytes libarchive may not read
  kSevenZipSize,  // in its first bytes
  kCabSize,
};

struct ArchiveFormat {
  ArchiveKind kind;
  std::string_view name;  // as in errors
  bool needs_seek;  // its members cannot be read in the order of its bytes
  // Whether its members can be read in any order, independently.
  bool random_access;
  ArchiveEndMark end_mark;
  // Whether an input that begins with `head`, of up to kArchiveSniffBytes, is
  // one.
  bool (*recognize)(Bytes head);
};

inline constexpr size_t kArchiveSniffBytes = 1024;

// The format of an input that begins with `head`; null if it is not an archive.
const ArchiveFormat* FindArchive(Bytes head);

}  // namespace thresh

#endif  // THRESH_INPUT_ARCHIVE_FORMAT_H_
