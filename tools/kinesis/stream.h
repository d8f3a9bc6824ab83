// Which stream a command is about, as people name it: by name or by ARN.
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

// Reads `arn:PARTITION:kinesis:REGION:ACCOUNT:stream/NAME`, or a name: 1 to 128
// of letters, digits, '_', '.' and '-'. Both are plain ASCII without anything
// that JSON escapes. An error of code kInvalidArgument for all else.
[[nodiscard]] Result<Stream> ParseStream(std::string_view text);

// Where AWS serves Kinesis for `stream` in `region`.
[[nodiscard]] std::string DefaultEndpoint(const Stream& stream,
                                          const std::string& region);

}  // namespace thresh::kinesis

#endif  // THRESH_TOOLS_KINESIS_STREAM_H_
