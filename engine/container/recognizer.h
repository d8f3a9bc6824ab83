// Determines the container of an input by its first bytes. Each container has a
// recognizer (Container::recognize); SniffContainer tries them in turn.
#ifndef THRESH_CONTAINER_RECOGNIZER_H_
#define THRESH_CONTAINER_RECOGNIZER_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "thresh/bytes.h"
#include "thresh/options.h"
#include "thresh/result.h"

namespace thresh {

// What to search for. All recognizers try the first before any tries the
// second.
enum class SniffPass : uint8_t {
  kFromStart,   // an input that is valid from its first byte, or nearly so
  kPastDamage,  // records after bytes that may be damage
};

enum class Sight : uint8_t {
  kNo,
  kYes,
  kNeedsMore,  // it can be decided only with a longer head
  kRefused,    // it is another format: see Recognition::refusal
};

// The first bytes of an input, and the results of recognizers.
struct Recognition {
  Bytes head;
  bool whole;  // `head` is the whole input
  bool more;   // a longer head is available, and useful

  // The input may be of the container that set this, and continues after
  // `head`, or shows nothing yet.
  bool undecided = false;
  // `head` has damage after which there may be records.
  bool look_further = false;
  // Why the input is refused, unless another container is recognized.
  std::optional<Error> refusal;
};

// Recognizes the container of an input by its first bytes. `head` is the whole
// input if `whole`. kAuto if that requires a longer head. An error without file
// name if it fits none.
Result<ContainerKind> SniffContainer(Bytes head, bool whole);

// Why an input that begins with `head` cannot be of `kind`, which was named for
// it: it is of another kind, which SniffContainer refuses by name.
std::optional<Error> CheckContainer(ContainerKind kind, Bytes head, bool whole);

// Bytes of head that SniffContainer needs at first, and at most. They contain
// the whole of a magic that begins within the first 64 KiB.
inline constexpr size_t kSniffBytes = (size_t{64} << 10) + 3;
inline constexpr size_t kMaxSniffBytes = size_t{256} << 20;

}  // namespace thresh

#endif  // THRESH_CONTAINER_RECOGNIZER_H_
