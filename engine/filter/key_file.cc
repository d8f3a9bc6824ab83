// See key_file.h.
#include "thresh/key_file.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/errors.h"
#include "digest/keyed_hash.h"
#include "thresh/bytes.h"

namespace thresh {
namespace {

constexpr unsigned kPlaceBits = 48;  // more than an address has
constexpr uint64_t kPlaceMask = (uint64_t{1} << kPlaceBits) - 1;

struct CloseKeyFile {
  void operator()(std::FILE* file) const {
    static_cast<void>(std::fclose(file));
  }
};

// Keyed, so that a list cannot be made to collide.
uint64_t HashOf(std::string_view key) { return KeyedHash64(AsBytes(key)); }

// The file's bytes; false and errno if they cannot be read.
bool ReadAllOf(const std::string& path, Column<char>* content) {
  const std::unique_ptr<std::FILE, CloseKeyFile> file(
      std::fopen(path.c_str(), "rbe"));
  if (file == nullptr) return false;
  constexpr size_t kPiece = size_t{64} << 10;
  size_t got = kPiece;
  while (got == kPiece) {  // fewer: the end, or an error
    const size_t before = content->size();
    content->Resize(before + kPiece);
    got = std::fread(content->data() + before, 1, kPiece, file.get());
    content->Resize(before + got);
  }
  return std::ferror(file.get()) == 0;
}

// Removes empty lines and carriage returns before line feeds, and ends the last
// line. Returns the number of remaining lines.
size_t KeepLines(Column<char>* lines) {
  size_t count = 0;
  lines->Append('\n');
  char* to = lines->begin();
  const char* const end = lines->end();
  for (const char* at = lines->begin(); at != end;) {
    const auto* const feed = static_cast<const char*>(
        std::memchr(at, '\n', static_cast<size_t>(end - at)));
    auto size = static_cast<size_t>(feed - at);
    if (size > 0 && at[size - 1] == '\r') --size;
    if (size > 0) {
      std::memmove(to, at, size);
      to += size;
      *to++ = '\n';
      ++count;
    }
    at = feed + 1;
  }
  lines->Resize(static_cast<size_t>(to - lines->begin()));
  return count;
}

}  // namespace

Result<std::shared_ptr<const KeyFile>> KeyFile::Read(const std::string& path) {
  // Not make_shared: the constructor is private.
  std::shared_ptr<KeyFile> file(new KeyFile);
  if (Result<void> drawn = DrawHashSecret(); !drawn) {
    return tl::unexpected(std::move(drawn.error()));
  }
  if (!ReadAllOf(path, &file->lines_)) {
    return tl::unexpected(
        IoError(path, std::strerror(errno), "name a file of keys"));
  }
  const size_t lines = KeepLines(&file->lines_);
  if (lines == 0) {
    return tl::unexpected(
        IoError(path, "there are no keys in it",
                "put one on each line, or leave the condition out"));
  }
  file->slots_.Resize(lines + lines / 3 + 1);
  std::ranges::fill(file->slots_, 0);
  for (size_t at = 0; at < file->lines_.size();) {
    at += file->Insert(at) + 1;
  }
  return file;
}

size_t KeyFile::Insert(size_t place) {
  const std::string_view rest = lines().substr(place);
  const std::string_view key = rest.substr(0, rest.find('\n'));
  const uint64_t hash = HashOf(key);
  uint64_t* const slot = &slots_[SlotOf(key, hash)];
  if (*slot == 0) {
    *slot = (hash & ~kPlaceMask) | (place + 1);
    ++size_;
  }
  return key.size();
}

bool KeyFile::Contains(std::string_view key) const {
  return slots_[SlotOf(key, HashOf(key))] != 0;
}

size_t KeyFile::SlotOf(std::string_view key, uint64_t hash) const {
  const uint64_t tag = hash & ~kPlaceMask;
  auto i = static_cast<size_t>(hash % slots_.size());
  while (slots_[i] != 0 &&
         ((slots_[i] & ~kPlaceMask) != tag || !IsAt(slots_[i], key))) {
    if (++i == slots_.size()) i = 0;
  }
  return i;
}

bool KeyFile::IsAt(uint64_t slot, std::string_view key) const {
  const std::string_view rest = lines().substr((slot & kPlaceMask) - 1);
  // A key with a line feed in it could equal two lines.
  return rest.size() > key.size() && rest.starts_with(key) &&
         rest[key.size()] == '\n' && key.find('\n') == std::string_view::npos;
}

}  // namespace thresh
