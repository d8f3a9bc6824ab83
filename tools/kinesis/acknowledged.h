// Which records of a shard Kinesis has acknowledged, by their number among all
// that go there. What is sent is acknowledged nearly in order: so a count says
// nearly all, and a few ranges beyond it the rest.
#ifndef THRESH_TOOLS_KINESIS_ACKNOWLEDGED_H_
#define THRESH_TOOLS_KINESIS_ACKNOWLEDGED_H_

#include <cstdint>
#include <map>

namespace thresh::kinesis {

class Acknowledged {
 public:
  // Adds `count` records, at least 1, from number `first` on, none of which is
  // in.
  void Add(uint64_t first, uint64_t count);

  [[nodiscard]] bool Contains(uint64_t number) const;

  // All before this number are in.
  [[nodiscard]] uint64_t prefix() const { return prefix_; }
  // The others, first number to number behind the last, which neither overlap
  // nor touch.
  [[nodiscard]] const std::map<uint64_t, uint64_t>& beyond() const {
    return beyond_;
  }
  [[nodiscard]] uint64_t count() const;

  friend bool operator==(const Acknowledged&, const Acknowledged&) = default;

 private:
  uint64_t prefix_ = 0;
  std::map<uint64_t, uint64_t> beyond_;
};

}  // namespace thresh::kinesis

#endif  // THRESH_TOOLS_KINESIS_ACKNOWLEDGED_H_
