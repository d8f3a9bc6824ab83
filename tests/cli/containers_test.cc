// The program's containers are those of the engine's table.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "cli/run_program.h"
#include "thresh/options.h"
#include "thresh/record_writer.h"

namespace thresh {
namespace {

using testing::HasSubstr;

void Join(std::string_view name, std::string* names) {
  *names += (names->empty() ? "" : "|") + std::string(name);
}

// Help is wrapped to the width of a terminal.
std::string Unfolded(std::string text) {
  std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
  return text;
}

TEST(ContainerOption, NamesWhatIsRead) {
  std::string names = "auto";
  for (const ContainerKind kind : ContainerKinds()) {
    Join(ContainerKindName(kind), &names);
  }
  for (const char* command :
       {"deaggregate", "verify", "inspect", "stats", "replay"}) {
    EXPECT_THAT(Unfolded(RunProgram({command, "--help"}).out),
                HasSubstr(names));
    const Outcome outcome = RunProgram({command, "--container", "zip", "x"});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.err, HasSubstr("'zip' is none of " + names));
  }
  names = "archive" + names.substr(names.find('|'));
  EXPECT_THAT(Unfolded(RunProgram({"aggregate", "--help"}).out),
              HasSubstr(names + "|ndjson|lines"));
}

TEST(ContainerOption, NamesWhatIsWritten) {
  std::string names;
  for (const NamedContainerFormat& format : WritableFormats()) {
    Join(format.name, &names);
  }
  for (const char* command : {"aggregate", "generate"}) {
    EXPECT_THAT(Unfolded(RunProgram({command, "--help"}).out),
                HasSubstr(names));
  }
}

}  // namespace
}  // namespace thresh
