// JSON that is damaged, cut or not JSON at all: what is complete is returned,
// the rest is one opaque span at its position, and no byte is lost.
#include <gmock/gmock.h>

#include "oracle/json_run.h"
#include "oracle/reference_archive.h"
#include "oracle/samples.h"

namespace thresh {
namespace {

using oracle::JsonRow;
using oracle::JsonRun;
using oracle::JsonSpan;
using oracle::Random;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::string Record(const std::string& data) {
  return R"({"SequenceNumber":"7","Data":")" + oracle::EncodeBase64(data) +
         R"("})";
}

std::string DamagedEvent(const std::vector<std::string>& elements) {
  std::string text = R"({"Records":[)";
  for (const std::string& element : elements) {
    if (text.back() != '[') text += ",";
    text += element;
  }
  return text + "]}";
}

struct FoundInJson {
  std::vector<std::string> data;
  std::vector<std::string> opaque;  // as written in the text
};

void CheckDamaged(const std::string& text, const JsonRun& run) {
  uint64_t end = 0;
  for (const JsonSpan& span : run.spans) {
    EXPECT_GE(span.offset, end);
    end = span.offset + span.length;
  }
  EXPECT_LE(end, text.size());
  EXPECT_EQ(run.summary.bytes, text.size());
  EXPECT_EQ(run.summary.bytes,
            run.summary.record_bytes + run.summary.framing_bytes +
                run.summary.opaque_bytes + run.summary.unread_bytes);
}

// Reads `text` with windows of every `step`-th size, so that some end at every
// byte if it is 1.
FoundInJson ReadDamaged(const std::string& text, size_t step = 1) {
  const JsonRun whole = oracle::RunJson(text);
  CheckDamaged(text, whole);
  for (size_t window = 1; window <= text.size(); window += step) {
    Options options;
    options.window_bytes = window;
    options.jobs = window % 16 == 1 ? 3 : 1;
    const JsonRun run = oracle::RunJson(text, options);
    EXPECT_TRUE(run == whole)
        << "window " << window << " in " << text << "\nfinds "
        << testing::PrintToString(run.spans) << "\nnot "
        << testing::PrintToString(whole.spans);
  }
  FoundInJson found;
  for (const JsonRow& row : whole.records) found.data.push_back(row.data);
  for (const JsonSpan& span : whole.spans) {
    if (!span.opaque) continue;
    found.opaque.push_back(text.substr(span.offset, span.length));
  }
  return found;
}

TEST(JsonDamageTest, ABadRecordCostsNoOther) {
  for (const std::string bad :
       {R"({})",
        R"({"SequenceNumber":"7"})",
        R"({"SequenceNumber":"7","Data":null})",
        R"({"SequenceNumber":"7","Data":5})",
        R"({"SequenceNumber":"7","Data":{"a":["YQ=="]}})",
        R"({"SequenceNumber":"7","Data":"Y"})",
        R"({"SequenceNumber":"7","Data":"YR=="})",
        R"({"SequenceNumber":"7","Data":"Y Q=a"})",
        R"({"SequenceNumber":"7","Data":"YQ=\u00"})",
        R"({"kinesis":null})",
        R"({"kinesis":{"data":false}})",
        R"({"kinesis":{"partitionKey":"a"},"data":"YQ=="})",
        R"({"recordId":"1"})",
        R"({"data":"YQ==","partitionKey":"k"})",
        R"({"rawData":"YQ=="})",
        "5",
        "null",
        R"("text")",
        "[1,2]",
        "[]"}) {
    const FoundInJson inside =
        ReadDamaged(DamagedEvent({Record("a"), bad, Record("b")}));
    EXPECT_THAT(inside.data, ElementsAre("a", "b")) << bad;
    EXPECT_THAT(inside.opaque, ElementsAre(bad));
    if (!bad.starts_with('{')) continue;
    const FoundInJson alone =
        ReadDamaged(Record("a") + "\n" + bad + "\n" + Record("b") + "\n");
    EXPECT_THAT(alone.data, ElementsAre("a", "b")) << bad;
    EXPECT_THAT(alone.opaque, ElementsAre(bad));
  }
}

TEST(JsonDamageTest, ABrokenLineCostsNoOther) {
  for (const std::string bad : {R"({"SequenceNumber":"7","Data":"YQ==")",
                                R"({"SequenceNumber":"7)",
                                R"({"SequenceNumber")",
                                "{",
                                R"({"Data":"YQ==",})",
                                R"({"a":01})",
                                R"({"a":1.})",
                                R"({"a":tru})",
                                R"({"a" 1})",
                                R"({a:1})",
                                R"({"a":+1})",
                                R"(x)",
                                R"("text")",
                                R"(17)",
                                "}",
                                "{\"a\":\"\x01\"}",
                                "\x80\xFF",
                                R"({"a":[1,2})",
                                R"({"a":-})",
                                R"({"a":"\)"}) {
    const FoundInJson found =
        ReadDamaged(Record("a") + "\n" + bad + "\n" + Record("b") + "\n");
    EXPECT_THAT(found.data, ElementsAre("a", "b")) << bad;
    EXPECT_THAT(found.opaque, ElementsAre(bad + "\n"));
  }
  const std::string zeros(9, '\0');
  const FoundInJson found =
      ReadDamaged(Record("a") + zeros + "\n" + Record("b") + zeros);
  EXPECT_THAT(found.data, ElementsAre("a", "b"));
  EXPECT_THAT(found.opaque, ElementsAre(zeros + "\n", zeros));
}

TEST(JsonDamageTest, LinesOfDamageAreOneSpan) {
  const std::string bad = "  what\n\tis\n  this?\n";
  const FoundInJson found = ReadDamaged(Record("a") + "\n" + bad + Record("b"));
  EXPECT_THAT(found.data, ElementsAre("a", "b"));
  EXPECT_THAT(found.opaque, ElementsAre(bad));
}

TEST(JsonDamageTest, WhatWasReadBeforeTheBreakComesOut) {
  const std::string event =
      DamagedEvent({Record("a"), Record("b"), Record("c")});
  const size_t third = event.find(Record("c"));
  for (size_t size = third; size < event.size(); ++size) {
    const bool whole = size >= third + Record("c").size();
    for (const std::string& behind : {std::string(), "\n" + Record("d")}) {
      const FoundInJson found = ReadDamaged(event.substr(0, size) + behind, 5);
      std::vector<std::string> expected = {"a", "b"};
      if (whole) expected.emplace_back("c");
      if (!behind.empty()) expected.emplace_back("d");
      EXPECT_EQ(found.data, expected) << event.substr(0, size) << behind;
      EXPECT_LE(found.opaque.size(), 1U);
    }
  }
}

TEST(JsonDamageTest, ADamagedObjectAmongThoseWithoutLinesCostsNoOther) {
  std::string bad = Record("b");
  bad[bad.size() - 3] = '"';
  const FoundInJson found =
      ReadDamaged(Record("a") + bad + Record("c") + Record("d"));
  EXPECT_THAT(found.data, ElementsAre("a", "c", "d"));
  EXPECT_THAT(found.opaque, ElementsAre(bad));
}

TEST(JsonDamageTest, RecordsOfAPrettyPrintedDocumentOutliveTheirNeighbors) {
  std::string text = "{\n  \"Records\": [\n";
  for (const char* data : {"a", "b", "c"}) {
    text += "    {\n      \"SequenceNumber\": \"1\",\n      \"Data\": \"" +
            oracle::EncodeBase64(data) + "\"\n    },\n";
  }
  text.replace(text.size() - 2, 1, "\n  ]\n}");
  text[text.find("Yg==") + 4] = '\'';  // the quote after it
  const FoundInJson found = ReadDamaged(text);
  EXPECT_THAT(found.data, ElementsAre("a", "c"));
}

TEST(JsonDamageTest, EveryCutOfADocumentGivesItsWholeRecords) {
  const std::string event = DamagedEvent({Record("a"), Record("b")});
  const std::string text =
      R"({"requestContext":{"x":[1.5e3,true]},"payload":)" + event + "}";
  for (size_t size = 0; size <= text.size(); ++size) {
    const std::string cut = text.substr(0, size);
    const size_t b_ends = text.find(Record("b")) + Record("b").size();
    const size_t a_ends = text.find(Record("a")) + Record("a").size();
    const size_t expected =
        (size >= b_ends ? 1U : 0U) + (size >= a_ends ? 1U : 0U);
    EXPECT_THAT(ReadDamaged(cut, 13).data, SizeIs(expected)) << cut;
  }
}

TEST(JsonDamageTest, DeepNestingIsDamage) {
  const auto nested = [](size_t depth) {
    return R"({"x":)" + std::string(depth, '[') + std::string(depth, ']') +
           "," + Record("a").substr(1);
  };
  EXPECT_THAT(ReadDamaged(nested(100), 11).data, ElementsAre("a"));
  EXPECT_THAT(ReadDamaged(nested(1000), 101).data, IsEmpty());
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += R"({"payload":)";
  EXPECT_THAT(oracle::RunJson(deep).records, IsEmpty());
  for (int i = 0; i < 100'000; ++i) deep += "\n{\"a\":[";
  const JsonRun run = oracle::RunJson(deep + "\n" + Record("a"));
  EXPECT_THAT(run.spans.size(), testing::Le(2U));
}

TEST(JsonDamageTest, HugeNumbersAreNumbers) {
  const std::string huge(5000, '9');
  const std::string text = R"({"x":-)" + huge + "." + huge + "E+" + huge +
                           ",\"SequenceNumber\":" + huge +
                           R"(,"Data":"YQ==","ApproximateArrivalTimestamp":)" +
                           huge + "}";
  const JsonRun run = oracle::RunJson(text);
  ASSERT_THAT(run.records, SizeIs(1));
  EXPECT_EQ(run.records[0].sequence_number, huge);
  EXPECT_EQ(run.records[0].arrival_time, std::nullopt);
}

TEST(JsonDamageTest, RandomDamageNeverDependsOnTheWindow) {
  Random random(1);
  std::string text;
  for (int i = 0; i < 12; ++i) {
    const std::string record = Record(random.Bytes(random.Below(60)));
    text += i % 4 == 0 ? record : DamagedEvent({record, Record("x"), record});
    if (i % 3 != 0) text += i % 2 == 0 ? "\n" : "\r\n";
  }
  for (int round = 0; round < 200; ++round) {
    std::string damaged = text;
    for (size_t n = random.Below(4); n < 4; ++n) {
      const size_t at = random.Below(damaged.size());
      switch (random.Below(5)) {
        case 0:
          damaged[at] = static_cast<char>(random.Next());
          break;
        case 1:
          damaged.erase(at, 1 + random.Below(40));
          break;
        case 2:
          damaged.insert(at, "\n");
          break;
        case 3:
          damaged[at] = "{}[]\",:\\"[random.Below(8)];
          break;
        default:
          damaged.insert(at, damaged.substr(random.Below(damaged.size()), 50));
      }
    }
    const JsonRun whole = oracle::RunJson(damaged);
    CheckDamaged(damaged, whole);
    for (size_t run = 0; run < 8; ++run) {
      Options options;
      options.window_bytes = 1 + random.Below(damaged.size() / (run + 1) + 1);
      options.jobs = run == 0 ? 3 : 1;
      ASSERT_TRUE(oracle::RunJson(damaged, options) == whole)
          << "window " << options.window_bytes << " in\n"
          << damaged;
    }
  }
}

}  // namespace
}  // namespace thresh
