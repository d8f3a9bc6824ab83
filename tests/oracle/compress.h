// Writes the layers that the engine reads: with the libraries' own writers if
// there are any, else strictly by the format, without optimization.
#ifndef THRESH_TESTS_ORACLE_COMPRESS_H_
#define THRESH_TESTS_ORACLE_COMPRESS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace thresh::oracle {

// `content` as one gzip member.
std::string Gzip(std::string_view content, int level = 6);

// `content` as one frame, with a checksum or without.
std::string Zstd(std::string_view content, bool checksum = true);
std::string ZstdSkippable(std::string_view content);

struct ZipEntry {
  enum class Descriptor : uint8_t { kNone, k32, k32WithoutMagic, k64 };

  std::string content;
  std::string name = "name";
  bool deflated = true;
  bool zip64 = false;  // lengths in an extra field
  Descriptor descriptor = Descriptor::kNone;
  // Replace the correct values.
  uint16_t flags = 0;
  uint16_t method = 0;
};
std::string Zip(const std::vector<ZipEntry>& entries,
                std::string_view comment = "");

// In chunks of up to `chunk` bytes; every third is not compressed.
std::string FramedSnappy(std::string_view content, size_t chunk = 65536);
// One chunk, its length filled in.
std::string SnappyChunk(uint8_t type, std::string_view data);
// The checksum of a chunk's content.
std::string MaskedCrc32c(std::string_view content);

std::string XerialSnappy(std::string_view content, size_t block = 32768);

// Blocks of `block` bytes, each of chunks of up to `chunk`.
std::string HadoopSnappy(std::string_view content, size_t block = 262144,
                         size_t chunk = 262144);

std::string RawSnappy(std::string_view content);

std::string LittleEndian(uint64_t number, size_t size);
std::string BigEndian32(size_t number);

}  // namespace thresh::oracle

#endif  // THRESH_TESTS_ORACLE_COMPRESS_H_
