// One Kinesis record with all that is in it, as `thresh inspect` shows it.
#ifndef THRESH_TOOLS_CLI_RECORD_PRINTER_H_
#define THRESH_TOOLS_CLI_RECORD_PRINTER_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/json_members.h"
#include "thresh/batch.h"

namespace thresh::cli {

// Takes records apart one by one, because a batch does not keep apart where
// each aggregate's key tables begin and end.
class RecordPrinter {
 public:
  // Where in its Kinesis record a user record is.
  struct Position {
    NestedPath nested_path;
    uint32_t sub_sequence_number;

    friend bool operator==(const Position&, const Position&) = default;
  };

  // What is said of a Kinesis record beside its bytes.
  struct Known {
    KinesisMetadata metadata;
    std::string source;  // its input's name
    // Of the user records to show, in order: their positions.
    std::vector<Position> shown;
  };

  // `nested` is Options::nested.
  explicit RecordPrinter(bool nested) : nested_(nested) {}

  // Takes text piece by piece: each user record comes with its key, and many
  // may share a long one.
  using Print = std::function<void(std::string_view)>;

  // Several lines for people.
  void PrintText(const KinesisRecord& record, const Known& known,
                 const Print& print);
  // One line of JSON.
  void PrintJson(const KinesisRecord& record, const Known& known,
                 const Print& print);

 private:
  void TakeApart(const KinesisRecord& record, const KinesisMetadata& metadata);

  // Calls visit(const UserRecord&) for those that are shown.
  void ForEachShown(const Known& known, auto&& visit) const;
  // How many user records `data` holds, if it is an aggregate that is sound;
  // else 0. Aggregates in it count as one each.
  size_t CountNested(Bytes data);

  bool nested_;
  JsonMembers json_;
  Batch scratch_;
  Batch batch_;  // holds the one record, or nothing if it is suspect
};

// The first `limit` bytes in quotes: printable ASCII as it is, all else
// escaped; "..." behind them if there are more.
[[nodiscard]] std::string Preview(Bytes bytes, size_t limit);

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_RECORD_PRINTER_H_
