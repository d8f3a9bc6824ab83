// See recognizer.h.
#include "container/recognizer.h"

#include <utility>

#include "container/container.h"
#include "container/refusal.h"

namespace thresh {
namespace {

// How much of an unrecognized input is examined: if its first record is
// damaged, others of usual size begin within it.
constexpr size_t kSniffPastDamage = size_t{1} << 20;

}  // namespace

Result<ContainerKind> SniffContainer(Bytes head, bool whole) {
  Recognition recognition = {
      .head = head,
      .whole = whole,
      .more = !whole && head.size() >= kSniffBytes &&
              head.size() < kSniffPastDamage,
      // NOLINTNEXTLINE(readability-redundant-member-init)
      .refusal = {}};
  for (const SniffPass pass : {SniffPass::kFromStart, SniffPass::kPastDamage}) {
    for (const Container& container : Containers()) {
      if (container.recognize == nullptr) continue;
      switch (container.recognize(pass, &recognition)) {
        case Sight::kNo:
          break;
        case Sight::kYes:
          return container.kind;
        case Sight::kNeedsMore:
          return ContainerKind::kAuto;
        case Sight::kRefused:
          return tl::unexpected(*std::move(recognition.refusal));
      }
    }
  }
  std::optional<Error> known = std::move(recognition.refusal);
  if (!known.has_value()) known = KnownRefusal(head);
  if (recognition.more && (recognition.look_further || !known.has_value())) {
    return ContainerKind::kAuto;
  }
  return tl::unexpected(known.has_value() ? *std::move(known)
                                          : UnknownInput(head));
}

std::optional<Error> CheckContainer(ContainerKind kind, Bytes head,
                                    bool whole) {
  const Container& container = ContainerOf(kind);
  if (container.refuse == nullptr) return std::nullopt;
  return container.refuse(head, whole);
}

}  // namespace thresh
