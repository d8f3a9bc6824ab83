#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "container/json_document.h"
#include "thresh/bytes.h"

namespace thresh {
namespace {

// A mapped file may be written to between the two times that a document's
// records are read: what is no record then is opaque bytes.
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
  Frames scratch;
  const auto outline =
      OutlineJsonDocument(AsBytes(text), AsBytes(text), &scratch);
  ASSERT_EQ(outline->items.size(), 3U);
  for (const std::string& changed : {blank, zeros, foreign, several}) {
    for (size_t row = 0; row < 3; ++row) {
      SCOPED_TRACE(changed);
      text.replace(outline->items[row].offset, record.size(), changed);
      Frames read;
      read.decoded.Resize(2 * text.size());
      JsonFrames frames(AsBytes(text), &read);
      for (const JsonOutline::Item& item : outline->items) {
        ReadOutlined(*outline, item, item.offset, &frames);
      }
      frames.Finish();
      ASSERT_EQ(read.list.size(), 3U);
      for (size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(read.list[i].opaque, i == row);
        EXPECT_EQ(read.list[i].offset, outline->items[i].offset);
        EXPECT_EQ(read.list[i].length, record.size());
      }
      text.replace(0, text.size(), original);
    }
  }
}

}  // namespace
}  // namespace thresh
