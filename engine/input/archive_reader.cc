// libarchive returns data in blocks in its own memory; they are copied once,
// into the caller's buffer, and holes of sparse files become zeros.
#include "input/archive_reader.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <string_view>
#include <utility>

#include "base/errors.h"
#include "base/printable.h"
#include "input/utf8_scope.h"

namespace thresh {
namespace {

std::string NameOf(archive_entry* entry, uint64_t number) {
  const char* name = archive_entry_pathname(entry);
  if (name == nullptr) name = archive_entry_pathname_utf8(entry);
  if (name == nullptr) return "member " + std::to_string(number + 1);
  return name;
}

// libarchive's number of each ArchiveKind.
constexpr std::array<int, 7> kFormatCodes = {
    ARCHIVE_FORMAT_ZIP,    ARCHIVE_FORMAT_7ZIP, ARCHIVE_FORMAT_RAR,
    ARCHIVE_FORMAT_RAR_V5, ARCHIVE_FORMAT_CAB,  ARCHIVE_FORMAT_CPIO,
    ARCHIVE_FORMAT_TAR};

// Returns libarchive's result.
int Enable(ArchiveKind kind, archive* handle) {
  const int code = archive_read_support_format_by_code(
      handle, kFormatCodes[static_cast<size_t>(kind)]);
  if (code != ARCHIVE_OK || kind != ArchiveKind::kTar) return code;
  // Another archive may follow its end, if two were concatenated.
  return archive_read_set_format_option(handle, "tar",
                                        "read_concatenated_archives", "1");
}

constexpr char kRemedy[] = "fetch or make the archive again";

}  // namespace

// The callbacks of libarchive; `self` is the reader.
struct ArchiveReader::Callbacks {
  static la_ssize_t Read(archive* handle, void* self, const void** buffer) {
    auto* reader = static_cast<ArchiveReader*>(self);
    const Bytes bytes = reader->Fetch();
    *buffer = bytes.data();
    if (bytes.empty() && reader->bytes_->error().has_value()) {
      archive_set_error(handle, EIO, "cannot be read on");
      return ARCHIVE_FATAL;
    }
    return static_cast<la_ssize_t>(bytes.size());
  }

  static la_int64_t Skip(archive* /*handle*/, void* self, la_int64_t request) {
    auto* reader = static_cast<ArchiveReader*>(self);
    const uint64_t left = *reader->bytes_->size() - reader->position_;
    const uint64_t skipped =
        std::min(left, static_cast<uint64_t>(std::max<la_int64_t>(request, 0)));
    reader->position_ += skipped;
    reader->bytes_->Seek(reader->position_);
    return static_cast<la_int64_t>(skipped);
  }

  static la_int64_t Seek(archive* /*handle*/, void* self, la_int64_t offset,
                         int whence) {
    auto* reader = static_cast<ArchiveReader*>(self);
    const auto size = static_cast<la_int64_t>(*reader->bytes_->size());
    la_int64_t base = 0;
    if (whence == SEEK_CUR) base = static_cast<la_int64_t>(reader->position_);
    if (whence == SEEK_END) base = size;
    if (offset < -base || offset > size - base) return ARCHIVE_FATAL;
    reader->position_ = static_cast<uint64_t>(base + offset);
    reader->bytes_->Seek(reader->position_);
    return base + offset;
  }
};

ArchiveReader::~ArchiveReader() { archive_read_free(handle_); }

bool ArchiveReader::Open() {
  handle_ = archive_read_new();
  if (handle_ == nullptr) return false;
  archive_read_set_callback_data(handle_, this);
  archive_read_set_read_callback(handle_, Callbacks::Read);
  if (bytes_->size().has_value()) {
    archive_read_set_skip_callback(handle_, Callbacks::Skip);
    archive_read_set_seek_callback(handle_, Callbacks::Seek);
  }
  return Enable(format_.kind, handle_) == ARCHIVE_OK &&
         archive_read_open1(handle_) == ARCHIVE_OK;
}

Bytes ArchiveReader::Fetch() {
  const Bytes bytes = bytes_->Read();
  const bool is_wanted =
      ended_ || position_ == 0 || !bytes_->size().has_value();
  if (is_wanted) ending_.See(position_, bytes);
  position_ += bytes.size();
  return bytes;
}

Error ArchiveReader::ErrorHere(const std::string& what) const {
  if (const std::optional<Error> below = bytes_->error()) return *below;
  const char* reason =
      handle_ == nullptr ? nullptr : archive_error_string(handle_);
  return InputError(
      file_, std::nullopt,
      what + ": " + Printable(reason == nullptr ? "it ends here" : reason),
      kRemedy);
}

void ArchiveReader::Lose() {
  ended_ = true;
  is_lost_ = true;
  error_ = ErrorHere("the " + std::string(format_.name) +
                     " archive is damaged or cut off");
  error_->file = file_;
  error_->message += entries_ == 0 ? "; no member was found"
                                   : "; what follows the member " +
                                         Printable(name_) + " is not read";
}

// A warning is about a name that is not in its expected encoding, or about
// bytes that were skipped in search of an entry; only its text distinguishes
// them.
void ArchiveReader::NoteSkipped() {
  const char* warning = archive_error_string(handle_);
  if (skipped_.has_value() || warning == nullptr ||
      !std::string_view(warning).starts_with("Skipped ")) {
    return;
  }
  skipped_ = ErrorHere("the " + std::string(format_.name) +
                       " archive is damaged after the member " +
                       Printable(name_) + "; bytes there are not read");
  skipped_->file = file_;
}

std::optional<ArchiveEntry> ArchiveReader::Next() {
  const Utf8Scope utf8;
  if (ended_) return std::nullopt;
  data_ended_ = true;
  block_ = {};
  if (handle_ == nullptr && !Open()) {
    Lose();
    return std::nullopt;
  }
  archive_entry* entry = nullptr;
  const int code = archive_read_next_header(handle_, &entry);
  if (code == ARCHIVE_EOF) {
    End();
    return std::nullopt;
  }
  if (code != ARCHIVE_OK && code != ARCHIVE_WARN) {
    Lose();
    return std::nullopt;
  }
  if (code == ARCHIVE_WARN) NoteSkipped();
  last_position_ = StoredPosition();
  block_offset_ = 0;
  delivered_ = 0;
  data_ended_ = false;
  data_error_.reset();
  name_ = NameOf(entry, entries_);
  return ArchiveEntry{.name = name_,
                      .number = entries_++,
                      .is_file = archive_entry_filetype(entry) == AE_IFREG &&
                                 archive_entry_hardlink(entry) == nullptr &&
                                 archive_entry_symlink(entry) == nullptr,
                      .is_encrypted = archive_entry_is_encrypted(entry) != 0};
}

uint64_t ArchiveReader::StoredPosition() const {
  if (const std::optional<uint64_t> below = bytes_->compressed_offset()) {
    return *below;
  }
  return ConsumedBytes();
}

// The bytes fetched, as far as libarchive has used them.
uint64_t ArchiveReader::ConsumedBytes() const {
  return static_cast<uint64_t>(
      std::max<la_int64_t>(archive_filter_bytes(handle_, 0), 0));
}

// 7-Zip seeks back from its directory to the data; that is not reading.
void ArchiveReader::CountStored() {
  const uint64_t position = StoredPosition();
  if (position > last_position_) data_stored_ += position - last_position_;
  last_position_ = position;
}

// An entry with damage at its end, such as a wrong checksum, still has data.
void ArchiveReader::NextBlock() {
  const void* data = nullptr;
  size_t size = 0;
  la_int64_t offset = 0;
  const int code = archive_read_data_block(handle_, &data, &size, &offset);
  CountStored();
  data_ended_ = code != ARCHIVE_OK;
  if (code == ARCHIVE_EOF || data == nullptr) size = 0;
  block_ = Bytes(static_cast<const uint8_t*>(data), size);
  block_offset_ = static_cast<uint64_t>(std::max<la_int64_t>(offset, 0));
  if (code == ARCHIVE_OK || code == ARCHIVE_EOF) return;
  is_lost_ = code == ARCHIVE_FATAL;
  data_error_ = ErrorHere("the member is damaged or cut off");
}

size_t ArchiveReader::Read(std::span<uint8_t> out) {
  while (block_.empty() && block_offset_ <= delivered_) {
    if (data_ended_) return 0;
    NextBlock();
  }
  size_t size = 0;
  if (block_offset_ > delivered_) {
    size = static_cast<size_t>(
        std::min<uint64_t>(out.size(), block_offset_ - delivered_));
    std::fill_n(out.data(), size, 0);
    delivered_ += size;
    return size;
  }
  size = std::min(out.size(), block_.size());
  std::copy_n(block_.data(), size, out.data());
  block_ = block_.subspan(size);
  delivered_ += size;
  block_offset_ += size;
  return size;
}

// After the last member: checks whether the archive ends correctly, reading the
// rest of a pipe.
void ArchiveReader::End() {
  ended_ = true;
  const std::optional<uint64_t> size = bytes_->size();
  if (size.has_value()) {
    position_ = ending_.Start(*size, ConsumedBytes());
    bytes_->Seek(position_);
  }
  while (!Fetch().empty()) {
  }
  if (const std::optional<Error> below = bytes_->error()) {
    error_ = *below;
    error_->file = file_;
    return;
  }
  CheckEnd();
  if (!error_.has_value()) error_ = std::move(skipped_);
}

void ArchiveReader::CheckEnd() {
  const std::string problem = ending_.Problem({.entries = entries_,
                                               .last_entry = Printable(name_),
                                               .end = ConsumedBytes()});
  if (problem.empty()) return;
  error_ = InputError(
      file_, std::nullopt,
      "the " + std::string(format_.name) + " archive " + problem, kRemedy);
}

uint64_t ArchiveReader::stored_bytes() const {
  if (const std::optional<uint64_t> below = bytes_->compressed_offset()) {
    return *below;
  }
  return bytes_->size().value_or(position_);
}

}  // namespace thresh
