// Checks and encodings of bytes for NDJSON output.
#ifndef THRESH_BASE_JSON_H_
#define THRESH_BASE_JSON_H_

#include <memory>

#include "thresh/bytes.h"
#include "thresh/column.h"

namespace thresh {

// A parser of JSON with the memory that it keeps from one document to the next,
// for documents of a usual size. Used by one thread at a time.
class JsonChecker {
 public:
  JsonChecker();
  JsonChecker(const JsonChecker&) = delete;
  JsonChecker& operator=(const JsonChecker&) = delete;
  ~JsonChecker();

  // Whether `bytes` are one whole JSON value in UTF-8.
  [[nodiscard]] bool IsOneValue(Bytes bytes);

  // The bytes of memory that it keeps for text.
  [[nodiscard]] size_t reserved_memory() const;

 private:
  class Parser;
  std::unique_ptr<Parser> parser_;  // null before the first document
};

// Whether `bytes` are valid UTF-8.
bool IsUtf8(Bytes bytes);

// Appends `text`, which is UTF-8, to `out` as a JSON string in quotes (RFC
// 8259): quotes, backslashes and control characters (C0, DEL, C1) escaped, all
// else unchanged.
void AppendJsonString(Bytes text, Column<uint8_t>* out);

// If `bytes` are one whole JSON value in UTF-8, appends it to `out` without
// white space between its tokens, so on one line, and returns true; tokens
// keep their spelling, except DEL and C1 controls in strings, which are
// escaped, and objects keep duplicate names. Otherwise appends nothing and
// returns false; also for values that a reader of the output might not read
// back: integers beyond 64 bits, numbers beyond the range of a double, unpaired
// surrogates in escapes, arrays and objects more than 1024 deep.
bool AppendInlineJson(Bytes bytes, JsonChecker* checker, Column<uint8_t>* out);

// Escapes DEL and C1 controls in the JSON texts that `out` has from `begin` on.
// JSON allows them in strings unescaped, and a terminal may interpret them.
void EscapeControlsFrom(size_t begin, Column<uint8_t>* out);

}  // namespace thresh

#endif  // THRESH_BASE_JSON_H_
