// Mutations that keep digests correct, so that the changes are parsed and not
// rejected because of the digest.
#ifndef THRESH_FUZZ_MUTATE_H_
#define THRESH_FUZZ_MUTATE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "oracle/reference.h"

// libFuzzer's own mutations. Absent if the target is linked with the replay
// driver, which does not mutate.
extern "C" __attribute__((weak)) size_t LLVMFuzzerMutate(uint8_t* data,
                                                         size_t size,
                                                         size_t max_size);

namespace thresh::fuzz {

inline std::string_view AsText(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// `bytes` after one of libFuzzer's mutations, at most `max_size` of them.
inline std::string Mutated(std::string bytes, size_t max_size) {
  const size_t size = std::min(bytes.size(), max_size);
  bytes.resize(max_size);
  bytes.resize(LLVMFuzzerMutate(reinterpret_cast<uint8_t*>(bytes.data()), size,
                                max_size));
  return bytes;
}

// The message of `record`, or all of it if it is not an envelope.
inline std::string MessageOf(std::string_view record) {
  const bool sealed =
      record.size() >= 20 && record.starts_with(oracle::kReferenceMagic);
  return std::string(sealed ? record.substr(4, record.size() - 20) : record);
}

// Replaces the fuzzer's input by `bytes`, as far as they fit.
inline size_t Store(std::string_view bytes, uint8_t* data, size_t max_size) {
  const size_t size = std::min(bytes.size(), max_size);
  std::memcpy(data, bytes.data(), size);
  return size;
}

}  // namespace thresh::fuzz

#endif  // THRESH_FUZZ_MUTATE_H_
