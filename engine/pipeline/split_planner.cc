// A container's reader decides where an input may be divided: it looks at the
// bytes around each place where a split would end by its size, in a window that
// grows until it has found one.
#include "pipeline/split_planner.h"

#include <algorithm>
#include <new>
#include <string>
#include <utility>

#include "base/errors.h"
#include "pipeline/check_options.h"
#include "pipeline/recognize_input.h"
#include "pipeline/window_errors.h"
#include "storage/sizes.h"
#include "thresh/bytes.h"

namespace thresh {
namespace {

// The first look past a place: a blob, or a few lines.
constexpr size_t kFirstLookPast = size_t{256} << 10;

uint64_t SaturatingAdd(uint64_t a, uint64_t b) {
  return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

}  // namespace

Result<Input> SplitPlanner::Open(const std::string& file,
                                 const ByteRange& range) const {
  return OpenInput(file, MapsFiles(options_), /*min_mapped=*/0,
                   ExpansionLimitsOf(options_), std::make_shared<BufferPool>(),
                   NameFilter(), options_.cancel, range);
}

// Null if it cannot be divided.
const Container* SplitPlanner::ContainerToDivide(const Split& input) const {
  const Result<Input> opened = Open(input.input, {});
  if (!opened || opened->archive != nullptr || opened->compressed) {
    return nullptr;
  }
  const Result<const Container*> container =
      RecognizeInput(opened->source.get(), options_.container);
  // An input that is refused is so when it is read.
  if (!container || (*container)->split == nullptr) return nullptr;
  return *container;
}

// The first place at or after `target` to divide the input, which may be
// divided at `begin`; null if there is none, or the input cannot be read.
std::optional<uint64_t> SplitPlanner::NextPlace(const Divisible& input,
                                                uint64_t begin,
                                                uint64_t target) const {
  const size_t lookback = lookback_.value_or(input.container.split_lookback);
  while (target < input.end && !options_.cancel.stop_requested()) {
    const uint64_t start =
        std::max(begin, target - std::min<uint64_t>(target, lookback));
    const auto from = static_cast<size_t>(target - start);
    const size_t max_size = from + input.container.segment_limit;
    const Result<Input> opened = Open(input.file, {start, input.end});
    if (!opened || opened->source == nullptr) return std::nullopt;
    size_t size = from + kFirstLookPast;
    while (true) {
      const Result<Bytes> bytes = opened->source->Peek(size);
      if (!bytes || bytes->size() <= from) return std::nullopt;
      Segment segment;
      segment.bytes = *bytes;
      segment.offset = start;
      segment.ends_input = bytes->size() < size;
      if (const auto place = input.container.split(segment, from)) {
        return start + *place;
      }
      if (segment.ends_input) return std::nullopt;
      if (size == max_size) break;
      size = std::min(2 * size, max_size);
    }
    // There is none in what was seen. It is not looked at again, so that the
    // time is linear in the input's size.
    target = start + size;
  }
  return std::nullopt;
}

void SplitPlanner::Add(const Split& input, std::vector<Split>* splits) const {
  const uint64_t size = SizeOfFile(input.input).value_or(0);
  const uint64_t end = std::min(size, input.end);
  const bool is_known = size > 0 && input.begin <= end &&
                        (input.end == UINT64_MAX || input.end == end);
  if (!is_known) {
    // Whoever reads it reports what is wrong with it, if anything is.
    splits->push_back(input);
    return;
  }
  uint64_t begin = input.begin;
  const Container* container = nullptr;
  if (end - begin > target_bytes_) container = ContainerToDivide(input);
  while (container != nullptr) {
    const std::optional<uint64_t> place =
        NextPlace({input.input, *container, end}, begin,
                  SaturatingAdd(begin, target_bytes_));
    if (!place.has_value()) break;
    splits->push_back({input.input, begin, *place});
    begin = *place;
  }
  splits->push_back({input.input, begin, end});
}

Result<std::vector<Split>> PlanSplits(const InputList& inputs,
                                      const Options& options,
                                      uint64_t target_bytes) {
  if (target_bytes == 0) {
    return tl::unexpected(
        InvalidArgument("splits of 0 bytes", "give them at least 1"));
  }
  if (Result<void> ok = CheckOptions(options); !ok) {
    return tl::unexpected(std::move(ok.error()));
  }
  try {
    const SplitPlanner planner(options, target_bytes);
    std::vector<Split> splits;
    for (const Split& input : inputs.splits()) planner.Add(input, &splits);
    if (options.cancel.stop_requested()) return tl::unexpected(Cancelled());
    return splits;
  } catch (const std::bad_alloc& thrown) {
    return tl::unexpected(NoMemoryLeft(thrown, inputs));
  }
}

}  // namespace thresh
