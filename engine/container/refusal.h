// The errors for an input that fits no container.
#ifndef THRESH_CONTAINER_REFUSAL_H_
#define THRESH_CONTAINER_REFUSAL_H_

#include <optional>

#include "container/json_frames.h"
#include "thresh/bytes.h"
#include "thresh/result.h"

namespace thresh {

// The error for an input that starts with `head` and in which no container was
// recognized. KnownRefusal names the format and the command that converts it to
// a readable one, and is null if the format is not known.
std::optional<Error> KnownRefusal(Bytes head);
Error UnknownInput(Bytes head);

// The error for documents wrapped too deep to be read.
Error DeepJson();

// The error for a document that resembles those of Kinesis and is `kind`.
Error ForeignJson(JsonForeign kind);

}  // namespace thresh

#endif  // THRESH_CONTAINER_REFUSAL_H_
