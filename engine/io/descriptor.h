// A file descriptor with one owner.
#ifndef THRESH_IO_DESCRIPTOR_H_
#define THRESH_IO_DESCRIPTOR_H_

#include <unistd.h>

#include <utility>

namespace thresh {

class Descriptor {
 public:
  // `number` may be -1, for none.
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept
      : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() { Close(); }

  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool is_open() const { return number_ >= 0; }

  // Gives up ownership.
  [[nodiscard]] int Release() { return std::exchange(number_, -1); }

  void Close() {
    if (is_open()) static_cast<void>(::close(std::exchange(number_, -1)));
  }

 private:
  int number_;
};

}  // namespace thresh

#endif  // THRESH_IO_DESCRIPTOR_H_
