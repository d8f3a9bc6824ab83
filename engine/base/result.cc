// Formats an error for a terminal.
#include "thresh/result.h"

#include "base/printable.h"

namespace thresh {

std::string Error::ToString() const {
  std::string text;
  if (!file.empty()) text += file + ": ";
  if (offset.has_value()) text += "offset " + std::to_string(*offset) + ": ";
  text += message;
  if (!remedy.empty()) text += "; " + remedy;
  return Printable(text);
}

}  // namespace thresh
