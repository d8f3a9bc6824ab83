// Bytes that somebody else chose, such as a file's name, on a terminal.
#ifndef THRESH_TEXT_PRINTABLE_H_
#define THRESH_TEXT_PRINTABLE_H_

#include <string>
#include <string_view>

namespace thresh {

// `text` as it is where it is UTF-8 without control characters. What a terminal
// might take for a command, C0 and C1 controls and DEL, becomes \xNN, or \n,
// \r and \t; so does every byte beyond ASCII if `text` is not UTF-8. Bytes in
// `escaped` get a backslash in front. For people: not meant to be read back.
[[nodiscard]] std::string Printable(std::string_view text,
                                    std::string_view escaped = {});

}  // namespace thresh

#endif  // THRESH_TEXT_PRINTABLE_H_
