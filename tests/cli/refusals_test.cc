// Files that cannot be read, and the commands that the program suggests for
// them: each is run as printed, and must create a file that can be read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <ostream>
#include <regex>

#include "cli/archives.h"
#include "cli/run_program.h"
#include "sanitized.h"

namespace thresh {
namespace {

struct Refused {
  std::string made_by;  // from the archive on standard input
  const char* name;
};

void PrintTo(const Refused& file, std::ostream* out) {
  *out << file.name << " of " << file.made_by;
}

class Refusals : public testing::TestWithParam<Refused> {
 protected:
  // Runs a command in the directory of the test.
  void Shell(const std::string& command) const {
    const std::string script = directory_ / "script";
    WriteFile(script, command);
    ASSERT_EQ(std::system(("cd " + directory_.path() + " && sh " + script +
                           " 2>/dev/null")
                              .c_str()),
              0)
        << command;
  }

  TemporaryDirectory directory_;
};

TEST_P(Refusals, NameTheCommandThatHelps) {
  for (const std::string tool : {"python3", "xxd", "hexdump", "iconv"}) {
    const bool is_used = GetParam().made_by.find(tool) != std::string::npos;
    const std::string look = "command -v " + tool + " >/dev/null";
    if (is_used && std::system(look.c_str()) != 0) {
      GTEST_SKIP() << tool << " is not there";
    }
  }
  std::string archive;
  std::vector<std::string> data;
  for (const char c : std::string("abcdefgh")) {
    data.push_back(std::string(100, c));
    archive += MakeBlob({data.back()});
  }
  WriteFile(directory_ / "archive", archive);
  Shell(std::string("( ") + GetParam().made_by + "\n) < archive > file");
  const Outcome refused = RunProgram({"deaggregate", directory_ / "file"});
  EXPECT_EQ(refused.status, 3);
  EXPECT_THAT(refused.err, testing::HasSubstr(GetParam().name));
  std::smatch found;
  ASSERT_TRUE(std::regex_search(refused.err, found,
                                std::regex("; [^:;]*: (.* > NEW)\n")))
      << refused.err;
  if (kSanitized) return;  // the rest runs other programs
  Shell(std::regex_replace(
      std::regex_replace(found[1].str(), std::regex("FILE"), "file"),
      std::regex("NEW"), "new"));
  const Outcome outcome =
      RunProgram({"deaggregate", directory_ / "new", "--format", "lines"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  std::string lines;
  for (const std::string& datum : data) lines += datum + "\n";
  EXPECT_EQ(outcome.out, lines);
}

// The records of the archive, in Python.
const std::string kPythonRecords =
    "m = b\"\\xf3\\x89\\x9a\\xc2\"; "
    "r = [m + x for x in sys.stdin.buffer.read().split(m)[1:]]; "
    "b = [base64.b64encode(x).decode() for x in r]; ";

std::string PythonWithRecords(const std::string& program) {
  return "python3 -c '\nimport base64, csv, gzip, json, pprint, sys, zlib\n" +
         kPythonRecords + "\n" + program + "'";
}

const std::string kJson =
    "print(json.dumps({\"Records\": [{\"SequenceNumber\": \"1\", \"Data\": x} "
    "for x in b]}))";

Refused Dump(const std::string& made_by) { return {made_by, "hex dump"}; }
Refused BytesLiteral(const std::string& program) {
  return {PythonWithRecords(program), "Python bytes"};
}
Refused Csv(const std::string& program) {
  return {PythonWithRecords(program), "CSV"};
}
Refused WholeFile(const std::string& made_by) {
  return {made_by, "base64 of a whole file"};
}

INSTANTIATE_TEST_SUITE_P(
    Text, Refusals,
    testing::Values(
        Refused{PythonWithRecords(kJson) + " | iconv -t UTF-16", "UTF-16"},
        Refused{PythonWithRecords(kJson) + " | iconv -t UTF-16LE", "UTF-16"},
        Refused{PythonWithRecords(kJson) + " | iconv -t UTF-16BE", "UTF-16"},
        Refused{PythonWithRecords(kJson) + " | iconv -t UTF-32LE", "UTF-32"},
        Refused{PythonWithRecords(
                    "sys.stdout.buffer.write(json.dumps({\"k\": \"\\u20ac\", "
                    "\"Records\": [{\"SequenceNumber\": \"1\", \"Data\": x} "
                    "for x in b]}, ensure_ascii=False).encode())") +
                    " | iconv -f UTF-8 -t UTF-16BE",
                "UTF-16"},
        Refused{PythonWithRecords(kJson) + " | iconv -t UTF-32BE", "UTF-32"},
        Refused{PythonWithRecords(kJson) + " | iconv -t UTF-32", "UTF-32"},
        Refused{"iconv -f LATIN1 -t UTF-8", "Latin-1"},
        Refused{PythonWithRecords(
                    "print(json.dumps(json.dumps({\"Records\": "
                    "[{\"SequenceNumber\": \"1\", \"Data\": x} for x in "
                    "b]})))"),
                "JSON in strings"},
        Refused{PythonWithRecords(
                    "[print(\"data:application/octet-stream;base64,\" + x) "
                    "for x in b]"),
                "data URLs"},
        Refused{PythonWithRecords(
                    "[print(json.dumps(\"data:;base64,\" + x)) for x in b]"),
                "data URLs"},
        Refused{PythonWithRecords(
                    "[print(\"2024-05-01T00:00:00Z\\tid\\tINFO\\t\" + "
                    "json.dumps({\"Records\": [{\"SequenceNumber\": \"1\", "
                    "\"Data\": x}]})) for x in b]"),
                "JSON after other text"},
        Refused{PythonWithRecords(
                    "print(\"START\"); [print(\"[INFO] event: \" + json.dumps("
                    "[{\"SequenceNumber\": \"1\", \"Data\": x}])) for x in "
                    "b]; print(\"END\")"),
                "JSON after other text"},
        Refused{PythonWithRecords("[print(base64.b64encode(gzip.compress(x))."
                                  "decode()) for x in r]"),
                "base64 of compressed data"},
        Refused{"gzip -c | base64", "base64 of compressed data"},
        Refused{"gzip -c | base64 -w 0", "base64 of compressed data"},
        Refused{PythonWithRecords("[print(\"- \" + x) for x in b]"), "YAML"},
        Refused{PythonWithRecords(
                    "[print(\"- \\x27\" + x + \"\\x27\") for x in b]"),
                "YAML"},
        Refused{PythonWithRecords("print(\"\\t\".join(b))"), "text output"},
        Refused{PythonWithRecords(
                    "sys.stdout.buffer.write(zlib.compress(b\"\".join(r)))"),
                "zlib"}));

INSTANTIATE_TEST_SUITE_P(
    Dumps, Refusals,
    testing::Values(Dump("od -v -x"), Dump("od"), Dump("od -b"), Dump("od -d"),
                    Dump("od -tu1"), Dump("od -tu4"), Dump("od -to8"),
                    Dump("od -tx1"), Dump("od -tx1z"), Dump("od -tx4"),
                    Dump("od -tx8"), Dump("od -tx1 -w8"), Dump("od -A x -t x1"),
                    Dump("od -Ad -tx2"), Dump("od -Ax -tx1z -w32"),
                    Dump("od -An -v -tx1"), Dump("xxd"), Dump("xxd -g1"),
                    Dump("xxd -u -g4"), Dump("xxd -c 32"),
                    Dump("xxd -c 8 -g 3"), Dump("xxd -b"), Dump("xxd -e"),
                    Dump("xxd -e -g2"), Dump("xxd -d"), Dump("xxd -a"),
                    Dump("xxd -o 64"), Dump("xxd -i"), Dump("xxd -p"),
                    Dump("xxd -p -u -c 7"), Dump("xxd | sed 's/$/\\r/'"),
                    Dump("hexdump"), Dump("hexdump -x"), Dump("hexdump -d"),
                    Dump("hexdump -o"), Dump("hexdump -b"), Dump("hexdump -C"),
                    Dump("dd bs=50 count=1 | xxd; xxd"),
                    Dump("dd bs=50 count=1 | od -tx2; od -tx2")));

// One record per line or element.
INSTANTIATE_TEST_SUITE_P(
    Lines, Refusals,
    testing::Values(
        Dump(PythonWithRecords("[print(x.hex()) for x in r]")),
        Dump(
            PythonWithRecords("[print(x.hex().upper() + \"\\r\") for x in r]")),
        Dump(PythonWithRecords("[print(\"\\\\x\" + x.hex()) for x in r]")),
        Dump(PythonWithRecords("[print(\"\\n\\\\x\" + x.hex()) for x in r]")),
        Dump(PythonWithRecords("[print(\"0x\" + x.hex()) for x in r]")),
        Dump(PythonWithRecords("[print(x.hex(\":\")) for x in r]")),
        Dump(PythonWithRecords("print(b\"\".join(r).hex(\" \"))")),
        Dump(PythonWithRecords(
            "print(\", \".join(hex(x) for x in b\"\".join(r)))")),
        BytesLiteral("print(b\"\".join(r))"), BytesLiteral("print(r)"),
        BytesLiteral("print(tuple(r))"), BytesLiteral("pprint.pprint(r)"),
        BytesLiteral("pprint.pprint(b\"\".join(r))"),
        BytesLiteral("pprint.pprint(b)"), BytesLiteral("[print(x) for x in r]"),
        BytesLiteral("[print(x, end=\"\\n\\n\") for x "
                     "in r]"),
        BytesLiteral("[print(bytearray(x)) for x in r]"),
        BytesLiteral("print([(\"key\", x) for x in r])"),
        BytesLiteral("[print(x.encode()) for x in b]"),
        BytesLiteral("print(b)"),
        Csv("print(\"key,data\"); [print(\"k,\" + x) for x in b]"),
        Csv("print(\"data;key\"); [print(x + \";k\") for x in b]"),
        Csv("print(\"a\\tData\\tb\"); [print(\"k\\t\" + x + \"\\tl\") for x in "
            "b]"),
        Csv("[print(\"k,\" + x) for x in b]"),
        Csv("[print(\"\\\"k;,\\\";\\\"\" + x + \"\\\"\\r\") for x in b]"),
        Csv("print(\"a,b,payload\"); [print(\"\\\"x,\\ny\\\", 1, \" + x) for x "
            "in b]")));

INSTANTIATE_TEST_SUITE_P(
    WholeFiles, Refusals,
    testing::Values(WholeFile("base64"), WholeFile("base64 -w 64"),
                    WholeFile("base64 -w 100"), WholeFile("base64 -w 0"),
                    WholeFile("base64 | sed 's/$/\\r/'"),
                    WholeFile("base64 -w 0 | tr '+/' '-_' | tr -d =")));

}  // namespace
}  // namespace thresh
