// Zip archives as they are met: every kind of entry, and what is refused.
#include <gmock/gmock.h>

#include "input/layer_cases.h"
#include "input/testing.h"

namespace thresh {
namespace {

using input_testing::RandomText;
using input_testing::Unpack;
using input_testing::Unpacked;
using input_testing::UnpackPipe;
using oracle::Zip;
using oracle::ZipEntry;
using ::testing::HasSubstr;
using Descriptor = ZipEntry::Descriptor;

std::string Problem(const std::string& archive) {
  return Unpack(archive, kZipLayer).Problem();
}

bool LooksZip(const std::string& head) {
  return kZipLayer.recognise(AsBytes(head), /*complete=*/true);
}

TEST(ZipTest, EveryKindOfEntry) {
  for (const std::string& content :
       {std::string(), std::string("x"), RandomText(1, 100'000)}) {
    for (const bool zip64 : {false, true}) {
      for (const Descriptor descriptor :
           {Descriptor::kNone, Descriptor::k32, Descriptor::k32WithoutMagic,
            Descriptor::k64}) {
        const ZipEntry entry = {
            .content = content, .zip64 = zip64, .descriptor = descriptor};
        const std::string archive = Zip({entry, entry});
        EXPECT_TRUE(LooksZip(archive));
        for (const Unpacked& unpacked :
             {Unpack(archive, kZipLayer),
              UnpackPipe(archive, kZipLayer, 1000)}) {
          EXPECT_EQ(unpacked.Problem(), "");
          EXPECT_EQ(unpacked.content == content + content, true);
          EXPECT_EQ(unpacked.consumed, archive.size());
        }
      }
    }
  }
}

TEST(ZipTest, DirectoriesAndEmptyEntriesHoldNothing) {
  const std::string archive =
      Zip({{.content = "", .name = "d/", .deflated = false},
           {.content = "a", .name = "d/a"},
           {.content = "", .name = "", .deflated = false},
           {.content = "",
            .name = "e/",
            .deflated = false,
            .descriptor = Descriptor::k32},
           {.content = "b", .deflated = false}});
  const Unpacked unpacked = Unpack(archive, kZipLayer);
  EXPECT_EQ(unpacked.Problem(), "");
  EXPECT_EQ(unpacked.content, "ab");
}

TEST(ZipTest, RefusesByNameWhatItCannotRead) {
  const ZipEntry first = {.content = "first"};
  const auto problem = [&first](uint16_t flags, uint16_t method) {
    const ZipEntry second = {
        .content = "second", .flags = flags, .method = method};
    const Unpacked unpacked = Unpack(Zip({first, second}), kZipLayer);
    EXPECT_EQ(unpacked.content, "first");
    EXPECT_EQ(unpacked.error->remedy, "decompress it first");
    return unpacked.Problem();
  };
  EXPECT_EQ(problem(1, 8), "an encrypted zip entry cannot be read");
  EXPECT_EQ(problem(1 << 13, 8), "an encrypted zip entry cannot be read");
  EXPECT_EQ(problem(0, 99), "an encrypted zip entry cannot be read");
  EXPECT_EQ(problem(1 << 5, 8), "a zip entry with patch data cannot be read");
  EXPECT_EQ(problem(0, 9),
            "a zip entry compressed by Deflate64 cannot be read");
  EXPECT_EQ(problem(0, 93), "a zip entry compressed by zstd cannot be read");
  EXPECT_EQ(problem(0, 77),
            "a zip entry compressed by method 77 cannot be read");
  const Unpacked stored = Unpack(Zip({{.content = "stored",
                                       .deflated = false,
                                       .descriptor = Descriptor::k32}}),
                                 kZipLayer);
  EXPECT_EQ(stored.Problem(),
            "a stored zip entry with its length behind it cannot be read");
}

TEST(ZipTest, ContentIsCheckedAgainstChecksumAndLengths) {
  for (const bool deflated : {true, false}) {
    const std::string content = RandomText(2, 1000);
    const std::string archive =
        Zip({{.content = content, .name = "n", .deflated = deflated}});
    for (const size_t field : {14U, 18U, 22U}) {
      SCOPED_TRACE(field);
      std::string wrong = archive;
      wrong[field] ^= 1;
      const Unpacked unpacked = Unpack(wrong, kZipLayer);
      EXPECT_TRUE(unpacked.error.has_value());
      EXPECT_GE(unpacked.content.size(), deflated ? 1000U : 232U);
      EXPECT_EQ(UnpackPipe(wrong, kZipLayer, 10).Problem(), unpacked.Problem());
    }
  }
}

TEST(ZipTest, TheDirectoryListsAsManyEntries) {
  const ZipEntry entry = {.content = "content"};
  const std::string one = Zip({entry});
  const std::string two = Zip({entry, entry});
  const std::string local = one.substr(0, one.find("PK\x01\x02"));
  EXPECT_EQ(Problem(local + one),
            "zip data is damaged: 2 entries, of which its directory lists 1");
  EXPECT_EQ(Problem(two.substr(local.size())),
            "zip data is damaged: 1 entries, of which its directory lists 2");
}

TEST(ZipTest, RecordsOfLargeArchivesAreSkipped) {
  std::string archive = Zip({{.content = "content"}});
  const size_t end = archive.rfind("PK\x05\x06");
  const std::string extra = "PK\x06\x06" + oracle::LittleEndian(44, 8) +
                            std::string(44, 'x') + "PK\x06\x07" +
                            std::string(16, 'y');
  archive.insert(
      end, "PK\x05\x05" + oracle::LittleEndian(9, 2) + "signature" + extra);
  EXPECT_EQ(Unpack(archive, kZipLayer).content, "content");
  EXPECT_EQ(Problem(archive), "");
  // A length that overflows.
  archive.replace(archive.find("PK\x06\x06") + 4, 8, 8, '\xFF');
  EXPECT_EQ(Problem(archive), "zip data is cut off");
}

TEST(ZipTest, IsRecognisedByHeaderAndData) {
  const std::string archive = Zip({{.content = RandomText(3, 1000)}});
  EXPECT_TRUE(LooksZip(archive.substr(0, 4)));
  EXPECT_TRUE(LooksZip(archive.substr(0, 29)));
  EXPECT_FALSE(LooksZip(archive.substr(0, 3)));
  EXPECT_TRUE(LooksZip(Zip({})));
  EXPECT_TRUE(LooksZip(Zip({}, "comment")));
  EXPECT_FALSE(LooksZip("PK\x05\x06" + std::string(18, '\1')));
  std::string unknown_method = archive;
  unknown_method[8] = 50;
  EXPECT_FALSE(LooksZip(unknown_method));
  std::string no_deflate = archive;
  no_deflate.replace(34, 100, RandomText(4, 100));
  EXPECT_FALSE(LooksZip(no_deflate));
}

// Records behind varint lengths: the first byte is the length of the first.
TEST(ZipTest, ALengthThatLooksLikeTheMagicStaysRaw) {
  EXPECT_FALSE(LooksZip("PK\x03\x04{\"device\":\"" + RandomText(5, 200)));
}

}  // namespace
}  // namespace thresh
