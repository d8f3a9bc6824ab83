// Divides inputs into splits.
#ifndef THRESH_PIPELINE_SPLIT_PLANNER_H_
#define THRESH_PIPELINE_SPLIT_PLANNER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "container/container.h"
#include "input/open.h"
#include "thresh/options.h"
#include "thresh/result.h"
#include "thresh/split.h"

namespace thresh {

class SplitPlanner {
 public:
  // `options` must outlive the planner. `lookback` takes the place of
  // Container::split_lookback, for tests.
  SplitPlanner(const Options& options, uint64_t target_bytes,
               std::optional<size_t> lookback = std::nullopt)
      : options_(options), target_bytes_(target_bytes), lookback_(lookback) {}

  // Appends the splits of `input` to `splits`, fewer if a stop of
  // Options::cancel is requested.
  void Add(const Split& input, std::vector<Split>* splits) const;

 private:
  // An input that can be divided.
  struct Divisible {
    const std::string& file;
    const Container& container;
    uint64_t end;
  };

  [[nodiscard]] Result<Input> Open(const std::string& file,
                                   const ByteRange& range) const;
  [[nodiscard]] const Container* ContainerToDivide(const Split& input) const;
  [[nodiscard]] std::optional<uint64_t> NextPlace(const Divisible& input,
                                                  uint64_t begin,
                                                  uint64_t target) const;

  const Options& options_;
  const uint64_t target_bytes_;
  const std::optional<size_t> lookback_;
};

}  // namespace thresh

#endif  // THRESH_PIPELINE_SPLIT_PLANNER_H_
