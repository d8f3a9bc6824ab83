// The records that a zip archive is made of beside its entries' data. They are
// read in the order in which they lie, so that an archive can come by a pipe.
#ifndef THRESH_INPUT_ZIP_RECORDS_H_
#define THRESH_INPUT_ZIP_RECORDS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "input/layer_input.h"
#include "thresh/bytes.h"

namespace thresh::zip {

inline constexpr uint32_t kEntry = 0x04034B50;         // "PK\3\4"
inline constexpr uint32_t kListing = 0x02014B50;       // of the directory
inline constexpr uint32_t kSignature = 0x05054B50;     // of the directory
inline constexpr uint32_t kDirectoryEnd = 0x06054B50;  // "PK\5\6"
inline constexpr uint32_t kDirectoryEnd64 = 0x06064B50;
inline constexpr uint32_t kLocator64 = 0x07064B50;

inline constexpr size_t kMagicSize = 4;
inline constexpr size_t kEntryHeader = 30;  // without name and extra fields
inline constexpr size_t kEmptyArchive = 22;

inline constexpr uint16_t kStored = 0;
inline constexpr uint16_t kDeflated = 8;

// What is known of an entry's data: from its header, its descriptor, or the
// data itself.
struct DataFacts {
  uint32_t crc = 0;
  uint64_t compressed = 0;  // bytes
  uint64_t content = 0;     // bytes

  bool operator==(const DataFacts&) const = default;
};

struct EntryHeader {
  uint16_t method = 0;
  bool is_encrypted = false;
  bool is_patch = false;  // of another file
  // The facts, or some of them, stand behind the data; those of the header are
  // zeros, or not to be relied on.
  bool has_descriptor = false;
  DataFacts facts;
  size_t size = 0;  // of the header
};

// The header that `input` stands at; none if the input ends within.
std::optional<EntryHeader> ReadEntryHeader(LayerInput* input);

// Why an entry cannot be read, as "what", to be followed by "cannot be read";
// empty if it can.
std::string WhyRefused(const EntryHeader& header);

// Whether `method` is one that has been given out.
bool IsMethod(uint16_t method);

// The size of the descriptor that `behind` begins with, if it is one that
// states `facts`: with or without magic, with lengths of 4 or of 8 bytes.
std::optional<size_t> FindDescriptor(Bytes behind, const DataFacts& facts);

// As many bytes as a descriptor may have; in a whole archive more follow.
inline constexpr size_t kLongestDescriptor = 24;

// Consumes the record of the directory that `input` stands at, and that begins
// with `magic`. False if the input ends within.
bool SkipDirectoryRecord(LayerInput* input, uint32_t magic);

}  // namespace thresh::zip

#endif  // THRESH_INPUT_ZIP_RECORDS_H_
