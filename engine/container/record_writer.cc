// See record_writer.h.
#include "thresh/record_writer.h"

#include <algorithm>
#include <string>

#include "base/errors.h"
#include "container/container.h"

namespace thresh {

std::vector<NamedContainerFormat> WritableFormats() {
  std::vector<NamedContainerFormat> formats;
  for (const ContainerKind kind : ContainerKinds()) {
    const Container& container = ContainerOf(kind);
    if (container.write == nullptr) continue;
    if (container.shapes.empty()) {
      formats.push_back({container.name, {.container = kind}});
    }
    for (const WrittenShape& shape : container.shapes) {
      formats.push_back({shape.name, {.container = kind, .json = shape.json}});
    }
  }
  return formats;
}

Result<std::unique_ptr<RecordWriter>> NewRecordWriter(
    const ContainerFormat& format, const JsonSource& source) {
  if (Result<void> known =
          CheckEnum("json", format.json, JsonShape::kGetRecords);
      !known) {
    return tl::unexpected(std::move(known.error()));
  }
  const auto containers = Containers();
  const auto found =
      std::ranges::find(containers, format.container, &Container::kind);
  if (found == containers.end() || found->write == nullptr) {
    return tl::unexpected(
        InvalidArgument("no archive is written in the container " +
                            std::string(ContainerKindName(format.container)),
                        "name another container"));
  }
  return found->write(format, source);
}

}  // namespace thresh
