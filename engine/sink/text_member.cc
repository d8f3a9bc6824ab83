// Keys and paths are bytes that are nearly always text. Others are written in
// base64 under a name that says so, never with bytes replaced.
#include "sink/text_member.h"

#include "base/json.h"
#include "sink/put.h"

namespace thresh {
namespace {

constexpr size_t kPunctuation = sizeof(R"("Base64":"")");

}  // namespace

void AppendTextMember(std::string_view name, Bytes bytes, OutputBuffer* out) {
  if (!IsUtf8(bytes)) return AppendBase64Member(name, bytes, out);
  uint8_t* at = RoomFor(name.size() + kPunctuation, out);
  at = Put("\"", at);
  at = Put(name, at);
  at = Put("\":", at);
  EndAt(at, out);
  AppendJsonString(bytes, out);
}

void AppendBase64Member(std::string_view name, Bytes bytes, OutputBuffer* out) {
  uint8_t* at = RoomFor(
      name.size() + kPunctuation + Base64EncodedSize(bytes.size()), out);
  at = Put("\"", at);
  at = Put(name, at);
  at = Put("Base64\":\"", at);
  at = PutBase64(bytes, at);
  at = Put("\"", at);
  EndAt(at, out);
}

}  // namespace thresh
