// See archive_format.h.
#include "cli/options/archive_format.h"

#include "cli/options/input_options.h"

namespace thresh::cli {

using archive::ArchiveFormat;
using archive::JsonShape;

Choices<ArchiveFormat> ArchiveFormatChoices() {
  Choices<ArchiveFormat> choices;
  for (const auto& [name, container] : ContainerChoices(/*with_auto=*/false)) {
    // JSON has several shapes, and one file holds many records.
    if (container == ContainerKind::kJson ||
        container == ContainerKind::kRecord) {
      continue;
    }
    choices.push_back({name, {.container = container}});
  }
  choices.push_back(
      {"lambda-json",
       {.container = ContainerKind::kJson, .json = JsonShape::kLambda}});
  choices.push_back(
      {"get-records-json",
       {.container = ContainerKind::kJson, .json = JsonShape::kGetRecords}});
  return choices;
}

}  // namespace thresh::cli
