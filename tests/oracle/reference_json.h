// FORMAT.md's JSON containers read in a simple way, with nlohmann/json and one
// rule after the other, for comparison with the engine's reader.
#ifndef THRESH_TESTS_ORACLE_REFERENCE_JSON_H_
#define THRESH_TESTS_ORACLE_REFERENCE_JSON_H_

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace thresh::oracle {

struct JsonRow {
  std::string data;
  std::optional<std::string> partition_key;
  std::optional<std::string> sequence_number;
  std::optional<std::string> shard_id;
  std::optional<std::string> encryption_type;
  std::optional<std::string> stream;
  std::optional<int64_t> arrival_time;
  std::optional<uint32_t> sub_sequence_number = std::nullopt;

  friend bool operator==(const JsonRow&, const JsonRow&) = default;
};

void PrintTo(const JsonRow& row, std::ostream* out);

// The records of `text`. Null if it is not one JSON value that the codec
// accepts, or one for which FORMAT.md does not define the result: a number or
// string next to the documents, nested too deeply, an envelope with more than
// one list.
std::optional<std::vector<JsonRow>> ReadJson(std::string_view text);

}  // namespace thresh::oracle

#endif  // THRESH_TESTS_ORACLE_REFERENCE_JSON_H_
