// What is kept of a JSON document that holds more records than a segment may
// give at a time: where they are, in a few bytes for each. They are read once
// more, so many at a time, when their turn comes; what depends on the whole of
// the document is known by then.
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

// Records, which are read again as what they were, and opaque stretches, in the
// order of their offsets. A document of 64 MiB may hold half as many: each
// takes three bytes where they are short and follow one another.
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

  // Between two items. Each is encoded by how it differs from the one before.
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
  // Takes back all that comes after `end`.
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

// The streams of records that do not name their own, by the documents that hold
// them: the innermost that names one counts.
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
  // Takes back all documents but the first `size`.
  void CutBack(size_t size) { documents_.resize(size); }

  // To be called after the last document.
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
  // What comes next.
  struct Position {
    JsonItems::Position items;
    size_t stream_changes = 0;
    size_t reports = 0;
  };

  // Whether an item follows `at`; and that item, whose end `at` becomes. The
  // stream is that which others name for it; null if none does.
  [[nodiscard]] bool HasItem(const Position& at) const {
    return at.items.item < items.size();
  }
  JsonItems::Item Take(Position* at, std::optional<Bytes>* stream) const;
  // Bytes of text in which the next `most` items are; and if there are fewer,
  // with them what follows the document in `segment`.
  [[nodiscard]] size_t TextOfTurn(Position at, size_t most,
                                  Bytes segment) const;

  const uint8_t* start = nullptr;  // of the document
  // Its end; or, where it is broken, of what can be read of it.
  size_t size = 0;
  bool broken = false;
  JsonItems items;
  JsonStreams streams;
  std::vector<MissingRange> reports;  // offsets are from the document's start
  TextBlocks texts;                   // that objects are in
};

}  // namespace thresh

#endif  // THRESH_CONTAINER_JSON_OUTLINE_H_
