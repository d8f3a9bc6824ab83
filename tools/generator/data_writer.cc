// Uses eight bytes of each random number, so that generating data costs less
// than hashing it.
#include "generator/data_writer.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace thresh::generator {
namespace {

// Stores up to eight bytes of `word`, lowest byte first on every platform.
void StoreLittleEndian(uint64_t word, std::span<uint8_t> out) {
  for (size_t i = 0; i < out.size(); ++i) {
    out[i] = static_cast<uint8_t>(word >> (8 * i));
  }
}

// `of_random` maps eight random bytes to the eight that are written.
template <typename Map>
void Fill(Random* random, std::span<uint8_t> out, Map&& of_random) {
  while (out.size() >= 8) {
    StoreLittleEndian(of_random(random->Next()), out.first<8>());
    out = out.subspan(8);
  }
  if (!out.empty()) StoreLittleEndian(of_random(random->Next()), out);
}

void WriteBinary(Random* random, std::span<uint8_t> out) {
  Fill(random, out, [](uint64_t bits) { return bits; });
}

void WriteText(Random* random, std::span<uint8_t> out) {
  // Six bits of each byte, mapped to '?' .. '~': no sum exceeds its byte.
  Fill(random, out, [](uint64_t bits) {
    return (bits & 0x3F3F3F3F3F3F3F3FU) + 0x3F3F3F3F3F3F3F3FU;
  });
}

uint8_t* Append(std::string_view text, uint8_t* out) {
  return std::copy(text.begin(), text.end(), out);
}

// Text that needs no escapes.
void WriteJsonText(Random* random, std::span<uint8_t> out) {
  WriteText(random, out);
  std::replace(out.begin(), out.end(), uint8_t{'\\'}, uint8_t{'/'});
}

void WriteJson(Random* random, std::span<uint8_t> out) {
  constexpr std::string_view kId = R"({"id":")";
  constexpr std::string_view kText = R"(","text":")";
  constexpr std::string_view kEnd = R"("})";
  constexpr size_t kHead = kId.size() + 16 + kText.size();
  if (out.size() == 1) {
    out[0] = static_cast<uint8_t>('0' + random->Below(10));
  } else if (out.size() < kHead + kEnd.size()) {
    out.front() = out.back() = '"';
    WriteJsonText(random, out.subspan(1, out.size() - 2));
  } else {
    uint8_t* const id = Append(kId, out.data());
    WriteHex(random->Next(), id);
    Append(kText, id + 16);
    WriteJsonText(random, out.subspan(kHead, out.size() - kHead - kEnd.size()));
    Append(kEnd, out.data() + out.size() - kEnd.size());
  }
}

}  // namespace

void WriteData(DataKind kind, Random* random, std::span<uint8_t> data) {
  switch (kind) {
    case DataKind::kText:
      return WriteText(random, data);
    case DataKind::kJson:
      return WriteJson(random, data);
    case DataKind::kBinary:
      return WriteBinary(random, data);
  }
}

void WriteHex(uint64_t number, uint8_t* out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (size_t i = 0; i < 16; ++i) {
    out[i] = static_cast<uint8_t>(kDigits[(number >> (60 - 4 * i)) & 15]);
  }
}

}  // namespace thresh::generator
