// zlib does the inflating; this file does what zlib leaves to its callers:
// members back to back, padding, and telling the ways apart in which a
// compressed file can be broken.
#include "input/gzip_stream.h"

#define ZLIB_CONST
#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace thresh {
namespace {

constexpr std::array<uint8_t, 3> kGzipStart = {0x1F, 0x8B, 0x08};
constexpr int kGzipFormat = 16 + MAX_WBITS;
constexpr int kRawDeflate = -MAX_WBITS;
constexpr size_t kBufferSize = size_t{128} << 10;
// How much deflate data is tried. Random bytes break within some 60, and within
// one block's code tables, which may take twice that, at the latest. Trying
// more would make gzip that is damaged there no gzip.
constexpr size_t kTrialInput = 512;
constexpr size_t kTrialOutput = size_t{16} << 10;
constexpr size_t kTrailerSize = 8;  // CRC-32 and length, little endian

uint32_t LoadU32Le(const uint8_t* bytes) {
  return static_cast<uint32_t>(bytes[0]) |
         static_cast<uint32_t>(bytes[1]) << 8 |
         static_cast<uint32_t>(bytes[2]) << 16 |
         static_cast<uint32_t>(bytes[3]) << 24;
}

// How many bytes of `head` the gzip header takes; none if it is not a header.
// All of `head` if the header goes on behind it.
std::optional<size_t> HeaderSize(Bytes head) {
  z_stream inflater{};
  if (inflateInit2(&inflater, kGzipFormat) != Z_OK) return std::nullopt;
  uint8_t nothing = 0;
  inflater.next_in = head.data();
  inflater.avail_in = static_cast<uInt>(head.size());
  inflater.next_out = &nothing;
  inflater.avail_out = 0;
  const int code = inflate(&inflater, Z_BLOCK);  // stops behind the header
  const size_t size = head.size() - inflater.avail_in;
  inflateEnd(&inflater);
  if (code == Z_DATA_ERROR) return std::nullopt;
  return size;
}

// Whether `deflated` begins with deflate data, as far as one can see. If all of
// it fits into the trial, a trailer may follow.
bool Inflates(Bytes deflated) {
  deflated = deflated.first(std::min(deflated.size(), kTrialInput));
  z_stream inflater{};
  if (inflateInit2(&inflater, kRawDeflate) != Z_OK) return false;
  std::array<uint8_t, kTrialOutput> out;
  inflater.next_in = deflated.data();
  inflater.avail_in = static_cast<uInt>(deflated.size());
  inflater.next_out = out.data();
  inflater.avail_out = kTrialOutput;
  const int code = inflate(&inflater, Z_NO_FLUSH);
  const auto size = static_cast<uInt>(kTrialOutput - inflater.avail_out);
  const uInt left = inflater.avail_in;
  inflateEnd(&inflater);
  if (code != Z_STREAM_END) return code != Z_DATA_ERROR;
  if (left < kTrailerSize) return true;
  // So short a member may be chance. One half of the trailer that is right
  // tells; asking for both would make a damaged gzip file no gzip file.
  const uint8_t* trailer = deflated.data() + (deflated.size() - left);
  return LoadU32Le(trailer) == crc32(0, out.data(), size) ||
         LoadU32Le(trailer + 4) == size;
}

}  // namespace

bool LooksGzip(Bytes head) {
  head = head.first(std::min(head.size(), kGzipSniffSize));
  if (head.size() < kGzipStart.size() ||
      !std::equal(kGzipStart.begin(), kGzipStart.end(), head.begin())) {
    return false;
  }
  const std::optional<size_t> header = HeaderSize(head);
  return header.has_value() && Inflates(head.subspan(*header));
}

GzipStream::GzipStream(std::unique_ptr<ByteStream> source, std::string file)
    : source_(std::move(source)),
      file_(std::move(file)),
      buffer_(kBufferSize),
      inflater_(std::make_unique<z_stream>()) {
  *inflater_ = z_stream{};
  if (inflateInit2(inflater_.get(), kGzipFormat) != Z_OK) {
    Fail(ErrorCode::kIo, "no memory to decompress gzip", "");
  }
}

GzipStream::~GzipStream() { inflateEnd(inflater_.get()); }

std::optional<uint64_t> GzipStream::compressed_offset() const {
  const std::optional<uint64_t> below = source_->compressed_offset();
  return below.has_value() ? *below : fetched_ - inflater_->avail_in;
}

size_t GzipStream::Read(std::span<uint8_t> out) {
  const auto size = static_cast<uInt>(
      std::min<size_t>(out.size(), std::numeric_limits<uInt>::max()));
  inflater_->next_out = out.data();
  inflater_->avail_out = size;
  while (!done_ && inflater_->avail_out == size) Advance();
  const size_t produced = size - inflater_->avail_out;
  delivered_ += produced;
  if (error_.has_value() && !error_->offset.has_value()) {
    error_->offset = delivered_;
  }
  return produced;
}

// Takes one step that consumes input, produces output or ends the stream.
void GzipStream::Advance() {
  if (inflater_->avail_in == 0 && !source_ended_) Refill();
  if (between_members_) {
    if (inflater_->avail_in == 0) return OnSourceEnd();
    return StartNextMember();
  }
  // Even without input: output may be pending that the last Read had no room
  // for.
  switch (inflate(inflater_.get(), Z_NO_FLUSH)) {
    case Z_OK:
      return;
    case Z_STREAM_END:
      between_members_ = true;
      return;
    case Z_BUF_ERROR:
      if (source_ended_) OnSourceEnd();
      return;
    case Z_MEM_ERROR:
      return Fail(ErrorCode::kIo, "no memory to decompress gzip", "");
    default:
      return Fail(
          ErrorCode::kContainer,
          std::string("gzip data is damaged: ") +
              (inflater_->msg != nullptr ? inflater_->msg : "bad data") +
              Place(),
          "fetch or make the file again");
  }
}

void GzipStream::Refill() {
  const size_t size = source_->Read(buffer_);
  source_ended_ = size == 0;
  fetched_ += size;
  inflater_->next_in = buffer_.data();
  inflater_->avail_in = static_cast<uInt>(size);
}

void GzipStream::StartNextMember() {
  if (!in_padding_ && *inflater_->next_in == kGzipStart[0]) {
    inflateReset(inflater_.get());
    between_members_ = false;
    return;
  }
  in_padding_ = true;  // as tape blocks leave it; nothing may follow
  while (inflater_->avail_in > 0 && *inflater_->next_in == 0) {
    ++inflater_->next_in;
    --inflater_->avail_in;
  }
  if (inflater_->avail_in > 0) {
    Fail(ErrorCode::kContainer,
         "bytes follow the gzip data that are not gzip" + Place(),
         "remove them, or decompress the file with a tool that ignores them");
  }
}

void GzipStream::OnSourceEnd() {
  const std::optional<Error>& below = source_->error();
  if (below.has_value()) {
    const bool has_place = source_->compressed_offset().has_value();
    Fail(below->code, below->message + (has_place ? "" : Place()),
         below->remedy);
  } else if (between_members_) {
    done_ = true;
  } else {
    Fail(ErrorCode::kContainer, "gzip data is cut off" + Place(),
         "fetch the file again; it is not complete");
  }
}

// An error's offset is, as all offsets are, of the decompressed bytes; so the
// message gives the other one.
std::string GzipStream::Place() const {
  return " (at byte " + std::to_string(fetched_ - inflater_->avail_in) +
         " of the compressed data)";
}

// Leaves the offset to Read, which knows it.
void GzipStream::Fail(ErrorCode code, std::string message, std::string remedy) {
  done_ = true;
  error_ = Error{.code = code,
                 .file = file_,
                 .offset = std::nullopt,
                 .message = std::move(message),
                 .remedy = std::move(remedy)};
}

}  // namespace thresh
