// A stored file as a stream.
#ifndef THRESH_STORAGE_STORED_STREAM_H_
#define THRESH_STORAGE_STORED_STREAM_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "io/byte_stream.h"
#include "thresh/file_system.h"

namespace thresh {

class StoredStream final : public ByteStream {
 public:
  // `name` is the file's in errors.
  StoredStream(std::shared_ptr<StoredFile> file, std::string name)
      : file_(std::move(file)), name_(std::move(name)) {}

  size_t Read(std::span<uint8_t> out) override {
    if (error_.has_value() || offset_ == file_->size()) return 0;
    Result<size_t> read = ReadStored(file_.get(), name_, offset_, out);
    if (!read) {
      error_ = std::move(read.error());
      return 0;
    }
    offset_ += *read;
    return *read;
  }
  [[nodiscard]] const std::optional<Error>& error() const override {
    return error_;
  }
  [[nodiscard]] uint64_t at_hand() const override {
    return file_->size() - offset_;
  }

  // Reads of `file` at `offset`, which is before its end. A file that ends
  // there is an error, and errors name the file and the offset.
  [[nodiscard]] static Result<size_t> ReadStored(StoredFile* file,
                                                 const std::string& name,
                                                 uint64_t offset,
                                                 std::span<uint8_t> out);

 private:
  std::shared_ptr<StoredFile> file_;
  std::string name_;
  uint64_t offset_ = 0;
  std::optional<Error> error_;
};

}  // namespace thresh

#endif  // THRESH_STORAGE_STORED_STREAM_H_
