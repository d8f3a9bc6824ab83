// The system calls of the mapping.
#include "io/mapped_file.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace thresh {
namespace {

size_t PageSize() {
  static const auto size = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  return size;
}

// The system calls take void*, and do not write to it.
void* Address(Bytes bytes) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
  return const_cast<uint8_t*>(bytes.data());
}

}  // namespace

std::shared_ptr<const MappedFile> MappedFile::Map(
    std::shared_ptr<const FileDescriptor> descriptor, size_t size) {
  void* address =
      mmap(nullptr, size, PROT_READ, MAP_SHARED, descriptor->number(), 0);
  if (address == MAP_FAILED) return nullptr;
  const Bytes bytes(static_cast<const uint8_t*>(address), size);
  std::shared_ptr<const MappedFile> file(
      new MappedFile(std::move(descriptor), bytes));
  if (!file->guard_->active()) return nullptr;
  (void)madvise(address, size, MADV_SEQUENTIAL);
  return file;
}

MappedFile::~MappedFile() {
  // The guard first: another mapping may take the address as soon as it is
  // unmapped.
  guard_.reset();
  (void)munmap(Address(bytes_), bytes_.size());
}

std::optional<uint64_t> MappedFile::FaultOffset() const {
  // A truncation within a page raises no signal up to the end of that page: it
  // reads as zeros. Only the file's size shows it.
  struct stat status{};
  if (fstat(descriptor_->number(), &status) == 0 &&
      static_cast<uint64_t>(status.st_size) < bytes_.size()) {
    guard_->RecordFault(static_cast<uint64_t>(status.st_size));
  }
  return guard_->LowestFault();
}

// Whether the byte at `offset` is in the page cache, as far as known. The
// kernel looks up every page that it is asked to fetch, which takes 5 to 7 % of
// the time of a job on a cached archive; this looks up one.
bool MappedFile::IsCached(size_t offset) const {
#ifdef RWF_NOWAIT
  uint8_t byte = 0;
  const iovec to = {.iov_base = &byte, .iov_len = 1};
  return preadv2(descriptor_->number(), &to, 1, static_cast<off_t>(offset),
                 RWF_NOWAIT) == 1;
#else
  (void)offset;
  return false;
#endif
}

void MappedFile::Prefetch(size_t offset, size_t size) const {
  if (offset >= bytes_.size()) return;
  const size_t begin = offset & ~(PageSize() - 1);
  const size_t end = offset + std::min(size, bytes_.size() - offset);
  if (IsCached(end - 1)) return;
  (void)madvise(Address(bytes_.subspan(begin)), end - begin, MADV_WILLNEED);
}

void MappedFile::Release(size_t offset, size_t size) const {
  // Whole pages only: the adjacent bytes may still be read.
  const size_t mask = PageSize() - 1;
  const size_t begin = (offset + mask) & ~mask;
  const size_t end =
      offset + size == bytes_.size() ? offset + size : (offset + size) & ~mask;
  if (begin >= end) return;
  (void)madvise(Address(bytes_.subspan(begin)), end - begin, MADV_DONTNEED);
}

}  // namespace thresh
