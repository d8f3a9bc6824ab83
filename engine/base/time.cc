// Decimal digits are never converted through a double: for seconds since 1970
// it has a resolution of a quarter of a microsecond, but the nearest one to a
// decimal may be on the other side of a microsecond.
#include "base/time.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <limits>

namespace thresh {
namespace {

constexpr int64_t kMicros = 1'000'000;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// `text` without the prefix that `is_wanted` accepts, which is returned.
template <typename Predicate>
std::string_view Take(std::string_view* text, Predicate is_wanted) {
  const auto end = std::ranges::find_if_not(*text, is_wanted);
  const auto size = static_cast<size_t>(end - text->begin());
  const std::string_view taken = text->substr(0, size);
  text->remove_prefix(size);
  return taken;
}

bool TakeChar(std::string_view* text, char wanted) {
  if (!text->starts_with(wanted)) return false;
  text->remove_prefix(1);
  return true;
}

template <typename Number>
bool ToNumber(std::string_view digits, Number* number) {
  const char* const begin = digits.data();
  const char* const end = begin + digits.size();
  const auto [at, error] = std::from_chars(begin, end, *number);
  return error == std::errc() && at == end && !digits.empty();
}

// A decimal number without its sign: the digits of `whole`, then those of
// `fraction`, times 10^exponent with the point between the two.
struct Decimal {
  std::string_view whole;
  std::string_view fraction;
  int exponent = 0;

  // The digit of 10^power.
  [[nodiscard]] int64_t DigitOf(int power) const {
    const auto places = static_cast<int>(whole.size());
    const int index = places - 1 - (power - exponent);
    if (index < 0) return 0;
    const auto i = static_cast<size_t>(index);
    if (i < whole.size()) return whole[i] - '0';
    if (i - whole.size() < fraction.size()) {
      return fraction[i - whole.size()] - '0';
    }
    return 0;
  }

  // The number times 10^shift, truncated to an integer. Null if it does not
  // fit.
  [[nodiscard]] std::optional<int64_t> Scaled(int shift) const {
    constexpr int kPlaces = std::numeric_limits<int64_t>::digits10;
    const int top = static_cast<int>(whole.size()) - 1 + exponent + shift;
    int64_t value = 0;
    for (int power = top; power >= 0; --power) {
      const int64_t digit = DigitOf(power - shift);
      if (power >= kPlaces && digit != 0) return std::nullopt;
      value = value * 10 + digit;
    }
    return value;
  }
};

// Numbers of more places are not times, and are not evaluated.
constexpr int kMaxPlaces = 400;

// A number of JSON without its sign: no leading zeros, and digits on both sides
// of a point and in an exponent.
std::optional<Decimal> ToDecimal(std::string_view number) {
  Decimal decimal;
  decimal.whole = Take(&number, IsDigit);
  if (decimal.whole.empty() ||
      (decimal.whole.size() > 1 && decimal.whole.starts_with('0'))) {
    return std::nullopt;
  }
  if (TakeChar(&number, '.')) {
    decimal.fraction = Take(&number, IsDigit);
    if (decimal.fraction.empty()) return std::nullopt;
  }
  if (TakeChar(&number, 'e') || TakeChar(&number, 'E')) {
    // from_chars accepts a minus sign itself, also after a plus sign.
    if (TakeChar(&number, '+') && number.starts_with('-')) return std::nullopt;
    if (!ToNumber(number, &decimal.exponent)) return std::nullopt;
    number = {};
  }
  if (!number.empty() || decimal.whole.size() > kMaxPlaces ||
      decimal.exponent > kMaxPlaces || decimal.exponent < -kMaxPlaces) {
    return std::nullopt;
  }
  return decimal;
}

// Takes `count` digits.
bool TakeNumber(std::string_view* text, size_t count, int* number) {
  const std::string_view digits = text->substr(0, count);
  if (digits.size() != count || !std::ranges::all_of(digits, IsDigit)) {
    return false;
  }
  text->remove_prefix(count);
  return ToNumber(digits, number);
}

// Days since 1970. Null for a date that does not exist.
std::optional<int64_t> TakeDate(std::string_view* text) {
  int year = 0;
  int month = 0;
  int day = 0;
  if (!TakeNumber(text, 4, &year) || !TakeChar(text, '-') ||
      !TakeNumber(text, 2, &month) || !TakeChar(text, '-') ||
      !TakeNumber(text, 2, &day)) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date(
      std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
      std::chrono::day(static_cast<unsigned>(day)));
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count();
}

// Microseconds since midnight.
std::optional<int64_t> TakeTimeOfDay(std::string_view* text) {
  int hour = 0;
  int minute = 0;
  int second = 0;
  if (!TakeNumber(text, 2, &hour) || !TakeChar(text, ':') ||
      !TakeNumber(text, 2, &minute) || !TakeChar(text, ':') ||
      !TakeNumber(text, 2, &second) || hour > 23 || minute > 59 ||
      second > 59) {
    return std::nullopt;
  }
  int64_t micros = ((hour * 60 + minute) * 60 + second) * kMicros;
  if (TakeChar(text, '.')) {
    const std::string_view digits = Take(text, IsDigit);
    if (digits.empty()) return std::nullopt;
    int64_t place = kMicros;
    for (const char digit : digits) {
      place /= 10;
      micros += (digit - '0') * place;
    }
  }
  return micros;
}

// Minutes east of UTC.
std::optional<int> TakeOffset(std::string_view* text) {
  if (TakeChar(text, 'Z')) return 0;
  const bool west = text->starts_with('-');
  if (!west && !text->starts_with('+')) return std::nullopt;
  text->remove_prefix(1);
  int hours = 0;
  int minutes = 0;
  if (!TakeNumber(text, 2, &hours)) return std::nullopt;
  const bool colon = TakeChar(text, ':');
  if ((colon || !text->empty()) && !TakeNumber(text, 2, &minutes)) {
    return std::nullopt;
  }
  if (hours > 23 || minutes > 59) return std::nullopt;
  const int offset = hours * 60 + minutes;
  return west ? -offset : offset;
}

}  // namespace

std::optional<int64_t> ParseEpoch(std::string_view number) {
  const bool negative = TakeChar(&number, '-');
  const std::optional<Decimal> decimal = ToDecimal(number);
  if (!decimal.has_value()) return std::nullopt;
  constexpr int64_t kFirstMillis = 100'000'000'000;
  const std::optional<int64_t> whole = decimal->Scaled(0);
  if (!whole.has_value()) return std::nullopt;
  const std::optional<int64_t> micros =
      decimal->Scaled(*whole >= kFirstMillis ? 3 : 6);
  return micros.has_value() && negative ? -*micros : micros;
}

std::optional<int64_t> ParseIsoTime(std::string_view text) {
  const std::optional<int64_t> days = TakeDate(&text);
  if (!days || (!TakeChar(&text, 'T') && !TakeChar(&text, ' '))) {
    return std::nullopt;
  }
  const std::optional<int64_t> micros = TakeTimeOfDay(&text);
  if (!micros) return std::nullopt;
  const std::optional<int> offset = TakeOffset(&text);
  if (!offset || !text.empty()) return std::nullopt;
  return *days * 86400 * kMicros + *micros - kMicros * 60 * *offset;
}

}  // namespace thresh
