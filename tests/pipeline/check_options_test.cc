// Invalid options end in an error that names them, through every way into the
// engine. Callers in other languages pass numbers for enumerators.
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "thresh/aggregate.h"
#include "thresh/archive_writer.h"
#include "thresh/batch_reader.h"
#include "thresh/deaggregate.h"
#include "thresh/line_reader.h"
#include "thresh/sinks.h"

namespace thresh {
namespace {

using testing::AllOf;
using testing::HasSubstr;

template <typename Enum>
Enum Beyond(Enum last) {
  return static_cast<Enum>(static_cast<uint8_t>(last) + 1);
}

void ExpectRefused(const Options& options, const std::string& name) {
  const auto names_it = [&name](const Error& error) {
    EXPECT_EQ(error.code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(error.message, HasSubstr(name));
    EXPECT_NE(error.remedy, "");
  };
  const std::string archive = "any";
  const auto reader = BatchReader::OpenBytes(AsBytes(archive), options);
  ASSERT_FALSE(reader) << name;
  names_it(reader.error());
  const auto lines = LineReader::Open(InputList({"/dev/null"}), options);
  ASSERT_FALSE(lines) << name;
  names_it(lines.error());
  auto sink = OpenSink("-", OutputFormat::kNull);
  const auto report =
      Deaggregate({"/dev/null"}, options, sink->get(), sink->get());
  ASSERT_FALSE(report) << name;
  names_it(report.error());
}

TEST(CheckOptionsTest, NumbersThatAreNoEnumeratorsAreRefused) {
  Options options;
  options.container = Beyond(ContainerKind::kRecord);
  ExpectRefused(options, "container has the value 8");
  options.container = static_cast<ContainerKind>(255);
  ExpectRefused(options, "container has the value 255");
  options = {};
  options.on_suspect = Beyond(SuspectPolicy::kFail);
  ExpectRefused(options, "on_suspect has the value 4");
}

TEST(CheckOptionsTest, EveryEnumeratorIsTaken) {
  const std::string archive = "any";
  for (int container = 0; container <= 7; ++container) {
    for (int policy = 0; policy <= 3; ++policy) {
      Options options;
      options.container = static_cast<ContainerKind>(container);
      options.on_suspect = static_cast<SuspectPolicy>(policy);
      EXPECT_TRUE(BatchReader::OpenBytes(AsBytes(archive), options));
    }
  }
}

TEST(CheckOptionsTest, FiltersAreCheckedAsWell) {
  Options options;
  options.filter.hash_range_mode = Beyond(HashRangeMode::kAggregate);
  const std::string archive = "any";
  auto reader = BatchReader::OpenBytes(AsBytes(archive), options);
  ASSERT_FALSE(reader);
  EXPECT_THAT(reader.error().message, HasSubstr("hash_range_mode"));
  options = {};
  options.filter.dedupe = Beyond(Dedupe::kContent);
  reader = BatchReader::OpenBytes(AsBytes(archive), options);
  ASSERT_FALSE(reader);
  EXPECT_THAT(reader.error().message, HasSubstr("dedupe"));
}

TEST(CheckOptionsTest, OutputsAreCheckedAsWell) {
  auto sink = OpenSink("-", Beyond(OutputFormat::kNull));
  ASSERT_FALSE(sink);
  EXPECT_THAT(sink.error().message, HasSubstr("format"));
  NdjsonOptions ndjson;
  ndjson.data_encoding = Beyond(DataEncoding::kJson);
  sink = OpenSink("-", OutputFormat::kNdjson, ndjson);
  ASSERT_FALSE(sink);
  EXPECT_THAT(sink.error().message, HasSubstr("data_encoding"));
  sink = MakeSink(nullptr, Beyond(OutputFormat::kNull));
  ASSERT_FALSE(sink);
  EXPECT_EQ(sink.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(sink.error().message, HasSubstr("format"));
  sink = MakeSink(nullptr, OutputFormat::kNull, ndjson);
  ASSERT_FALSE(sink);
  EXPECT_THAT(sink.error().message, HasSubstr("data_encoding"));
  const auto quarantine =
      OpenQuarantine("-", {}, {.stale = Beyond(StaleQuarantine::kRemove)});
  ASSERT_FALSE(quarantine);
  EXPECT_THAT(quarantine.error().message,
              AllOf(HasSubstr("stale"), HasSubstr("2")));
}

TEST(CheckOptionsTest, FormatsOfArchivesAreCheckedAsWell) {
  for (const ContainerKind container :
       {ContainerKind::kJson, ContainerKind::kBlobs}) {
    const auto writer = NewRecordWriter(
        {.container = container, .json = Beyond(JsonShape::kGetRecords)});
    ASSERT_FALSE(writer);
    EXPECT_EQ(writer.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(writer.error().message, HasSubstr("json"));
  }
  const ContainerFormat beyond = {.container = Beyond(ContainerKind::kRecord)};
  const auto writer = NewRecordWriter(beyond);
  ASSERT_FALSE(writer);
  EXPECT_EQ(writer.error().code, ErrorCode::kInvalidArgument);
  const auto archive = ArchiveWriter::Open("/dev/null", beyond);
  ASSERT_FALSE(archive);
  EXPECT_EQ(archive.error().code, ErrorCode::kInvalidArgument);
}

TEST(CheckOptionsTest, OptionsOfAggregateAreCheckedAsWell) {
  const auto refused = [](const AggregateOptions& options) {
    const Result<void> checked = CheckAggregateOptions(options);
    EXPECT_FALSE(checked);
    const auto report = Aggregate(InputList({"/dev/null"}), options, nullptr);
    EXPECT_FALSE(report);
    if (checked || report) return std::string();
    EXPECT_EQ(checked.error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(report.error().message, checked.error().message);
    return checked.error().message;
  };
  AggregateOptions options;
  options.input = Beyond(AggregateInput::kLines);
  EXPECT_THAT(refused(options), HasSubstr("input has the value 3"));
  options = {};
  options.data_encoding = Beyond(DataEncoding::kJson);
  EXPECT_THAT(refused(options), HasSubstr("data_encoding has the value 3"));
  options = {};
  options.on_unsendable = Beyond(OnUnsendable::kDropHashKey);
  EXPECT_THAT(refused(options), HasSubstr("on_unsendable has the value 3"));
}

TEST(CheckOptionsTest, NamesOfUnknownEnumeratorsAreUnknown) {
  EXPECT_EQ(ReasonName(Beyond(Reason::kNotJson)), "unknown");
  EXPECT_EQ(ReasonText(static_cast<Reason>(255)), "unknown");
  EXPECT_EQ(VerdictName(Beyond(Verdict::kOpaqueSpan)), "unknown");
  EXPECT_EQ(ContainerKindName(Beyond(ContainerKind::kRecord)), "unknown");
}

}  // namespace
}  // namespace thresh
