// The limits of the job: the speed of reading memory, the speed of the MD5
// lanes alone, the cost of mapping a file and of inflating it.
//   usage: compare_limits memory BYTES   read this many bytes of memory
//          compare_limits hot            MD5 of 50 KB messages in the cache
//          compare_limits lanes FILE     MD5 of an archive's messages, verified
//          compare_limits pages FILE     map a file and touch every page
//          compare_limits inflate FILE   libdeflate on the members of a gzip
//                                        file, from memory to memory
// THRESH_TARGET=NAME in the environment selects the target of the lanes.
#include <fcntl.h>
#include <libdeflate.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "digest/md5_lanes.h"
#include "record/envelope.h"
#include "serve.h"
#include "thresh/simd_target.h"

namespace thresh::compare {
namespace {

// Prevents the compiler from removing the reads.
volatile uint64_t g_sum = 0;

// Four streams, each prefetched, in large pages: a single stream is limited by
// the processor's prefetching and not by memory.
Pass ReadMemory(std::span<const uint64_t> words) {
  constexpr size_t kStreams = 4;
  constexpr size_t kLine = 8;    // words in a cache line
  constexpr size_t kAhead = 16;  // lines
  const size_t stream_words = words.size() / kStreams;
  std::array<uint64_t, kLine> sums{};
  for (size_t at = 0; at + kLine <= stream_words; at += kLine) {
    for (size_t stream = 0; stream < kStreams; ++stream) {
      const uint64_t* line = words.data() + stream * stream_words + at;
      __builtin_prefetch(line + kAhead * kLine, 0, 2);
      for (size_t i = 0; i < kLine; ++i) sums[i] += line[i];
    }
  }
  g_sum = std::accumulate(sums.begin(), sums.end(), uint64_t{0});
  return {0, words.size_bytes()};
}

int ServeMemory(size_t bytes) {
  constexpr size_t kLargePage = size_t{2} << 20;
  const size_t size = bytes / kLargePage * kLargePage;
  const std::unique_ptr<void, decltype(&std::free)> memory(
      std::aligned_alloc(kLargePage, size), &std::free);
  if (size == 0 || memory == nullptr) Fail("cannot have that much memory");
  madvise(memory.get(), size, MADV_HUGEPAGE);  // slower if refused, not worse
  const std::span<uint64_t> words(static_cast<uint64_t*>(memory.get()),
                                  size / sizeof(uint64_t));
  // Pages that were never written could all map to the single zero page.
  std::iota(words.begin(), words.end(), uint64_t{0});
  return Serve({"{}", [&] { return ReadMemory(words); }, nullptr});
}

int ServeHot() {
  constexpr size_t kMessage = 50'000;
  constexpr size_t kDistinct = 16;  // 800 KB: within any second-level cache
  constexpr size_t kMessages = 192;
  constexpr int kBatches = 50;
  std::vector<uint8_t> input(kMessage * kDistinct);
  for (size_t i = 0; i < input.size(); ++i) {
    input[i] = static_cast<uint8_t>(i * 7);
  }
  std::vector<Bytes> messages;
  for (size_t i = 0; i < kMessages; ++i) {
    messages.push_back(
        Bytes(input).subspan(i % kDistinct * kMessage, kMessage));
  }
  std::vector<Md5Digest> digests(kMessages);
  return Serve({"{}",
                [&]() -> Pass {
                  for (int i = 0; i < kBatches; ++i) {
                    Md5Many(messages, digests);
                  }
                  return {0, kBatches * kMessages * kMessage};
                },
                nullptr});
}

// Like the engine: the messages of one window of 16 MiB at a time.
Pass VerifyAll(const Archive& archive) {
  constexpr size_t kWindow = size_t{16} << 20;
  const std::vector<Bytes>& records = archive.records();
  std::vector<Bytes> messages;
  std::vector<Md5Digest> digests;
  for (size_t first = 0; first < records.size(); first += messages.size()) {
    messages.clear();
    size_t bytes = 0;
    for (size_t i = first; i < records.size() && bytes < kWindow; ++i) {
      if (!LooksAggregated(records[i])) Fail("a record is not aggregated");
      messages.push_back(MessageOf(records[i]));
      bytes += records[i].size();
    }
    digests.resize(messages.size());
    Md5Many(messages, digests);
    for (size_t i = 0; i < messages.size(); ++i) {
      if (!std::ranges::equal(digests[i], DigestOf(records[first + i]))) {
        Fail("a digest differs");
      }
    }
  }
  return {0, archive.bytes()};
}

int ServeLanes(const std::string& path) {
  const Archive archive(path);
  return Serve({"{}", [&] { return VerifyAll(archive); }, nullptr});
}

// Like the engine: windows of one mapping are touched and released, so that the
// next pass finds none of them in the page table.
Pass TouchPages(std::span<uint8_t> file) {
  constexpr size_t kWindow = size_t{16} << 20;
  constexpr size_t kPage = 4096;
  uint64_t sum = 0;
  for (size_t at = 0; at < file.size(); at += kWindow) {
    const std::span<uint8_t> window =
        file.subspan(at, std::min(kWindow, file.size() - at));
    for (size_t i = 0; i < window.size(); i += kPage) sum += window[i];
    madvise(window.data(), window.size(), MADV_DONTNEED);
  }
  g_sum = sum;
  return {0, file.size()};
}

int ServePages(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status{};
  if (file < 0 || fstat(file, &status) != 0) Fail("cannot read " + path);
  const auto bytes = static_cast<size_t>(status.st_size);
  void* const mapped = mmap(nullptr, bytes, PROT_READ, MAP_SHARED, file, 0);
  if (mapped == MAP_FAILED) Fail("cannot map " + path);
  const std::span<uint8_t> content(static_cast<uint8_t*>(mapped), bytes);
  return Serve({"{}", [&] { return TouchPages(content); }, nullptr});
}

using Libdeflate = std::unique_ptr<libdeflate_decompressor,
                                   decltype(&libdeflate_free_decompressor)>;

Pass InflateMembers(const Libdeflate& decoder, const std::vector<char>& stored,
                    std::vector<char>* content) {
  size_t at = 0;
  size_t size = 0;
  while (at < stored.size()) {
    size_t consumed = 0;
    size_t produced = 0;
    if (libdeflate_gzip_decompress_ex(
            decoder.get(), &stored[at], stored.size() - at,
            content->data() + size, content->size() - size, &consumed,
            &produced) != LIBDEFLATE_SUCCESS) {
      Fail("libdeflate cannot inflate it");
    }
    at += consumed;
    size += produced;
  }
  return {0, size};
}

int ServeInflate(const std::string& path) {
  constexpr size_t kMaxRatio = 10;
  std::ifstream file(path, std::ios::binary);
  if (!file) Fail("cannot read " + path);
  const std::vector<char> stored(std::istreambuf_iterator<char>(file), {});
  // Its pages are present before the measurement.
  std::vector<char> content(stored.size() * kMaxRatio, 1);
  const Libdeflate decoder(libdeflate_alloc_decompressor(),
                           &libdeflate_free_decompressor);
  return Serve({"{}", [&] { return InflateMembers(decoder, stored, &content); },
                nullptr});
}

int Main(int argc, char** argv) {
  if (const auto target = SimdTarget(); !target) {
    Fail(target.error().ToString());
  }
  const std::string_view what = argc > 1 ? argv[1] : "";
  if (what == "memory" && argc == 3) {
    return ServeMemory(std::strtoull(argv[2], nullptr, 10));
  }
  if (what == "hot" && argc == 2) return ServeHot();
  if (what == "lanes" && argc == 3) return ServeLanes(argv[2]);
  if (what == "pages" && argc == 3) return ServePages(argv[2]);
  if (what == "inflate" && argc == 3) return ServeInflate(argv[2]);
  Fail(
      "usage: compare_limits memory BYTES | hot | "
      "lanes FILE | pages FILE | inflate FILE");
}

}  // namespace
}  // namespace thresh::compare

int main(int argc, char** argv) { return thresh::compare::Main(argc, argv); }
