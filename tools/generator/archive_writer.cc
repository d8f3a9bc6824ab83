// See archive_writer.h.
#include "generator/archive_writer.h"

namespace thresh::generator {
namespace {

constexpr uint64_t kShards = 4;
constexpr uint64_t kOuterKeys = 1000;

}  // namespace

std::optional<std::string> ArchiveWriter::NextPartitionKey() const {
  if (!records_->plain().partition_key) return std::nullopt;
  return "pk-" + std::to_string(count_ % kOuterKeys);
}

void ArchiveWriter::Add(Bytes record) {
  const std::string key = NextPartitionKey().value_or("");
  const std::string shard =
      "shardId-00000000000" + std::to_string(count_ % kShards);
  records_->Add({.bytes = record, .partition_key = key, .shard = shard},
                &buffer_);
  ++count_;
}

Result<void> ArchiveWriter::Flush() {
  flushed_ += buffer_.size();
  Result<void> written = write_({buffer_.data(), buffer_.size()});
  buffer_.Clear();
  return written;
}

}  // namespace thresh::generator
