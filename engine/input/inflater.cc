// Both decoders, and when which of them is used.
#include "input/inflater.h"

#include <libdeflate.h>
#define ZLIB_CONST
#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "input/byte_order.h"

namespace thresh {
namespace {

constexpr int kGzipFormat = 16 + MAX_WBITS;
constexpr int kRawDeflate = -MAX_WBITS;
// How much deflate data is tried. Random bytes break within some 60, and within
// one block's code tables, which may take twice that, at the latest. Trying
// more would make gzip that is damaged there no gzip.
constexpr size_t kTrialInput = 512;
constexpr size_t kTrialOutput = size_t{16} << 10;
constexpr size_t kTrailerSize = 8;  // CRC-32 and length, little endian

// Less than this is not worth a try before more has been fetched.
constexpr size_t kFewBytes = size_t{64} << 10;

// Deflate makes no more of a byte than this: copies of 258 bytes in two bits.
constexpr size_t kMaxRatio = 1032;

constexpr size_t kFlagsOffset = 3;  // in a gzip header
constexpr uint8_t kHasHeaderChecksum = 0x02;

uInt Clamped(size_t size) {
  return static_cast<uInt>(
      std::min<size_t>(size, std::numeric_limits<uInt>::max()));
}

}  // namespace

bool Inflates(Bytes deflated, bool with_trailer) {
  deflated = deflated.first(std::min(deflated.size(), kTrialInput));
  z_stream zlib{};
  if (inflateInit2(&zlib, kRawDeflate) != Z_OK) return false;
  std::array<uint8_t, kTrialOutput> out;
  zlib.next_in = deflated.data();
  zlib.avail_in = static_cast<uInt>(deflated.size());
  zlib.next_out = out.data();
  zlib.avail_out = kTrialOutput;
  const int code = inflate(&zlib, Z_NO_FLUSH);
  const auto size = static_cast<uInt>(kTrialOutput - zlib.avail_out);
  const uInt left = zlib.avail_in;
  inflateEnd(&zlib);
  if (code != Z_STREAM_END) return code != Z_DATA_ERROR;
  if (!with_trailer || left < kTrailerSize) return true;
  // So short a member may be chance. One half of the trailer that is right
  // tells; asking for both would make a damaged gzip file no gzip file.
  const uint8_t* trailer = deflated.data() + (deflated.size() - left);
  return LoadU32Le(trailer) == crc32(0, out.data(), size) ||
         LoadU32Le(trailer + 4) == size;
}

Inflater::Inflater(Format format, Check check)
    : format_(format), check_(std::move(check)) {}

Inflater::~Inflater() {
  if (zlib_ != nullptr) inflateEnd(zlib_.get());
  libdeflate_free_decompressor(libdeflate_);
}

void Inflater::StartMember() {
  is_first_ = is_first_ && mode_ == Mode::kStart;
  mode_ = Mode::kStart;
  zlib_started_ = false;
}

LayerStep Inflater::Decode(LayerInput* input, std::span<uint8_t> out) {
  if (mode_ == Mode::kStart) {
    mode_ = MayTakeWhole(*input) && TakeWhole(input, out) ? Mode::kWhole
                                                          : Mode::kStreaming;
  }
  return mode_ == Mode::kWhole ? Deliver(out) : Stream(input, out);
}

// Whether it is worth a try: one that fails has cost as much as the decoding of
// so much. Members of one file resemble each other.
bool Inflater::MayTakeWhole(const LayerInput& input) {
  const uint64_t last_size = std::exchange(member_size_, 0);
  if (input.at_hand() == 0) return false;  // a pipe
  return is_first_ ? input.at_hand() <= kMaxWholeInput
                   : last_size <= kMaxWholeOutput;
}

// Tries to decode the member that `input` stands at, to content_ or, if that is
// likely to do, to `out`. False, and nothing consumed, if it cannot be done.
bool Inflater::TakeWhole(LayerInput* input, std::span<uint8_t> out) {
  const auto within_reach =
      static_cast<size_t>(std::min<uint64_t>(input->at_hand(), kMaxWholeInput));
  Bytes view = input->buffered();
  if (view.size() < kFewBytes || view.size() < 2 * compressed_size_) {
    view = input->Peek(within_reach);
  }
  // libdeflate skips a header's checksum unchecked.
  if (format_ == Format::kGzip && view.size() > kFlagsOffset &&
      (view[kFlagsOffset] & kHasHeaderChecksum) != 0) {
    return false;
  }
  if (libdeflate_ == nullptr) libdeflate_ = libdeflate_alloc_decompressor();
  // Address space only: pages are taken as they are written.
  if (libdeflate_ == nullptr ||
      !content_.Reserve(std::min(kMaxWholeOutput, within_reach * kMaxRatio))) {
    return false;
  }
  content_.Clear();
  delivered_ = 0;
  const std::optional<size_t> hint = SizeHint(view, input->at_hand());
  if (hint > kMaxWholeOutput) return false;
  if (try_direct_ && hint.has_value() && hint <= out.size()) {
    if (DecodeWhole(input, view, out) == LIBDEFLATE_SUCCESS) {
      direct_ = static_cast<size_t>(member_size_);
      return true;
    }
    try_direct_ = false;
  }
  int result = DecodeWhole(input, view, content_.room());
  if (result == LIBDEFLATE_BAD_DATA && view.size() < within_reach) {
    view = input->Peek(within_reach);
    result = DecodeWhole(input, view, content_.room());
  }
  if (result != LIBDEFLATE_SUCCESS) return false;
  content_.Fill(static_cast<size_t>(member_size_));
  return true;
}

// The size of the content of the last gzip member, which stands at the end, if
// that is in sight; the last may be the only one.
std::optional<size_t> Inflater::SizeHint(Bytes view, uint64_t at_hand) const {
  if (format_ != Format::kGzip || view.size() < at_hand ||
      view.size() < kTrailerSize) {
    return std::nullopt;
  }
  return LoadU32Le(&view[view.size() - 4]);
}

int Inflater::DecodeWhole(LayerInput* input, Bytes view,
                          std::span<uint8_t> room) {
  const auto decode = format_ == Format::kGzip
                          ? libdeflate_gzip_decompress_ex
                          : libdeflate_deflate_decompress_ex;
  size_t consumed = 0;
  size_t produced = 0;
  int result = decode(libdeflate_, view.data(), view.size(), room.data(),
                      room.size(), &consumed, &produced);
  if (result == LIBDEFLATE_SUCCESS && check_ != nullptr &&
      !check_(room.first(produced), consumed, view.subspan(consumed))) {
    result = LIBDEFLATE_BAD_DATA;
  }
  if (result == LIBDEFLATE_SUCCESS) {
    input->Consume(consumed);
    compressed_size_ = consumed;
    member_size_ = produced;
  }
  return result;
}

LayerStep Inflater::Deliver(std::span<uint8_t> out) {
  const Bytes rest = content_.filled().subspan(delivered_);
  const size_t size = std::min(out.size(), rest.size());
  std::copy_n(rest.data(), size, out.data());
  delivered_ += size;
  LayerStep step = LayerStep::Produced(size + std::exchange(direct_, 0));
  if (size == rest.size()) step.state = LayerStep::State::kEnd;
  return step;
}

bool Inflater::StartZlib() {
  zlib_started_ = true;
  if (zlib_ != nullptr) return inflateReset(zlib_.get()) == Z_OK;
  zlib_ = std::make_unique<z_stream>();
  return inflateInit2(zlib_.get(),
                      format_ == Format::kGzip ? kGzipFormat : kRawDeflate) ==
         Z_OK;
}

LayerStep Inflater::Stream(LayerInput* input, std::span<uint8_t> out) {
  if (!zlib_started_ && !StartZlib())
    return {LayerStep::State::kNoMemory, 0, {}};
  // Even without input: output may be pending that the last call had no room
  // for.
  const Bytes view = input->Peek(1);
  zlib_->next_in = view.data();
  zlib_->avail_in = Clamped(view.size());
  zlib_->next_out = out.data();
  zlib_->avail_out = Clamped(out.size());
  const int code = inflate(zlib_.get(), Z_NO_FLUSH);
  input->Consume(static_cast<size_t>(zlib_->next_in - view.data()));
  LayerStep step =
      LayerStep::Produced(static_cast<size_t>(zlib_->next_out - out.data()));
  member_size_ += step.produced;
  switch (code) {
    case Z_OK:
      break;
    case Z_STREAM_END:
      step.state = LayerStep::State::kEnd;
      break;
    case Z_BUF_ERROR:  // no step could be taken
      if (view.empty()) step.state = LayerStep::State::kCut;
      break;
    case Z_MEM_ERROR:
      step.state = LayerStep::State::kNoMemory;
      break;
    default:
      step.state = LayerStep::State::kDamaged;
      step.problem = zlib_->msg != nullptr ? zlib_->msg : "bad data";
  }
  return step;
}

}  // namespace thresh
