// Decides which source and which layers an input gets.
#include "input/open.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "input/byte_stream.h"
#include "input/file_descriptor.h"
#include "input/file_stream.h"
#include "input/layers.h"
#include "input/mapped_file.h"
#include "input/resident_source.h"
#include "input/stream_source.h"
#include "input/system_error.h"

namespace thresh {
namespace {

constexpr const char* kMemoryName = "memory";

Result<std::unique_ptr<SegmentSource>> OpenStream(
    std::unique_ptr<ByteStream> stream, const std::string& file,
    uint64_t stored_size, const ExpansionLimits& limits,
    std::shared_ptr<BufferPool> pool) {
  return TakeLayersOff(std::move(stream), file, limits)
      .map([&](std::unique_ptr<ByteStream>&& plain) {
        return NewStreamSource(std::move(plain), file, stored_size,
                               std::move(pool));
      });
}

int OpenForReading(const std::string& path) {
  int number = -1;
  do {
    number = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  } while (number < 0 && errno == EINTR);
  return number;
}

}  // namespace

Result<std::unique_ptr<SegmentSource>> OpenInput(
    const std::string& path, bool use_mmap, uint64_t min_mapped,
    const ExpansionLimits& limits, std::shared_ptr<BufferPool> pool) {
  if (path == "-") {
    return OpenStream(
        std::make_unique<FileStream>(
            std::make_shared<FileDescriptor>(
                STDIN_FILENO, FileDescriptor::Ownership::kBorrowed),
            path, std::nullopt),
        path, 0, limits, std::move(pool));
  }
  const int number = OpenForReading(path);
  if (number < 0) return tl::unexpected(SystemError(errno, path));
  auto descriptor = std::make_shared<const FileDescriptor>(number);
  struct stat status{};
  if (fstat(number, &status) != 0) {
    return tl::unexpected(SystemError(errno, path));
  }
  if (S_ISDIR(status.st_mode)) return tl::unexpected(SystemError(EISDIR, path));

  // A regular file of size 0 may be one that the kernel makes up as it is read.
  std::optional<uint64_t> size;
  if (S_ISREG(status.st_mode) && status.st_size > 0) {
    size = static_cast<uint64_t>(status.st_size);
  }
  if (use_mmap && size.has_value() && *size >= min_mapped) {
    auto mapped = MappedFile::Map(descriptor, *size);
    if (mapped != nullptr && FindLayer(mapped->bytes()) == nullptr) {
      return NewMappedSource(std::move(mapped));
    }
  }
  return OpenStream(
      std::make_unique<FileStream>(std::move(descriptor), path, size), path,
      size.value_or(0), limits, std::move(pool));
}

std::unique_ptr<SegmentSource> OpenMemory(Bytes archive,
                                          const ExpansionLimits& limits) {
  if (FindLayer(archive) == nullptr) return NewMemorySource(archive);
  Result<std::unique_ptr<ByteStream>> stream = TakeLayersOff(
      std::make_unique<MemoryStream>(archive), kMemoryName, limits);
  if (!stream.has_value()) {
    stream = std::make_unique<FailedStream>(std::move(stream).error());
  }
  return NewStreamSource(*std::move(stream), kMemoryName, archive.size(),
                         std::make_shared<BufferPool>());
}

}  // namespace thresh
