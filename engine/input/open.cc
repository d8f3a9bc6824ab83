// Decides which source and which layers an input gets.
#include "input/open.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "input/byte_stream.h"
#include "input/file_descriptor.h"
#include "input/file_stream.h"
#include "input/gzip_stream.h"
#include "input/mapped_file.h"
#include "input/resident_source.h"
#include "input/stream_source.h"
#include "input/system_error.h"

namespace thresh {
namespace {

constexpr int kMaxGzipLayers = 2;
constexpr const char* kMemoryName = "memory";

bool StreamLooksGzip(PeekedStream& stream) {
  // A few bytes first: a pipe's writer may be in no hurry.
  return LooksGzip(stream.Peek(3)) && LooksGzip(stream.Peek(kGzipSniffSize));
}

Result<std::unique_ptr<ByteStream>> TakeGzipOff(
    std::unique_ptr<ByteStream> stream, const std::string& file) {
  for (int layers = 0;; ++layers) {
    auto peeked = std::make_unique<PeekedStream>(std::move(stream));
    if (!StreamLooksGzip(*peeked)) return peeked;
    if (layers == kMaxGzipLayers) {
      return tl::unexpected(
          Error{.code = ErrorCode::kContainer,
                .file = file,
                .offset = 0,
                .message = "gzip within gzip within gzip",
                .remedy = "decompress the file once and name the result"});
    }
    stream = std::make_unique<GzipStream>(std::move(peeked), file);
  }
}

Result<std::unique_ptr<SegmentSource>> OpenStream(
    std::unique_ptr<ByteStream> stream, const std::string& file,
    uint64_t stored_size) {
  return TakeGzipOff(std::move(stream), file)
      .map([&](std::unique_ptr<ByteStream>&& plain) {
        return NewStreamSource(std::move(plain), file, stored_size);
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

Result<std::unique_ptr<SegmentSource>> OpenInput(const std::string& path,
                                                 bool use_mmap,
                                                 uint64_t min_mapped) {
  if (path == "-") {
    return OpenStream(
        std::make_unique<FileStream>(
            std::make_shared<FileDescriptor>(
                STDIN_FILENO, FileDescriptor::Ownership::kBorrowed),
            path, std::nullopt),
        path, 0);
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
    if (mapped != nullptr && !LooksGzip(mapped->bytes())) {
      return NewMappedSource(std::move(mapped));
    }
  }
  return OpenStream(
      std::make_unique<FileStream>(std::move(descriptor), path, size), path,
      size.value_or(0));
}

std::unique_ptr<SegmentSource> OpenMemory(Bytes archive) {
  if (!LooksGzip(archive)) return NewMemorySource(archive);
  Result<std::unique_ptr<ByteStream>> stream =
      TakeGzipOff(std::make_unique<MemoryStream>(archive), kMemoryName);
  if (!stream.has_value()) {
    stream = std::make_unique<FailedStream>(std::move(stream).error());
  }
  return NewStreamSource(*std::move(stream), kMemoryName, archive.size());
}

}  // namespace thresh
