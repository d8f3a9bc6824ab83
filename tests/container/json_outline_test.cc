#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "container/json_document.h"
#include "thresh/bytes.h"

namespace thresh {
namespace {

// A mapped file may be modified between the two passes over a document's
// records: what is not a record in the second is opaque bytes.
TEST(JsonOutlineTest, RecordsThatHaveChangedAreOpaque) {
  const std::string record = R"({"SequenceNumber":"1","Data":"YQ=="})";
  const std::string original =
      R"({"Records":[)" + record + "," + record + "," + record + "]}";
  const std::string blank(record.size(), ' ');
  const std::string zeros(record.size(), '\0');
  std::string foreign = record;
  foreign.replace(foreign.find("Data"), 4, "Dxta");
  std::string several = R"({"Records":[5,{"Data":"YQ=="}]})";
  several.resize(record.size(), ' ');
  std::string text = original;
  Column<uint8_t> room;
  const auto outline = OutlineJsonDocument(AsBytes(text), AsBytes(text), &room);
  std::vector<JsonItems::Item> items;
  std::optional<Bytes> stream;
  for (JsonOutline::Position at; outline->HasItem(at);) {
    items.push_back(outline->Take(&at, &stream));
  }
  ASSERT_EQ(items.size(), 3U);
  for (const std::string& changed : {blank, zeros, foreign, several}) {
    for (size_t row = 0; row < 3; ++row) {
      SCOPED_TRACE(changed);
      text.replace(items[row].offset, record.size(), changed);
      Frames read;
      JsonFrames frames(AsBytes(text), text.size(), &read);
      for (const JsonItems::Item& item : items) {
        ReadOutlined(item, stream, item.offset, &frames);
      }
      frames.Finish();
      ASSERT_EQ(read.list.size(), 3U);
      for (size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(read.list[i].opaque, i == row);
        EXPECT_EQ(read.list[i].offset, items[i].offset);
        EXPECT_EQ(read.list[i].length, record.size());
      }
      text.replace(0, text.size(), original);
    }
  }
}

class JsonItemsTest : public testing::Test {
 protected:
  uint32_t Below(uint32_t end) {
    return std::uniform_int_distribution<uint32_t>(0, end - 1)(random_);
  }

  // An item that begins at `offset` or later, in `document_` or in `texts_`.
  JsonItems::Item ItemFrom(uint32_t offset) {
    constexpr uint32_t kLarge = uint32_t{1} << 21;
    JsonItems::Item item;
    item.offset = offset + Below(Below(2) == 0 ? 3 : kLarge);
    item.length = 1 + Below(Below(2) == 0 ? 100 : kLarge);
    if (Below(3) == 0) {
      item.reason = static_cast<Reason>(Below(20));
      return item;
    }
    item.text = Below(2) == 0 ? document_.data() + item.offset
                              : texts_[Below(2)].data() + Below(kTextBytes);
    item.wrappers = static_cast<uint8_t>(Below(6));
    item.is_element = Below(2) == 0;
    item.listed = Below(2) == 0;
    return item;
  }

  static constexpr uint32_t kTextBytes = 1000;
  std::mt19937 random_{7};  // NOLINT(cert-msc51-cpp): repeatable
  std::vector<uint8_t> document_ = std::vector<uint8_t>(size_t{1} << 28);
  std::vector<uint8_t> texts_[2] = {std::vector<uint8_t>(kTextBytes),
                                    std::vector<uint8_t>(kTextBytes)};
};

TEST_F(JsonItemsTest, ComeBackAsTheyWere) {
  for (int round = 0; round < 200; ++round) {
    JsonItems items(document_.data());
    std::vector<JsonItems::Item> expected;
    std::vector<JsonItems::Position> ends = {items.end()};
    for (uint32_t i = Below(60); i > 0; --i) {
      if (Below(8) == 0) {
        const size_t kept = Below(static_cast<uint32_t>(ends.size()));
        expected.resize(kept);
        ends.resize(kept + 1);
        items.CutBack(ends.back());
      }
      const uint32_t end =
          expected.empty() ? 0
                           : expected.back().offset + expected.back().length;
      expected.push_back(ItemFrom(end));
      items.Append(expected.back());
      ends.push_back(items.end());
    }
    ASSERT_EQ(items.size(), expected.size());
    JsonItems::Position at;
    for (const JsonItems::Item& item : expected) {
      ASSERT_EQ(items.Take(&at), item);
    }
    EXPECT_EQ(at.byte, items.end().byte);
  }
}

TEST_F(JsonItemsTest, OfTwoBytesTakeThreeEach) {
  JsonItems items(document_.data());
  for (uint32_t i = 0; i < 1000; ++i) {
    items.Append(
        {.text = document_.data() + 3 * i, .offset = 3 * i, .length = 2});
  }
  EXPECT_EQ(items.end().byte, 3000U);
}

// Nested documents: the stream of each is written to those of its items that
// have none yet.
class JsonStreamsTest : public JsonItemsTest {
 protected:
  // A document with items starting at row_, and those in it; at most `depth`
  // deep.
  void AddDocument(int depth, JsonStreams* streams) {
    const size_t first = expected_.size();
    for (uint32_t parts = Below(4); parts > 0; --parts) {
      if (depth > 0 && Below(2) == 0) {
        AddDocument(depth - 1, streams);
      } else {
        expected_.resize(expected_.size() + Below(3));
      }
    }
    if (Below(3) == 0) return;
    const std::string name(1, static_cast<char>('a' + Below(5)));
    streams->Append(first, expected_.size(), AsBytes(name));
    for (size_t row = first; row < expected_.size(); ++row) {
      if (expected_[row].empty()) expected_[row] = name;
    }
  }

  std::vector<std::string> expected_;  // empty: none
};

TEST_F(JsonStreamsTest, AreThoseOfTheInnermostDocumentThatNamesOne) {
  for (int round = 0; round < 500; ++round) {
    JsonOutline outline;
    outline.items = JsonItems(document_.data());
    expected_.clear();
    for (int i = 0; i < 3; ++i) AddDocument(4, &outline.streams);
    const size_t kept = outline.streams.size();
    const auto rows = expected_;
    AddDocument(4, &outline.streams);
    outline.streams.CutBack(kept);
    expected_ = rows;
    outline.streams.Finish();
    for (uint32_t row = 0; row < expected_.size(); ++row) {
      outline.items.Append({.offset = row, .length = 1});
    }
    std::optional<Bytes> stream;
    JsonOutline::Position at;
    for (const std::string& name : expected_) {
      ASSERT_TRUE(outline.HasItem(at));
      outline.Take(&at, &stream);
      ASSERT_EQ(stream.has_value() ? AsText(*stream) : "", name);
    }
    EXPECT_FALSE(outline.HasItem(at));
  }
}

}  // namespace
}  // namespace thresh
