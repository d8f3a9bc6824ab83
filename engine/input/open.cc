// Decides which source and which layers an input gets.
#include "input/open.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "base/errors.h"
#include "compression/layers.h"
#include "input/archive_bytes.h"
#include "input/archive_format.h"
#include "input/peel.h"
#include "input/resident_source.h"
#include "input/stream_source.h"
#include "io/byte_stream.h"
#include "io/file_descriptor.h"
#include "io/file_stream.h"
#include "io/local_file.h"
#include "io/mapped_file.h"
#include "io/system_error.h"
#include "storage/schemes.h"
#include "storage/stored_stream.h"

namespace thresh {
namespace {

constexpr const char* kMemoryName = "memory";

// What an input is opened with.
struct Opening {
  std::string file;  // its name in errors
  const ExpansionLimits& limits;
  const NameFilter& filter;
  std::shared_ptr<BufferPool> pool;
};

Input ArchiveInput(const ArchiveFormat& format, ArchiveOrigin origin,
                   const Opening& opening) {
  return {nullptr, NewArchive(format, std::move(origin), opening.filter,
                              opening.limits, opening.pool)};
}

// An archive whose bytes can be read only once, in order.
Result<Input> OpenStreamedArchive(const ArchiveFormat& format,
                                  std::unique_ptr<ByteStream> content,
                                  const Opening& opening) {
  if (format.needs_seek) {
    return tl::unexpected(
        InputError(opening.file, 0,
                   "a " + std::string(format.name) +
                       " archive cannot be read from a pipe, or out of "
                       "compression",
                   "put it into a file as it is, and name that"));
  }
  // std::function requires a copyable target, but this one is never copied.
  auto stream =
      std::make_shared<std::unique_ptr<ByteStream>>(std::move(content));
  return ArchiveInput(
      format,
      {.file = opening.file,
       .open = [stream] { return NewStreamBytes(std::move(*stream)); }},
      opening);
}

// `stored_size`: of the file that `stream` reads, 0 if it is not known. `again`
// opens its bytes again, if that is possible.
Result<Input> OpenStream(
    std::unique_ptr<ByteStream> stream, uint64_t stored_size,
    const std::function<std::unique_ptr<ArchiveBytes>()>& again,
    const Opening& opening) {
  Result<Peeled> peeled =
      TakeLayersOff(std::move(stream), opening.file, opening.limits);
  if (!peeled) return tl::unexpected(std::move(peeled.error()));
  if (peeled->archive == nullptr) {
    return Input{NewStreamSource(std::move(peeled->content), opening.file,
                                 stored_size, opening.pool),
                 nullptr};
  }
  if (again != nullptr && !peeled->had_layers) {
    return ArchiveInput(*peeled->archive,
                        {.file = opening.file, .open = again, .again = true},
                        opening);
  }
  return OpenStreamedArchive(*peeled->archive, std::move(peeled->content),
                             opening);
}

Result<Input> OpenStored(FileSystem* file_system, const Opening& opening) {
  Result<std::unique_ptr<StoredFile>> opened = file_system->Open(opening.file);
  if (!opened) {
    opened.error().file = opening.file;
    return tl::unexpected(std::move(opened.error()));
  }
  const std::shared_ptr<StoredFile> file = *std::move(opened);
  return OpenStream(
      std::make_unique<StoredStream>(file, opening.file), file->size(),
      [file, name = opening.file] { return NewFileBytes(file, name); },
      opening);
}

int OpenForReading(const std::string& path) {
  int number = -1;
  do {
    number = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  } while (number < 0 && errno == EINTR);
  return number;
}

}  // namespace

Result<Input> OpenInput(const std::string& path, bool use_mmap,
                        uint64_t min_mapped, const ExpansionLimits& limits,
                        std::shared_ptr<BufferPool> pool,
                        const NameFilter& filter, std::stop_token stop) {
  const Opening opening = {path, limits, filter, std::move(pool)};
  if (path == "-") {
    return OpenStream(
        std::make_unique<FileStream>(
            std::make_shared<FileDescriptor>(
                STDIN_FILENO, FileDescriptor::Ownership::kBorrowed),
            path, std::nullopt, std::move(stop)),
        0, nullptr, opening);
  }
  Result<std::shared_ptr<FileSystem>> elsewhere = FileSystemOf(path);
  if (!elsewhere) return tl::unexpected(std::move(elsewhere.error()));
  if (*elsewhere != nullptr) return OpenStored(elsewhere->get(), opening);
  const int number = OpenForReading(path);
  if (number < 0) return tl::unexpected(SystemError(errno, path));
  auto descriptor = std::make_shared<const FileDescriptor>(number);
  struct stat status{};
  if (fstat(number, &status) != 0) {
    return tl::unexpected(SystemError(errno, path));
  }
  if (S_ISDIR(status.st_mode)) return tl::unexpected(SystemError(EISDIR, path));

  // A regular file of size 0 may be one that the kernel generates when it is
  // read.
  std::optional<uint64_t> size;
  if (S_ISREG(status.st_mode) && status.st_size > 0) {
    size = static_cast<uint64_t>(status.st_size);
  }
  if (use_mmap && size.has_value() && *size >= min_mapped) {
    auto mapped = MappedFile::Map(descriptor, *size);
    if (mapped != nullptr && FindArchive(mapped->bytes()) == nullptr &&
        FindLayer(mapped->bytes()) == nullptr) {
      return Input{NewMappedSource(std::move(mapped)), nullptr};
    }
  }
  std::function<std::unique_ptr<ArchiveBytes>()> again;
  if (size.has_value()) {
    again = [file = std::make_shared<LocalFile>(descriptor, path, *size),
             path] { return NewFileBytes(file, path); };
  }
  return OpenStream(
      std::make_unique<FileStream>(descriptor, path, size, std::move(stop)),
      size.value_or(0), again, opening);
}

Result<Input> OpenMemory(Bytes content, const ExpansionLimits& limits,
                         const NameFilter& filter) {
  if (FindArchive(content) == nullptr && FindLayer(content) == nullptr) {
    return Input{NewMemorySource(content), nullptr};
  }
  return OpenStream(
      std::make_unique<MemoryStream>(content), content.size(),
      [content] { return NewMemoryBytes(content); },
      {kMemoryName, limits, filter, std::make_shared<BufferPool>()});
}

}  // namespace thresh
