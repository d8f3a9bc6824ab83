// The system calls behind the mapping.
#include "input/mapped_file.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace thresh {
namespace {

size_t PageSize() {
  static const auto size = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  return size;
}

// The system calls take void*, and write nothing.
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
  // The guard first: the address may be another mapping's as soon as it is
  // unmapped.
  guard_.reset();
  (void)munmap(Address(bytes_), bytes_.size());
}

std::optional<uint64_t> MappedFile::FaultOffset() const {
  // A cut within a page raises no signal up to the end of that page: the kernel
  // shows zeros there. Only the file's size tells.
  struct stat status{};
  if (fstat(descriptor_->number(), &status) == 0 &&
      static_cast<uint64_t>(status.st_size) < bytes_.size()) {
    guard_->RecordFault(static_cast<uint64_t>(status.st_size));
  }
  return guard_->LowestFault();
}

void MappedFile::Prefetch(size_t offset, size_t size) const {
  if (offset >= bytes_.size()) return;
  const size_t begin = offset & ~(PageSize() - 1);
  const size_t end = offset + std::min(size, bytes_.size() - offset);
  (void)madvise(Address(bytes_.subspan(begin)), end - begin, MADV_WILLNEED);
}

void MappedFile::Populate(size_t offset, size_t size) const {
#ifdef MADV_POPULATE_READ
  const size_t begin = offset & ~(PageSize() - 1);
  (void)madvise(Address(bytes_.subspan(begin)), offset + size - begin,
                MADV_POPULATE_READ);
#else
  (void)offset;
  (void)size;
#endif
}

void MappedFile::Release(size_t offset, size_t size) const {
  // Whole pages only: the neighbours may still be read.
  const size_t mask = PageSize() - 1;
  const size_t begin = (offset + mask) & ~mask;
  const size_t end =
      offset + size == bytes_.size() ? offset + size : (offset + size) & ~mask;
  if (begin >= end) return;
  (void)madvise(Address(bytes_.subspan(begin)), end - begin, MADV_DONTNEED);
}

}  // namespace thresh
