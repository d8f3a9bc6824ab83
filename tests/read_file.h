// Reads whole files in blocks. Stream iterators make several calls for each
// byte in a build with sanitizers, where a large file takes a minute.
#ifndef THRESH_TESTS_READ_FILE_H_
#define THRESH_TESTS_READ_FILE_H_

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>

namespace thresh {

inline std::string ReadStream(std::istream& stream) {
  std::ostringstream content;
  // An empty buffer sets failbit, which is not a failure here.
  content << stream.rdbuf();
  return std::move(content).str();
}

inline std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return ReadStream(file);
}

}  // namespace thresh

#endif  // THRESH_TESTS_READ_FILE_H_
