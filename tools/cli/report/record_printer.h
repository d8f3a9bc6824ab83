// Prints one Kinesis record with its contents, as `thresh inspect` shows it.
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

  // Receives the text in pieces: each user record is printed with its key, and
  // many may share a long one.
  using Print = std::function<void(std::string_view)>;

  // Prints `record` of `batch` and those of its user records that the filters
  // kept. `source` is its input's name. PrintText prints several lines for
  // people.
  void PrintText(const Batch& batch, const KinesisRecord& record,
                 const std::string& source, const Print& print);
  // Prints one line of JSON.
  void PrintJson(const Batch& batch, const KinesisRecord& record,
                 const std::string& source, const Print& print);

 private:
  // The contents of an aggregate before filters.
  struct Tables {
    size_t user_records;
    size_t partition_keys;
    size_t explicit_hash_keys;
  };

  // Parses the record again, because a batch does not store where each
  // aggregate's key tables begin and end.
  Tables TablesOf(const KinesisRecord& record, const KinesisMetadata& metadata);
  // The number of user records in `data` if it is a valid aggregate, else 0.
  // Each nested aggregate counts as one.
  size_t CountNested(Bytes data);

  bool nested_;
  JsonMembers json_;
  Batch scratch_;
};

// The first `limit` bytes in quotes: printable ASCII as it is, all else
// escaped; followed by "..." if there are more.
[[nodiscard]] std::string Preview(Bytes bytes, size_t limit);

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_REPORT_RECORD_PRINTER_H_
