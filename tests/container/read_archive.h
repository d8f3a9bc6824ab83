// Reads an archive's Kinesis records as the engine finds them.
#ifndef THRESH_TESTS_CONTAINER_READ_ARCHIVE_H_
#define THRESH_TESTS_CONTAINER_READ_ARCHIVE_H_

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "thresh/batch_reader.h"

namespace thresh {

struct ArchiveContent {
  struct Metadata {
    std::string partition_key;
    std::string sequence_number;
    std::string shard;
    std::optional<int64_t> arrival_time;
  };

  std::vector<std::string> records;  // without opaque spans
  std::vector<Metadata> metadata;    // of `records`
  Summary summary;
};

inline ArchiveContent ReadArchive(std::string_view archive,
                                  ContainerKind container) {
  Options options;
  options.container = container;
  options.on_suspect = SuspectPolicy::kSkip;
  Result<BatchReader> reader =
      BatchReader::OpenBytes(AsBytes(archive), options);
  EXPECT_TRUE(reader.has_value());
  ArchiveContent content;
  const auto text = [](const std::optional<Bytes>& bytes) {
    return std::string(AsText(bytes.value_or(Bytes())));
  };
  while (const auto batch = reader->Next().value_or(nullptr)) {
    for (const KinesisRecord& record : batch->kinesis_records) {
      if (record.verdict == Verdict::kOpaqueSpan) continue;
      content.records.emplace_back(AsText(record.bytes));
      const KinesisMetadata known = batch->MetadataOf(record);
      content.metadata.push_back({text(known.partition_key),
                                  text(known.sequence_number),
                                  text(known.shard_id), known.arrival_time});
    }
  }
  content.summary = reader->report().summary;
  return content;
}

}  // namespace thresh

#endif  // THRESH_TESTS_CONTAINER_READ_ARCHIVE_H_
