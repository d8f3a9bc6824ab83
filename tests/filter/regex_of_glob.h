// Shell patterns translated to regular expressions: the reference for the
// engine's matcher. RE2 takes time proportional to the key's size times the
// pattern's.
#ifndef THRESH_TESTS_FILTER_REGEX_OF_GLOB_H_
#define THRESH_TESTS_FILTER_REGEX_OF_GLOB_H_

#include <re2/re2.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace thresh {

// Translates a pattern; null if fnmatch would match nothing.
class GlobTranslator {
 public:
  explicit GlobTranslator(std::string_view glob) : glob_(glob) {}

  std::optional<std::string> Translate() {
    while (at_ < glob_.size()) {
      const char c = glob_[at_++];
      if (c == '*') {
        regex_ += ".*";
      } else if (c == '?') {
        regex_ += '.';
      } else if (c == '[') {
        if (!TakeBrackets()) return std::nullopt;
      } else if (c == '\\') {
        if (at_ == glob_.size()) return std::nullopt;
        regex_ += Literal(glob_[at_++]);
      } else {
        regex_ += Literal(c);
      }
    }
    return std::move(regex_);
  }

 private:
  // `byte` as a literal, inside brackets or not.
  static std::string Literal(char byte) {
    constexpr std::string_view kHex = "0123456789abcdef";
    const auto value = static_cast<uint8_t>(byte);
    return {'\\', 'x', kHex[value >> 4], kHex[value & 15]};
  }

  [[nodiscard]] bool Sees(std::string_view text) const {
    return glob_.substr(at_).starts_with(text);
  }

  // After a "[". One that is never closed is a literal.
  bool TakeBrackets() {
    const size_t start = at_;
    std::string regex = "[";
    if (Sees("!") || Sees("^")) {
      regex += '^';
      ++at_;
    }
    const size_t first = at_;
    while (at_ < glob_.size()) {
      if (Sees("]") && at_ != first) {
        ++at_;
        regex_ += regex + "]";
        return true;
      }
      if (!TakeItem(&regex)) return false;
    }
    at_ = start;
    regex_ += Literal('[');
    return true;
  }

  // A class, a range or a single byte.
  bool TakeItem(std::string* regex) {
    if (Sees("[.") || Sees("[=")) {
      return false;
    }
    if (Sees("[:")) {
      const size_t end = glob_.find(":]", at_ + 2);
      if (end != std::string_view::npos) {
        const std::string_view name = glob_.substr(at_ + 2, end - at_ - 2);
        const std::string_view classes =
            " alnum alpha blank cntrl digit graph lower print punct space "
            "upper "
            "xdigit ";
        if (name.empty() ||
            classes.find(" " + std::string(name) + " ") == classes.npos) {
          return false;
        }
        *regex += "[:" + std::string(name) + ":]";
        at_ = end + 2;
        return true;
      }
    }
    const char first = TakeByte();
    *regex += Literal(first);
    if (!Sees("-") || at_ + 1 >= glob_.size() || glob_[at_ + 1] == ']') {
      return true;
    }
    ++at_;
    const char last = TakeByte();
    if (static_cast<uint8_t>(last) < static_cast<uint8_t>(first)) {
      return false;
    }
    *regex += '-' + Literal(last);
    return true;
  }

  char TakeByte() {
    if (Sees("\\") && at_ + 1 < glob_.size()) ++at_;
    return glob_[at_++];
  }

  std::string_view glob_;
  size_t at_ = 0;
  std::string regex_;
};

inline std::optional<bool> TwinMatches(std::string_view glob,
                                       std::string_view key) {
  const std::optional<std::string> regex = GlobTranslator(glob).Translate();
  if (!regex) return std::nullopt;
  re2::RE2::Options bytes(re2::RE2::Latin1);
  bytes.set_dot_nl(true);
  return re2::RE2::FullMatch(re2::StringPiece(key.data(), key.size()),
                             re2::RE2(*regex, bytes));
}

}  // namespace thresh

#endif  // THRESH_TESTS_FILTER_REGEX_OF_GLOB_H_
