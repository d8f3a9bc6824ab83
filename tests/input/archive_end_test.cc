// An archive's own counts are compared with its contents, so that a lost member
// is always reported.
#include "input/archive_end.h"

#include <gmock/gmock.h>
#include <zlib.h>

#include "input/archive.h"
#include "input/testing.h"
#include "oracle/archives.h"
#include "oracle/compress.h"
#include "vector_files.h"

namespace thresh {
namespace {

using input_testing::RandomText;
using input_testing::ReadAll;
using oracle::Cpio;
using oracle::DripStream;
using oracle::Tar;
using oracle::Zip;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct EndedArchive {
  std::vector<std::string> members;  // NAME=CONTENT
  std::string error;                 // of the archive
};

EndedArchive ReadToEnd(Archive* archive) {
  EndedArchive unpacked;
  while (const auto member = archive->Next()) {
    Result<std::unique_ptr<SegmentSource>> source = member->open();
    const std::string content = source ? ReadAll(**source).content : "!";
    unpacked.members.push_back(member->name + "=" + content);
  }
  const ArchiveEnd end = archive->end();
  if (end.error) unpacked.error = end.error->message;
  return unpacked;
}

// From a file first, then from pipes; 7-Zip from a file only.
std::vector<EndedArchive> ReadEveryWay(const std::string& bytes) {
  const ArchiveFormat* format = FindArchive(AsBytes(bytes));
  EXPECT_NE(format, nullptr);
  if (format == nullptr) return {};
  std::vector<EndedArchive> all;
  all.push_back(ReadToEnd(OpenMemory(AsBytes(bytes)).value().archive.get()));
  if (format->needs_seek) return all;
  for (const size_t step : {1U, 1U << 20}) {
    const auto open = [&bytes, step] {
      return NewStreamBytes(std::make_unique<DripStream>(bytes, step));
    };
    all.push_back(
        ReadToEnd(NewArchive(*format, {.file = "memory", .open = open},
                             NameFilter(), {}, std::make_shared<BufferPool>())
                      .get()));
  }
  return all;
}

void ExpectErrors(const std::string& bytes, const std::string& message) {
  for (const EndedArchive& unpacked : ReadEveryWay(bytes)) {
    EXPECT_THAT(unpacked.error, HasSubstr(message));
  }
}

void ExpectSound(const std::string& bytes, size_t members) {
  for (const EndedArchive& unpacked : ReadEveryWay(bytes)) {
    EXPECT_EQ(unpacked.error, "");
    EXPECT_EQ(unpacked.members.size(), members);
  }
}

std::string SmallZip() {
  return Zip(
      {{.content = "one", .name = "1"}, {.content = "two", .name = "2"}});
}

std::string Number(uint64_t value, size_t size) {
  std::string bytes;
  for (size_t i = 0; i < size; ++i) {
    bytes += static_cast<char>(value >> (8 * i));
  }
  return bytes;
}

// The end of `zip`, which has no comment, with its numbers in 64 bits.
std::string WithWideEnd(const std::string& zip, uint64_t entries) {
  const size_t end = zip.size() - 22;
  const std::string sizes = zip.substr(end + 12, 8);
  const std::string numbers = Number(entries, 8) + Number(entries, 8) +
                              sizes.substr(0, 4) + Number(0, 4) +
                              sizes.substr(4) + Number(0, 4);
  return zip.substr(0, end) + "PK\x06\x06" + Number(44, 8) + Number(45, 2) +
         Number(45, 2) + Number(0, 8) + numbers + "PK\x06\x07" + Number(0, 4) +
         Number(end, 8) + Number(1, 4) + "PK\x05\x06" + Number(0, 4) +
         std::string(12, '\xFF') + Number(0, 2);
}

uint64_t Crc32(const std::string& bytes) {
  return crc32_z(0, AsBytes(bytes).data(), bytes.size());
}

// Archives of one stored member that holds "content", strictly by their
// formats.
std::string Rar5() {
  const auto block = [](const std::string& body) {
    const std::string header = Number(body.size(), 1) + body;
    return Number(Crc32(header), 4) + header;
  };
  const std::string file = Number(2, 1) + Number(2, 1) + Number(7, 1) +
                           Number(4, 1) + Number(7, 1) + "\xA4\x83\x02" +
                           Number(Crc32("content"), 4) + Number(0, 1) +
                           Number(1, 1) + Number(1, 1) + "1";
  return "Rar!\x1A\x07\x01" + Number(0, 1) +
         block(Number(1, 1) + Number(0, 2)) + block(file) + "content" +
         block(Number(5, 1) + Number(4, 1) + Number(0, 1));
}

std::string Rar4() {
  const auto block = [](uint64_t type, uint64_t flags,
                        const std::string& rest) {
    const std::string header =
        Number(type, 1) + Number(flags, 2) + Number(7 + rest.size(), 2) + rest;
    return Number(Crc32(header) & 0xFFFF, 2) + header;
  };
  const std::string file =
      Number(7, 4) + Number(7, 4) + Number(3, 1) + Number(Crc32("content"), 4) +
      Number(0x5A21'5A21, 4) + Number(20, 1) + Number(0x30, 1) + Number(1, 2) +
      Number(0100644, 4) + "1";
  return "Rar!\x1A\x07" + Number(0, 1) + block(0x73, 0, Number(0, 6)) +
         block(0x74, 0x8000, file) + "content" + block(0x7B, 0x4000, "");
}

std::string Cab() {
  const std::string file = Number(7, 4) + Number(0, 4) + Number(0, 2) +
                           Number(0x5A21, 2) + Number(0x5A21, 2) +
                           Number(0x20, 2) + "1" + Number(0, 1);
  const std::string data =
      Number(0, 4) + Number(7, 2) + Number(7, 2) + "content";
  const uint64_t files = 36 + 8;
  return "MSCF" + Number(0, 4) + Number(files + file.size() + data.size(), 4) +
         Number(0, 4) + Number(files, 4) + Number(0, 4) + Number(3, 1) +
         Number(1, 1) + Number(1, 2) + Number(1, 2) + Number(0, 6) +
         Number(files + file.size(), 4) + Number(1, 2) + Number(0, 2) + file +
         data;
}

TEST(ArchiveEndTest, RarAndCabEndWhereTheySay) {
  const std::string blobs = ReadVector("archives/blobs.bin");
  for (const std::string& archive : {Rar4(), Rar5(), Cab()}) {
    for (const EndedArchive& unpacked : ReadEveryWay(archive)) {
      EXPECT_THAT(unpacked.members, ElementsAre("memory!1=content"));
      EXPECT_EQ(unpacked.error, "");
    }
    ExpectSound(archive + std::string(777, '\0'), 1);
    ExpectErrors(archive + blobs, "and what follows it in the file");
    ExpectErrors(archive + archive, "and what follows it in the file");
  }
}

TEST(ArchiveEndTest, ZipIsHeldAgainstTheNumberOfItsEntries) {
  const std::string zip = SmallZip();
  ExpectSound(zip, 2);
  for (const int count : {0, 1, 3, 200}) {
    std::string other = zip;
    other[zip.size() - 12] = static_cast<char>(count);
    ExpectErrors(other, "says that it holds " + std::to_string(count));
  }
  ExpectSound(WithWideEnd(zip, 2), 2);
  ExpectErrors(WithWideEnd(zip, 3),
               "says that it holds 3 members, and 2 can be found");
}

TEST(ArchiveEndTest, MoreEntriesThanFitTheCountAreNoError) {
  std::vector<oracle::ZipEntry> entries(65'537, {.content = "", .name = "x"});
  for (oracle::ZipEntry& entry : entries) entry.deflated = false;
  std::string zip = Zip(entries);
  const auto archive = OpenMemory(AsBytes(zip)).value().archive;
  size_t found = 0;
  while (archive->Next().has_value()) ++found;
  EXPECT_EQ(found, entries.size());
  EXPECT_EQ(archive->end().error, std::nullopt);
}

TEST(ArchiveEndTest, AByteTooManyOrTooFewInZipIsAnError) {
  const std::string zip =
      Zip({{.content = "one", .name = "1", .deflated = false},
           {.content = "two", .name = "2", .deflated = false},
           {.content = "three", .name = "3", .deflated = false}});
  for (const size_t at : {zip.find("PK", 2) - 1, zip.find("PK", 2),
                          zip.find("two"), zip.find("three")}) {
    std::string other = zip;
    other.erase(at, 1);
    for (const EndedArchive& unpacked : ReadEveryWay(other)) {
      EXPECT_NE(unpacked.error, "") << at;
    }
    other = zip;
    other.insert(at, 1, 'x');
    for (const EndedArchive& unpacked : ReadEveryWay(other)) {
      EXPECT_NE(unpacked.error, "") << at;
    }
  }
}

TEST(ArchiveEndTest, TwoZipsInOneFileAreAnError) {
  const std::string other = Zip({{.content = "three", .name = "3"}});
  ExpectErrors(SmallZip() + other, "zip archive ");
  ExpectErrors(SmallZip() + SmallZip(), "bytes too many or too few");
  ExpectErrors(WithWideEnd(SmallZip(), 2) + WithWideEnd(SmallZip(), 2),
               "bytes too many or too few");
  ExpectErrors(Zip({}) + SmallZip(), "zip archive ");
  ExpectErrors(SmallZip() + Zip({}), "zip archive ");
}

TEST(ArchiveEndTest, WhatFollowsAnArchiveIsAnError) {
  const std::string cpio =
      Cpio({{.content = "one", .name = "1"}, {.content = "two", .name = "2"}});
  const std::string tar = Tar({{.content = "one", .name = "1"}});
  const std::string seven_zip = ReadVector("layers/libarchive.7z");
  const std::string blobs = ReadVector("archives/blobs.bin");
  for (const std::string& archive :
       {SmallZip(), Zip({}, "comment"), cpio, tar, seven_zip}) {
    for (const std::string& rest :
         {std::string("x"), std::string("\n"), std::string("{\"Data\":\"\"}\n"),
          std::string(1000, '\0') + "x", blobs, RandomText(1, 30'000),
          RandomText(2, 300'000)}) {
      for (const EndedArchive& unpacked : ReadEveryWay(archive + rest)) {
        EXPECT_NE(unpacked.error, "")
            << archive.substr(0, 2) << " " << rest.size();
      }
    }
  }
  for (const std::string& archive : {cpio, seven_zip}) {
    ExpectErrors(archive + archive, "and what follows it in the file");
    ExpectErrors(archive + blobs, "and what follows it in the file");
  }
  ExpectErrors(SmallZip() + blobs.substr(0, 100),
               "ends at byte " + std::to_string(SmallZip().size()));
}

TEST(ArchiveEndTest, ZerosBehindAnArchiveArePadding) {
  const std::string zeros(5120, '\0');
  ExpectSound(SmallZip() + zeros, 2);
  ExpectSound(WithWideEnd(SmallZip(), 2) + zeros, 2);
  ExpectSound(Zip({{.content = "x"}}, "PK\x05\x06 is no end here") + zeros, 1);
  ExpectSound(Cpio({{.content = "one", .name = "1"}}) + zeros, 1);
  ExpectSound(Tar({{.content = "one", .name = "1"}}) + zeros, 1);
  ExpectSound(
      ReadVector("layers/libarchive.7z") + zeros,
      ReadEveryWay(ReadVector("layers/libarchive.7z")).front().members.size());
}

TEST(ArchiveEndTest, ACpioHeaderThatIsPassedOverIsAnError) {
  const std::string cpio = Cpio({{.content = "one", .name = "1"},
                                 {.content = "two", .name = "2"},
                                 {.content = "three", .name = "3"}});
  const size_t second = cpio.find("07070", 10);
  ASSERT_NE(second, std::string::npos);
  for (const size_t at : {second, second + 3}) {
    std::string damaged = cpio;
    damaged[at] = 'x';
    for (const EndedArchive& unpacked : ReadEveryWay(damaged)) {
      EXPECT_THAT(unpacked.members,
                  ElementsAre("memory!1=one", "memory!3=three"));
      EXPECT_THAT(unpacked.error,
                  AllOf(HasSubstr("is damaged behind the member 1"),
                        HasSubstr("is not read")));
    }
  }
}

}  // namespace
}  // namespace thresh
