// How an input is recognized, and the errors for those that cannot be read.
#include <gmock/gmock.h>

#include <string>
#include <string_view>
#include <vector>

#include "container/container.h"
#include "oracle/reference_archive.h"
#include "oracle/samples.h"

namespace thresh {
namespace {

using oracle::EncodeBase64;
using oracle::LengthField;
using oracle::RecordField;
using oracle::Seal;
using testing::HasSubstr;

std::string BlobHolding(std::string_view data) {
  return Seal(LengthField(1, "key") + RecordField(0, std::nullopt, data));
}

// The name of the container, or "" if none is recognized.
std::string KindOfHead(std::string_view head, bool whole = true) {
  const Result<ContainerKind> kind = SniffContainer(AsBytes(head), whole);
  return kind ? std::string(ContainerKindName(*kind)) : "";
}

std::string Fold(const std::string& text, size_t width,
                 const std::string& end = "\n") {
  std::string lines;
  for (size_t at = 0; at < text.size(); at += width) {
    lines += text.substr(at, width) + end;
  }
  return lines;
}

TEST(SniffTest, Base64LinesInEveryForm) {
  const std::string text = EncodeBase64(BlobHolding(std::string(200, 'x')));
  std::string url = EncodeBase64(BlobHolding(std::string(200, '\xFF')));
  std::ranges::replace(url, '/', '_');
  std::erase(url, '=');
  const std::vector<std::string> archives = {
      text,
      text + "\r\n",
      "\xEF\xBB\xBF" + text + "\r\n",
      "  \t" + text + "  \n",
      "\"" + text + "\"\n",
      "\"" + text + "\",\n",
      "[\n    \"" + text + "\",\n    \"" + text + "\"\n]\n",
      "[\"" + text + "\", \"" + text + "\"]",
      "[\"Zm9v\", \"" + text + "\"]",
      url + "\n",
      "Zm9v\n# comment\n" + text,
      Fold(text, 64),
      Fold(text, 76),
      Fold(text, 76, "\r\n"),
      "# comment\n" + Fold(text, 76, " \n"),
  };
  for (const std::string& archive : archives) {
    EXPECT_EQ(KindOfHead(archive), "base64-lines") << archive;
  }
}

TEST(SniffTest, Base64LinesThatGoOn) {
  const std::string text =
      EncodeBase64(BlobHolding(oracle::Random(1).Bytes(1'000'000)));
  for (const std::string& archive :
       {text, "  " + text, "\"" + text, "[\"" + text, "[\n \"" + text,
        "[\"Zm9v\", \"" + text, Fold(text, 64), Fold(text, 76, "\r\n")}) {
    // The first of several blobs may end past the head.
    EXPECT_EQ(KindOfHead(archive.substr(0, kSniffBytes), false), "auto")
        << archive.substr(0, 40);
    EXPECT_EQ(KindOfHead(archive.substr(0, size_t{1} << 20), false),
              "base64-lines")
        << archive.substr(0, 40);
  }
  EXPECT_EQ(KindOfHead(("{\"a\":\"" + text).substr(0, kSniffBytes), false),
            "auto");
  for (const std::string& archive :
       {"x" + text, "x,\"" + text, text.substr(0, 1000) + "!" + text}) {
    // Other lines may follow.
    EXPECT_EQ(KindOfHead(archive.substr(0, kSniffBytes), false), "auto")
        << archive.substr(0, 40);
    EXPECT_EQ(KindOfHead(archive, true), "") << archive.substr(0, 40);
  }
}

TEST(SniffTest, AWholeFileInBase64IsNoRecord) {
  std::string archive;
  for (int i = 0; i < 2000; ++i) archive += BlobHolding(std::to_string(i));
  const std::string text = Fold(EncodeBase64(archive), 76);
  const Result<ContainerKind> kind =
      SniffContainer(AsBytes(text.substr(0, kSniffBytes)), false);
  ASSERT_FALSE(kind);
  EXPECT_THAT(kind.error().remedy, HasSubstr("base64 -d FILE"));
  const std::string small = Fold(EncodeBase64(archive.substr(0, 1000)), 64);
  const Result<ContainerKind> all = SniffContainer(AsBytes(small), true);
  ASSERT_FALSE(all);
  EXPECT_THAT(all.error().remedy, HasSubstr("base64 -d FILE"));
}

TEST(SniffTest, AWholeFileInOneLineIsNoRecord) {
  const std::string large = BlobHolding(oracle::Random(2).Bytes(100'000));
  const std::string small = BlobHolding(std::string(200, 'x'));
  for (const std::string& first : {small, large}) {
    for (const size_t width : {size_t{100}, size_t{1} << 20}) {
      const std::string text = Fold(EncodeBase64(first + small + "x"), width);
      if (first == large) {
        EXPECT_EQ(KindOfHead(text.substr(0, kSniffBytes), false), "auto");
      }
      const Result<ContainerKind> kind = SniffContainer(AsBytes(text), true);
      ASSERT_FALSE(kind);
      EXPECT_THAT(kind.error().remedy, HasSubstr("base64 -d FILE"));
    }
  }
  // One damaged record, and one valid one.
  std::string damaged = small;
  damaged.back() ^= 1;
  EXPECT_EQ(KindOfHead(EncodeBase64(damaged) + "\n"), "base64-lines");
}

TEST(SniffTest, JsonBehindOtherBytesIsNamed) {
  for (const char* head :
       {"# events\n{\"Records\":[]}\n", "12\n{\"a\":1}", ",{\"a\":1}"}) {
    const Result<ContainerKind> kind = SniffContainer(AsBytes(head), true);
    ASSERT_FALSE(kind) << head;
    EXPECT_EQ(kind.error().detail, ErrorDetail::kUnknownJson) << head;
  }
  const Result<ContainerKind> kind =
      SniffContainer(AsBytes("{\"a\":1}"), false);
  ASSERT_FALSE(kind);
  EXPECT_EQ(kind.error().detail, ErrorDetail::kJsonWithoutRecords);
}

TEST(SniffTest, BlobsBehindOtherBytes) {
  const std::string blob = BlobHolding("data");
  EXPECT_EQ(KindOfHead(blob), "blobs");
  EXPECT_EQ(KindOfHead("# header\n" + blob), "blobs");
  EXPECT_EQ(KindOfHead(std::string(60'000, '\0') + blob), "blobs");
  std::string damaged = blob;
  damaged.back() ^= 1;
  EXPECT_EQ(KindOfHead("?" + damaged), "");
  EXPECT_EQ(KindOfHead("?" + damaged + blob), "blobs");
  // A blob that continues past the end of the head.
  const std::string large = BlobHolding(std::string(100'000, 'x'));
  EXPECT_EQ(KindOfHead(("??" + large).substr(0, kSniffBytes), false), "blobs");
  EXPECT_EQ(KindOfHead(("??" + large).substr(0, kSniffBytes), true), "");
}

TEST(SniffTest, BlobsThatBeginAtTheLastOfTheBytesThatAreLookedAt) {
  const std::string blob = BlobHolding(std::string(300, 'x'));
  const size_t limit = size_t{64} << 10;
  for (const size_t offset : {limit - 5, limit - 3, limit - 2, limit - 1}) {
    const std::string file = std::string(offset, '?') + blob;
    EXPECT_EQ(KindOfHead(file.substr(0, kSniffBytes), false), "blobs")
        << offset;
  }
  // More bytes are examined before such a file is refused.
  const std::string file = std::string(limit, '?') + blob;
  EXPECT_EQ(KindOfHead(file.substr(0, kSniffBytes), false), "auto");
}

TEST(SniffTest, RecordsAreNeverGuessed) {
  EXPECT_EQ(KindOfHead("a plain record"), "");
}

struct StrangeFile {
  std::string_view head;
  const char* name;
  const char* remedy;
};

std::string Utf16(std::string_view text, bool big_endian) {
  std::string wide;
  for (const char c : text) {
    wide += big_endian ? std::string{'\0', c} : std::string{c, '\0'};
  }
  return wide;
}

const std::string kWideJson = "{\"Records\": [{\"kinesis\": {}}]}";
const std::string kLittle = Utf16(kWideJson, false);
const std::string kBig = Utf16("\r\n" + kWideJson, true);
const std::string kLittleMarked = "\xFF\xFE" + kLittle;
const std::string kBigMarked = "\xFE\xFF" + kBig;
const StrangeFile kStrangeFiles[] = {
    {kLittleMarked, "UTF-16", "iconv -f UTF-16 -t UTF-8"},
    {kBigMarked, "UTF-16", "iconv -f UTF-16 -t UTF-8"},
    {kLittle, "UTF-16", "iconv -f UTF-16LE -t UTF-8"},
    {kBig, "UTF-16", "iconv -f UTF-16BE -t UTF-8"},
    {{"\xFF\xFE\0\0{\0\0\0", 8}, "UTF-32", "iconv -f UTF-32 -t UTF-8"},
    {"f3899ac20a03752d300a03752d31", "hex dump", "bytes.fromhex"},
    {"F3899AC20A03752D\r\n300A03752D31\r\n", "hex dump", "bytes.fromhex"},
    {"f3 89 9a c2 0a 03 75 2d\n30 0a 03", "hex dump", "bytes.fromhex"},
    {"f3:89:9a:c2:0a:03:75:2d", "hex dump", "bytes.fromhex"},
    {"\\xf3899ac20a03752d300a\n\\xf3899ac2", "hex dump", "b64encode"},
    {"0xf3899ac20a03752d300a", "hex dump", "bytes.fromhex"},
    {"00000000: f389 9ac2 0a03 752d  ......u-\n", "hex dump",
     "int(g,16).to_bytes"},
    {"00000000: f3 89 9a  ...\n", "hex dump", "int(g,16).to_bytes"},
    {"00000000  f3 89 9a c2  |....|\n", "hex dump", "int(g,16).to_bytes"},
    {"0000000 f3 89 9a c2\n0000004\n", "hex dump", "\"big\""},
    {"0000000 89f3 c29a 030a\n0000006\n", "hex dump", "\"little\""},
    {"0000000   g   o   2  \\n\n0000020   1\n", "hex dump",
     "dump the bytes again"},
    {"f3 89 9a c2 0a 03 75 2d\n*\n30 0a", "hex dump", "dump the bytes again"},
    {"89f3 c29a 030a 2d75 0a30", "hex dump", "dump the bytes again"},
    {"<Buffer f3 89 9a c2>", "Buffer", "toString"},
    {{"\x5D\0\0\x80\0", 5}, "lzma", "decompress"},
    {"- MillisBehindLatest: 0\n  Records:\n  - Data: 84mawg\n", "YAML",
     "--output json"},
    {"k,84mawgoD,1\n", "CSV", "csv.reader"},
    {"a,b\nZm9v,84mawgoD\n", "CSV", "column 2"},
    {"a,b\n1,2\n", "CSV", "reads CSV"},
    {"---------\n|  GetRecords  |\n+----+---+\n", "table", "--output json"},
    {"\n-------\r\n|  a  |\r\n", "table", "--output json"},
    {"+-----+\n| Data |\n", "table", "--output json"},
    {"0\tAAAA\nRECORDS\t2025-01-01\t84mawgoD\tkey\t1\n", "text output",
     "--output json"},
    {"84mawgoDdS0w\t84mawgoDdi0w\n", "text output", "tr '\\t' '\\n' < FILE"},
    {"MillisBehindLatest: 0\nRecords:\n- Data: 84mawgoD\n", "YAML",
     "--output json"},
    {"Records:\n- ApproximateArrivalTimestamp: '2025'\n", "YAML",
     "--output json"},
    {"- Data: 84mawgoD\n  PartitionKey: a\n", "YAML", "--output json"},
    {"ORC\x08\x03\x10", "ORC", "that can be read"},
    {"PAR1\x15", "Parquet", "that can be read"},
    {"key,data\na,84mawgoD\n", "CSV", "csv.reader"},
    {"\"key\";\"data\"\r\n\"a\";\"84mawgoD\"\r\n", "CSV", "csv.reader"},
    {"\x78\x9C\xFB\xDC\x39", "zlib", "zlib.decompress"},
    {"\x78\x01\xFB\xDC\x39", "zlib", "zlib.decompress"},
    {"\x78\xDA\xFB\xDC\x39", "zlib", "zlib.decompress"},
    {"b'\\xf3\\x89\\x9a\\xc2'\n", "Python bytes", "ast.parse"},
    {"b\"84mawg'\"\n", "Python bytes", "ast.parse"},
    {"[b'\\xf3\\x89', b'a']\n", "Python bytes", "ast.parse"},
    {"['84mawgoD', '84mawgoD']", "Python bytes", "ast.parse"},
    {"{'Records': [{'Data': b'\\xf3'}]}", "Python dict", "json.dumps"},
    {"[{'Data': b'\\xf3'}]", "Python dict", "json.dumps"},
    {"\xEF\xBF\xBD\xEF\xBF\xBD\n\x03u-0", "destroyed", "be recovered"},
    {"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\n\x03u-0", "destroyed",
     "be recovered"},
    {"77+977+9CgN1LTA=\n", "destroyed", "be recovered"},
    {"77+977+977+977+9CgN1LTA=\n", "destroyed", "be recovered"},
    {"\xC3\xB3\xC2\x89\xC2\x9A\xC3\x82\n\x03u-0", "Latin-1",
     "iconv -f UTF-8 -t LATIN1"},
    {"{\"a\": 1}", "JSON without Kinesis records", "that can be read"},
    {"SEQ\x06", "SequenceFile", "that can be read"},
    {"Obj\x01", "Avro", "that can be read"},
    {"BZh9", "bzip2", "decompress"},
    {{"\x1F\x8B\x08\0\0\0\0\0\0\x03\xFF\xFF\xFF\xFF", 14},
     "damaged gzip",
     "again"},
    {{"\x1F\x8B\x08\x08\x10\x20\x30\x60\x02\xFFname\0\xFF\xFF", 17},
     "damaged gzip",
     "again"},
    {"PK\x03\x04\xFF what is this?", "damaged zip", "again"},
    {{"PK\x01\x02\x14\x03\x14\0\0\0", 10}, "damaged zip", "again"},
};

TEST(SniffTest, WhatCannotBeReadIsNamedWithItsRemedy) {
  for (const StrangeFile& file : kStrangeFiles) {
    for (const bool whole : {true, false}) {
      const Result<ContainerKind> kind =
          SniffContainer(AsBytes(file.head), whole);
      ASSERT_FALSE(kind) << file.head;
      EXPECT_THAT(kind.error().message, HasSubstr(file.name)) << file.head;
      EXPECT_THAT(kind.error().remedy, HasSubstr(file.remedy)) << file.head;
    }
  }
}

TEST(SniffTest, WhatIsUnknownIsNotGuessedAt) {
  for (const std::string_view head :
       {std::string_view("hello\nworld\n"),
        std::string_view("1234567890123456"), std::string_view("x^2 is text\n"),
        std::string_view("--\n|\n"), std::string_view("deadbeef"),
        std::string_view("\0\0\0\0\0\0\0\0", 8),
        std::string_view("one, two\nthree\n")}) {
    const Result<ContainerKind> kind = SniffContainer(AsBytes(head), true);
    ASSERT_FALSE(kind);
    EXPECT_THAT(kind.error().message, HasSubstr("not a container")) << head;
    EXPECT_EQ(kind.error().detail, head.front() == 0
                                       ? ErrorDetail::kUnknownBytes
                                       : ErrorDetail::kUnknownText)
        << head;
    EXPECT_THAT(kind.error().remedy, HasSubstr("name their container"));
  }
}

}  // namespace
}  // namespace thresh
