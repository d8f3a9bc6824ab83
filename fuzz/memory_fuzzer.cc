// The memory that a run allocates must be bounded by the window and the largest
// record, for any input. The first byte chooses the container, the second the
// window and the run's options, the third how often the part after a first part
// is repeated, the fourth the length of the first part: so inputs change from
// large records to many small ones.
#include <malloc.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

#include "compression/layers.h"
#include "container/json_cursor.h"
#include "memory_file.h"
#include "mutate.h"
#include "pipeline/window_memory.h"
#include "thresh/deaggregate.h"
#include "thresh/sinks.h"

namespace {

std::atomic<int64_t> allocated = 0;
std::atomic<int64_t> max_allocated = 0;

void CountAllocated(size_t size) {
  const int64_t now = allocated += static_cast<int64_t>(size);
  int64_t most = max_allocated;
  while (now > most && !max_allocated.compare_exchange_weak(most, now)) {
  }
}

void CountFreed(size_t size) { allocated -= static_cast<int64_t>(size); }

}  // namespace

// With a sanitizer, its hooks count requested memory; without, functions that
// replace the C library's do, for all those that the engine uses.
#if defined(__SANITIZE_ADDRESS__) || defined(__has_feature)
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer) || \
    __has_feature(thread_sanitizer)
#define THRESH_COUNTED_BY_HOOKS
#endif
#endif

#ifdef THRESH_COUNTED_BY_HOOKS
#include <sanitizer/allocator_interface.h>

namespace {

void OnMalloc(const volatile void* /*pointer*/, size_t size) {
  CountAllocated(size);
}
void OnFree(const volatile void* pointer) {
  const void* const plain = const_cast<const void*>(pointer);
  if (plain != nullptr) CountFreed(__sanitizer_get_allocated_size(plain));
}
void StartCounting() {
  if (__sanitizer_install_malloc_and_free_hooks(OnMalloc, OnFree) == 0) {
    std::abort();
  }
}

}  // namespace
#else
extern "C" {

void* __libc_malloc(size_t size);
void* __libc_calloc(size_t count, size_t size);
void* __libc_realloc(void* pointer, size_t size);
void* __libc_memalign(size_t alignment, size_t size);
void __libc_free(void* pointer);

static void* Counted(void* pointer) {
  if (pointer != nullptr) CountAllocated(malloc_usable_size(pointer));
  return pointer;
}

void* malloc(size_t size) { return Counted(__libc_malloc(size)); }
void* calloc(size_t count, size_t size) {
  return Counted(__libc_calloc(count, size));
}
void* realloc(void* pointer, size_t size) {
  const size_t before = pointer == nullptr ? 0 : malloc_usable_size(pointer);
  void* const grown = __libc_realloc(pointer, size);
  if (grown != nullptr || size == 0) CountFreed(before);
  return Counted(grown);
}
void* memalign(size_t alignment, size_t size) {
  return Counted(__libc_memalign(alignment, size));
}
void* aligned_alloc(size_t alignment, size_t size) {
  return Counted(__libc_memalign(alignment, size));
}
int posix_memalign(void** pointer, size_t alignment, size_t size) {
  *pointer = Counted(__libc_memalign(alignment, size));
  return *pointer == nullptr ? 12 : 0;
}
void free(void* pointer) {
  if (pointer != nullptr) CountFreed(malloc_usable_size(pointer));
  __libc_free(pointer);
}

}  // extern "C"

namespace {
void StartCounting() {}
}  // namespace
#endif

namespace {

using thresh::ContainerKind;
using thresh::fuzz::MemoryFile;

constexpr std::array<ContainerKind, 6> kContainers = {
    ContainerKind::kBlobs,  ContainerKind::kU32Le,       ContainerKind::kU32Be,
    ContainerKind::kVarint, ContainerKind::kBase64Lines, ContainerKind::kJson,
};
constexpr std::array<size_t, 4> kWindows = {64, 500, 4'000, 30'000};
constexpr size_t kLargestInput = size_t{1} << 18;

// What a run allocates regardless of its input and window; 1 MiB of it to look
// for layers.
constexpr size_t kFixed = size_t{1280} << 10;
// Windows alive at a time, one of them in the pool: jobs + 2.
constexpr size_t kWindowsAlive = 3;
// Columns grow by doubling.
constexpr size_t kGrowth = 2;
// Per byte of the largest record: the record itself, encoded and decoded, and
// rows for user records of six bytes. Per byte of the largest JSON document:
// the outline of records of twelve bytes, texts in it without their escapes,
// and space to decode twice as much in each window, which is not written. Of
// reports without records the first 20,000 are kept.
constexpr size_t kOfRecord = 12;
constexpr size_t kOfDocument = 16;
constexpr size_t kOfReport = 1000;

// Writes to /dev/null and records the size of the largest record.
class WatchedSink final : public thresh::Sink {
 public:
  explicit WatchedSink(std::unique_ptr<thresh::Sink> sink)
      : sink_(std::move(sink)) {}
  [[nodiscard]] std::unique_ptr<thresh::Chunk> NewChunk() const override {
    return sink_->NewChunk();
  }
  void Encode(const thresh::Batch& batch, thresh::Chunk* chunk) const override {
    for (const thresh::KinesisRecord& record : batch.kinesis_records) {
      largest_ = std::max<size_t>(largest_, record.length);
    }
    sink_->Encode(batch, chunk);
  }
  [[nodiscard]] bool takes_records_split() const override {
    return sink_->takes_records_split();
  }
  thresh::Result<void> Write(thresh::Chunk* chunk) override {
    return sink_->Write(chunk);
  }
  thresh::Result<void> Complete() override { return sink_->Complete(); }
  thresh::Result<void> Finish() override { return sink_->Finish(); }
  [[nodiscard]] size_t largest() const { return largest_; }

 private:
  std::unique_ptr<thresh::Sink> sink_;
  mutable size_t largest_ = 0;  // one job
};

// The largest part of `text` that can be one document.
size_t LargestDocument(std::string_view text) {
  size_t largest = 0;
  while (!text.empty()) {
    size_t size = 1;
    if (text[0] == '{') {
      thresh::JsonCursor cursor(thresh::AsBytes(text));
      thresh::JsonValue value;
      if (!cursor.Read(&value)) return std::max(largest, text.size());
      size = static_cast<size_t>(cursor.at() - thresh::AsBytes(text).data());
    } else if (std::string_view("[], \t\r\n").find(text[0]) ==
               std::string_view::npos) {
      size = std::min(text.find('\n'), text.size() - 1) + 1;
    }
    largest = std::max(largest, size);
    text.remove_prefix(size);
  }
  return largest;
}

struct Run {
  ContainerKind container;
  size_t window;
  bool in_order;
  bool passes;
};

struct Seen {
  size_t largest;  // record
  size_t reports;  // without records
};

Seen Read(const std::string& path, const Run& run) {
  thresh::Options options;
  options.container = run.container;
  options.window_bytes = run.window;
  options.jobs = 1;
  // Records then wait for the order of windows, all of a window's at once.
  if (run.in_order) options.filter.limit = UINT64_MAX;
  options.on_suspect =
      run.passes ? thresh::SuspectPolicy::kPass : thresh::SuspectPolicy::kSkip;
  thresh::Result<std::unique_ptr<thresh::Sink>> sink =
      thresh::OpenSink("/dev/null", thresh::OutputFormat::kNdjson);
  if (!sink) std::abort();
  WatchedSink watched(*std::move(sink));
  const thresh::Result<thresh::Report> report = thresh::Deaggregate(
      std::vector<std::string>{path}, options, &watched, nullptr);
  if (!report && report.error().code != thresh::ErrorCode::kMemory) {
    std::fprintf(stderr, "%s\n", report.error().ToString().c_str());
    std::abort();
  }
  if (!report) return {watched.largest(), 0};
  // A truncated record had to be searched for.
  const thresh::Summary& summary = report->summary;
  return {std::max<size_t>(watched.largest(), summary.unread_bytes),
          summary.missing_ranges.size()};
}

// Memory that is allocated once per process does not belong to a run.
bool WarmUp() {
  StartCounting();
  static_cast<void>(
      Read(MemoryFile("{}\n").path(), {ContainerKind::kJson, 64, true, true}));
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const bool kWarm = WarmUp();
  if (!kWarm || size < 5) return 0;
  const Run run = {.container = kContainers[data[0] % kContainers.size()],
                   .window = kWindows[data[1] % kWindows.size()],
                   .in_order = (data[1] & 0x40) != 0,
                   .passes = (data[1] & 0x80) != 0};
  const std::string_view all = thresh::fuzz::AsText(data + 4, size - 4);
  const size_t first = std::min<size_t>(size_t{data[3]} * 4, all.size() - 1);
  const std::string_view unit = all.substr(first);
  const size_t times = std::min<size_t>(size_t{data[2]} * data[2] + 1,
                                        kLargestInput / unit.size() + 1);
  std::string input(all.substr(0, first));
  for (size_t i = 0; i < times; ++i) input += unit;

  // A layer would be removed, by decoders with memory of their own.
  if (thresh::FindLayer(thresh::AsBytes(input)) != nullptr) return 0;

  const MemoryFile file(input);
  const int64_t before = allocated;
  max_allocated = before;
  const auto [largest, reports] = Read(file.path(), run);
  const auto taken = static_cast<size_t>(max_allocated - before);

  thresh::Options options;
  options.window_bytes = run.window;
  size_t bound = kFixed + largest * kOfRecord + reports * kOfReport +
                 kWindowsAlive * kGrowth *
                     (thresh::WindowMemory(options) + 2 * run.window);
  if (run.container == ContainerKind::kJson) {
    bound += LargestDocument(input) * kOfDocument;
  }
  if (std::getenv("THRESH_SHOW_MEMORY") != nullptr) {
    std::fprintf(stderr, "%zu bytes of memory, bound %zu, input %zu\n", taken,
                 bound, input.size());
  }
  if (taken > bound) {
    std::fprintf(stderr,
                 "%zu bytes of memory for %zu of input: the largest record has "
                 "%zu, the bound is %zu\n",
                 taken, input.size(), largest, bound);
    std::abort();
  }
  return 0;
}
