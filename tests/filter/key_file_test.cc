// Files of keys: which lines are keys, and that all of them are found.
#include "thresh/key_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>

#include "sink/scratch_dir.h"

namespace thresh {
namespace {

using KeyList = std::shared_ptr<const KeyFile>;

class KeyFileTest : public testing::Test {
 protected:
  KeyList Read(const std::string& content) {
    WriteFile(dir_.File("keys"), content);
    Result<KeyList> keys = KeyFile::Read(dir_.File("keys"));
    EXPECT_TRUE(keys) << keys.error().ToString();
    return keys ? *keys : nullptr;
  }

  ScratchDir dir_;
};

TEST_F(KeyFileTest, OneKeyALine) {
  const KeyList keys = Read("a\r\n\n b \nc\rd\n\r\r\na\nlast");
  EXPECT_EQ(keys->lines(), "a\n b \nc\rd\n\r\na\nlast\n");
  EXPECT_EQ(keys->size(), 5U);
  for (const char* key : {"a", " b ", "c\rd", "\r", "last"}) {
    EXPECT_TRUE(keys->Contains(key)) << key;
  }
  for (const char* key :
       {"", "a\r", "b", "a\n b ", "a\n", "las", "lasty", "d", "\n", "last\n"}) {
    EXPECT_FALSE(keys->Contains(key)) << key;
  }
  EXPECT_TRUE(Read("x\r")->Contains("x"));
  EXPECT_TRUE(Read(std::string("a\0b\n\xff", 5))
                  ->Contains(std::string_view("a\0b", 3)));
}

TEST_F(KeyFileTest, WithoutKeysIsAnError) {
  WriteFile(dir_.File("none"), "\n\r\n");
  WriteFile(dir_.File("empty"), "");
  for (const char* name : {"none", "empty", "missing", ""}) {
    const Result<KeyList> keys = KeyFile::Read(dir_.File(name));
    ASSERT_FALSE(keys) << name;
    EXPECT_EQ(keys.error().code, ErrorCode::kIo);
    EXPECT_EQ(keys.error().file, dir_.File(name));
  }
}

// Of every size starting at one key, so that tables reach their maximum load,
// and with many pieces of reading.
TEST_F(KeyFileTest, HoldsWhatASetHolds) {
  std::mt19937 random(1);
  for (const size_t lines : {1U, 2U, 3U, 4U, 5U, 7U, 100U, 30'000U}) {
    std::set<std::string> expected;
    std::string content;
    for (size_t i = 0; i < lines; ++i) {
      const std::string key = std::to_string(random() % (2 * lines + 1));
      expected.insert(key);
      content += key + (random() % 2 == 0 ? "\n" : "\r\n");
    }
    const KeyList keys = Read(content);
    EXPECT_EQ(keys->size(), expected.size());
    for (size_t i = 0; i <= 2 * lines + 10; ++i) {
      const std::string key = std::to_string(i);
      ASSERT_EQ(keys->Contains(key), expected.contains(key)) << lines << key;
    }
  }
}

// With so many keys, a few share the bits of the hash that the table stores.
TEST_F(KeyFileTest, TheStartOfAKeyIsAnother) {
  const std::string key(10'000, 'k');
  for (int seed = 0; seed < 60; ++seed) {
    const KeyList keys = Read(key);
    for (size_t size = 0; size < key.size(); ++size) {
      ASSERT_FALSE(keys->Contains(std::string_view(key).substr(0, size)));
    }
    EXPECT_TRUE(keys->Contains(key));
  }
}

}  // namespace
}  // namespace thresh
