#include "compression/inflater.h"

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <string>

#include "base/byte_order.h"

namespace thresh {
namespace {

// How much deflate data is tried. Random bytes fail within about 60, and at the
// latest within one block's code tables, which may take twice that. With more,
// gzip that is damaged there would not be recognized.
constexpr size_t kTrialInput = 512;
constexpr size_t kTrialOutput = size_t{16} << 10;
constexpr size_t kTrailerSize = 8;  // CRC-32 and length, little endian

// ISA-L counts in 32 bits, and adds to the given size.
uint32_t Clamped(size_t size) {
  return static_cast<uint32_t>(
      std::min<size_t>(size, std::numeric_limits<int32_t>::max()));
}

void SetInput(Bytes input, inflate_state* state) {
  // ISA-L only reads it.
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
  state->next_in = const_cast<uint8_t*>(input.data());
  state->avail_in = Clamped(input.size());
}

// Whole bytes of the input that were taken and not used yet.
size_t ReadAhead(const inflate_state& state) {
  return static_cast<size_t>(std::max(state.read_in_length, 0)) / 8;
}

std::string ProblemOf(int code) {
  switch (code) {
    case ISAL_INVALID_BLOCK:
      return "invalid block";
    case ISAL_INVALID_SYMBOL:
      return "invalid code";
    case ISAL_INVALID_LOOKBACK:
      return "invalid distance too far back";
    case ISAL_INCORRECT_CHECKSUM:
      return "incorrect checksum or length";
    default:
      return "bad data";
  }
}

// If data is damaged, ISA-L's fast loop may count bytes as decoded that it
// never wrote. Its loop for the end of the input, which it uses for no more
// input than this, does not.
constexpr uint32_t kCarefulStep = 4;

// As isal_inflate, with the slow loop.
int InflateCarefully(inflate_state* state) {
  const uint8_t* const end = state->next_in + state->avail_in;
  int code = ISAL_DECOMP_OK;
  do {
    const uint8_t* const at = state->next_in;
    state->avail_in =
        static_cast<uint32_t>(std::min<ptrdiff_t>(end - at, kCarefulStep));
    code = isal_inflate(state);
  } while (code == ISAL_DECOMP_OK && state->avail_out > 0 &&
           state->next_in != end && state->block_state != ISAL_BLOCK_FINISH);
  state->avail_in = static_cast<uint32_t>(end - state->next_in);
  return code;
}

}  // namespace

bool Inflates(Bytes deflated, bool with_trailer) {
  deflated = deflated.first(std::min(deflated.size(), kTrialInput));
  const auto state = std::make_unique<inflate_state>();
  isal_inflate_init(state.get());
  std::array<uint8_t, kTrialOutput> out;
  SetInput(deflated, state.get());
  state->next_out = out.data();
  state->avail_out = kTrialOutput;
  if (isal_inflate(state.get()) != ISAL_DECOMP_OK) return false;
  if (state->block_state != ISAL_BLOCK_FINISH || !with_trailer) return true;
  const Bytes rest = deflated.last(state->avail_in + ReadAhead(*state));
  if (rest.size() < kTrailerSize) return true;
  // Such a short member may be chance. One correct half of the trailer is
  // enough; with both required, a damaged gzip file would not be recognized.
  const size_t size = kTrialOutput - state->avail_out;
  return LoadLe<uint32_t>(rest.data()) ==
             crc32_gzip_refl(0, out.data(), size) ||
         LoadLe<uint32_t>(rest.data() + 4) == size;
}

GzipHeader ReadGzipHeader(Bytes head) {
  const auto state = std::make_unique<inflate_state>();
  isal_inflate_init(state.get());
  SetInput(head, state.get());
  isal_gzip_header header;
  isal_gzip_header_init(&header);
  using State = GzipHeader::State;
  switch (isal_read_gzip_header(state.get(), &header)) {
    case ISAL_DECOMP_OK:
      return {State::kWhole, head.size() - state->avail_in};
    case ISAL_END_INPUT:
      return {State::kCut, 0};
    case ISAL_INCORRECT_CHECKSUM:
      return {State::kBadChecksum, 0};
    default:
      return {State::kNone, 0};
  }
}

Inflater::Inflater()
    : state_(std::make_unique<inflate_state>()),
      before_(std::make_unique<inflate_state>()) {
  isal_inflate_init(state_.get());
  Start();
}

Inflater::~Inflater() = default;

void Inflater::Start() {
  isal_inflate_reset(state_.get());
  state_->crc_flag = ISAL_GZIP_NO_HDR_VER;
  read_ahead_ = 0;
}

LayerStep Inflater::Decode(LayerInput* input, std::span<uint8_t> out) {
  if (!problem_.empty()) return DeliverRest(out);
  // Even without input: output may be pending that the last call had no room
  // for. Bytes read ahead are not consumed, since they may be after the member.
  const Bytes view = input->Peek(read_ahead_ + 1);
  const Bytes next = view.subspan(read_ahead_);
  SetInput(next, state_.get());
  state_->next_out = out.data();
  state_->avail_out = Clamped(out.size());
  *before_ = *state_;
  int code = isal_inflate(state_.get());
  if (code != ISAL_DECOMP_OK && code != ISAL_INCORRECT_CHECKSUM) {
    *state_ = *before_;
    code = InflateCarefully(state_.get());
  }
  read_ahead_ = ReadAhead(*state_);
  input->Consume(static_cast<size_t>(state_->next_in - view.data()) -
                 read_ahead_);
  LayerStep step =
      LayerStep::Produced(static_cast<size_t>(state_->next_out - out.data()));
  if (code != ISAL_DECOMP_OK) {
    problem_ = ProblemOf(code);
  } else if (state_->block_state == ISAL_BLOCK_FINISH) {
    step.state = LayerStep::State::kEnd;
  } else if (step.produced == 0 && next.empty()) {
    input->Consume(read_ahead_);
    step.state = LayerStep::State::kCut;
  }
  return step;
}

// Returns what was decoded before the damage, and finally the error.
LayerStep Inflater::DeliverRest(std::span<uint8_t> out) {
  const auto pending =
      static_cast<size_t>(state_->tmp_out_valid - state_->tmp_out_processed);
  if (pending == 0) return LayerStep::Damaged(problem_);
  const size_t size = std::min(pending, out.size());
  std::copy_n(state_->tmp_out_buffer + state_->tmp_out_processed, size,
              out.data());
  state_->tmp_out_processed += static_cast<int32_t>(size);
  return LayerStep::Produced(size);
}

}  // namespace thresh
