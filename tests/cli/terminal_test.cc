// Whatever a name, an option or an archive contains, human-readable output
// never contains a character that a terminal would interpret, or that is
// invisible.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <set>
#include <sstream>

#include "base/base64.h"
#include "cli/archives.h"
#include "cli/run_program.h"
#include "oracle/archives.h"
#include "sanitized.h"

namespace thresh {
namespace {

using oracle::Tar;
using testing::HasSubstr;

// Control characters in C0 and C1, DEL, a direction override and isolate, a
// mark, line separators, invisible characters.
constexpr char kHostileText[] =
    "x\x1b]0;title\x07\x1b[31m\b\r\nforged\x7f\u009b31m\u0085\u202e\u2066"
    "\u200e\u061c\u2028\u2029\u200b\ufeff";

// The characters in `text` that JSON should have escaped: controls.
std::string ControlsIn(const std::string& text) {
  std::string found;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<uint8_t>(text[i]);
    const auto next =
        static_cast<uint8_t>(i + 1 < text.size() ? text[i + 1] : 0);
    const bool is_c1 = byte == 0xC2 && next >= 0x80 && next < 0xA0;
    if ((byte < 0x20 && byte != '\n') || byte == 0x7F || is_c1) {
      found += " " + std::to_string(byte);
    }
  }
  if (text.find("\nforged") != std::string::npos) found += " line";
  return found;
}

// The same, and the rest of kHostileText, and invalid UTF-8.
std::string HostileIn(const std::string& text) {
  std::string found = ControlsIn(text);
  for (const char* hidden : {"\u202e", "\u2066", "\u200e", "\u061c", "\u2028",
                             "\u2029", "\u200b", "\ufeff", "\xff"}) {
    if (text.find(hidden) != std::string::npos) found += " hidden";
  }
  return found;
}

// `text` as a JSON string, as an archive's writer would write it.
std::string QuotedJson(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', /*ensure_ascii=*/true);
}

// The names of the long options of `command`.
std::set<std::string> OptionsOf(const std::string& command) {
  std::set<std::string> options;
  std::istringstream help(RunProgram({command, "--help"}).out);
  for (std::string line; std::getline(help, line);) {
    const size_t start = line.find("--");
    const std::string before = line.substr(0, start);
    if (start == std::string::npos || before.size() > 5) continue;
    const size_t end = line.find_first_of(" ,", start);
    options.insert(line.substr(start, end - start));
  }
  options.erase("--help");
  return options;
}

class Terminal : public testing::Test {
 protected:
  Terminal() {
    for (const char* name : {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}) {
      setenv(name, "none", 1);
    }
    for (const char* name :
         {"AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION"}) {
      unsetenv(name);
    }
    setenv("HOME", directory_.path().c_str(), 1);
  }

  Outcome Run(const std::vector<std::string>& arguments) {
    return RunProgram(arguments, {.pipe = std::nullopt,
                                  .stdout_path = {},
                                  .directory = directory_.path()});
  }

  void ExpectReadable(const std::vector<std::string>& arguments,
                      int max_status = 3) {
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(HostileIn(outcome.out), "")
        << testing::PrintToString(arguments) << outcome.out;
    EXPECT_EQ(HostileIn(outcome.err), "")
        << testing::PrintToString(arguments) << outcome.err;
    EXPECT_LE(outcome.status, max_status) << outcome.err;
    said_ += outcome.out + outcome.err;
  }

  TemporaryDirectory directory_;
  std::string hostile_ = kHostileText + std::string("\xff");
  std::string said_;  // everything that was printed
};

TEST_F(Terminal, OptionsAndArgumentsAreQuotedReadably) {
  WriteFile(directory_ / "archive", MakeBlob({"one"}));
  ExpectReadable({hostile_});
  ExpectReadable({"--" + hostile_});
  for (const char* command : {"deaggregate", "aggregate", "verify", "inspect",
                              "stats", "replay", "generate"}) {
    const std::set<std::string> options = OptionsOf(command);
    EXPECT_GT(options.size(), 5U) << command;
    size_t count = 0;
    for (const std::string& option : options) {
      if (count++ % kRoundStep != 0) continue;
      std::vector<std::string> arguments = {command, option + "=" + hostile_,
                                            "archive"};
      if (std::string_view(command) == "replay") {
        if (option != "--stream")
          arguments.insert(arguments.end(), {"--stream", "s"});
        if (option != "--endpoint") {
          arguments.insert(arguments.end(),
                           {"--endpoint", "http://127.0.0.1:1"});
        }
        if (option != "--region")
          arguments.insert(arguments.end(), {"--region", "r"});
        if (option != "--attempts")
          arguments.insert(arguments.end(), {"--attempts", "1"});
      }
      ExpectReadable(arguments);
    }
    ExpectReadable({command, hostile_});
    ExpectReadable({command, "archive", "--" + hostile_});
    ExpectReadable({command, "archive", "-o" + hostile_ + "/none"});
  }
  EXPECT_THAT(said_, HasSubstr(R"(x\x1b]0;title\x07)"));
}

TEST_F(Terminal, NamesOfFilesAndMembersAreShownReadably) {
  const std::string name = kHostileText;
  WriteFile(directory_ / name, MakeBlob({"one"}) + MakeDamagedBlob());
  WriteFile(
      directory_ / "tar",
      Tar({{.content = MakeBlob({"one"}) + MakeDamagedBlob(), .name = name},
           {.content = "no container is like this", .name = "y" + name}}));
  for (const std::string& input : {name, std::string("tar")}) {
    ExpectReadable({"verify", input});
    ExpectReadable({"inspect", input});
    ExpectReadable({"stats", input});
    ExpectReadable({"deaggregate", input, "--format", "null"});
    ExpectReadable(
        {"deaggregate", input, "--format", "null", "--quarantine", "q" + name});
    ExpectReadable({"aggregate", input, "-o", "blobs"});
    EXPECT_EQ(ControlsIn(Run({"verify", input, "--summary", "json"}).out), "");
    EXPECT_EQ(ControlsIn(Run({"inspect", input, "--json"}).out), "");
    EXPECT_EQ(ControlsIn(Run({"deaggregate", input, "--metadata"}).out), "");
  }
  EXPECT_THAT(said_, HasSubstr(R"(\xe2\x80\xae)"));
}

TEST_F(Terminal, WhatAnArchiveHoldsIsShownReadably) {
  const std::string text = kHostileText;
  BlobMaker blob;
  blob.Add({text, AsBytes(text)});
  const std::string data = Base64Text(AsBytes(blob.Take()));
  const std::string record = R"({"Data":")" + data + R"(","PartitionKey":)" +
                             QuotedJson(text) + R"(,"SequenceNumber":)" +
                             QuotedJson("1" + text) + R"(,"EncryptionType":)" +
                             QuotedJson(text) + "}";
  WriteFile(directory_ / "json", R"({"Records":[)" + record + "," + record +
                                     R"(],"NextShardIterator":)" +
                                     QuotedJson(text) + "}\n");
  const auto event = [&](const std::string& bytes) {
    return R"({"eventID":)" + QuotedJson("shardId-" + text + ":1") +
           R"(,"eventSourceARN":)" +
           QuotedJson("arn:aws:kinesis:r:1:stream/" + text) +
           R"(,"kinesis":{"data":")" + bytes + R"(","partitionKey":)" +
           QuotedJson(text) + R"(,"sequenceNumber":"1"}})";
  };
  WriteFile(directory_ / "event",
            R"({"Records":[)" + event(data) + "," + event("!!!") + "]}\n");
  WriteFile(directory_ / "report",
            R"({"requestContext":{"condition":)" + QuotedJson(text) +
                R"(},"KinesisBatchInfo":{"shardId":)" + QuotedJson(text) +
                R"(,"startSequenceNumber":)" + QuotedJson(text) +
                R"(,"endSequenceNumber":)" + QuotedJson(text) +
                R"(,"batchSize":2,"streamArn":)" +
                QuotedJson("arn:aws:kinesis:r:1:stream/" + text) + "}}\n");
  WriteFile(directory_ / "opaque", "\x1b[31m\u009b" + MakeBlob({text}));
  for (const char* input : {"json", "event", "report", "opaque"}) {
    ExpectReadable({"verify", input});
    ExpectReadable({"inspect", input});
    ExpectReadable({"stats", input});
    ExpectReadable({"stats", input, "--html", "-"});
    ExpectReadable({"deaggregate", input, "--format", "null"});
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"verify", input, "--summary", "json"},
          {"inspect", input, "--json"},
          {"stats", input, "--json"},
          {"deaggregate", input, "--metadata", "--on-suspect", "pass"},
          {"deaggregate", input, "--data-encoding", "text"},
          {"deaggregate", input, "--data-encoding", "json"}}) {
      const Outcome outcome = Run(arguments);
      EXPECT_EQ(ControlsIn(outcome.out), "")
          << testing::PrintToString(arguments) << outcome.out;
      EXPECT_EQ(HostileIn(outcome.err), "")
          << testing::PrintToString(arguments) << outcome.err;
    }
  }
  EXPECT_THAT(said_, HasSubstr(R"(\xe2\x80\xae)"));
}

}  // namespace
}  // namespace thresh
