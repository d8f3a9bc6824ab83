// See archive_format.h.
#include "cli/options/archive_format.h"

namespace thresh::cli {

Choices<ContainerFormat> ArchiveFormatChoices() {
  Choices<ContainerFormat> choices;
  for (const NamedContainerFormat& writable : WritableFormats()) {
    choices.emplace_back(writable.name, writable.format);
  }
  return choices;
}

std::string_view NameOf(const ContainerFormat& format) {
  for (const NamedContainerFormat& writable : WritableFormats()) {
    if (writable.format == format) return writable.name;
  }
  return ContainerKindName(format.container);
}

}  // namespace thresh::cli
