// Replaces libFuzzer in ordinary builds: runs the fuzz target once on every
// file given as an argument, or found below directories given as arguments, so
// that the corpus is a regression test for every compiler and preset.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

namespace fs = std::filesystem;

// The files at or below `path`, in name order; none if it does not exist.
std::vector<fs::path> FilesAt(const fs::path& path) {
  std::error_code error;
  if (fs::is_regular_file(path, error)) return {path};
  std::vector<fs::path> files;
  fs::recursive_directory_iterator entry(path, error);
  for (; !error && entry != fs::end(entry); entry.increment(error)) {
    if (entry->is_regular_file(error)) files.push_back(entry->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

bool Replay(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    std::fprintf(stderr, "cannot read %s\n", path.c_str());
    return false;
  }
  const std::vector<char> content(std::istreambuf_iterator<char>(file), {});
  // Exactly as large as the input, so that sanitizers detect reads beyond it.
  const std::vector<uint8_t> input(content.begin(), content.end());
  LLVMFuzzerTestOneInput(input.data(), input.size());
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  size_t replayed = 0;
  for (int i = 1; i < argc; ++i) {
    const std::vector<fs::path> files = FilesAt(argv[i]);
    if (files.empty()) {
      std::fprintf(stderr, "no files at %s\n", argv[i]);
      return EXIT_FAILURE;
    }
    for (const fs::path& file : files) {
      if (!Replay(file)) return EXIT_FAILURE;
    }
    replayed += files.size();
  }
  if (replayed == 0) {
    std::fprintf(stderr, "usage: %s FILE-OR-DIRECTORY...\n", argv[0]);
    return EXIT_FAILURE;
  }
  std::printf("replayed %zu files\n", replayed);
  return EXIT_SUCCESS;
}
