// Parses a line of text as a user record. There is a parser for each format of
// lines; text_run.h applies it to files.
#ifndef THRESH_AGGREGATE_LINE_PARSER_H_
#define THRESH_AGGREGATE_LINE_PARSER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "thresh/bytes.h"
#include "thresh/column.h"
#include "thresh/result.h"
#include "thresh/sinks.h"

namespace thresh {

struct TextLine {
  Bytes text;       // without the line end
  size_t readable;  // bytes from its first on that may be read
};

struct ParsedLine {
  std::optional<Bytes> partition_key;
  std::optional<Bytes> explicit_hash_key;
  Bytes data;
  // A message of what is wrong with the line; null if it is a record. Static
  // storage.
  const char* problem = nullptr;
};

// Used by one thread at a time.
class LineParser {
 public:
  virtual ~LineParser() = default;

  // A parser of the same lines, for another thread.
  [[nodiscard]] virtual std::unique_ptr<LineParser> Copy() const = 0;

  // Views of the result point into the line or `texts`, which grows by at most
  // the line's size.
  [[nodiscard]] virtual ParsedLine Parse(const TextLine& line,
                                         Column<uint8_t>* texts) = 0;

  // Whether an empty line is a record too, and not framing.
  [[nodiscard]] virtual bool takes_empty_lines() const { return false; }
};

// Lines as `thresh deaggregate --format ndjson` writes them, with `data` in
// that encoding.
[[nodiscard]] std::unique_ptr<LineParser> NewNdjsonParser(
    DataEncoding data_encoding);

// Lines that are data, all with the partition key `key`.
[[nodiscard]] std::unique_ptr<LineParser> NewFixedKeyParser(std::string key);

// Lines that are data and JSON, with the partition key at the JSON pointer (RFC
// 6901) `pointer`, a string or a number; null if there is none. Fails if
// `pointer` is not a valid pointer to a part of a value.
[[nodiscard]] Result<std::unique_ptr<LineParser>> NewKeyPointerParser(
    std::string_view pointer);

}  // namespace thresh

#endif  // THRESH_AGGREGATE_LINE_PARSER_H_
