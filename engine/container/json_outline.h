// What is kept of a JSON document that holds more records than a segment may
// give at a time: where they are, in a few bytes for each. They are read once
// more, so many at a time, when their turn comes; what depends on the whole of
// the document is known by then.
#ifndef THRESH_CONTAINER_JSON_OUTLINE_H_
#define THRESH_CONTAINER_JSON_OUTLINE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "thresh/bytes.h"
#include "thresh/column.h"
#include "thresh/summary.h"
#include "thresh/verdict.h"

namespace thresh {

struct JsonOutline {
  static constexpr uint32_t kNoStream = UINT32_MAX;

  // A record, which is read again as what it was, or an opaque stretch.
  struct Item {
    const uint8_t* text =
        nullptr;          // the record's bracket; null for an opaque stretch
    uint32_t offset = 0;  // from the document's start
    uint32_t length = 0;  // not less than that of `text`
    uint32_t stream =
        kNoStream;         // row of `streams`: if the record itself names none
    uint8_t wrappers = 0;  // documents around its own
    bool is_element = false;        // of a list
    bool listed = false;            // JsonRecord::listed
    Reason reason = Reason::kNone;  // of an opaque stretch
  };

  const uint8_t* start = nullptr;  // of the document
  // Its end; or, where it is broken, of what can be read of it.
  size_t size = 0;
  bool broken = false;
  Column<Item> items;
  std::vector<std::string> streams;
  std::vector<MissingRange> reports;   // offsets are from the document's start
  std::vector<Column<uint8_t>> texts;  // that objects are in
};

}  // namespace thresh

#endif  // THRESH_CONTAINER_JSON_OUTLINE_H_
