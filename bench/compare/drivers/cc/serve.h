// Shared by the C++ drivers: the protocol with compare.py, and the file of user
// records by which a driver proves that it read the archive correctly.
// README.md next to run.sh describes the protocol.
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

// The counts of one pass over the archive.
struct Pass {
  uint64_t user_records = 0;
  uint64_t bytes = 0;  // of the archive, or of what was processed
};

// A file of user records, each in its canonical encoding (content_checksum.h).
class RecordDump {
 public:
  explicit RecordDump(const std::string& path)
      : out_(path, std::ios::binary | std::ios::trunc) {}

  void Add(const std::optional<std::string_view>& partition_key,
           const std::optional<std::string_view>& explicit_hash_key,
           std::string_view data);
  // Returns false if anything could not be written.
  bool Close();
  [[nodiscard]] uint64_t records() const { return records_; }

 private:
  std::ofstream out_;
  uint64_t records_ = 0;
};

// A whole archive of length-delimited records (u32le), in memory.
class Archive {
 public:
  // Ends the program if the file cannot be read or is truncated.
  explicit Archive(const std::string& path);

  [[nodiscard]] uint64_t bytes() const { return content_.size(); }
  [[nodiscard]] const std::vector<Bytes>& records() const { return records_; }

 private:
  std::vector<uint8_t> content_;
  std::vector<Bytes> records_;
};

// Reports to compare.py in one line of JSON why there is no result, and ends
// the program.
[[noreturn]] void Fail(const std::string& why);

struct Driver {
  std::string versions;                   // a JSON object
  std::function<Pass()> run;              // one pass, which is timed
  std::function<void(RecordDump*)> dump;  // null if there are no user records
};

// Reports that the driver is ready, and answers the commands on standard input,
// one per line, until it ends. Returns the program's exit status.
int Serve(const Driver& driver);

}  // namespace thresh::compare

#endif  // THRESH_BENCH_COMPARE_DRIVERS_CC_SERVE_H_
