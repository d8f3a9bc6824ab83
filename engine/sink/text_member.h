// Members of a JSON object that are text if possible.
#ifndef THRESH_SINK_TEXT_MEMBER_H_
#define THRESH_SINK_TEXT_MEMBER_H_

#include <string_view>

#include "thresh/output_buffer.h"

namespace thresh {

// Appends "NAME":"BYTES" where `bytes` are UTF-8 and "NAMEBase64":"BASE64"
// where they are not. `name` needs no escaping.
void AppendTextMember(std::string_view name, Bytes bytes, OutputBuffer* out);

// Appends "NAMEBase64":"BASE64".
void AppendBase64Member(std::string_view name, Bytes bytes, OutputBuffer* out);

}  // namespace thresh

#endif  // THRESH_SINK_TEXT_MEMBER_H_
