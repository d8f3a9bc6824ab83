// See archive_writer.h. What may be added is checked here, by what readers of
// the container accept: a writer appends anything.
#include "thresh/archive_writer.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/errors.h"
#include "base/json.h"
#include "container/container.h"
#include "record/envelope.h"

namespace thresh {

static_assert(kMaxArchivedRecord == kMaxRecordBytes);

namespace {

// The number of bytes collected before they are written.
constexpr size_t kArchivePiece = size_t{1} << 20;

tl::unexpected<Error> Invalid(std::string message, std::string remedy) {
  return tl::unexpected(InvalidArgument(std::move(message), std::move(remedy)));
}

bool IsSequenceNumber(std::string_view text) {
  constexpr size_t kMaxDigits = 128;
  return text.size() <= kMaxDigits &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

Result<void> CheckMetadata(const OutgoingRecord& record) {
  if (!IsUtf8(AsBytes(record.partition_key)) ||
      !IsUtf8(AsBytes(record.shard))) {
    return Invalid("a partition key or shard that is not UTF-8",
                   "write another container than JSON");
  }
  if (!IsSequenceNumber(record.sequence_number)) {
    return Invalid("a sequence number that is not decimal digits",
                   "give up to 128 digits, or none");
  }
  const int64_t time = record.arrival_time.value_or(0);
  if (time < 0 || time > kMaxArrivalTime) {
    return Invalid("a time of arrival of " + std::to_string(time) +
                       " microseconds since 1970",
                   "give a time up to the year 5000");
  }
  return {};
}

}  // namespace

struct ArchiveWriter::State {
  [[nodiscard]] Result<void> Flush() {
    OutputBuffer piece;
    piece.Refer({buffer.data(), buffer.size()});
    Result<void> written = output->Write(piece);
    flushed += buffer.size();
    buffer.Clear();
    return written;
  }

  std::unique_ptr<ByteOutput> output;
  std::unique_ptr<RecordWriter> writer;
  PlainSupport plain;
  // NOLINTNEXTLINE(readability-redundant-member-init)
  Column<uint8_t> buffer = {};
  uint64_t flushed = 0;  // bytes that were in the buffer
  uint64_t records = 0;
};

Result<ArchiveWriter> ArchiveWriter::Open(const std::string& path,
                                          const ContainerFormat& format,
                                          const JsonSource& source,
                                          const OutputOptions& options) {
  Result<std::unique_ptr<RecordWriter>> writer =
      NewRecordWriter(format, source);
  if (!writer) return tl::unexpected(std::move(writer.error()));
  Result<std::unique_ptr<ByteOutput>> output = OpenOutput(path, options);
  if (!output) return tl::unexpected(std::move(output.error()));
  const PlainSupport plain = (*writer)->plain();
  return ArchiveWriter(std::make_unique<State>(
      State{*std::move(output), *std::move(writer), plain}));
}

ArchiveWriter::ArchiveWriter(std::unique_ptr<State> state)
    : state_(std::move(state)) {}
ArchiveWriter::~ArchiveWriter() = default;
ArchiveWriter::ArchiveWriter(ArchiveWriter&&) noexcept = default;
ArchiveWriter& ArchiveWriter::operator=(ArchiveWriter&&) noexcept = default;

Result<void> ArchiveWriter::Add(const OutgoingRecord& record) {
  if (record.bytes.size() > kMaxArchivedRecord) {
    Error error =
        InvalidArgument("a record of " + std::to_string(record.bytes.size()) +
                            " bytes, and an archive has up to " +
                            std::to_string(kMaxArchivedRecord),
                        "leave it out");
    error.code = ErrorCode::kTooLarge;
    return tl::unexpected(std::move(error));
  }
  if (!state_->plain.data && !StartsWithMagic(record.bytes)) {
    return Invalid(
        "a record that is not aggregated, whose end could not be found",
        "write another container than blobs");
  }
  // Containers that store the key are those that store metadata.
  if (state_->plain.partition_key) {
    if (Result<void> ok = CheckMetadata(record); !ok) return ok;
  }
  state_->writer->Add(record, &state_->buffer);
  ++state_->records;
  return state_->buffer.size() >= kArchivePiece ? state_->Flush()
                                                : Result<void>();
}

Result<void> ArchiveWriter::Finish() {
  state_->writer->Finish(&state_->buffer);
  if (Result<void> written = state_->Flush(); !written) return written;
  return state_->output->Commit();
}

uint64_t ArchiveWriter::records() const { return state_->records; }

uint64_t ArchiveWriter::bytes() const {
  return state_->flushed + state_->buffer.size();
}

}  // namespace thresh
