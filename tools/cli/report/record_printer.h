// One Kinesis record with all that is in it, as `thresh inspect` shows it.
#ifndef THRESH_TOOLS_CLI_REPORT_RECORD_PRINTER_H_
#define THRESH_TOOLS_CLI_REPORT_RECORD_PRINTER_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "cli/report/json_members.h"
#include "thresh/batch.h"

namespace thresh::cli {

class RecordPrinter {
 public:
  // `nested` is Options::nested.
  explicit RecordPrinter(bool nested) : nested_(nested) {}

  // Takes text piece by piece: each user record comes with its key, and many
  // may share a long one.
  using Print = std::function<void(std::string_view)>;

  // Prints `record` of `batch` and its user records there, those that filters
  // left. `source` is its input's name. PrintText: several lines for people.
  void PrintText(const Batch& batch, const KinesisRecord& record,
                 const std::string& source, const Print& print);
  // One line of JSON.
  void PrintJson(const Batch& batch, const KinesisRecord& record,
                 const std::string& source, const Print& print);

 private:
  // What an aggregate holds before filters.
  struct Tables {
    size_t user_records;
    size_t partition_keys;
    size_t explicit_hash_keys;
  };

  // Takes the record apart again, because a batch does not keep apart where
  // each aggregate's key tables begin and end.
  Tables TablesOf(const KinesisRecord& record, const KinesisMetadata& metadata);
  // How many user records `data` holds, if it is an aggregate that is sound;
  // else 0. Aggregates in it count as one each.
  size_t CountNested(Bytes data);

  bool nested_;
  JsonMembers json_;
  Batch scratch_;
};

// The first `limit` bytes in quotes: printable ASCII as it is, all else
// escaped; "..." behind them if there are more.
[[nodiscard]] std::string Preview(Bytes bytes, size_t limit);

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_REPORT_RECORD_PRINTER_H_
