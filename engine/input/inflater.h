// Deflate data, for the layers that are made of it. libdeflate is the faster
// decoder but wants all of a member, and room for all that it stands for; zlib
// goes byte by byte. So a member is given to libdeflate where its bytes are at
// hand and what it holds is of modest size, and to zlib where they are not or
// libdeflate finds fault with it: zlib then delivers what comes before the
// damage, and says what is wrong. (libdeflate also takes some code tables that
// zlib refuses and no compressor writes. If the checksum is right, so is what
// they stand for.)
#ifndef THRESH_INPUT_INFLATER_H_
#define THRESH_INPUT_INFLATER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "input/buffer_pool.h"
#include "input/layer.h"
#include "input/layer_input.h"

struct libdeflate_decompressor;
struct z_stream_s;

namespace thresh {

// Whether `deflated` begins with deflate data, as far as half a KiB of it
// tells: true if it ends too soon. Should a gzip trailer be in sight, it must
// be right in one of its halves if `with_trailer`.
bool Inflates(Bytes deflated, bool with_trailer);

class Inflater {
 public:
  // What stands around the deflate data.
  enum class Format : uint8_t { kRaw, kGzip };

  // The most compressed bytes and the most content of a member that is taken
  // whole.
  static constexpr size_t kMaxWholeInput = size_t{32} << 20;
  static constexpr size_t kMaxWholeOutput = size_t{64} << 20;

  // Whether the content of a raw member, of `compressed` bytes and followed by
  // `behind`, as far as that is at hand, is what it should be. libdeflate lets
  // damage pass that zlib sees, so there has to be a checksum.
  using Check =
      std::function<bool(Bytes content, size_t compressed, Bytes behind)>;

  // `check` is for kRaw; a gzip member has a checksum of its own.
  explicit Inflater(Format format, Check check = nullptr);
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater();

  // What Decode sees next is the start of a member.
  void StartMember();

  // As LayerDecoder::Decode; kEnd behind the member. A gzip member has then
  // been checked against its trailer.
  LayerStep Decode(LayerInput* input, std::span<uint8_t> out);

 private:
  enum class Mode : uint8_t { kStart, kWhole, kStreaming };

  bool MayTakeWhole(const LayerInput& input);
  bool TakeWhole(LayerInput* input, std::span<uint8_t> out);
  [[nodiscard]] std::optional<size_t> SizeHint(Bytes view,
                                               uint64_t at_hand) const;
  int DecodeWhole(LayerInput* input, Bytes view, std::span<uint8_t> room);
  LayerStep Deliver(std::span<uint8_t> out);
  bool StartZlib();
  LayerStep Stream(LayerInput* input, std::span<uint8_t> out);

  Format format_;
  Check check_;
  Mode mode_ = Mode::kStart;
  bool is_first_ = true;      // of the members
  uint64_t member_size_ = 0;  // of content, of the current or the last member

  // Streaming.
  std::unique_ptr<z_stream_s> zlib_;  // made when it is first needed
  bool zlib_started_ = false;         // on the current member

  // Taking a member whole.
  libdeflate_decompressor* libdeflate_ = nullptr;  // made when first needed
  Buffer content_;
  size_t compressed_size_ = 0;  // of the last one that was
  size_t delivered_ = 0;        // of content_
  size_t direct_ = 0;           // decoded into the caller's room; to be told of
  bool try_direct_ = true;
};

}  // namespace thresh

#endif  // THRESH_INPUT_INFLATER_H_
