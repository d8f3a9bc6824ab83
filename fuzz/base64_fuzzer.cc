// Base64 in both directions on every target, against OpenSSL. The input is
// decoded as text, which must succeed exactly if it is OpenSSL's encoding of
// some bytes, and encoded as data.
#include <openssl/evp.h>

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "base/base64.h"
#include "simd/targets.h"
#include "thresh/simd_target.h"

namespace {

using Vector = std::vector<uint8_t>;

void Require(bool holds) {
  if (!holds) std::abort();
}

// Of exactly the size that the contract requires.
Vector Encode(const Vector& data) {
  Vector text(thresh::Base64EncodedSize(data.size()));
  thresh::Base64Encode(data, text.data());
  return text;
}

std::optional<Vector> Decode(const Vector& text) {
  Vector data(thresh::Base64DecodedBound(text.size()));
  const std::optional<size_t> size = thresh::Base64Decode(text, data.data());
  if (!size) return std::nullopt;
  Require(*size <= data.size());
  data.resize(*size);
  return data;
}

Vector OracleEncode(const Vector& data) {
  Vector text(thresh::Base64EncodedSize(data.size()) + 1);
  const int size =
      EVP_EncodeBlock(text.data(), data.data(), static_cast<int>(data.size()));
  text.resize(static_cast<size_t>(size));
  return text;
}

// OpenSSL is lenient, so its result counts only if it encodes to the same text.
std::optional<Vector> OracleDecode(const Vector& text) {
  Vector data(text.size() + 1);
  const int size =
      EVP_DecodeBlock(data.data(), text.data(), static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  data.resize(static_cast<size_t>(size));
  // It counts the padding as zeros.
  for (int padding = 0; padding <= 2; ++padding) {
    if (OracleEncode(data) == text) return data;
    if (data.empty()) break;
    data.pop_back();
  }
  return std::nullopt;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  static const std::vector<std::string> kTargets = thresh::SimdTargets();
  const Vector input(bytes, bytes + size);
  const std::optional<Vector> decoded = OracleDecode(input);
  const Vector encoded = OracleEncode(input);
  for (const std::string& target : kTargets) {
    Require(thresh::ForceSimdTarget(target));
    Require(Decode(input) == decoded);
    Require(Encode(input) == encoded);
    Require(Decode(encoded) == input);
  }
  return 0;
}
