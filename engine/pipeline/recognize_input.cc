// See recognize_input.h.
#include "pipeline/recognize_input.h"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "container/recognizer.h"
#include "thresh/bytes.h"

namespace thresh {
namespace {

// Whether the concatenated files of an input, which end at `file_ends` of
// `head` (and do not end their last lines), are of lines.
bool IsOfLines(Bytes head, bool whole, const std::vector<size_t>& file_ends) {
  if (file_ends.empty()) return false;
  std::vector<uint8_t> text;
  text.reserve(head.size() + file_ends.size());
  size_t at = 0;
  for (const size_t end : file_ends) {
    if (end > head.size()) break;
    const Bytes file = head.subspan(at, end - at);
    text.insert(text.end(), file.begin(), file.end());
    text.push_back('\n');
    at = end;
  }
  const Bytes rest = head.subspan(at);
  text.insert(text.end(), rest.begin(), rest.end());
  return SniffContainer(text, whole) == ContainerKind::kBase64Lines;
}

}  // namespace

Result<const Container*> RecognizeInput(SegmentSource* source,
                                        ContainerKind named) {
  if (named != ContainerKind::kAuto && ContainerOf(named).refuse == nullptr) {
    return &ContainerOf(named);
  }
  for (size_t most = kSniffBytes;; most *= 16) {
    Result<Bytes> head = source->Peek(most + 1);
    if (!head.has_value()) return tl::unexpected(std::move(head).error());
    const bool whole = head->size() <= most || most >= kMaxSniffBytes;
    if (head->size() > most) head = head->first(most);
    if (named != ContainerKind::kAuto) {
      std::optional<Error> error = CheckContainer(named, *head, whole);
      if (error.has_value()) return tl::unexpected(*std::move(error));
      return &ContainerOf(named);
    }
    Result<ContainerKind> kind = SniffContainer(*head, whole);
    if (!kind.has_value() && IsOfLines(*head, whole, source->file_ends())) {
      kind = ContainerKind::kBase64Lines;
    }
    if (!kind.has_value()) return tl::unexpected(std::move(kind).error());
    if (*kind != ContainerKind::kAuto) return &ContainerOf(*kind);
  }
}

}  // namespace thresh
