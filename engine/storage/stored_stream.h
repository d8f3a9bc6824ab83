// Bytes of a stored file as a stream.
#ifndef THRESH_STORAGE_STORED_STREAM_H_
#define THRESH_STORAGE_STORED_STREAM_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "io/byte_stream.h"
#include "thresh/file_system.h"

namespace thresh {

// Reads from `file` at `offset`, which is less than its size, and returns the
// number of bytes, at least 1. A file that ends there is an error; errors have
// `name` and the offset.
[[nodiscard]] Result<size_t> ReadStored(StoredFile* file,
                                        const std::string& name,
                                        uint64_t offset,
                                        std::span<uint8_t> out);

class StoredStream final : public ByteStream {
 public:
  // Reads the bytes from `begin` up to `end`, which is at most the file's size.
  // `name` is the file's in errors.
  StoredStream(std::shared_ptr<StoredFile> file, std::string name,
               uint64_t begin, uint64_t end)
      : file_(std::move(file)),
        name_(std::move(name)),
        offset_(begin),
        end_(end) {}

  size_t Read(std::span<uint8_t> out) override;
  [[nodiscard]] const std::optional<Error>& error() const override {
    return error_;
  }
  [[nodiscard]] uint64_t at_hand() const override {
    return error_.has_value() ? 0 : end_ - offset_;
  }

 private:
  std::shared_ptr<StoredFile> file_;
  std::string name_;
  uint64_t offset_;
  uint64_t end_;
  std::optional<Error> error_;
};

}  // namespace thresh

#endif  // THRESH_STORAGE_STORED_STREAM_H_
