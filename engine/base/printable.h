// Prints untrusted bytes, such as a file's name, on a terminal.
#ifndef THRESH_BASE_PRINTABLE_H_
#define THRESH_BASE_PRINTABLE_H_

#include <string>
#include <string_view>

namespace thresh {

// `text` with every byte as \xNN, or \n, \r and \t, that is part of
// - a control character: C0, DEL, C1;
// - a character that changes the direction or the lines of the text around it,
//   or is invisible: marks, embeddings, overrides and isolates, separators of
//   lines and paragraphs, zero-width space and byte order mark, tags;
// - what is not ASCII, if `text` is not UTF-8.
// All else is unchanged, but characters in `escaped` get a backslash before
// them. The result is one line, and without `escaped` the function is
// idempotent. For display: not meant to be parsed.
[[nodiscard]] std::string Printable(std::string_view text,
                                    std::string_view escaped = {});

}  // namespace thresh

#endif  // THRESH_BASE_PRINTABLE_H_
