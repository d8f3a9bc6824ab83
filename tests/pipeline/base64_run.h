// Runs archives of base64 lines through the engine and compares with the naive
// reader.
#ifndef THRESH_TESTS_PIPELINE_BASE64_RUN_H_
#define THRESH_TESTS_PIPELINE_BASE64_RUN_H_

#include <gtest/gtest.h>

#include <string>

#include "oracle/engine_run.h"

namespace thresh {

// The result of one run, after runs with these window sizes, by one worker and
// by several, had the same result.
inline oracle::EngineRun ReadLines(const std::string& archive,
                                   const std::vector<size_t>& windows = {
                                       64, 1000, 1 << 20}) {
  const oracle::ReferenceArchive reference = oracle::ReadBase64Lines(archive);
  oracle::EngineRun run;
  for (const size_t window : windows) {
    for (const unsigned jobs : {1U, 2U, 4U}) {
      Options options;
      options.container = ContainerKind::kBase64Lines;
      options.window_bytes = window;
      options.jobs = jobs;
      run = oracle::RunEngine(archive, options);
      EXPECT_EQ(oracle::Diff(run, reference), "")
          << "window " << window << " jobs " << jobs;
    }
  }
  return run;
}

// The same with a window end at every byte.
inline oracle::EngineRun ReadLinesInEveryWindow(const std::string& archive) {
  const oracle::ReferenceArchive reference = oracle::ReadBase64Lines(archive);
  oracle::EngineRun run;
  for (size_t window = 1; window <= archive.size() + 1; ++window) {
    Options options;
    options.container = ContainerKind::kBase64Lines;
    options.window_bytes = window;
    options.jobs = static_cast<unsigned>(1 + window % 3);
    run = oracle::RunEngine(archive, options);
    EXPECT_EQ(oracle::Diff(run, reference), "") << "window " << window;
  }
  return run;
}

}  // namespace thresh

#endif  // THRESH_TESTS_PIPELINE_BASE64_RUN_H_
