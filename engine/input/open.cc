// Decides which source and which layers an input gets.
#include "input/open.h"

#include <algorithm>
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
#include "storage/open_file.h"
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
  Result<OpenedFile> opened = OpenFile(path);
  if (!opened) return tl::unexpected(std::move(opened.error()));
  const std::shared_ptr<const FileDescriptor> descriptor = opened->descriptor;
  const std::shared_ptr<StoredFile> file = opened->file;
  if (auto error = LacksRange(path, opened->size, range)) {
    return tl::unexpected(*std::move(error));
  }
  std::optional<uint64_t> size;
  if (file != nullptr) size = std::min(file->size(), range.end);
  const bool is_local = descriptor != nullptr;
  const bool starts_file = range.begin == 0;
  if (use_mmap && is_local && size.has_value() &&
      *size - range.begin >= min_mapped) {
    auto mapped = MappedFile::Map(descriptor, static_cast<size_t>(*size));
    if (mapped != nullptr &&
        (!starts_file || (FindArchive(mapped->bytes()) == nullptr &&
                          FindLayer(mapped->bytes()) == nullptr))) {
      return Input{NewMappedSource(std::move(mapped), range.begin), nullptr};
    }
  }
  if (!starts_file) {
    return Input{NewStreamSource(std::make_unique<StoredStream>(
                                     file, path, range.begin, *size),
                                 path, *size, opening.pool, range.begin),
                 nullptr};
  }
  std::function<std::unique_ptr<ArchiveBytes>()> again;
  if (file != nullptr)
    again = [file, path] { return NewFileBytes(file, path); };
  std::unique_ptr<ByteStream> stream;
  if (is_local) {
    stream =
        std::make_unique<FileStream>(descriptor, path, size, std::move(stop));
  } else {
    stream = std::make_unique<StoredStream>(file, path, 0, *size);
  }
  return OpenStream(std::move(stream), size.value_or(0), again, opening);
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
