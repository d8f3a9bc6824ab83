// See glob.h. RE2 then matches in linear time, whatever the pattern.
#include "filter/glob.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "filter/invalid.h"

namespace thresh {
namespace {

constexpr std::array<std::string_view, 12> kClasses = {
    "alnum", "alpha", "blank", "cntrl", "digit", "graph",
    "lower", "print", "punct", "space", "upper", "xdigit"};

// `byte` where it stands for itself, inside brackets or not.
std::string Literal(char byte) {
  constexpr std::string_view kHex = "0123456789abcdef";
  const auto value = static_cast<uint8_t>(byte);
  return {'\\', 'x', kHex[value >> 4], kHex[value & 15]};
}

class Translator {
 public:
  explicit Translator(std::string_view glob) : glob_(glob) {}

  Result<std::string> Translate() {
    while (at_ < glob_.size()) {
      const char c = glob_[at_++];
      if (c == '*') {
        regex_ += ".*";
      } else if (c == '?') {
        regex_ += '.';
      } else if (c == '[') {
        if (Result<void> ok = TakeBrackets(); !ok) {
          return tl::unexpected(std::move(ok.error()));
        }
      } else if (c == '\\') {
        if (at_ == glob_.size()) return Wrong("ends in a backslash");
        regex_ += Literal(glob_[at_++]);
      } else {
        regex_ += Literal(c);
      }
    }
    return std::move(regex_);
  }

 private:
  [[nodiscard]] tl::unexpected<Error> Wrong(const std::string& what) const {
    return InvalidFilter("the pattern '" + std::string(glob_) + "' " + what,
                         "put a backslash before what stands for itself");
  }

  [[nodiscard]] bool Sees(std::string_view text) const {
    return glob_.substr(at_).starts_with(text);
  }

  // Behind a "[". One that is never closed stands for itself.
  Result<void> TakeBrackets() {
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
        return {};
      }
      if (Result<void> ok = TakeItem(&regex); !ok) return ok;
    }
    at_ = start;
    regex_ += Literal('[');
    return {};
  }

  // A class, a range or a single byte.
  Result<void> TakeItem(std::string* regex) {
    if (Sees("[.") || Sees("[=")) {
      return Wrong("names a collating element, which bytes do not have");
    }
    if (Sees("[:")) {
      const size_t end = glob_.find(":]", at_ + 2);
      if (end != std::string_view::npos) {
        const std::string_view name = glob_.substr(at_ + 2, end - at_ - 2);
        if (std::ranges::find(kClasses, name) == kClasses.end()) {
          return Wrong("names a class that there is not");
        }
        *regex += "[:" + std::string(name) + ":]";
        at_ = end + 2;
        return {};
      }
    }
    const char first = TakeByte();
    *regex += Literal(first);
    if (!Sees("-") || at_ + 1 >= glob_.size() || glob_[at_ + 1] == ']') {
      return {};
    }
    ++at_;
    const char last = TakeByte();
    if (static_cast<uint8_t>(last) < static_cast<uint8_t>(first)) {
      return Wrong("has a range whose end lies before its start");
    }
    *regex += '-' + Literal(last);
    return {};
  }

  char TakeByte() {
    if (Sees("\\") && at_ + 1 < glob_.size()) ++at_;
    return glob_[at_++];
  }

  std::string_view glob_;
  size_t at_ = 0;
  std::string regex_;
};

}  // namespace

Result<std::string> RegexOfGlob(std::string_view glob) {
  return Translator(glob).Translate();
}

}  // namespace thresh
