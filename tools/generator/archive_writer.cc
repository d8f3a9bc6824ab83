// The containers of FORMAT.md in their writing direction.
#include "generator/archive_writer.h"

#include "text/base64.h"

namespace thresh::generator {

void ArchiveWriter::Add(Bytes record) {
  const uint64_t index = records_++;
  if (container_ == ContainerKind::kJson) {
    return json_.Append(index, record, &buffer_);
  }
  if (container_ == ContainerKind::kBase64Lines) {
    const size_t size = buffer_.size();
    buffer_.resize(size + Base64EncodedSize(record.size()));
    Base64Encode(record, buffer_.data() + size);
    buffer_.push_back('\n');
    return;
  }
  AddLength(record.size());
  buffer_.insert(buffer_.end(), record.begin(), record.end());
}

Result<void> ArchiveWriter::Flush() {
  flushed_ += buffer_.size();
  Result<void> written = write_(buffer_);
  buffer_.clear();
  return written;
}

void ArchiveWriter::AddLength(uint64_t length) {
  if (container_ == ContainerKind::kU32Le) {
    for (int shift = 0; shift < 32; shift += 8) {
      buffer_.push_back(static_cast<uint8_t>(length >> shift));
    }
  } else if (container_ == ContainerKind::kU32Be) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      buffer_.push_back(static_cast<uint8_t>(length >> shift));
    }
  } else if (container_ == ContainerKind::kVarint) {
    for (; length >= 0x80; length >>= 7) {
      buffer_.push_back(static_cast<uint8_t>(length | 0x80));
    }
    buffer_.push_back(static_cast<uint8_t>(length));
  }
}

}  // namespace thresh::generator
