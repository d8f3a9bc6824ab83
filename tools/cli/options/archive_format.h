// The container formats that commands write, by name.
#ifndef THRESH_TOOLS_CLI_OPTIONS_ARCHIVE_FORMAT_H_
#define THRESH_TOOLS_CLI_OPTIONS_ARCHIVE_FORMAT_H_

#include <string_view>

#include "cli/options/choice.h"
#include "thresh/record_writer.h"

namespace thresh::cli {

[[nodiscard]] Choices<ContainerFormat> ArchiveFormatChoices();

// The name of a format, which must be one of them.
[[nodiscard]] std::string_view NameOf(const ContainerFormat& format);

}  // namespace thresh::cli

#endif  // THRESH_TOOLS_CLI_OPTIONS_ARCHIVE_FORMAT_H_
