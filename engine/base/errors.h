// Constructors of the engine's errors, by cause.
#ifndef THRESH_BASE_ERRORS_H_
#define THRESH_BASE_ERRORS_H_

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "thresh/result.h"

namespace thresh {

// An option, or a combination of options, is not valid.
[[nodiscard]] inline Error InvalidArgument(std::string message,
                                           std::string remedy = {}) {
  return {.code = ErrorCode::kInvalidArgument,
          .file = {},
          .offset = std::nullopt,
          .message = std::move(message),
          .remedy = std::move(remedy)};
}

// Bytes are not, or no longer, in the expected format. The caller adds the
// place.
[[nodiscard]] inline Error ContainerError(
    std::string message, std::string remedy,
    ErrorDetail detail = ErrorDetail::kNone) {
  return {.code = ErrorCode::kContainer,
          .detail = detail,
          .file = {},
          .offset = std::nullopt,
          .message = std::move(message),
          .remedy = std::move(remedy)};
}

// Likewise, of the input `file`.
[[nodiscard]] inline Error InputError(std::string file,
                                      std::optional<uint64_t> offset,
                                      std::string message, std::string remedy) {
  Error error = ContainerError(std::move(message), std::move(remedy));
  error.file = std::move(file);
  error.offset = offset;
  return error;
}

// The operating system refused a call, or its result is unusable.
[[nodiscard]] inline Error IoError(std::string file, std::string message,
                                   std::string remedy,
                                   ErrorDetail detail = ErrorDetail::kNone) {
  return {.code = ErrorCode::kIo,
          .detail = detail,
          .file = std::move(file),
          .offset = std::nullopt,
          .message = std::move(message),
          .remedy = std::move(remedy)};
}

// Memory, of the machine or of an option's limit, is too small.
[[nodiscard]] inline Error MemoryError(std::string message, std::string remedy,
                                       ErrorDetail detail) {
  return {.code = ErrorCode::kMemory,
          .detail = detail,
          .file = {},
          .offset = std::nullopt,
          .message = std::move(message),
          .remedy = std::move(remedy)};
}

// `error`, with this offset in its input.
[[nodiscard]] inline Error AtOffset(uint64_t offset, Error error) {
  error.offset = offset;
  return error;
}

// Returns an error unless `value` is an enumerator: callers in other languages
// pass numbers. The enumerators are 0 to `last`; `option` names the option.
template <typename Enum>
  requires std::is_enum_v<Enum>
[[nodiscard]] Result<void> CheckEnum(std::string_view option, Enum value,
                                     Enum last) {
  const auto number = static_cast<std::underlying_type_t<Enum>>(value);
  const auto highest = static_cast<std::underlying_type_t<Enum>>(last);
  static_assert(std::unsigned_integral<decltype(number)>);
  if (number <= highest) return {};
  return tl::unexpected(InvalidArgument(
      std::string(option) + " has the value " + std::to_string(number) +
          ", which is not one of its enumerators",
      "give it one of them: 0 to " + std::to_string(highest)));
}

}  // namespace thresh

#endif  // THRESH_BASE_ERRORS_H_
