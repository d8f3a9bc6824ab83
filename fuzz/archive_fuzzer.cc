// Archives of arbitrary bytes. The engine's result for an archive in memory is
// equal to that of libarchive's simplest loop, and its result for the archive
// from a pipe does not depend on the size of the reads, which the first byte
// chooses. The writers' output is read back unchanged.
#include <archive.h>
#include <archive_entry.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "input/archive.h"
#include "input/archive_reader.h"
#include "mutate.h"
#include "oracle/archives.h"
#include "oracle/compress.h"
#include "oracle/drip_stream.h"

namespace {

using thresh::ArchiveBytes;
using thresh::ArchiveFormat;

constexpr std::array<size_t, 8> kSteps = {1,   2,    3,     17,
                                          512, 4096, 65537, 1 << 21};
constexpr uint64_t kMaxContent = uint64_t{1} << 20;

struct Member {
  std::string name;
  bool is_file;
  std::string content;
  bool is_damaged = false;

  bool operator==(const Member&) const = default;
};

struct Outcome {
  std::vector<Member> members;
  bool is_damaged = false;

  bool operator==(const Outcome&) const = default;
};

// Too much to compare: a bomb, or an archive that does not end.
bool IsTooMuch(const Outcome& outcome) {
  size_t content = 0;
  for (const Member& member : outcome.members) content += member.content.size();
  return content > kMaxContent || outcome.members.size() > 1000;
}

Outcome Read(const ArchiveFormat& format, std::unique_ptr<ArchiveBytes> bytes) {
  thresh::ArchiveReader reader(format, std::move(bytes), "file");
  Outcome outcome;
  std::vector<uint8_t> room(4096);
  while (const auto entry = reader.Next()) {
    outcome.members.push_back({entry->name, entry->is_file, {}});
    Member& member = outcome.members.back();
    while (const size_t size = reader.Read(room)) {
      member.content.append(thresh::fuzz::AsText(room.data(), size));
      if (IsTooMuch(outcome)) return outcome;
    }
    member.is_damaged = reader.data_error().has_value();
  }
  outcome.is_damaged = reader.error().has_value();
  return outcome;
}

Outcome ReadMemory(const ArchiveFormat& format, std::string_view bytes) {
  return Read(format, thresh::NewMemoryBytes(thresh::AsBytes(bytes)));
}

Outcome ReadDrips(const ArchiveFormat& format, std::string_view bytes,
                  size_t step) {
  return Read(format, thresh::NewStreamBytes(
                          std::make_unique<thresh::oracle::DripStream>(
                              std::string(bytes), step)));
}

// For each ArchiveKind.
constexpr std::array<int (*)(archive*), 7> kEnable = {
    archive_read_support_format_zip, archive_read_support_format_7zip,
    archive_read_support_format_rar, archive_read_support_format_rar5,
    archive_read_support_format_cab, archive_read_support_format_cpio,
    archive_read_support_format_tar};

// As in libarchive's manual.
Outcome ReadPlainly(const ArchiveFormat& format, std::string_view bytes) {
  archive* handle = archive_read_new();
  kEnable[static_cast<size_t>(format.kind)](handle);
  if (format.kind == thresh::ArchiveKind::kTar) {
    archive_read_set_format_option(handle, "tar", "read_concatenated_archives",
                                   "1");
  }
  Outcome outcome;
  archive_entry* entry = nullptr;
  if (archive_read_open_memory(handle, bytes.data(), bytes.size()) ==
      ARCHIVE_OK) {
    int code = ARCHIVE_OK;
    while ((code = archive_read_next_header(handle, &entry)) == ARCHIVE_OK ||
           code == ARCHIVE_WARN) {
      const char* name = archive_entry_pathname(entry);
      outcome.members.push_back({name == nullptr ? "" : name, true, {}});
      Member& member = outcome.members.back();
      const void* data = nullptr;
      size_t size = 0;
      la_int64_t offset = 0;
      while ((code = archive_read_data_block(handle, &data, &size, &offset)) ==
             ARCHIVE_OK) {
        if (offset > 0) member.content.resize(static_cast<size_t>(offset));
        member.content.append(static_cast<const char*>(data), size);
        if (IsTooMuch(outcome)) break;
      }
      if (IsTooMuch(outcome)) break;
      member.is_damaged = code != ARCHIVE_EOF;
    }
  }
  archive_read_free(handle);
  return outcome;
}

void Expect(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

// Except for names, which libarchive's loop returns in the C locale, and sparse
// files, whose holes it leaves to its caller.
void ExpectSameContent(const Outcome& got, const Outcome& plain) {
  if (IsTooMuch(got) || IsTooMuch(plain)) return;
  Expect(got.members.size() == plain.members.size(), "another number");
  for (size_t i = 0; i < got.members.size(); ++i) {
    const Member& ours = got.members[i];
    const Member& theirs = plain.members[i];
    Expect(ours.is_damaged == theirs.is_damaged, "other damage");
    Expect(ours.content.starts_with(theirs.content), "other content");
  }
}

void ExpectBack(const std::string& bytes,
                const std::vector<std::string>& contents, size_t step) {
  const ArchiveFormat* format = thresh::FindArchive(thresh::AsBytes(bytes));
  Expect(format != nullptr, "not recognized");
  const Outcome whole = ReadMemory(*format, bytes);
  Expect(ReadDrips(*format, bytes, step) == whole, "drips give something else");
  Expect(!whole.is_damaged, "damaged, and sound");
  Expect(whole.members.size() == contents.size(), "not as many as written");
  for (size_t i = 0; i < contents.size(); ++i) {
    const Member& member = whole.members[i];
    Expect(member.name == std::to_string(i) && member.is_file &&
               member.content == contents[i] && !member.is_damaged,
           "not what was written");
  }
}

// Two members made of the bytes, in each format.
void CheckWriters(std::string_view bytes, size_t step) {
  using Descriptor = thresh::oracle::ZipEntry::Descriptor;
  const size_t half = bytes.size() / 2;
  const std::string first(bytes.substr(0, half));
  const std::string second(bytes.substr(half));
  const std::vector<std::string> contents = {first, second};
  ExpectBack(
      thresh::oracle::Zip(
          {{.content = first,
            .name = "0",
            .deflated = step % 2 == 0,
            .zip64 = step % 3 == 0},
           {.content = second,
            .name = "1",
            .zip64 = step % 3 == 0,
            .descriptor = step % 3 == 0 ? Descriptor::k64 : Descriptor::k32}}),
      contents, step);
  ExpectBack(thresh::oracle::Tar({{.content = first, .name = "0"},
                                  {.content = second, .name = "1"}}),
             contents, step);
  ExpectBack(thresh::oracle::Cpio({{.content = first, .name = "0"},
                                   {.content = second, .name = "1"}}),
             contents, step);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0 || size > size_t{1} << 16) return 0;
  const size_t step = kSteps[data[0] % kSteps.size()];
  const std::string_view bytes = thresh::fuzz::AsText(data + 1, size - 1);
  CheckWriters(bytes, step);
  const ArchiveFormat* format = thresh::FindArchive(thresh::AsBytes(bytes));
  if (format == nullptr) return 0;
  ExpectSameContent(ReadMemory(*format, bytes), ReadPlainly(*format, bytes));
  if (format->needs_seek) return 0;
  const Outcome drips = ReadDrips(*format, bytes, step);
  if (IsTooMuch(drips)) return 0;
  Expect(drips == ReadDrips(*format, bytes, 1 << 21), "drips differ");
  return 0;
}
