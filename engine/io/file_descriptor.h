// Closes a file descriptor when its last user is done with it.
#ifndef THRESH_IO_FILE_DESCRIPTOR_H_
#define THRESH_IO_FILE_DESCRIPTOR_H_

#include <unistd.h>

#include <cstdint>

namespace thresh {

class FileDescriptor {
 public:
  enum class Ownership : uint8_t { kOwned, kBorrowed };

  explicit FileDescriptor(int number, Ownership ownership = Ownership::kOwned)
      : number_(number), owned_(ownership == Ownership::kOwned) {}
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor() {
    if (owned_) ::close(number_);
  }

  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
  bool owned_;
};

}  // namespace thresh

#endif  // THRESH_IO_FILE_DESCRIPTOR_H_
