// Which records of a shard Kinesis has acknowledged, by their number among all
// records for that shard. Records are acknowledged almost in order, so a prefix
// covers nearly all of them, and a few ranges beyond it cover the rest.
#ifndef THRESH_TOOLS_KINESIS_ACKNOWLEDGED_H_
#define THRESH_TOOLS_KINESIS_ACKNOWLEDGED_H_

#include <cstdint>
#include <map>

namespace thresh::kinesis {

class Acknowledged {
 public:
  // Adds `count` records, at least 1, starting at number `first`. None of them
  // may have been added before.
  void Add(uint64_t first, uint64_t count);

  [[nodiscard]] bool Contains(uint64_t number) const;

  // All records before this number are contained.
  [[nodiscard]] uint64_t prefix() const { return prefix_; }
  // The others: from the first number to the number after the last. Ranges do
  // not overlap or touch.
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
