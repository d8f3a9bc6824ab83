// Each row is a kind of file that users may have instead of an archive, and the
// command that converts it. Rows are tried in order, so the more specific ones
// come first.
#include "container/refusal.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/byte_order_mark.h"
#include "base/errors.h"
#include "container/base64_file.h"
#include "container/column_look.h"
#include "container/hex_digits.h"
#include "container/hex_dump.h"
#include "container/looks.h"
#include "record/envelope.h"

namespace thresh {
namespace {

constexpr char kConvert[] =
    "write its records in one of the containers that can be read";
constexpr char kDecompress[] = "decompress it first";
constexpr char kJsonRemedy[] =
    "if they come later, read it as JSON; else write its records in one of the "
    "containers that can be read";
constexpr char kOutputJson[] = "ask the AWS CLI for --output json";

// Recognized by the first bytes.
struct KnownStart {
  std::string_view start;
  const char* name;
  const char* remedy;
  ErrorDetail detail = ErrorDetail::kNone;
};
constexpr std::array<KnownStart, 16> kStarts = {{
    {"PAR1", "Parquet", kConvert, ErrorDetail::kUnreadableFormat},
    {"ORC", "ORC", kConvert, ErrorDetail::kUnreadableFormat},
    {"SEQ", "a Hadoop SequenceFile", kConvert, ErrorDetail::kUnreadableFormat},
    {"Obj\x01", "Avro", kConvert, ErrorDetail::kUnreadableFormat},
    {{"\x89LZO\x00", 5}, "LZO", kDecompress},
    {"BZh", "bzip2", kDecompress},
    {{"\xFD\x37zXZ\x00", 6}, "xz", kDecompress},
    {"\x04\x22\x4D\x18", "lz4", kDecompress},
    {"\x02\x21\x4C\x18", "lz4", kDecompress},
    {"\x1F\x9D", "compress", kDecompress},
    {{"\x5D\x00\x00", 3}, "lzma", kDecompress},
    {{"\xFF\xFE\x00\x00", 4},
     "UTF-32 text",
     "convert it first: iconv -f UTF-32 -t UTF-8 FILE > NEW"},
    {{"\x00\x00\xFE\xFF", 4},
     "UTF-32 text",
     "convert it first: iconv -f UTF-32 -t UTF-8 FILE > NEW"},
    {"\xFF\xFE", "UTF-16 text",
     "convert it first: iconv -f UTF-16 -t UTF-8 FILE > NEW"},
    {"\xFE\xFF", "UTF-16 text",
     "convert it first: iconv -f UTF-16 -t UTF-8 FILE > NEW"},
    {"\xC3\xB3\xC2\x89\xC2\x9A\xC3\x82",
     "aggregated records that were taken for Latin-1 and made UTF-8",
     "convert them back: iconv -f UTF-8 -t LATIN1 FILE > NEW"},
}};

// Recognized by a function of more of them.
struct KnownLook {
  bool (*is)(std::string_view text);
  const char* name;
  const char* remedy;
  ErrorDetail detail = ErrorDetail::kNone;
};

constexpr char kDestroyed[] =
    "aggregated records that were converted to text, which has destroyed them "
    "(bytes of theirs have become U+FFFD, EF BF BD)";
constexpr char kDestroyedRemedy[] =
    "they cannot be recovered from this file: fetch the records again, and "
    "keep them as bytes or in base64";

constexpr char kFetchAgain[] = "fetch or make the file again";

constexpr std::array<KnownLook, 7> kBinaryLooks = {{
    {IsGzip, "damaged gzip data", kFetchAgain},
    {IsZip, "a damaged zip archive", kFetchAgain},
    {IsUtf16Le, "UTF-16 text",
     "convert it first: iconv -f UTF-16LE -t UTF-8 FILE > NEW"},
    {IsUtf32Le, "UTF-32 text",
     "convert it first: iconv -f UTF-32LE -t UTF-8 FILE > NEW"},
    {IsUtf32Be, "UTF-32 text",
     "convert it first: iconv -f UTF-32BE -t UTF-8 FILE > NEW"},
    {IsUtf16Be, "UTF-16 text",
     "convert it first: iconv -f UTF-16BE -t UTF-8 FILE > NEW"},
    {IsZlib, "zlib data without a file format around it",
     "decompress it first: python3 -c 'import sys,zlib; "
     "sys.stdout.buffer.write(zlib.decompress(sys.stdin.buffer.read()))' < "
     "FILE > NEW"},
}};

// Recognized by a function that also returns the remedy.
struct SeenLook {
  std::optional<std::string> (*remedy)(std::string_view text);
  const char* name;
  ErrorDetail detail = ErrorDetail::kNone;
};

// The literals of all expressions, in their order. Data that is not text
// becomes lines of base64, unless it is one.
constexpr char kPythonRemedy[] =
    "make lines of them: python3 -c 'import ast,base64,sys; "
    "n=sorted((n for n in ast.walk(ast.parse(sys.stdin.read().lstrip())) if "
    "isinstance(n,ast.Constant) and isinstance(n.value,(bytes,str))),"
    "key=lambda n:(n.lineno,n.col_offset)); v=[x.value for x in n if "
    "isinstance(x.value,bytes)] or [x.value.encode() for x in n]; "
    "a=all(x.isascii() for x in v) and any(b\"84mawg\" in x for x in v); "
    "sys.stdout.buffer.write(v[0] if len(v)==1 else b\"\".join((x if a else "
    "base64.b64encode(x))+b\"\\n\" for x in v))' < FILE > NEW";

constexpr std::array<KnownLook, 14> kTextLooks = {{
    {IsDestroyed, kDestroyed, kDestroyedRemedy},
    {IsDestroyedBase64, kDestroyed, kDestroyedRemedy},
    {IsPythonDict, "a Python dict as Python prints it",
     "write json.dumps(it, default=lambda x: base64.b64encode(x).decode() if "
     "isinstance(x, bytes) else x.isoformat())"},
    {IsPythonBytes, "Python bytes as Python prints them", kPythonRemedy},
    {IsNodeBuffer, "a Buffer as Node.js prints it",
     "write buffer.toString('base64'): what is printed leaves out all but the "
     "first 50 bytes"},
    {IsLoggedJson, "JSON after other text in its lines",
     "take that off: sed 's/^[^{]*//' FILE > NEW", ErrorDetail::kLoggedJson},
    {IsJson, "JSON without Kinesis records in its first 64 KiB", kJsonRemedy,
     ErrorDetail::kJsonWithoutRecords},
    {IsJsonStrings, "JSON in strings",
     "take it out of them: python3 -c 'import json,sys; [print(json.loads(l)) "
     "for l in sys.stdin if l.strip()]' < FILE > NEW"},
    {IsDataUrl, "data URLs",
     "make lines of what is behind the comma: sed 's/^[^,]*,//;s/\"//g' FILE > "
     "NEW"},
    {IsAwsTable, "a table of the AWS CLI", kOutputJson},
    {IsAwsTextOfData, "text output of the AWS CLI",
     "make lines of it: tr '\\t' '\\n' < FILE > NEW"},
    {IsAwsText, "text output of the AWS CLI", kOutputJson},
    {IsAwsYaml, "YAML of the AWS CLI", kOutputJson},
    {IsYamlList, "a list in YAML",
     "make lines of it: tr -d \"' \" < FILE | sed 's/^-//' > NEW"},
}};

constexpr std::array<SeenLook, 5> kSeenLooks = {{
    {RemedyForDump, "a hex dump"},
    {RemedyForHexDigits, "a hex dump"},
    {RemedyForBase64File, "base64 of a whole file"},
    {RemedyForCompressedBase64, "base64 of compressed data"},
    {RemedyForColumns, "CSV", ErrorDetail::kColumns},
}};

Error LooksLike(const char* name, std::string remedy, ErrorDetail detail) {
  return AtOffset(0, ContainerError("looks like " + std::string(name) +
                                        ", which cannot be read",
                                    std::move(remedy), detail));
}

// The look that `text` has, or null.
const KnownLook* FindLook(std::span<const KnownLook> looks,
                          std::string_view text) {
  const auto found = std::ranges::find_if(
      looks, [text](const KnownLook& look) { return look.is(text); });
  return found == looks.end() ? nullptr : &*found;
}

// In the order of JsonForeign.
struct ForeignDocument {
  const char* name;
  const char* remedy;
  ErrorDetail detail = ErrorDetail::kNone;
};
constexpr std::array<ForeignDocument, 5> kForeignDocuments = {{
    {"JSON without Kinesis records", kConvert, ErrorDetail::kUnreadableFormat},
    {"what a function returns to Firehose",
     "read the events that it was given: what it returns has no Kinesis "
     "records"},
    {"Firehose's event of a Kafka topic", "there are no Kinesis records in it"},
    {"a request to put records",
     "send it; it holds records that no stream has numbered yet",
     ErrorDetail::kPutRequest},
    {"the NDJSON that thresh writes",
     "its explicit hash keys have no place in a Kinesis record: aggregate it",
     ErrorDetail::kThreshNdjson},
}};

// Whether `bytes` may be lines of text, in any encoding.
bool IsText(std::string_view bytes) {
  return std::ranges::none_of(bytes, [](char c) {
    const auto byte = static_cast<uint8_t>(c);
    return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7F;
  });
}

}  // namespace

Error ForeignJson(JsonForeign kind) {
  const ForeignDocument& foreign = kForeignDocuments[static_cast<size_t>(kind)];
  return LooksLike(foreign.name, foreign.remedy, foreign.detail);
}

Error DeepJson() {
  return LooksLike(
      "JSON whose records, if it holds any, are wrapped more than "
      "four deep",
      "take what is around them off, or read it as JSON to have such documents "
      "reported and the others read",
      ErrorDetail::kDeepJson);
}

Error UnknownInput(Bytes head) {
  Error error =
      ContainerError("not a container that can be recognised",
                     "if it does hold Kinesis records, name their container",
                     IsText(AsText(head)) ? ErrorDetail::kUnknownText
                                          : ErrorDetail::kUnknownBytes);
  const size_t magic = FindMagic(head, 0);
  if (magic < head.size()) {
    error.detail = ErrorDetail::kBlobsAfterOtherBytes;
    error.message += ", though an aggregated record may begin at offset " +
                     std::to_string(magic);
    error.remedy =
        "name the container: blobs if records lie back to back and the first "
        "is damaged, else what stands before each of them";
  } else if (MayHoldJson(AsText(head))) {
    error.detail = ErrorDetail::kUnknownJson;
    error.remedy = "if it holds Kinesis records in JSON, read it as JSON";
  }
  return AtOffset(0, std::move(error));
}

std::optional<Error> KnownRefusal(Bytes head) {
  const std::string_view bytes = AsText(head);
  const auto* start =
      std::ranges::find_if(kStarts, [bytes](const KnownStart& known) {
        return bytes.starts_with(known.start);
      });
  if (start != kStarts.end())
    return LooksLike(start->name, start->remedy, start->detail);
  if (const KnownLook* look = FindLook(kBinaryLooks, bytes)) {
    return LooksLike(look->name, look->remedy, look->detail);
  }
  std::string_view text = bytes;
  while (true) {
    text.remove_prefix(
        std::min(text.find_first_not_of(" \t\r\n"), text.size()));
    if (!text.starts_with(kByteOrderMark)) break;
    text.remove_prefix(kByteOrderMark.size());
  }
  if (const KnownLook* look = FindLook(kTextLooks, text)) {
    return LooksLike(look->name, look->remedy, look->detail);
  }
  for (const SeenLook& look : kSeenLooks) {
    std::optional<std::string> remedy = look.remedy(text);
    if (remedy.has_value())
      return LooksLike(look.name, *std::move(remedy), look.detail);
  }
  return std::nullopt;
}

}  // namespace thresh
