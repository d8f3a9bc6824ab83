// Reads handmade messages with the reader and with protobuf's codec. Every case
// states the expected status, so that the test cannot diverge from the codec.
#ifndef THRESH_TESTS_RECORD_EXPECT_READ_H_
#define THRESH_TESTS_RECORD_EXPECT_READ_H_

#include <gtest/gtest.h>

#include <string>

#include "oracle/message_oracle.h"
#include "wire_bytes.h"

namespace thresh {

// Checks that engine and codec agree on `message`, and on `status`.
inline oracle::DecodedMessage Expect(WireStatus status,
                                     const std::string& message) {
  const oracle::DecodedMessage reference =
      oracle::DecodeByProtobuf(AsBytes(message));
  EXPECT_EQ(reference.status, status) << "the codec disagrees with the test";
  const auto read = oracle::DecodeByEngine(AsBytes(message));
  EXPECT_TRUE(read.has_value());
  if (!read) return {};
  EXPECT_EQ(read->status, status);
  EXPECT_TRUE(*read == reference);
  return *read;
}

// The same for a field in each position where a message can have one: at the
// top level, in a record, in a tag, in a group.
inline void ExpectField(WireStatus status, const std::string& field) {
  using namespace wire_bytes;
  const std::string good = Key("k") + Record(KeyIndex(0) + Data("d"));
  for (const bool first : {true, false}) {
    SCOPED_TRACE(first);
    const auto with = [&](const std::string& rest) {
      return first ? field + rest : rest + field;
    };
    Expect(status, with(good));
    Expect(status, Key("k") + Record(with(KeyIndex(0) + Data("d"))));
    Expect(status, Key("k") + Record(KeyIndex(0) + Data("d") +
                                     RecordTag(with(BytesField(1, "t")))));
    Expect(status, good + Group(7, with("")));
  }
}

}  // namespace thresh

#endif  // THRESH_TESTS_RECORD_EXPECT_READ_H_
