// Compares the engine's result for archives with the naive reader's.
#ifndef THRESH_FUZZ_AGAINST_REFERENCE_H_
#define THRESH_FUZZ_AGAINST_REFERENCE_H_

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "oracle/engine_run.h"

namespace thresh::fuzz {

// Prints the differences and aborts unless the engine's result for `archive`,
// read in windows of `window_bytes`, is equal to `reference`.
inline void RequireReference(std::string_view archive, ContainerKind container,
                             size_t window_bytes,
                             const oracle::ReferenceArchive& reference) {
  Options options;
  options.container = container;
  options.window_bytes = window_bytes;
  options.jobs = 1;
  const std::string difference =
      oracle::Diff(oracle::RunEngine(archive, options), reference);
  if (difference.empty()) return;
  std::fprintf(stderr, "window %zu\n%s", window_bytes, difference.c_str());
  std::abort();
}

}  // namespace thresh::fuzz

#endif  // THRESH_FUZZ_AGAINST_REFERENCE_H_
