// Arbitrary base64 lines through the engine, in a window that the first byte
// chooses, and through the naive reader: the same records, opaque spans and
// counts.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "against_reference.h"
#include "compression/layers.h"
#include "input/archive_format.h"
#include "mutate.h"
#include "oracle/samples.h"

namespace {

using thresh::oracle::EncodeBase64;
using thresh::oracle::Random;

constexpr std::array<size_t, 8> kWindows = {1,   30,  77,   150,
                                            400, 900, 3000, 1 << 20};

std::string Blob(Random* random) {
  const std::string data = random->Bytes(random->Below(250));
  return thresh::oracle::Seal(
      thresh::oracle::LengthField(1, "k") +
      thresh::oracle::RecordField(0, std::nullopt, data));
}

std::vector<std::string> LinesOf(std::string_view archive) {
  std::vector<std::string> lines;
  while (!archive.empty()) {
    const size_t size = std::min(archive.find('\n'), archive.size() - 1) + 1;
    lines.emplace_back(archive.substr(0, size));
    archive.remove_prefix(size);
  }
  return lines;
}

std::string Wrapped(const std::string& text, size_t width) {
  std::string lines;
  for (size_t at = 0; at < text.size(); at += width) {
    lines += text.substr(at, width) + "\n";
  }
  return lines;
}

// A record in one of the accepted forms.
std::string NewLines(Random* random) {
  std::string text = EncodeBase64(Blob(random));
  switch (random->Below(8)) {
    case 0:
      return text + "\n";
    case 1:
      return "  \"" + text + "\",\r\n";
    case 2:
      return "[\"" + text + "\", \"" + EncodeBase64("plain") + "\"]\n";
    case 3:
      while (text.ends_with('=')) text.pop_back();
      return text + "\n";
    case 4:
      return EncodeBase64(random->Bytes(48 + 9 * random->Below(2))) + "\n";
    default:
      return Wrapped(text, random->Below(2) == 0 ? 64 : 76);
  }
}

// Makes one modification of the lines.
void Rearrange(Random* random, std::vector<std::string>* lines) {
  const auto any = [&] {
    return lines->begin() +
           static_cast<ptrdiff_t>(random->Below(lines->size() + 1));
  };
  const auto at = any();
  if (at == lines->end() || random->Below(2) == 0) {
    lines->insert(at, NewLines(random));
    return;
  }
  switch (random->Below(4)) {
    case 0:
      lines->erase(at);
      break;
    case 1:
      lines->insert(at, *at);
      break;
    case 2:
      at->erase(random->Below(at->size() + 1), 1);
      break;
    default:
      at->insert(random->Below(at->size() + 1), 1,
                 "A=\n\r \"[],-+8"[random->Below(12)]);
      break;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view archive = thresh::fuzz::AsText(data + 1, size - 1);
  // A layer would be removed, and an archive unpacked.
  if (thresh::FindLayer(thresh::AsBytes(archive)) != nullptr ||
      thresh::FindArchive(thresh::AsBytes(archive)) != nullptr) {
    return 0;
  }
  thresh::fuzz::RequireReference(archive, thresh::ContainerKind::kBase64Lines,
                                 kWindows[data[0] % kWindows.size()],
                                 thresh::oracle::ReadBase64Lines(archive));
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size,
                                          size_t max_size, unsigned int seed) {
  Random random(seed);
  if (size == 0 || max_size < 64 || random.Below(6) == 0) {
    return LLVMFuzzerMutate(data, size, max_size);
  }
  if (random.Below(4) == 0) data[0] = static_cast<uint8_t>(random.Next());
  std::vector<std::string> lines =
      LinesOf(thresh::fuzz::AsText(data + 1, size - 1));
  for (size_t count = 1 + random.Below(3); count > 0; --count) {
    Rearrange(&random, &lines);
  }
  return 1 + thresh::fuzz::Store(thresh::oracle::Join(lines), data + 1,
                                 max_size - 1);
}
