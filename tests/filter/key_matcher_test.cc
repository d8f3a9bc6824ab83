// Partition keys by name and pattern; shell patterns as in fnmatch.
#include "filter/key_matcher.h"

#include <fnmatch.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <string>

#include "filter/glob.h"
#include "filter/regex_of_glob.h"

namespace thresh {
namespace {

using testing::HasSubstr;

KeyMatcher Compiled(const Filter& filter) {
  Result<KeyMatcher> matcher = KeyMatcher::Compile(filter);
  EXPECT_TRUE(matcher) << matcher.error().ToString();
  return matcher ? *std::move(matcher) : KeyMatcher();
}

bool GlobMatches(const std::string& glob, std::string_view key) {
  Filter filter;
  filter.partition_key_globs = {glob};
  return Compiled(filter).Matches(key);
}

TEST(KeyMatcherTest, AnyOfTheListsWillDo) {
  Filter filter;
  EXPECT_TRUE(Compiled(filter).empty());
  filter.partition_keys = {"one", ""};
  filter.partition_key_globs = {"t*", "f?ve"};
  filter.partition_key_regexes = {"[0-9]+", "s.x"};
  const KeyMatcher matcher = Compiled(filter);
  EXPECT_FALSE(matcher.empty());
  for (const char* key : {"one", "", "two", "t", "five", "10", "six"}) {
    EXPECT_TRUE(matcher.Matches(key)) << key;
  }
  // A regular expression must match the whole key.
  for (const char* key : {"on", "ones", "xt", "ffve5", "10a", "a10", "sixx"}) {
    EXPECT_FALSE(matcher.Matches(key)) << key;
  }
}

TEST(KeyMatcherTest, GlobsTakeAnyBytes) {
  using std::string_literals::operator""s;
  EXPECT_TRUE(GlobMatches("a*z", "a\n\xFF\0z"s));
  EXPECT_TRUE(GlobMatches("?", "\xFF"));
  EXPECT_FALSE(GlobMatches("?", "\u00e4"));  // two bytes
  EXPECT_TRUE(GlobMatches("[\x80-\xFF]", "\x90"));
  EXPECT_TRUE(GlobMatches("\xFF*", "\xFF"));
  EXPECT_TRUE(GlobMatches("a\0b"s, "a\0b"s));
}

TEST(KeyMatcherTest, RegexesTakeCharacters) {
  Filter filter;
  filter.partition_key_regexes = {"a.c"};
  EXPECT_TRUE(Compiled(filter).Matches("a\u00e4c"));
  EXPECT_FALSE(
      Compiled(filter).Matches("a\xFF"
                               "c"));
}

TEST(KeyMatcherTest, WhatIsNoPatternIsNamed) {
  for (const char* regex : {"(", "a{2,1}", "[z-a]", "\\1", "\xFF"}) {
    Filter filter;
    filter.partition_key_regexes = {"good", regex};
    const Result<KeyMatcher> matcher = KeyMatcher::Compile(filter);
    ASSERT_FALSE(matcher) << regex;
    EXPECT_EQ(matcher.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(matcher.error().message, HasSubstr(regex));
  }
  for (const char* glob :
       {"a\\", "[z-a]", "[[:letter:]]", "[[.a.]]", "[[=a=]]"}) {
    Filter filter;
    filter.partition_key_globs = {glob};
    const Result<KeyMatcher> matcher = KeyMatcher::Compile(filter);
    ASSERT_FALSE(matcher) << glob;
    EXPECT_THAT(matcher.error().message, HasSubstr(glob));
  }
}

TEST(KeyMatcherTest, GlobsAreThoseOfFnmatch) {
  std::mt19937 random(7);
  const auto pick = [&random](const std::string& letters, size_t longest) {
    std::string text;
    const size_t size = random() % (longest + 1);
    for (size_t i = 0; i < size; ++i)
      text += letters[random() % letters.size()];
    return text;
  };
  int compared = 0;
  int matched = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string glob = pick("ab*?[]!^-\\.c", 8);
    if (!Glob::Compile(glob)) continue;  // fnmatch would match nothing
    for (int k = 0; k < 4; ++k) {
      const std::string key = pick("abc[]-!.\\", 4);
      const bool expected = fnmatch(glob.c_str(), key.c_str(), 0) == 0;
      ASSERT_EQ(GlobMatches(glob, key), expected) << glob << " on " << key;
      ++compared;
      matched += expected ? 1 : 0;
    }
  }
  EXPECT_GT(compared, 50'000);
  EXPECT_GT(matched, 2'000);
  EXPECT_TRUE(GlobMatches("[[:digit:]x]", "7"));
  EXPECT_TRUE(GlobMatches("[![:digit:]]", "x"));
  EXPECT_FALSE(GlobMatches("[![:digit:]]", "7"));
}

// Longer ones, with pieces of more than a word, and arbitrary bytes.
TEST(KeyMatcherTest, GlobsAreThoseOfTheirTwin) {
  using std::string_literals::operator""s;
  std::mt19937 random(8);
  const std::vector<std::string> tokens = {
      "*",    "*",    "?",     "??",          "a",
      "b",    "ab",   "ba",    "\0"s,         "\xff",
      "[ab]", "[!a]", "[a-c]", "[",           "]",
      "[]a]", "\\*",  "[^b]",  "[[:alpha:]]", "[[:space:]\xff]",
      "[b",   "-",    "!",     "\n"};
  int matched = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string glob;
    for (size_t left = random() % 12; left > 0; --left) {
      glob += tokens[random() % tokens.size()];
    }
    // Long pieces, some of them of exactly the size of words.
    if (i % 4 == 0)
      glob += std::string(60 + random() % 10, i % 8 == 0 ? '?' : 'a');
    if (i % 8 < 5) glob = "*" + glob + "*";
    std::string key;
    for (size_t left = random() % 20; left > 0; --left) {
      key += "aaabbc[]-!* \n\xff\0"s[random() % 15];
    }
    if (i % 4 == 0) {
      key.insert(random() % (key.size() + 1), 55 + random() % 20, 'a');
    }
    const std::optional<bool> expected = TwinMatches(glob, key);
    const Result<Glob> compiled = Glob::Compile(glob);
    ASSERT_TRUE(compiled || !expected) << glob;
    if (!compiled || !expected) continue;
    ASSERT_EQ(compiled->Matches(key), *expected) << glob << " on " << key;
    matched += *expected ? 1 : 0;
  }
  EXPECT_GT(matched, 1'000);
}

// Every class contains the same bytes as the reference's, its negation all
// others.
TEST(KeyMatcherTest, ClassesOfGlobs) {
  for (const char* name :
       {"alnum", "alpha", "blank", "cntrl", "digit", "graph", "lower", "print",
        "punct", "space", "upper", "xdigit"}) {
    for (const std::string& glob : {"[[:" + std::string(name) + ":]]",
                                    "[![:" + std::string(name) + ":]_]"}) {
      for (int byte = 0; byte < 256; ++byte) {
        const std::string key(1, static_cast<char>(byte));
        EXPECT_EQ(GlobMatches(glob, key), TwinMatches(glob, key))
            << glob << byte;
      }
    }
  }
}

// Patterns and keys that cause many restarts of the match.
TEST(KeyMatcherTest, NoKeyTakesLong) {
  const std::string key(1'000'000, 'a');
  std::string stars;
  std::string questions;
  for (int i = 0; i < 2500; ++i) {
    stars += "*a";
    questions += "*a?a";
  }
  const auto start = std::chrono::steady_clock::now();
  EXPECT_TRUE(GlobMatches(stars + "*", key));
  EXPECT_FALSE(GlobMatches(stars + "b*", key));
  EXPECT_FALSE(GlobMatches(questions + "*[bc]*", key));
  EXPECT_FALSE(GlobMatches("*" + std::string(5000, 'a') + "b*", key));
  EXPECT_FALSE(
      GlobMatches("*" + std::string(5000, '?') + "[!a]*" + stars, key));
  EXPECT_FALSE(GlobMatches(std::string(5000, '['), key));
  const auto took = std::chrono::steady_clock::now() - start;
  EXPECT_LT(took, std::chrono::seconds(20));
}

}  // namespace
}  // namespace thresh
