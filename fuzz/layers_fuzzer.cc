// Every layer on arbitrary bytes. The first byte chooses the layer, the second
// how much is read at a time. The output must not depend on that, nor on
// whether the input is in memory or comes from a pipe; and the writers' output
// must be read back unchanged.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "compression/layer_stream.h"
#include "compression/layers.h"
#include "mutate.h"
#include "oracle/compress.h"
#include "oracle/drip_stream.h"

namespace {

using thresh::ByteStream;
using thresh::Layer;

constexpr thresh::ExpansionLimits kLimits = {.bytes = 1 << 20};
constexpr std::array<size_t, 8> kSizes = {1,   2,    3,     17,
                                          256, 4096, 65537, 1 << 21};

struct Framing {
  const Layer* layer;
  std::string (*write)(std::string_view content, size_t piece);
};

std::string WriteGzip(std::string_view content, size_t piece) {
  const size_t size = std::min(content.size(), piece);
  return thresh::oracle::Gzip(content.substr(0, size)) +
         thresh::oracle::Gzip(content.substr(size));
}

std::string WriteZstd(std::string_view content, size_t piece) {
  const size_t size = std::min(content.size(), piece);
  return thresh::oracle::Zstd(content.substr(0, size)) +
         thresh::oracle::ZstdSkippable(content.substr(0, piece % 5)) +
         thresh::oracle::Zstd(content.substr(size), false);
}

std::string WriteHadoop(std::string_view content, size_t piece) {
  return thresh::oracle::HadoopSnappy(content, piece, piece);
}

std::string WriteFramed(std::string_view content, size_t piece) {
  return thresh::oracle::FramedSnappy(content, std::min<size_t>(piece, 65536));
}

constexpr std::array<Framing, 5> kFramings = {
    {{&thresh::kGzipLayer, WriteGzip},
     {&thresh::kZstdLayer, WriteZstd},
     {&thresh::kFramedSnappyLayer, WriteFramed},
     {&thresh::kXerialSnappyLayer, thresh::oracle::XerialSnappy},
     {&thresh::kHadoopSnappyLayer, WriteHadoop}}};

struct Outcome {
  std::string content;
  std::string problem;  // without its position

  bool operator==(const Outcome&) const = default;
};

Outcome Read(std::unique_ptr<ByteStream> stored, const Layer& layer,
             size_t size) {
  thresh::LayerStream stream(std::move(stored), layer, "file", kLimits);
  Outcome outcome;
  std::vector<uint8_t> room(size);
  while (const size_t read = stream.Read(room)) {
    outcome.content.append(thresh::fuzz::AsText(room.data(), read));
  }
  if (const auto& error = stream.error(); error.has_value()) {
    outcome.problem =
        error->message.substr(0, error->message.rfind(" (at byte"));
    if (error->offset != outcome.content.size()) std::abort();
  }
  return outcome;
}

Outcome ReadMemory(std::string_view stored, const Layer& layer, size_t size) {
  return Read(std::make_unique<thresh::MemoryStream>(thresh::AsBytes(stored)),
              layer, size);
}

Outcome ReadDrips(std::string_view stored, const Layer& layer, size_t step,
                  size_t size) {
  return Read(
      std::make_unique<thresh::oracle::DripStream>(std::string(stored), step),
      layer, size);
}

void Expect(const Outcome& got, const Outcome& expected, const char* how) {
  if (got == expected) return;
  std::fprintf(stderr, "%s: %zu bytes, \"%s\"; expected %zu bytes, \"%s\"\n",
               how, got.content.size(), got.problem.c_str(),
               expected.content.size(), expected.problem.c_str());
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const Framing& framing = kFramings[data[0] % kFramings.size()];
  const size_t read_size = kSizes[data[1] % kSizes.size()];
  const size_t step = kSizes[data[1] / kSizes.size() % kSizes.size()];
  const std::string_view bytes = thresh::fuzz::AsText(data + 2, size - 2);
  static_cast<void>(thresh::FindLayer(thresh::AsBytes(bytes)));

  const Layer& layer = *framing.layer;
  const Outcome whole = ReadMemory(bytes, layer, 1 << 21);
  Expect(ReadMemory(bytes, layer, read_size), whole, "memory");
  Expect(ReadDrips(bytes, layer, step, read_size), whole, "drips");

  const std::string stored = framing.write(bytes, step);
  if (!bytes.empty() && thresh::FindLayer(thresh::AsBytes(stored)) != &layer) {
    std::fprintf(stderr, "not recognized\n");
    std::abort();
  }
  const Outcome expected = {std::string(bytes), ""};
  Expect(ReadMemory(stored, layer, read_size), expected, "back from memory");
  Expect(ReadDrips(stored, layer, step, read_size), expected, "back in drips");
  return 0;
}
