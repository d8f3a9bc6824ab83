// Archives and their members, from seekable inputs and from pipes; and the
// errors for members and archives that cannot be read.
#include "input/archive.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <ostream>

#include "input/archive_format.h"
#include "input/testing.h"
#include "oracle/archives.h"
#include "oracle/compress.h"
#include "vector_files.h"

namespace thresh {
namespace {

using input_testing::RandomText;
using input_testing::ReadAll;
using input_testing::Reading;
using input_testing::TempDir;
using oracle::Cpio;
using oracle::DripStream;
using oracle::Tar;
using oracle::TarEntry;
using oracle::Zip;
using oracle::ZipEntry;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

// A member as "NAME=CONTENT", followed by its error.
struct Members {
  std::vector<std::string> members;
  std::string error;  // of the archive
  LeftOut left_out;
  uint64_t stored = 0;

  bool operator==(const Members&) const = default;
};

void PrintTo(const Members& members, std::ostream* out) {
  for (const std::string& member : members.members) {
    *out << member.substr(0, 40) << " (" << member.size() << ") "
         << member.substr(std::min(member.size(), member.find(" !"))) << "\n";
  }
  *out << members.error << ", " << members.left_out.not_data << " left out, "
       << members.left_out.excluded << " excluded, " << members.stored
       << " bytes";
}

Members ReadMembers(Archive* archive) {
  Members unpacked;
  while (std::optional<Archive::Member> member = archive->Next()) {
    std::string text = member->name + "=";
    Result<std::unique_ptr<SegmentSource>> source = member->open();
    if (source) {
      const Reading reading = ReadAll(**source);
      text += reading.content;
      if (reading.error) {
        EXPECT_EQ(reading.error->file, member->name);
        EXPECT_EQ(reading.error->offset, reading.content.size());
        text += " !" + reading.error->message;
      }
    } else {
      EXPECT_FALSE(source.error().remedy.empty());
      text += "!" + source.error().message;
    }
    unpacked.members.push_back(std::move(text));
  }
  const ArchiveEnd end = archive->end();
  if (end.error) {
    EXPECT_EQ(end.error->file, "memory");
    EXPECT_FALSE(end.error->remedy.empty());
    unpacked.error = end.error->message;
  }
  unpacked.left_out = end.left_out;
  unpacked.stored = end.stored_bytes;
  return unpacked;
}

Members FromMemory(const std::string& bytes, const NameFilter& filter = {},
                   const ExpansionLimits& limits = {}) {
  Result<Input> input = OpenMemory(AsBytes(bytes), limits, filter);
  EXPECT_TRUE(input && input->archive != nullptr);
  if (!input || input->archive == nullptr) return {};
  return ReadMembers(input->archive.get());
}

Members FromPipe(const std::string& bytes, size_t step = 1 << 20) {
  const ArchiveFormat* format = FindArchive(AsBytes(bytes));
  EXPECT_NE(format, nullptr);
  if (format == nullptr) return {};
  const auto archive = NewArchive(
      *format,
      {.file = "memory",
       .open =
           [&] {
             return NewStreamBytes(std::make_unique<DripStream>(bytes, step));
           }},
      NameFilter(), {}, std::make_shared<BufferPool>());
  EXPECT_FALSE(archive->random_access());
  return ReadMembers(archive.get());
}

const std::vector<ZipEntry>& EveryZipEntry() {
  using Descriptor = ZipEntry::Descriptor;
  static const std::vector<ZipEntry> entries = {
      {.content = "stored", .name = "a/1", .deflated = false},
      {.content = RandomText(1, 100'000), .name = "a/2"},
      {.content = "large", .name = "3", .zip64 = true},
      {.content = "behind", .name = "4", .descriptor = Descriptor::k32},
      {.content = "wide",
       .name = "5",
       .zip64 = true,
       .descriptor = Descriptor::k64},
      {.content = "", .name = "6", .deflated = false}};
  return entries;
}

TEST(ArchiveTest, EveryKindOfZipEntryIsAnInput) {
  const std::string bytes = Zip(EveryZipEntry(), "comment");
  const Members unpacked = FromMemory(bytes);
  std::vector<std::string> expected;
  for (const ZipEntry& entry : EveryZipEntry()) {
    expected.push_back("memory!" + entry.name + "=" + entry.content);
  }
  EXPECT_EQ(unpacked.members, expected);
  EXPECT_EQ(unpacked.error, "");
  EXPECT_EQ(unpacked.stored, bytes.size());
  for (const size_t step : {1U, 7U, 4096U, 1U << 20}) {
    EXPECT_EQ(FromPipe(bytes, step), unpacked) << step;
  }
}

TEST(ArchiveTest, MembersOfTarAreInputsAndOthersAreCounted) {
  const std::string large = RandomText(2, 70'000);
  const std::string bytes =
      Tar({{.content = "one", .name = "d/1"},
           {.content = "", .name = "d/", .type = '5'},
           {.content = "", .name = "hard", .type = '1', .link = "d/1"},
           {.content = "", .name = "soft", .type = '2', .link = "d/1"},
           {.content = "", .name = "pipe", .type = '6'},
           {.content = large, .name = "d/2"}});
  const Members unpacked = FromMemory(bytes);
  EXPECT_THAT(unpacked.members,
              ElementsAre("memory!d/1=one", "memory!d/2=" + large));
  EXPECT_EQ(unpacked.left_out, (LeftOut{.not_data = 4, .excluded = 0}));
  EXPECT_EQ(unpacked.error, "");
  EXPECT_EQ(unpacked.stored, bytes.size());
  for (const size_t step : {1U, 511U, 4096U}) {
    EXPECT_EQ(FromPipe(bytes, step), unpacked) << step;
  }
}

TEST(ArchiveTest, CpioIsReadToo) {
  EXPECT_THAT(FromMemory(Cpio({{.content = "a", .name = "1"},
                               {.content = "b", .name = "2"}}))
                  .members,
              ElementsAre("memory!1=a", "memory!2=b"));
}

TEST(ArchiveTest, LayersOfMembersComeOff) {
  const std::vector<std::string> expected = {"memory!x.gz=gzip",
                                             "memory!y=zstd within gzip"};
  const std::string packed = oracle::Gzip(oracle::Zstd("zstd within gzip"));
  EXPECT_EQ(FromMemory(Zip({{.content = oracle::Gzip("gzip"), .name = "x.gz"},
                            {.content = packed, .name = "y"}}))
                .members,
            expected);
  EXPECT_EQ(FromMemory(Tar({{.content = oracle::Gzip("gzip"), .name = "x.gz"},
                            {.content = packed, .name = "y"}}))
                .members,
            expected);
}

TEST(ArchiveTest, AnArchiveComesOutOfLayers) {
  const std::string tar = Tar({{.content = "one", .name = "1"},
                               {.content = RandomText(3, 9999), .name = "2"}});
  for (const std::string& bytes :
       {oracle::Gzip(tar), oracle::Zstd(oracle::Gzip(tar)),
        oracle::Gzip(tar.substr(0, 700)) + oracle::Gzip(tar.substr(700))}) {
    const Members unpacked = FromMemory(bytes);
    EXPECT_THAT(unpacked.members,
                ElementsAre("memory!1=one", "memory!2=" + RandomText(3, 9999)));
    EXPECT_EQ(unpacked.error, "");
    EXPECT_EQ(unpacked.stored, bytes.size());
  }
  EXPECT_THAT(FromMemory(oracle::Gzip(Zip({{.content = "z"}}))).members,
              ElementsAre("memory!name=z"));
}

TEST(ArchiveTest, ArchivesWithinArchivesAreRefusedAndTheOthersRead) {
  const std::string inner = Zip({{.content = "inner"}});
  for (const std::string& bytes :
       {Zip({{.content = "a", .name = "1"},
             {.content = inner, .name = "2", .deflated = false},
             {.content = oracle::Gzip(Tar({{.content = "x"}})), .name = "3"},
             {.content = "b", .name = "4"}}),
        Tar({{.content = "a", .name = "1"},
             {.content = inner, .name = "2"},
             {.content = oracle::Gzip(Tar({{.content = "x"}})), .name = "3"},
             {.content = "b", .name = "4"}})}) {
    EXPECT_THAT(
        FromMemory(bytes).members,
        ElementsAre(
            "memory!1=a",
            "memory!2=!an archive (zip) within an archive cannot be read",
            "memory!3=!an archive (tar) within an archive cannot be read",
            "memory!4=b"));
  }
}

TEST(ArchiveTest, EncryptedMembersAreRefusedAndTheOthersRead) {
  const std::string bytes = Zip({{.content = "a", .name = "1"},
                                 {.content = "secret", .name = "2", .flags = 1},
                                 {.content = "b", .name = "3"}});
  const auto expected =
      ElementsAre("memory!1=a", "memory!2=!an encrypted member cannot be read",
                  "memory!3=b");
  EXPECT_THAT(FromMemory(bytes).members, expected);
  EXPECT_THAT(FromPipe(bytes).members, expected);
  EXPECT_THAT(FromMemory(ReadVector("layers/info-zip-encrypted.zip")).members,
              ElementsAre(HasSubstr("=!an encrypted member cannot be read")));
}

TEST(ArchiveTest, ADamagedMemberIsAnErrorOfItsOwn) {
  for (const bool deflated : {false, true}) {
    std::string bytes = Zip(
        {{.content = "before", .name = "1"},
         {.content = RandomText(4, 50'000), .name = "2", .deflated = deflated},
         {.content = "behind", .name = "3"}});
    bytes[20'000] = static_cast<char>(bytes[20'000] ^ 1);
    for (const Members& unpacked : {FromMemory(bytes), FromPipe(bytes)}) {
      ASSERT_GE(unpacked.members.size(), 2U);
      EXPECT_EQ(unpacked.members[0], "memory!1=before");
      EXPECT_THAT(unpacked.members[1],
                  HasSubstr("!the member is damaged or cut off: "));
      EXPECT_EQ(unpacked.members.back(), "memory!3=behind");
    }
  }
}

TEST(ArchiveTest, ADamagedFirstMemberOfZipHidesNoOther) {
  for (const std::string& first :
       {RandomText(4, 50'000), std::string("first of all")}) {
    std::string bytes = Zip({{.content = first, .name = "d/first.json"},
                             {.content = "second", .name = "2"}});
    const size_t data = 30 + 12;  // past header and name
    for (size_t i = 0; i < 8; ++i) bytes[data + i] = '\xFF';
    for (const Members& unpacked : {FromMemory(bytes), FromPipe(bytes)}) {
      EXPECT_THAT(unpacked.members,
                  ElementsAre(HasSubstr("!the member is damaged or cut off: "),
                              "memory!2=second"));
    }
  }
}

// What was read before counts, and an error reports that there was more.
TEST(ArchiveTest, CutAnywhereYieldsWhatPrecedes) {
  const std::string content = RandomText(5, 3000);
  for (const std::string& whole :
       {Zip({{.content = "one", .name = "1"},
             {.content = content, .name = "2", .deflated = false},
             {.content = "three", .name = "3"}}),
        Tar({{.content = "one", .name = "1"},
             {.content = content, .name = "2"},
             {.content = "three", .name = "3"}}),
        Cpio({{.content = "one", .name = "1"},
              {.content = content, .name = "2"},
              {.content = "three", .name = "3"}})}) {
    const bool is_tar = whole.substr(257, 5) == "ustar";
    for (size_t size = 1024; size < whole.size(); size += 7) {
      // In a tar, one block of zeros is an end, and so is half a block.
      if (is_tar && size + 1024 > whole.size()) break;
      const std::string cut = whole.substr(0, size);
      for (const Members& unpacked : {FromMemory(cut), FromPipe(cut)}) {
        ASSERT_FALSE(unpacked.members.empty()) << size;
        EXPECT_EQ(unpacked.members[0], "memory!1=one");
        EXPECT_NE(unpacked.error, "") << size;
        if (unpacked.members.size() < 2) continue;
        const std::string second = unpacked.members[1];
        EXPECT_TRUE(("memory!2=" + content)
                        .starts_with(second.substr(0, second.find(" !"))));
      }
    }
  }
}

TEST(ArchiveTest, WhatIsMissingIsNamed) {
  std::string tar = Tar({{.content = "one", .name = "1"}});
  tar.resize(1024);
  EXPECT_EQ(FromMemory(tar).error,
            "the tar archive has no end: it was cut off after the member 1, "
            "and further members may be lost");
  const std::string zip =
      Zip({{.content = "one", .name = "1\n"},
           {.content = RandomText(6, 5000), .name = "2", .deflated = false}});
  const Members unpacked = FromMemory(zip.substr(0, 3000));
  EXPECT_THAT(unpacked.members[1], HasSubstr(" !the member is damaged or cut "
                                             "off: Truncated"));
  EXPECT_THAT(unpacked.error,
              AllOf(StartsWith("the zip archive is damaged or cut off: "),
                    HasSubstr("; what follows the member 2 is not read")));
}

TEST(ArchiveTest, AnArchiveCutInItsLayerSaysSo) {
  const std::string tar = Tar({{.content = RandomText(7, 90'000)}});
  const std::string packed = oracle::Gzip(tar);
  const Members unpacked = FromMemory(packed.substr(0, packed.size() / 2));
  ASSERT_EQ(unpacked.members.size(), 1U);
  EXPECT_THAT(unpacked.members[0], HasSubstr(" !gzip data is cut off"));
  EXPECT_THAT(unpacked.error, HasSubstr("gzip data is cut off"));
}

TEST(ArchiveTest, EmptyArchivesHoldNothing) {
  const Members unpacked = FromMemory(Zip({}, "comment"));
  EXPECT_THAT(unpacked.members, IsEmpty());
  EXPECT_EQ(unpacked.error, "");
  EXPECT_EQ(FromPipe(Zip({}, "comment")), unpacked);
}

TEST(ArchiveTest, LimitsOfExpansionHoldForEachMember) {
  const std::string bytes = Zip({{.content = "1234567890", .name = "1"},
                                 {.content = "12345678901", .name = "2"},
                                 {.content = "123", .name = "3"}});
  EXPECT_THAT(FromMemory(bytes, {}, {.bytes = 10}).members,
              ElementsAre("memory!1=1234567890",
                          "memory!2=1234567890 !expands to more than 10 bytes",
                          "memory!3=123"));
}

TEST(ArchiveTest, ABombEndsAtTheRatio) {
  const std::string zeros(size_t{100} << 20, '\0');
  const std::string bytes =
      Zip({{.content = zeros, .name = "bomb"}, {.content = "3", .name = "3"}});
  const auto is_bomb = ElementsAre(
      HasSubstr(" !expands to more than 500 times its size"), "memory!3=3");
  EXPECT_THAT(FromMemory(bytes, {}, {.ratio = 500}).members, is_bomb);
  EXPECT_EQ(FromMemory(bytes, {}, {.ratio = 2000}).members[0].size(),
            zeros.size() + sizeof("memory!bomb=") - 1);
}

TEST(ArchiveTest, NamesAreFilteredAndCounted) {
  const std::string bytes =
      Zip({{.content = "1", .name = "d/1.json"},
           {.content = "2", .name = "__MACOSX/d/._1.json"},
           {.content = "3", .name = "d/.DS_Store"},
           {.content = "4", .name = "d/_SUCCESS"},
           {.content = "5", .name = ".1.json.crc"},
           {.content = "6", .name = "e/2.json"},
           {.content = "7", .name = "e/README.txt"}});
  EXPECT_EQ(FromMemory(bytes).left_out, (LeftOut{4, 0}));
  EXPECT_EQ(FromMemory(bytes).members.size(), 3U);
  const Members json = FromMemory(bytes, NameFilter({"*.json"}, {"d/*"}));
  EXPECT_THAT(json.members, ElementsAre("memory!e/2.json=6"));
  EXPECT_EQ(json.left_out, (LeftOut{4, 2}));
  EXPECT_THAT(FromMemory(bytes, NameFilter({"1.json", "README*"}, {})).members,
              ElementsAre("memory!d/1.json=1", "memory!e/README.txt=7"));
}

TEST(ArchiveTest, NamesAreWhatTheArchiveSays) {
  const std::string long_name = std::string(300, 'x') + "/\xC3\xA9";
  EXPECT_THAT(FromMemory(oracle::PaxHeader("path", long_name) +
                         Tar({{.content = "1", .name = "short"},
                              {.content = "2", .name = "../../etc/passwd"},
                              {.content = "3", .name = "\xFF\x1B[2J"}}))
                  .members,
              ElementsAre("memory!" + long_name + "=1",
                          "memory!../../etc/passwd=2", "memory!\xFF\x1B[2J=3"));
  constexpr uint16_t kUtf8 = 1U << 11;
  EXPECT_THAT(
      FromMemory(Zip({{.content = "1", .name = "\xC3\xA9", .flags = kUtf8},
                      {.content = "2", .name = "\xC3\xA9"},
                      {.content = "3", .name = "\x82"}}))
          .members,
      ElementsAre("memory!\xC3\xA9=1", "memory!\xC3\xA9=2", "memory!\x82=3"));
}

TEST(ArchiveTest, IsRecognizedByHeaderAndData) {
  const auto find = [](const std::string& head) {
    const ArchiveFormat* format = FindArchive(AsBytes(head));
    return format == nullptr ? "" : std::string(format->name);
  };
  const std::string zip = Zip({{.content = RandomText(3, 1000)}});
  EXPECT_EQ(find(zip.substr(0, 30)), "zip");
  EXPECT_EQ(find(zip.substr(0, 3)), "");
  EXPECT_EQ(find(Zip({})), "zip");
  EXPECT_EQ(find("PK\x05\x06" + std::string(18, '\1')), "");
  EXPECT_EQ(find("PK\x03\x04{\"device\":\"" + RandomText(5, 200)), "");
  std::string no_deflate = zip;
  no_deflate[40] = '\xFF';
  EXPECT_EQ(find(no_deflate), "zip") << "damaged";
  no_deflate[12] = '\xFF';
  no_deflate[13] = '\xFF';
  EXPECT_EQ(find(no_deflate), "") << "a month 15, and no deflate data";
  std::string tar = Tar({{.content = "x"}});
  EXPECT_EQ(find(tar), "tar");
  EXPECT_EQ(find(tar.substr(0, 511)), "");
  tar[100] = '7';
  EXPECT_EQ(find(tar), "") << "another sum";
  EXPECT_EQ(find(std::string(1024, '\0')), "");
  EXPECT_EQ(find(Cpio({})), "cpio");
  EXPECT_EQ(find("070707" + std::string(70, 'A')), "");
}

// Readers that each walk the archive, in any order.
TEST(ArchiveTest, MembersOfZipOpenInAnyOrder) {
  std::vector<ZipEntry> entries;
  for (int i = 0; i < 40; ++i) {
    entries.push_back({.content = RandomText(static_cast<uint64_t>(i), 5000),
                       .name = std::to_string(i)});
  }
  const std::string bytes = Zip(entries);
  const TempDir dir;
  const std::string path = dir.Write("a.zip", bytes);
  Result<Input> input = OpenInput(path, /*use_mmap=*/true);
  ASSERT_TRUE(input && input->archive != nullptr);
  ASSERT_TRUE(input->archive->random_access());
  std::vector<Archive::Member> members;
  while (auto member = input->archive->Next()) members.push_back(*member);
  ASSERT_EQ(members.size(), entries.size());
  for (size_t i = 0; i < members.size(); ++i) {
    const size_t turn = i * 17 % members.size();
    EXPECT_EQ(members[turn].name, path + "!" + std::to_string(turn));
    auto source = members[turn].open().value();
    EXPECT_EQ(ReadAll(*source).content, entries[turn].content);
  }
}

TEST(ArchiveTest, HolesOfSparseFilesAreZeros) {
  std::string expected(100'000, '\0');
  expected.replace(4096, 5, "first");
  expected.replace(50'000, 3, "mid");
  const std::string bytes = ReadVector("layers/libarchive-sparse.tar");
  const Members unpacked = FromMemory(bytes);
  EXPECT_EQ(unpacked.members,
            (std::vector<std::string>{"memory!sparse=" + expected,
                                      "memory!behind=x"}));
  EXPECT_EQ(FromPipe(bytes, 100), unpacked);
}

TEST(ArchiveTest, FilesOfOtherProgramsAreRead) {
  const std::string blobs = ReadVector("archives/blobs.bin");
  for (const char* file :
       {"python-two-entries.zip", "python-zip64.zip", "python-streamed.zip",
        "info-zip-streamed.zip", "python-bzip2.zip"}) {
    SCOPED_TRACE(file);
    const std::string bytes = ReadVector(kVectors / "layers" / file);
    const Members unpacked = FromMemory(bytes);
    EXPECT_EQ(FromPipe(bytes, 1000), unpacked);
    std::string content;
    for (const std::string& member : unpacked.members) {
      content += member.substr(member.find('=') + 1);
    }
    EXPECT_EQ(content == blobs, true);
    EXPECT_EQ(unpacked.error, "");
  }
  EXPECT_THAT(FromMemory(ReadVector("layers/python-empty.zip")).members,
              IsEmpty());
}

// As some programs compute it, which treat the bytes of a header as signed.
TEST(ArchiveTest, ATarMayCountSignedBytes) {
  std::string tar = oracle::Tar({{.content = "x", .name = "name"}});
  tar[0] = '\xC3';
  int sum = 0;
  for (size_t i = 0; i < 512; ++i) {
    sum += i >= 148 && i < 156 ? ' ' : static_cast<signed char>(tar[i]);
  }
  std::string field(6, '0');
  for (size_t i = 6; i-- > 0; sum /= 8)
    field[i] = static_cast<char>('0' + sum % 8);
  tar.replace(148, 8, field + std::string("\0 ", 2));
  EXPECT_NE(FindArchive(AsBytes(tar)), nullptr);
  tar[1] = 'x';
  EXPECT_EQ(FindArchive(AsBytes(tar)), nullptr);
}

}  // namespace
}  // namespace thresh
