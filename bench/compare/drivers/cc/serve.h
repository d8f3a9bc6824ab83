// What the C++ drivers share: the dialogue with compare.py, and the file of
// user records by which a driver shows that it took the archive apart rightly.
// README.md beside run.sh has the protocol.
#ifndef THRESH_BENCH_COMPARE_DRIVERS_CC_SERVE_H_
#define THRESH_BENCH_COMPARE_DRIVERS_CC_SERVE_H_

#include <cstdint>
#include <fstream>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "thresh/bytes.h"

namespace thresh::compare {

// What one pass over the archive saw.
struct Pass {
  uint64_t user_records = 0;
  uint64_t bytes = 0;  // of the archive, or whatever was worked on
};

// A file of user records, each in its canonical encoding (content_checksum.h).
class RecordDump {
 public:
  explicit RecordDump(const std::string& path)
      : out_(path, std::ios::binary | std::ios::trunc) {}

  void Add(const std::optional<std::string_view>& partition_key,
           const std::optional<std::string_view>& explicit_hash_key,
           std::string_view data);
  // False if anything could not be written.
  bool Close();
  [[nodiscard]] uint64_t records() const { return records_; }

 private:
  std::ofstream out_;
  uint64_t records_ = 0;
};

// An archive of length-delimited records (u32le), in memory as a whole.
class Archive {
 public:
  // Ends the program if the file cannot be read or is cut off.
  explicit Archive(const std::string& path);

  [[nodiscard]] uint64_t bytes() const { return content_.size(); }
  [[nodiscard]] const std::vector<Bytes>& records() const { return records_; }

 private:
  std::vector<uint8_t> content_;
  std::vector<Bytes> records_;
};

// Tells compare.py in one line of JSON why there will be no result, and ends
// the program.
[[noreturn]] void Fail(const std::string& why);

struct Driver {
  std::string versions;                   // a JSON object
  std::function<Pass()> run;              // one pass, which is timed
  std::function<void(RecordDump*)> dump;  // null if there are no user records
};

// Says that the driver is ready, and answers the commands on standard input,
// one a line, until it ends. Returns the program's exit status.
int Serve(const Driver& driver);

}  // namespace thresh::compare

#endif  // THRESH_BENCH_COMPARE_DRIVERS_CC_SERVE_H_
