// The containers that hold nothing but the records' bytes, and the choice among
// all.
#include "archive/record_writer.h"

#include <algorithm>

#include "archive/append.h"
#include "archive/json_writer.h"

namespace thresh::archive {
namespace {

class BlobsWriter final : public RecordWriter {
 public:
  void Add(const OutgoingRecord& record, Column<uint8_t>* out) override {
    AppendBytes(record.bytes, out);
  }
  // Nothing would say where it ends.
  [[nodiscard]] PlainSupport plain() const override { return {}; }
};

class Base64LinesWriter final : public RecordWriter {
 public:
  void Add(const OutgoingRecord& record, Column<uint8_t>* out) override {
    AppendBase64(record.bytes, out);
    out->Append('\n');
  }
  [[nodiscard]] PlainSupport plain() const override { return {.data = true}; }
};

class DelimitedWriter final : public RecordWriter {
 public:
  explicit DelimitedWriter(ContainerKind container) : container_(container) {}

  void Add(const OutgoingRecord& record, Column<uint8_t>* out) override {
    AppendLength(record.bytes.size(), out);
    AppendBytes(record.bytes, out);
  }
  [[nodiscard]] PlainSupport plain() const override { return {.data = true}; }

 private:
  void AppendLength(uint64_t length, Column<uint8_t>* out) const {
    if (container_ == ContainerKind::kU32Le) {
      for (int shift = 0; shift < 32; shift += 8) {
        out->Append(static_cast<uint8_t>(length >> shift));
      }
    } else if (container_ == ContainerKind::kU32Be) {
      for (int shift = 24; shift >= 0; shift -= 8) {
        out->Append(static_cast<uint8_t>(length >> shift));
      }
    } else {
      for (; length >= 0x80; length >>= 7) {
        out->Append(static_cast<uint8_t>(length | 0x80));
      }
      out->Append(static_cast<uint8_t>(length));
    }
  }

  ContainerKind container_;
};

}  // namespace

std::unique_ptr<RecordWriter> NewArchiveWriter(const ArchiveFormat& format,
                                               const JsonSource& source) {
  switch (format.container) {
    case ContainerKind::kJson:
      return NewJsonWriter(format.json, source);
    case ContainerKind::kBase64Lines:
      return std::make_unique<Base64LinesWriter>();
    case ContainerKind::kU32Le:
    case ContainerKind::kU32Be:
    case ContainerKind::kVarint:
      return std::make_unique<DelimitedWriter>(format.container);
    case ContainerKind::kBlobs:
    case ContainerKind::kRecord:
    case ContainerKind::kAuto:
      break;
  }
  return std::make_unique<BlobsWriter>();
}

}  // namespace thresh::archive
