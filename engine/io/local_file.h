// A regular file of this machine, read from anywhere.
#ifndef THRESH_IO_LOCAL_FILE_H_
#define THRESH_IO_LOCAL_FILE_H_

#include <cerrno>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "io/file_descriptor.h"
#include "io/read.h"
#include "io/system_error.h"
#include "thresh/file_system.h"

namespace thresh {

class LocalFile final : public StoredFile {
 public:
  // `size`: bytes that the file has; what it grows by is not read. `name` is
  // its name in errors.
  LocalFile(std::shared_ptr<const FileDescriptor> descriptor, std::string name,
            uint64_t size)
      : descriptor_(std::move(descriptor)),
        name_(std::move(name)),
        size_(size) {}

  [[nodiscard]] uint64_t size() const override { return size_; }
  [[nodiscard]] Result<size_t> ReadAt(uint64_t offset,
                                      std::span<uint8_t> out) override {
    const std::optional<size_t> got =
        thresh::ReadAt(descriptor_->number(), offset, out);
    if (!got.has_value()) return tl::unexpected(SystemError(errno, name_));
    return *got;
  }

 private:
  std::shared_ptr<const FileDescriptor> descriptor_;
  std::string name_;
  uint64_t size_;
};

}  // namespace thresh

#endif  // THRESH_IO_LOCAL_FILE_H_
