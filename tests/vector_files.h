// The files of tests/vectors, which other programs wrote.
#ifndef THRESH_TESTS_VECTOR_FILES_H_
#define THRESH_TESTS_VECTOR_FILES_H_

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace thresh {

inline const std::filesystem::path kVectors =
    std::filesystem::path(THRESH_SOURCE_DIR) / "tests/vectors";

// The content of `path`, which is an absolute one or below kVectors.
inline std::string ReadVector(const std::filesystem::path& path) {
  std::ifstream file(kVectors / path, std::ios::binary);
  EXPECT_TRUE(file.good()) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace thresh

#endif  // THRESH_TESTS_VECTOR_FILES_H_
