// The files of tests/vectors, which other programs wrote.
#ifndef THRESH_TESTS_VECTOR_FILES_H_
#define THRESH_TESTS_VECTOR_FILES_H_

#include <filesystem>
#include <string>

#include "read_file.h"

namespace thresh {

inline const std::filesystem::path kVectors =
    std::filesystem::path(THRESH_SOURCE_DIR) / "tests/vectors";

// The content of `path`, which is absolute or relative to kVectors.
inline std::string ReadVector(const std::filesystem::path& path) {
  return ReadFile(kVectors / path);
}

}  // namespace thresh

#endif  // THRESH_TESTS_VECTOR_FILES_H_
