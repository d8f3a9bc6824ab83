// Deflate data, the content of gzip: a wrapper of ISA-L. It decodes piece by
// piece, into memory that stays in the cache, and faster than decoders that
// need a whole member.
#ifndef THRESH_COMPRESSION_INFLATER_H_
#define THRESH_COMPRESSION_INFLATER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "compression/layer.h"
#include "compression/layer_input.h"

struct inflate_state;

namespace thresh {

// Whether `deflated` begins with deflate data, as far as half a KiB of it
// shows: true if it ends too early. If there is a gzip trailer in it, one of
// its halves must be right if `with_trailer`.
bool Inflates(Bytes deflated, bool with_trailer);

struct GzipHeader {
  enum class State : uint8_t { kWhole, kCut, kBadChecksum, kNone };

  State state;
  size_t size;  // in bytes, if it is whole
};

// The gzip header at the start of `head`. Cut if it continues past `head`.
GzipHeader ReadGzipHeader(Bytes head);

class Inflater {
 public:
  Inflater();
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater();

  // The next input of Decode is the start of a gzip member's deflate data.
  void Start();

  // As LayerDecoder::Decode; kEnd after the member's trailer, which was then
  // right.
  LayerStep Decode(LayerInput* input, std::span<uint8_t> out);

 private:
  LayerStep DeliverRest(std::span<uint8_t> out);

  std::unique_ptr<inflate_state> state_;
  std::unique_ptr<inflate_state> before_;  // its value before a step
  size_t read_ahead_ = 0;  // bytes that state_ has taken and not used yet
  std::string problem_;    // of damaged data; empty if there is none
};

}  // namespace thresh

#endif  // THRESH_COMPRESSION_INFLATER_H_
