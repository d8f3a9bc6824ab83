// Options::handle_sigbus: whether a run may install a signal handler in the
// process that loads the library.
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <string>
#include <vector>

#include "blob_maker.h"
#include "sink/scratch_dir.h"
#include "thresh/batch_reader.h"
#include "thresh/deaggregate.h"
#include "thresh/sinks.h"

namespace thresh {
namespace {

bool HandlesSigbus() {
  struct sigaction now{};
  return sigaction(SIGBUS, nullptr, &now) != 0 ||
         (now.sa_flags & SA_SIGINFO) != 0 || now.sa_handler != SIG_DFL;
}

// Reads `path` both ways; false if that fails.
bool Read(const std::string& path, const Options& options) {
  const auto sink = MakeSink(nullptr, OutputFormat::kNull);
  if (!sink.has_value() || !Deaggregate({path}, options, sink->get()))
    return false;
  Result<BatchReader> reader = BatchReader::Open({path}, options);
  return reader.has_value() && reader->Next().has_value();
}

// Each in a process of its own, where nothing has been mapped.
TEST(SigbusOptionDeathTest, WithoutItNoHandlerIsInstalled) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  ScratchDir directory;
  const std::string path = directory.File("in");
  const std::string data(size_t{3} << 20, 'x');
  const std::vector<NewUserRecord> records = {{"key", AsBytes(data)}};
  WriteFile(path, MixedBlob(records));
  Options options;
  options.jobs = 1;
  options.on_suspect = SuspectPolicy::kSkip;
  const auto run = [&](bool handle_sigbus) {
    // A sanitizer may have a handler, which would hide ours.
    (void)std::signal(SIGBUS, SIG_DFL);
    options.handle_sigbus = handle_sigbus;
    if (!Read(path, options)) std::exit(1);
    std::exit(HandlesSigbus() ? 3 : 2);
  };
  EXPECT_EXIT(run(false), testing::ExitedWithCode(2), "");
  EXPECT_EXIT(run(true), testing::ExitedWithCode(3), "");
}

}  // namespace
}  // namespace thresh
