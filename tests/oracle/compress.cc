// Each layer from its format's description, independent of the reader.
#include "oracle/compress.h"

#include <snappy.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace thresh::oracle {
namespace {

void Check(bool holds) {
  if (!holds) std::abort();
}

std::string Deflate(std::string_view content, int level, int window_bits) {
  z_stream deflater{};
  Check(deflateInit2(&deflater, level, Z_DEFLATED, window_bits, 8,
                     Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&deflater, content.size()) + 32, '\0');
  deflater.next_in =
      reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
  deflater.avail_in = static_cast<uInt>(content.size());
  deflater.next_out = reinterpret_cast<Bytef*>(out.data());
  deflater.avail_out = static_cast<uInt>(out.size());
  Check(deflate(&deflater, Z_FINISH) == Z_STREAM_END);
  out.resize(deflater.total_out);
  deflateEnd(&deflater);
  return out;
}

uint32_t Crc32(std::string_view content) {
  return static_cast<uint32_t>(
      crc32(0, reinterpret_cast<const Bytef*>(content.data()),
            static_cast<uInt>(content.size())));
}

// Calls `write` with each piece of up to `size` bytes.
template <typename Write>
void ForEachPiece(std::string_view content, size_t size, Write write) {
  for (size_t at = 0; at < content.size(); at += size) {
    write(content.substr(at, size));
  }
}

std::string Facts(const ZipEntry& entry, const std::string& data,
                  size_t width) {
  return LittleEndian(Crc32(entry.content), 4) +
         LittleEndian(data.size(), width) +
         LittleEndian(entry.content.size(), width);
}

std::string Header(const ZipEntry& entry, const std::string& data) {
  const bool behind = entry.descriptor != ZipEntry::Descriptor::kNone;
  const auto flags = static_cast<uint16_t>(entry.flags | (behind ? 8 : 0));
  const int method = entry.method != 0 ? entry.method : entry.deflated ? 8 : 0;
  std::string facts = behind ? std::string(12, '\0') : Facts(entry, data, 4);
  std::string extra;
  if (entry.zip64) {
    facts.replace(4, 8, 8, '\xFF');
    extra = LittleEndian(0x7075, 2) + LittleEndian(3, 2) + "any" +
            LittleEndian(1, 2) + LittleEndian(16, 2) +
            LittleEndian(behind ? 0 : entry.content.size(), 8) +
            LittleEndian(behind ? 0 : data.size(), 8);
  }
  return "PK\x03\x04" + LittleEndian(entry.zip64 ? 45 : 20, 2) +
         LittleEndian(flags, 2) +
         LittleEndian(static_cast<uint64_t>(method), 2) +
         LittleEndian(0x6000'5000, 4) + facts +
         LittleEndian(entry.name.size(), 2) + LittleEndian(extra.size(), 2) +
         entry.name + extra;
}

std::string Descriptor(const ZipEntry& entry, const std::string& data) {
  switch (entry.descriptor) {
    case ZipEntry::Descriptor::kNone:
      return "";
    case ZipEntry::Descriptor::k32:
      return "PK\x07\x08" + Facts(entry, data, 4);
    case ZipEntry::Descriptor::k32WithoutMagic:
      return Facts(entry, data, 4);
    case ZipEntry::Descriptor::k64:
      return "PK\x07\x08" + Facts(entry, data, 8);
  }
  std::abort();
}

}  // namespace

std::string LittleEndian(uint64_t number, size_t size) {
  std::string bytes;
  for (size_t i = 0; i < size; ++i) {
    bytes += static_cast<char>(number >> (8 * i));
  }
  return bytes;
}

std::string BigEndian32(size_t number) {
  std::string bytes = LittleEndian(number, 4);
  std::ranges::reverse(bytes);
  return bytes;
}

std::string Gzip(std::string_view content, int level) {
  return Deflate(content, level, 16 + MAX_WBITS);
}

std::string Zstd(std::string_view content, bool checksum) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, checksum ? 1 : 0);
  std::string out(ZSTD_compressBound(content.size()), '\0');
  const size_t size = ZSTD_compress2(context, out.data(), out.size(),
                                     content.data(), content.size());
  Check(ZSTD_isError(size) == 0);
  ZSTD_freeCCtx(context);
  out.resize(size);
  return out;
}

std::string ZstdSkippable(std::string_view content) {
  return LittleEndian(0x184D2A53, 4) + LittleEndian(content.size(), 4) +
         std::string(content);
}

std::string Zip(const std::vector<ZipEntry>& entries,
                std::string_view comment) {
  std::string archive;
  std::string directory;
  for (const ZipEntry& entry : entries) {
    const std::string data =
        entry.deflated ? Deflate(entry.content, 6, -MAX_WBITS) : entry.content;
    const std::string header = Header(entry, data);
    directory += "PK\x01\x02" + LittleEndian(0x31E, 2) + header.substr(4, 10) +
                 Facts(entry, data, 4) + LittleEndian(entry.name.size(), 2) +
                 LittleEndian(5, 2) + LittleEndian(2, 2) +
                 std::string(8, '\0') + LittleEndian(archive.size(), 4) +
                 entry.name + LittleEndian(0x7075, 2) + LittleEndian(1, 2) +
                 "x" + "co";
    archive += header + data + Descriptor(entry, data);
  }
  const std::string count = LittleEndian(entries.size(), 2);
  return archive + directory + "PK\x05\x06" + std::string(4, '\0') + count +
         count + LittleEndian(directory.size(), 4) +
         LittleEndian(archive.size(), 4) + LittleEndian(comment.size(), 2) +
         std::string(comment);
}

std::string RawSnappy(std::string_view content) {
  std::string block;
  snappy::Compress(content.data(), content.size(), &block);
  return block;
}

std::string MaskedCrc32c(std::string_view content) {
  uint32_t crc = ~0U;
  for (const char byte : content) {
    crc ^= static_cast<uint8_t>(byte);
    for (int bit = 0; bit < 8; ++bit) {
      crc = crc >> 1 ^ ((crc & 1) != 0 ? 0x82F63B78 : 0);
    }
  }
  crc = ~crc;
  return LittleEndian((crc >> 15 | crc << 17) + 0xA282EAD8, 4);
}

std::string SnappyChunk(uint8_t type, std::string_view data) {
  return static_cast<char>(type) + LittleEndian(data.size(), 3) +
         std::string(data);
}

std::string FramedSnappy(std::string_view content, size_t chunk) {
  std::string out = SnappyChunk(0xFF, "sNaPpY");
  size_t chunks = 0;
  ForEachPiece(content, chunk, [&](std::string_view piece) {
    const bool plain = ++chunks % 3 == 0;
    const std::string data = plain ? std::string(piece) : RawSnappy(piece);
    out += SnappyChunk(plain ? 1 : 0, MaskedCrc32c(piece) + data);
  });
  return out;
}

std::string XerialSnappy(std::string_view content, size_t block) {
  std::string out("\x82SNAPPY\0", 8);
  out += BigEndian32(1) + BigEndian32(1);
  ForEachPiece(content, block, [&out](std::string_view piece) {
    const std::string data = RawSnappy(piece);
    out += BigEndian32(data.size()) + data;
  });
  return out;
}

std::string HadoopSnappy(std::string_view content, size_t block, size_t chunk) {
  std::string out;
  ForEachPiece(content, block, [&](std::string_view piece) {
    out += BigEndian32(piece.size());
    ForEachPiece(piece, chunk, [&out](std::string_view part) {
      const std::string data = RawSnappy(part);
      out += BigEndian32(data.size()) + data;
    });
  });
  return out;
}

}  // namespace thresh::oracle
