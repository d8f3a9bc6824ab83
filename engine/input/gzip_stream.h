// Takes gzip off a stream of bytes.
#ifndef THRESH_INPUT_GZIP_STREAM_H_
#define THRESH_INPUT_GZIP_STREAM_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "input/byte_stream.h"

struct z_stream_s;

namespace thresh {

// Bytes of an input that LooksGzip makes good use of.
inline constexpr size_t kGzipSniffSize = size_t{64} << 10;

// Whether an input that begins with `head` is gzip: it has gzip's header, and
// the first half KiB behind it does inflate. A `head` that ends too soon to
// tell counts as gzip: gzip that was cut.
bool LooksGzip(Bytes head);

// Decompresses gzip of one or many members, with zeros behind the last one or
// not. Where the data is cut off, damaged or followed by something else, the
// stream ends with a kContainer error at the decompressed offset, after every
// byte that could be decompressed. (Damage may have spoiled some of the last
// ones: gzip's checksum stands only at the end of a member.)
class GzipStream final : public ByteStream {
 public:
  // `file` is the input's name in errors.
  GzipStream(std::unique_ptr<ByteStream> source, std::string file);
  ~GzipStream() override;

  size_t Read(std::span<uint8_t> out) override;
  [[nodiscard]] const std::optional<Error>& error() const override {
    return error_;
  }
  [[nodiscard]] std::optional<uint64_t> compressed_offset() const override;

 private:
  void Advance();
  void Refill();
  void StartNextMember();
  void OnSourceEnd();
  [[nodiscard]] std::string Place() const;
  void Fail(ErrorCode code, std::string message, std::string remedy);

  std::unique_ptr<ByteStream> source_;
  std::string file_;
  std::vector<uint8_t> buffer_;           // compressed bytes
  std::unique_ptr<z_stream_s> inflater_;  // reads from buffer_
  uint64_t fetched_ = 0;                  // bytes ever read from source_
  uint64_t delivered_ = 0;                // bytes returned by former Reads
  bool source_ended_ = false;
  bool between_members_ = false;
  bool in_padding_ = false;
  bool done_ = false;
  std::optional<Error> error_;
};

}  // namespace thresh

#endif  // THRESH_INPUT_GZIP_STREAM_H_
