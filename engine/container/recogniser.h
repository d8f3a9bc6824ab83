// Which container an input is, by its first bytes. Each container has a
// recogniser of its own (Container::recognise); SniffContainer asks them in
// turn.
#ifndef THRESH_CONTAINER_RECOGNISER_H_
#define THRESH_CONTAINER_RECOGNISER_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "thresh/bytes.h"
#include "thresh/options.h"
#include "thresh/result.h"

namespace thresh {

// What is looked for. All recognisers are asked for the first before any is
// asked for the second.
enum class SniffPass : uint8_t {
  kFromStart,   // an input that is sound from its first byte, or nearly so
  kPastDamage,  // records after bytes that may be damage
};

enum class Sight : uint8_t {
  kNo,
  kYes,
  kNeedsMore,  // that can be said of a longer head only
  kRefused,    // it is another format, as Recognition::refusal says
};

// The first bytes of an input, and what recognisers note of them.
struct Recognition {
  Bytes head;
  bool whole;  // `head` is the whole input
  bool more;   // a longer head can be had, and is worth while

  // The input may be of the container that noted this, and goes on after
  // `head`, or shows nothing yet.
  bool undecided = false;
  // `head` holds damage after which records may come.
  bool look_further = false;
  // Why the input is refused, unless another container is recognised.
  std::optional<Error> refusal;
};

// Recognises the container of an input by its first bytes. `head` is the whole
// input if `whole`. kAuto if that can only be said of a longer head. An error
// without file name if it fits none.
Result<ContainerKind> SniffContainer(Bytes head, bool whole);

// Why an input that begins with `head` cannot be of `kind`, which was named for
// it: it is of another kind that SniffContainer refuses by its name.
std::optional<Error> CheckContainer(ContainerKind kind, Bytes head, bool whole);

// Bytes of head that SniffContainer wants to see at first, and at most.
// A magic that begins within the first 64 KiB is seen whole.
inline constexpr size_t kSniffBytes = (size_t{64} << 10) + 3;
inline constexpr size_t kMostSniffBytes = size_t{256} << 20;

}  // namespace thresh

#endif  // THRESH_CONTAINER_RECOGNISER_H_
