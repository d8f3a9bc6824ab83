// Reads a file, a pipe or a device by read(2).
#ifndef THRESH_IO_FILE_STREAM_H_
#define THRESH_IO_FILE_STREAM_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "io/byte_stream.h"
#include "io/file_descriptor.h"

namespace thresh {

class FileStream final : public ByteStream {
 public:
  // Reads `descriptor` from its position. With `size`, exactly that many bytes:
  // bytes appended later are not read, and a file that ends sooner is
  // an error. Without, up to the end, or until `stop` is requested, which is
  // checked ten times a second while nothing arrives. `file` is its name in
  // errors.
  FileStream(std::shared_ptr<const FileDescriptor> descriptor, std::string file,
             std::optional<uint64_t> size, std::stop_token stop = {});

  size_t Read(std::span<uint8_t> out) override;
  [[nodiscard]] const std::optional<Error>& error() const override {
    return error_;
  }
  [[nodiscard]] uint64_t at_hand() const override {
    return size_.has_value() && !done_ ? *size_ - offset_ : 0;
  }

 private:
  void OnEnd();
  [[nodiscard]] bool WaitIfNotReady(int code) const;
  [[nodiscard]] bool AwaitInput() const;

  std::shared_ptr<const FileDescriptor> descriptor_;
  std::string file_;
  std::optional<uint64_t> size_;
  std::stop_token stop_;
  uint64_t offset_ = 0;
  bool done_ = false;
  std::optional<Error> error_;
};

}  // namespace thresh

#endif  // THRESH_IO_FILE_STREAM_H_
