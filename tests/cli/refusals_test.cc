// Files that cannot be read, and the commands that the program gives for them:
// each is run as it is printed, and must make a file that can be read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <regex>

#include "cli/archives.h"
#include "cli/run_program.h"

namespace thresh {
namespace {

struct Refused {
  const char* made_by;  // from ARCHIVE on standard input
  const char* name;
};

class Refusals : public testing::TestWithParam<Refused> {
 protected:
  // Runs a command of bash in the directory of the test.
  void Shell(const std::string& command) const {
    const std::string script = directory_ / "script";
    WriteFile(script, command);
    ASSERT_EQ(std::system(("cd " + directory_.path() + " && bash " + script +
                           " 2>/dev/null")
                              .c_str()),
              0)
        << command;
  }

  TemporaryDirectory directory_;
};

TEST_P(Refusals, NameTheCommandThatHelps) {
  std::string archive;
  std::vector<std::string> data;
  for (const char c : std::string("abcdefgh")) {
    data.push_back(std::string(20, c));
    archive += MakeBlob({data.back()});
  }
  WriteFile(directory_ / "archive", archive);
  Shell(std::string("( ") + GetParam().made_by + " ) < archive > file");
  const Outcome refused = RunProgram({"deaggregate", directory_ / "file"});
  EXPECT_EQ(refused.status, 3);
  EXPECT_THAT(refused.err, testing::HasSubstr(GetParam().name));
  std::smatch found;
  ASSERT_TRUE(std::regex_search(refused.err, found,
                                std::regex("; [^:;]*: (.* > NEW)\n")))
      << refused.err;
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

constexpr char kJsonOfArchive[] =
    "python3 -c 'import base64, sys; print(\"{\\\"Records\\\": [\" + "
    "\",\".join("
    "\"{\\\"SequenceNumber\\\": \\\"1\\\", \\\"Data\\\": \\\"\" + "
    "base64.b64encode(b\"\\xf3\\x89\\x9a\\xc2\" + r).decode() + \"\\\"}\" for "
    "r in "
    "sys.stdin.buffer.read().split(b\"\\xf3\\x89\\x9a\\xc2\")[1:]) + \"]}\")'";
const std::string kUtf16 = std::string(kJsonOfArchive) + " | iconv -t UTF-16";
const std::string kUtf16Le =
    std::string(kJsonOfArchive) + " | iconv -t UTF-16LE";
const std::string kUtf16Be =
    std::string(kJsonOfArchive) + " | iconv -t UTF-16BE";

INSTANTIATE_TEST_SUITE_P(
    All, Refusals,
    testing::Values(
        Refused{kUtf16.c_str(), "UTF-16"}, Refused{kUtf16Le.c_str(), "UTF-16"},
        Refused{kUtf16Be.c_str(), "UTF-16"},
        Refused{"iconv -f LATIN1 -t UTF-8", "Latin-1"},
        Refused{"xxd -p", "hex dump"}, Refused{"xxd", "hex dump"},
        Refused{"xxd -g1", "hex dump"}, Refused{"od -tx1", "hex dump"},
        Refused{"od -An -tx1", "hex dump"},
        Refused{"od -Ax -tx2 | sed s/^/0/", "hex dump"},
        Refused{"xxd -g1 | sed -E 's/^(.{8}):(.{25})(.{24})(.*)/\\1 \\2 \\3 "
                "|\\4|/'",
                "hex dump"},
        Refused{"base64", "base64 of a whole file"},
        Refused{"base64 -w 64", "base64 of a whole file"},
        Refused{"python3 -c 'import sys; print(sys.stdin.buffer.read())'",
                "Python bytes"},
        Refused{
            "python3 -c 'import sys; m = b\"\\xf3\\x89\\x9a\\xc2\"; print([m + "
            "r for r in sys.stdin.buffer.read().split(m)[1:]])'",
            "Python bytes"},
        Refused{
            "python3 -c 'import base64, sys; m = b\"\\xf3\\x89\\x9a\\xc2\"; "
            "[print(base64.b64encode(m + r)) for r in "
            "sys.stdin.buffer.read().split(m)[1:]]'",
            "Python bytes"},
        Refused{
            "python3 -c 'import sys, zlib; "
            "sys.stdout.buffer.write(zlib.compress(sys.stdin.buffer.read()))"
            "'",
            "zlib"}));

}  // namespace
}  // namespace thresh
