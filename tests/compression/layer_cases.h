// The layers, each with a writer, for tests that apply to all of them; and
// functions that read a single layer.
#ifndef THRESH_TESTS_COMPRESSION_LAYER_CASES_H_
#define THRESH_TESTS_COMPRESSION_LAYER_CASES_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "compression/layer.h"
#include "compression/layer_stream.h"
#include "oracle/compress.h"
#include "oracle/drip_stream.h"

namespace thresh::input_testing {

// Content is divided into pieces of this size, and each is made a member, a
// frame or a block.
inline constexpr size_t kPieceSize = 200;

struct LayerCase {
  const char* name;
  const Layer* layer;
  std::string (*write)(const std::string& content, size_t piece);
  bool ends_anywhere;  // between any two pieces
  bool has_checksums;
};

inline void PrintTo(const LayerCase& layer, std::ostream* out) {
  *out << layer.name;
}

template <typename WritePiece>
std::string WritePieces(const std::string& content, size_t size,
                        WritePiece write) {
  std::string out;
  for (size_t at = 0; at == 0 || at < content.size(); at += size) {
    out += write(content.substr(at, size));
  }
  return out;
}

inline std::string WriteGzip(const std::string& content, size_t piece) {
  return WritePieces(content, piece, [](const std::string& part) {
    return oracle::Gzip(part);
  });
}

inline std::string WriteZstd(const std::string& content, size_t piece) {
  return oracle::ZstdSkippable("skipped") +
         WritePieces(content, piece, [](const std::string& part) {
           return oracle::Zstd(part);
         });
}

inline std::string WriteFramed(const std::string& content, size_t piece) {
  return oracle::FramedSnappy(content, std::min<size_t>(piece, 65536));
}

inline std::string WriteXerial(const std::string& content, size_t piece) {
  return oracle::XerialSnappy(content, piece);
}

inline std::string WriteHadoop(const std::string& content, size_t piece) {
  return oracle::HadoopSnappy(content, piece,
                              std::max<size_t>(piece / 2, 1024));
}

inline const std::vector<LayerCase>& LayerCases() {
  static const std::vector<LayerCase> cases = {
      {"gzip", &kGzipLayer, WriteGzip, true, true},
      {"zstd", &kZstdLayer, WriteZstd, true, true},
      {"framed", &kFramedSnappyLayer, WriteFramed, true, true},
      {"xerial", &kXerialSnappyLayer, WriteXerial, true, false},
      {"hadoop", &kHadoopSnappyLayer, WriteHadoop, true, false}};
  return cases;
}

struct Unpacked {
  std::string content;
  std::optional<Error> error;
  uint64_t consumed = 0;

  // The error's message, without the position in the compressed data; empty if
  // none.
  [[nodiscard]] std::string Problem() const {
    return error.has_value()
               ? error->message.substr(0, error->message.rfind(" (at byte"))
               : "";
  }
};

// Removes one layer, with reads of up to `size` bytes.
inline Unpacked Unpack(std::unique_ptr<ByteStream> stored, const Layer& layer,
                       size_t size, const ExpansionLimits& limits = {}) {
  LayerStream stream(std::move(stored), layer, "file", limits);
  Unpacked unpacked;
  std::vector<uint8_t> room(size);
  while (const size_t read = stream.Read(room)) {
    EXPECT_LE(read, size);
    unpacked.content.append(room.begin(),
                            room.begin() + static_cast<ptrdiff_t>(read));
  }
  EXPECT_EQ(stream.Read(room), 0);
  unpacked.error = stream.error();
  unpacked.consumed = stream.compressed_offset().value();
  if (unpacked.error.has_value()) {
    EXPECT_EQ(unpacked.error->file, "file");
    EXPECT_EQ(unpacked.error->offset, unpacked.content.size());
    EXPECT_FALSE(unpacked.error->remedy.empty());
  }
  return unpacked;
}

// From memory, where everything is available at once.
inline Unpacked Unpack(const std::string& stored, const Layer& layer,
                       size_t size = 1 << 20,
                       const ExpansionLimits& limits = {}) {
  return Unpack(std::make_unique<MemoryStream>(AsBytes(stored)), layer, size,
                limits);
}

inline Unpacked UnpackPipe(const std::string& stored, const Layer& layer,
                           size_t step, size_t size = 1 << 20) {
  return Unpack(std::make_unique<oracle::DripStream>(stored, step), layer,
                size);
}

}  // namespace thresh::input_testing

#endif  // THRESH_TESTS_COMPRESSION_LAYER_CASES_H_
