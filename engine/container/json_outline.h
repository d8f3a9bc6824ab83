// The outline of a JSON document with more records than a segment may return at
// a time: their places, in a few bytes for each. They are read again, part by
// part, in their turn; values that depend on the whole document are known by
// then.
#ifndef THRESH_CONTAINER_JSON_OUTLINE_H_
#define THRESH_CONTAINER_JSON_OUTLINE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "container/text_blocks.h"
#include "thresh/bytes.h"
#include "thresh/column.h"
#include "thresh/summary.h"
#include "thresh/verdict.h"

namespace thresh {

// Records, to be read again, and opaque stretches, in the order of their
// offsets. A document of 64 MiB may hold 32 Mi of them: each takes three bytes
// if they are short and adjacent.
class JsonItems {
 public:
  struct Item {
    const uint8_t* text = nullptr;  // the record's bracket; null: opaque
    uint32_t offset = 0;            // from the document's start
    uint32_t length = 0;            // not less than that of `text`
    uint8_t wrappers = 0;           // documents around its own
    bool is_element = false;        // of a list
    bool listed = false;            // JsonRecord::listed
    Reason reason = Reason::kNone;  // of an opaque stretch

    friend bool operator==(const Item&, const Item&) = default;
  };

  // A position between two items. Each is encoded as the difference from the
  // one before.
  struct Position {
    size_t item = 0;  // how many are before it
    size_t byte = 0;
    uint32_t end = 0;                   // of the item before
    const uint8_t* text_end = nullptr;  // of its text, if not in the document
  };

  // `document`: its first byte.
  explicit JsonItems(const uint8_t* document = nullptr) : document_(document) {}

  [[nodiscard]] size_t size() const { return end_.item; }
  [[nodiscard]] Position end() const { return end_; }
  [[nodiscard]] size_t memory() const { return bytes_.capacity(); }

  void Append(const Item& item);
  // Removes everything after `end`.
  void CutBack(const Position& end) {
    end_ = end;
    bytes_.Resize(end.byte);
  }
  // The item that follows `at`, which becomes its end; there is one.
  Item Take(Position* at) const;

 private:
  const uint8_t* document_;
  Position end_;
  Column<uint8_t> bytes_;
};

// The streams of records that do not name their own, from the documents that
// hold them: the innermost that names one applies.
class JsonStreams {
 public:
  // A record and those that follow, up to the next of these, have the stream at
  // this row of names(); kNone: none.
  struct Change {
    uint32_t item;
    uint32_t row;
  };
  static constexpr uint32_t kNone = UINT32_MAX;

  [[nodiscard]] size_t size() const { return documents_.size(); }
  // A document, after those within it, with the items [first, end).
  void Append(size_t first, size_t end, Bytes stream);
  // Removes all documents except the first `size`.
  void CutBack(size_t size) { documents_.resize(size); }

  // Must be called after the last document.
  void Finish();
  [[nodiscard]] const std::vector<Change>& changes() const { return changes_; }
  [[nodiscard]] Bytes name(uint32_t row) const { return AsBytes(names_[row]); }

 private:
  struct Document {
    uint32_t first;
    uint32_t end;
    uint32_t row;
  };

  void ChangeAt(uint32_t item, uint32_t row);

  std::vector<Document> documents_;
  std::vector<std::string> names_;
  std::vector<Change> changes_;
};

struct JsonOutline {
  // The next position.
  struct Position {
    JsonItems::Position items;
    size_t stream_changes = 0;
    size_t reports = 0;
  };

  // Whether an item follows `at`; and that item, whose end `at` becomes. The
  // stream is the one that other objects name for it; null if none does.
  [[nodiscard]] bool HasItem(const Position& at) const {
    return at.items.item < items.size();
  }
  JsonItems::Item Take(Position* at, std::optional<Bytes>* stream) const;
  // The number of bytes of text with the next `most` items; if there are fewer,
  // including what follows the document in `segment`.
  [[nodiscard]] size_t TextOfTurn(Position at, size_t most,
                                  Bytes segment) const;

  const uint8_t* start = nullptr;  // of the document
  // Its size; or, if it is damaged, that of the readable part.
  size_t size = 0;
  bool broken = false;
  JsonItems items;
  JsonStreams streams;
  std::vector<MissingRange> reports;  // offsets are from the document's start
  TextBlocks texts;                   // that objects are in
};

}  // namespace thresh

#endif  // THRESH_CONTAINER_JSON_OUTLINE_H_
