// Shared by the tests in this directory: files to read, and a function that
// reads a source to its end.
#ifndef THRESH_TESTS_INPUT_TESTING_H_
#define THRESH_TESTS_INPUT_TESTING_H_

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "input/open.h"
#include "input/segment.h"
#include "input/stream_source.h"
#include "oracle/drip_stream.h"

namespace thresh::input_testing {

// A directory that is removed after the test.
class TempDir {
 public:
  TempDir() {
    std::string name =
        (std::filesystem::temp_directory_path() / "thresh_XXXXXX").string();
    path_ = ::mkdtemp(name.data());
    // So that a test that drops root's rights still has access.
    std::filesystem::permissions(path_, std::filesystem::perms(0755));
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir() { std::filesystem::remove_all(path_); }

  [[nodiscard]] std::string operator/(const std::string& name) const {
    return (path_ / name).string();
  }
  [[nodiscard]] std::string path() const { return path_.string(); }

  // Writes a file, including its parent directories, and returns its path.
  std::string Write(const std::string& name, const std::string& content) const {
    const std::filesystem::path path = path_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << content;
    return path.string();
  }

 private:
  std::filesystem::path path_;
};

// An input that is not an archive.
inline Result<std::unique_ptr<SegmentSource>> OpenSource(
    const std::string& path, bool use_mmap) {
  return OpenInput(path, use_mmap).map([](Input&& input) {
    EXPECT_EQ(input.archive, nullptr);
    return std::move(input.source);
  });
}

// The same in memory; reports what Open, Peek and Next report.
inline std::unique_ptr<SegmentSource> OpenMemorySource(
    Bytes content, const ExpansionLimits& limits = {}) {
  Result<Input> input = OpenMemory(content, limits);
  if (input) {
    EXPECT_EQ(input->archive, nullptr);
    return std::move(input->source);
  }
  return NewStreamSource(std::make_unique<oracle::FailedStream>(input.error()),
                         "memory", 0, std::make_shared<BufferPool>());
}

inline std::string RandomText(uint64_t seed, size_t size) {
  std::mt19937_64 random(seed);
  std::string text(size, '\0');
  for (char& c : text) c = static_cast<char>(random() % 64 + 'A');
  return text;
}

struct Piece {
  std::string bytes;
  uint64_t offset = 0;
  bool ends_input = false;

  bool operator==(const Piece&) const = default;
};

inline void PrintTo(const Piece& piece, std::ostream* out) {
  *out << "[" << piece.offset << ", +" << piece.bytes.size()
       << (piece.ends_input ? ", end]" : "]");
}

struct Reading {
  std::vector<Piece> pieces;
  std::string content;
  std::optional<Error> error;
  uint64_t stored_offset = 0;  // of the last segment
};

inline size_t WholeWindow(Bytes window, bool) { return window.size(); }

// Reads to the end, and checks the properties of every segment.
inline Reading ReadAll(SegmentSource& source, size_t target = 4096,
                       size_t limit = 1 << 20, CutFunction cut = WholeWindow) {
  Reading reading;
  for (bool ended = false; !ended;) {
    const Segment segment = source.Next(target, limit, cut);
    EXPECT_EQ(segment.offset, reading.content.size());
    EXPECT_LE(segment.bytes.size(), limit);
    EXPECT_GE(segment.stored_offset, reading.stored_offset);
    EXPECT_NE(segment.owner, nullptr);
    ended = segment.ends_input;
    if (!ended) {
      EXPECT_FALSE(segment.error.has_value());
      EXPECT_FALSE(segment.bytes.empty());
      if (segment.bytes.empty()) break;
    }
    reading.content += AsText(segment.bytes);
    reading.error = segment.error;
    reading.stored_offset = segment.stored_offset;
    reading.pieces.push_back(
        {std::string(AsText(segment.bytes)), segment.offset, ended});
  }
  return reading;
}

}  // namespace thresh::input_testing

#endif  // THRESH_TESTS_INPUT_TESTING_H_
