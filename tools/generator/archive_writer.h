// Writes Kinesis records to a container, each with the partition key and shard
// derived from its number, and passes the bytes on in large pieces.
#ifndef THRESH_TOOLS_GENERATOR_ARCHIVE_WRITER_H_
#define THRESH_TOOLS_GENERATOR_ARCHIVE_WRITER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "generator/generator.h"
#include "thresh/bytes.h"
#include "thresh/column.h"
#include "thresh/record_writer.h"
#include "thresh/result.h"

namespace thresh::generator {

class ArchiveWriter {
 public:
  // `write` must outlive the writer.
  ArchiveWriter(std::unique_ptr<RecordWriter> records,
                const WriteFunction& write)
      : records_(std::move(records)), write_(write) {}

  // The partition key that the container gives to the next record; null if the
  // container has none.
  [[nodiscard]] std::optional<std::string> NextPartitionKey() const;

  // Adds a Kinesis record of less than 2^32 bytes.
  void Add(Bytes record);

  // Must be called after the last record and before the last Flush.
  void Finish() { records_->Finish(&buffer_); }

  // Bytes that were added and not yet passed on.
  [[nodiscard]] size_t pending() const { return buffer_.size(); }
  // Passes on the pending bytes.
  Result<void> Flush();

  // Bytes of the archive so far, including pending ones.
  [[nodiscard]] uint64_t bytes() const { return flushed_ + buffer_.size(); }
  // The number of Kinesis records added.
  [[nodiscard]] uint64_t records() const { return count_; }

 private:
  std::unique_ptr<RecordWriter> records_;
  const WriteFunction& write_;
  Column<uint8_t> buffer_;
  uint64_t flushed_ = 0;
  uint64_t count_ = 0;
};

}  // namespace thresh::generator

#endif  // THRESH_TOOLS_GENERATOR_ARCHIVE_WRITER_H_
