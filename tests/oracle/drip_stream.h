// Streams with small reads, like a slow pipe, or with failures.
#ifndef THRESH_TESTS_ORACLE_DRIP_STREAM_H_
#define THRESH_TESTS_ORACLE_DRIP_STREAM_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "io/byte_stream.h"

namespace thresh::oracle {

// Returns at most this many bytes at a time, and reports none as available: a
// pipe.
class DripStream final : public ByteStream {
 public:
  DripStream(std::string bytes, size_t step)
      : bytes_(std::move(bytes)), step_(step) {}

  size_t Read(std::span<uint8_t> out) override {
    const size_t size = std::min({step_, out.size(), bytes_.size() - at_});
    std::copy_n(bytes_.data() + at_, size, out.data());
    at_ += size;
    return size;
  }
  [[nodiscard]] const std::optional<Error>& error() const override {
    return error_;
  }

 private:
  std::string bytes_;
  size_t step_;
  size_t at_ = 0;
  std::optional<Error> error_;
};

// A stream that fails before its first byte.
class FailedStream final : public ByteStream {
 public:
  explicit FailedStream(Error error) : error_(std::move(error)) {}

  size_t Read(std::span<uint8_t>) override { return 0; }
  [[nodiscard]] const std::optional<Error>& error() const override {
    return error_;
  }

 private:
  std::optional<Error> error_;
};

}  // namespace thresh::oracle

#endif  // THRESH_TESTS_ORACLE_DRIP_STREAM_H_
