// An archive of blobs back to back through the engine, in a window that the
// first byte chooses, and through the naive scanner: the same blobs, the same
// opaque spans, the same counts.
#include <array>
#include <cstdio>
#include <cstdlib>

#include "against_reference.h"
#include "compression/layers.h"
#include "input/archive_format.h"
#include "mutate.h"
#include "oracle/samples.h"

namespace {

using thresh::oracle::BlobSpan;
using thresh::oracle::Random;
using thresh::oracle::Seal;

constexpr std::array<size_t, 8> kWindows = {1,   5,   21,   64,
                                            150, 400, 1500, 1 << 20};

// The archive in pieces: whole blobs, and the bytes between them.
std::vector<std::string> Split(std::string_view archive) {
  std::vector<std::string> pieces;
  for (const BlobSpan& span : thresh::oracle::ScanBlobs(archive)) {
    pieces.emplace_back(archive.substr(span.offset, span.length));
  }
  return pieces;
}

// Makes one modification of the pieces that keeps most digests correct.
void Rearrange(Random* random, size_t room, std::vector<std::string>* pieces) {
  if (pieces->empty()) pieces->push_back(Seal("\x0A\x01k"));
  const auto any = [&] {
    return pieces->begin() +
           static_cast<ptrdiff_t>(random->Below(pieces->size()));
  };
  std::string& piece = *any();
  switch (random->Below(8)) {
    case 0:  // another message in one envelope
    case 1:
    case 2:
      piece = Seal(thresh::fuzz::Mutated(thresh::fuzz::MessageOf(piece),
                                         piece.size() + room));
      break;
    case 3: {  // a copy at another position
      const std::string copy = piece;
      pieces->insert(any(), copy);
      break;
    }
    case 4:  // one envelope in another's data
      piece = Seal(thresh::oracle::LengthField(1, "k") +
                   thresh::oracle::RecordField(0, std::nullopt, piece));
      break;
    case 5:  // one message after another and its digest
      piece = Seal(thresh::fuzz::MessageOf(piece) +
                   thresh::oracle::Md5(thresh::fuzz::MessageOf(piece)) +
                   thresh::fuzz::MessageOf(*any()));
      break;
    case 6:
      pieces->erase(any());
      break;
    default:  // garbage, or damage
      piece = thresh::fuzz::Mutated(piece, piece.size() + room);
      break;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view archive = thresh::fuzz::AsText(data + 1, size - 1);
  // A layer would be removed.
  if (thresh::FindLayer(thresh::AsBytes(archive)) != nullptr ||
      thresh::FindArchive(thresh::AsBytes(archive)) != nullptr) {
    return 0;
  }
  thresh::fuzz::RequireReference(archive, thresh::ContainerKind::kBlobs,
                                 kWindows[data[0] % kWindows.size()],
                                 thresh::oracle::ReadBlobs(archive));
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size,
                                          size_t max_size, unsigned int seed) {
  Random random(seed);
  if (size == 0 || max_size < 64 || random.Below(8) == 0) {
    return LLVMFuzzerMutate(data, size, max_size);
  }
  if (random.Below(4) == 0) data[0] = static_cast<uint8_t>(random.Next());
  std::vector<std::string> pieces =
      Split(thresh::fuzz::AsText(data + 1, size - 1));
  Rearrange(&random, std::min<size_t>(max_size - size, 256), &pieces);
  return 1 + thresh::fuzz::Store(thresh::oracle::Join(pieces), data + 1,
                                 max_size - 1);
}
