// The containers that commands write, by name.
#ifndef THRESH_TOOLS_CLI_OPTIONS_ARCHIVE_FORMAT_H_
#define THRESH_TOOLS_CLI_OPTIONS_ARCHIVE_FORMAT_H_

#include "archive/record_writer.h"
#include "cli/options/choice.h"

namespace thresh::cli {

[[nodiscard]] Choices<archive::ArchiveFormat> ArchiveFormatChoices();

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_OPTIONS_ARCHIVE_FORMAT_H_
