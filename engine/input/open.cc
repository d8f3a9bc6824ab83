// Decides which source and which layers an input gets.
#include "input/open.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <memory>
#include <optional>
#include <string>
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
#include "io/mapped_file.h"
#include "io/system_error.h"

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
    return tl::unexpected(InputError(
        opening.file, 0,
        "a " + std::string(format.name) +
            " archive cannot be read from a pipe or inside compression",
        "store it in a file uncompressed, and name that"));
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
                 nullptr, peeled->had_layers};
  }
  if (again != nullptr && !peeled->had_layers) {
    return ArchiveInput(*peeled->archive,
                        {.file = opening.file, .open = again, .again = true},
                        opening);
  }
  return OpenStreamedArchive(*peeled->archive, std::move(peeled->content),
                             opening);
}

int OpenForReading(const std::string& path) {
  int number = -1;
  do {
    number = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  } while (number < 0 && errno == EINTR);
  return number;
}

// The bytes [begin, end) of a file, read as they are.
Result<Input> OpenRest(std::shared_ptr<const FileDescriptor> descriptor,
                       uint64_t begin, uint64_t end, const Opening& opening) {
  if (::lseek(descriptor->number(), static_cast<off_t>(begin), SEEK_SET) < 0) {
    return tl::unexpected(SystemError(errno, opening.file));
  }
  auto stream = std::make_unique<FileStream>(
      std::move(descriptor), opening.file, end, std::stop_token(), begin);
  return Input{NewStreamSource(std::move(stream), opening.file, end,
                               opening.pool, begin),
               nullptr};
}

// Why a file of `size` bytes (null: not a regular one) does not have `range`.
std::optional<Error> LacksRange(const std::string& path,
                                std::optional<uint64_t> size,
                                const ByteRange& range) {
  if (range == ByteRange()) return std::nullopt;
  if (!size.has_value()) {
    return IoError(path, "only a regular file can be read in parts",
                   "read it as a whole");
  }
  const uint64_t least = range.end == ByteRange().end ? range.begin : range.end;
  if (range.begin > least) {
    return AtOffset(range.begin,
                    InvalidArgument("a split that ends before it begins"));
  }
  if (*size >= least) return std::nullopt;
  return AtOffset(*size, IoError(path,
                                 "the file ends here, but had at least " +
                                     std::to_string(least) +
                                     " bytes when it was divided into splits",
                                 "divide it again"));
}

}  // namespace

Result<Input> OpenInput(const std::string& path, bool use_mmap,
                        uint64_t min_mapped, const ExpansionLimits& limits,
                        std::shared_ptr<BufferPool> pool,
                        const NameFilter& filter, std::stop_token stop,
                        const ByteRange& range) {
  const Opening opening = {path, limits, filter, std::move(pool)};
  if (path == "-") {
    if (auto error = LacksRange(path, std::nullopt, range)) {
      return tl::unexpected(*std::move(error));
    }
    return OpenStream(
        std::make_unique<FileStream>(
            std::make_shared<FileDescriptor>(
                STDIN_FILENO, FileDescriptor::Ownership::kBorrowed),
            path, std::nullopt, std::move(stop)),
        0, nullptr, opening);
  }
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
  if (S_ISREG(status.st_mode)) size = static_cast<uint64_t>(status.st_size);
  if (auto error = LacksRange(path, size, range)) {
    return tl::unexpected(*std::move(error));
  }
  if (size == uint64_t{0}) size.reset();
  if (size.has_value()) size = std::min(*size, range.end);
  const bool starts_file = range.begin == 0;
  if (use_mmap && size.has_value() && *size - range.begin >= min_mapped) {
    auto mapped = MappedFile::Map(descriptor, *size);
    if (mapped != nullptr &&
        (!starts_file || (FindArchive(mapped->bytes()) == nullptr &&
                          FindLayer(mapped->bytes()) == nullptr))) {
      return Input{NewMappedSource(std::move(mapped), range.begin), nullptr};
    }
  }
  if (!starts_file) {
    return OpenRest(std::move(descriptor), range.begin, size.value_or(0),
                    opening);
  }
  std::function<std::unique_ptr<ArchiveBytes>()> again;
  if (size.has_value()) {
    again = [descriptor, path, bytes = *size] {
      return NewFileBytes(descriptor, path, bytes);
    };
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
