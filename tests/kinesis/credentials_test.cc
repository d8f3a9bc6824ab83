// Where credentials come from, and that messages do not contain them.
#include "kinesis/credentials.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "cli/run_program.h"

namespace thresh::kinesis {
namespace {

using testing::HasSubstr;
using testing::Not;

Environment Having(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](
             const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  };
}

constexpr char kFile[] =
    "# of a team\r\n"
    "[default]\n"
    "aws_access_key_id = D\n"
    "aws_secret_access_key=d=/+\n"
    "\n"
    "[ other ]\n"
    "; more\n"
    "\taws_access_key_id\t=\tO\t\n"
    "aws_secret_access_key = o\n"
    "region = x\n"
    "aws_session_token = t\n"
    "[half]\n"
    "aws_access_key_id = H\n"
    "not a setting\n";

TEST(ParseCredentials, FindsAProfile) {
  const auto usual = ParseCredentials(kFile, "default", "f");
  ASSERT_TRUE(usual);
  EXPECT_EQ(usual->access_key_id, "D");
  EXPECT_EQ(usual->secret_access_key, "d=/+");
  EXPECT_EQ(usual->session_token, "");
  const auto other = ParseCredentials(kFile, "other", "f");
  ASSERT_TRUE(other);
  EXPECT_EQ(other->access_key_id, "O");
  EXPECT_EQ(other->secret_access_key, "o");
  EXPECT_EQ(other->session_token, "t");
}

TEST(ParseCredentials, SaysWhatItLacksAndNotWhatItHas) {
  for (const char* profile : {"half", "absent", ""}) {
    const auto none = ParseCredentials(kFile, profile, "the/file");
    ASSERT_FALSE(none) << profile;
    EXPECT_THAT(none.error().ToString(), HasSubstr("the/file"));
    EXPECT_THAT(none.error().ToString(), HasSubstr(profile));
    EXPECT_THAT(none.error().ToString(), Not(HasSubstr("d=/+")));
  }
}

class FindCredentialsTest : public testing::Test {
 protected:
  FindCredentialsTest() { WriteFile(directory_ / "file", kFile); }

  std::string IdOf(const std::string& profile,
                   std::map<std::string, std::string> variables) {
    variables.emplace("AWS_SHARED_CREDENTIALS_FILE", directory_ / "file");
    const auto found = FindCredentials(profile, Having(std::move(variables)));
    return found ? found->access_key_id : "none";
  }

  TemporaryDirectory directory_;
};

TEST_F(FindCredentialsTest, TakesTheEnvironmentUnlessAProfileIsAskedFor) {
  const std::map<std::string, std::string> variables = {
      {"AWS_ACCESS_KEY_ID", "E"}, {"AWS_SECRET_ACCESS_KEY", "e"}};
  EXPECT_EQ(IdOf("", variables), "E");
  EXPECT_EQ(IdOf("other", variables), "O");
  EXPECT_EQ(IdOf("", {}), "D");
  EXPECT_EQ(IdOf("", {{"AWS_PROFILE", "other"}}), "O");
  EXPECT_EQ(IdOf("other", {{"AWS_ACCESS_KEY_ID", "E"}}), "O");
  EXPECT_EQ(IdOf("half", variables), "none");
}

TEST_F(FindCredentialsTest, LooksIntoTheHomeDirectory) {
  std::filesystem::create_directory(directory_ / ".aws");
  WriteFile(directory_ / ".aws/credentials", kFile);
  const auto found = FindCredentials("", Having({{"HOME", directory_.path()}}));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->access_key_id, "D");
}

// Using another account's keys is worse than failing.
TEST_F(FindCredentialsTest, HalfOfTheEnvironmentIsAMistake) {
  for (const char* name : {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}) {
    const auto half = FindCredentials(
        "", Having({{name, "xyz"},
                    {"AWS_SHARED_CREDENTIALS_FILE", directory_ / "file"}}));
    ASSERT_FALSE(half);
    EXPECT_THAT(half.error().ToString(),
                HasSubstr("only one of AWS_ACCESS_KEY_ID"));
    EXPECT_THAT(half.error().ToString(), Not(HasSubstr("xyz")));
  }
}

// It would become a separate header.
TEST_F(FindCredentialsTest, NoneHasALineEnd) {
  for (const char* name :
       {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}) {
    std::map<std::string, std::string> variables = {
        {"AWS_ACCESS_KEY_ID", "id"}, {"AWS_SECRET_ACCESS_KEY", "secret"}};
    variables[name] = "xyz\r\nHost: elsewhere";
    const auto broken = FindCredentials("", Having(variables));
    ASSERT_FALSE(broken) << name;
    EXPECT_THAT(broken.error().ToString(), HasSubstr("line end"));
    EXPECT_THAT(broken.error().ToString(), Not(HasSubstr("xyz")));
  }
  EXPECT_FALSE(
      ParseCredentials("[a]\naws_access_key_id=i\n"
                       "aws_secret_access_key=two words\n",
                       "a", "f"));
}

TEST_F(FindCredentialsTest, SaysWhatToDoWithoutAny) {
  const auto none = FindCredentials("", Having({{"HOME", "/nowhere"}}));
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().ToString(), HasSubstr("AWS_ACCESS_KEY_ID"));
}

}  // namespace
}  // namespace thresh::kinesis
