// A file output whose operations must succeed.
#ifndef THRESH_TESTS_SINK_MUST_WRITE_H_
#define THRESH_TESTS_SINK_MUST_WRITE_H_

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

#include "io/file_output.h"
#include "sink/output_text.h"

namespace thresh {

inline FileOutput MustOpen(const std::string& path) {
  Result<FileOutput> output = FileOutput::Open(path);
  EXPECT_TRUE(output.has_value()) << output.error().message;
  return std::move(*output);
}

inline void MustWrite(FileOutput* output, std::string_view text) {
  const Result<void> written = output->Write(BufferOf(text));
  ASSERT_TRUE(written.has_value()) << written.error().message;
}

}  // namespace thresh

#endif  // THRESH_TESTS_SINK_MUST_WRITE_H_
