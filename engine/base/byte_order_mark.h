// The byte order mark of UTF-8.
#ifndef THRESH_BASE_BYTE_ORDER_MARK_H_
#define THRESH_BASE_BYTE_ORDER_MARK_H_

#include <string_view>

namespace thresh {

// Windows programs write it before UTF-8.
inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace thresh

#endif  // THRESH_BASE_BYTE_ORDER_MARK_H_
