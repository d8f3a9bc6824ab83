// The stream of a command, given by name or by ARN.
#ifndef THRESH_TOOLS_KINESIS_STREAM_H_
#define THRESH_TOOLS_KINESIS_STREAM_H_

#include <string>
#include <string_view>

#include "thresh/result.h"

namespace thresh::kinesis {

struct Stream {
  std::string text;  // the name or the ARN
  bool is_arn = false;
  std::string region;             // of an ARN; empty for a name
  std::string partition = "aws";  // of an ARN: aws, aws-cn, aws-us-gov

  // The member of a request that names the stream.
  [[nodiscard]] std::string_view member() const {
    return is_arn ? "StreamARN" : "StreamName";
  }
};

// Parses `arn:PARTITION:kinesis:REGION:ACCOUNT:stream/NAME`, or a name: 1 to
// 128 letters, digits, '_', '.' and '-'. Both are plain ASCII without
// characters that JSON escapes. Returns an error of code kInvalidArgument for
// anything else.
[[nodiscard]] Result<Stream> ParseStream(std::string_view text);

// The AWS endpoint of Kinesis for `stream` in `region`.
[[nodiscard]] std::string DefaultEndpoint(const Stream& stream,
                                          const std::string& region);

}  // namespace thresh::kinesis

#endif  // THRESH_TOOLS_KINESIS_STREAM_H_
