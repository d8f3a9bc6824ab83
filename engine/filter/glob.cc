// See glob.h.
#include "filter/glob.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <string>
#include <utility>

#include "base/errors.h"

namespace thresh {
namespace {

struct Class {
  std::string_view name;
  int (*holds)(int);
};

// Those of the C locale, which is that of a program that sets none. The sets
// have only ASCII bytes, so they are the same in other locales.
constexpr std::array<Class, 12> kClasses = {{{"alnum", std::isalnum},
                                             {"alpha", std::isalpha},
                                             {"blank", std::isblank},
                                             {"cntrl", std::iscntrl},
                                             {"digit", std::isdigit},
                                             {"graph", std::isgraph},
                                             {"lower", std::islower},
                                             {"print", std::isprint},
                                             {"punct", std::ispunct},
                                             {"space", std::isspace},
                                             {"upper", std::isupper},
                                             {"xdigit", std::isxdigit}}};

// The bytes from `first` to `last`, both included.
ByteSet Range(char first, char last) {
  ByteSet set;
  for (size_t byte = static_cast<uint8_t>(first);
       byte <= static_cast<uint8_t>(last); ++byte) {
    set.set(byte);
  }
  return set;
}

class GlobParser {
 public:
  explicit GlobParser(std::string_view glob)
      : glob_(glob), last_bracket_(glob.rfind(']')) {}

  // The sets of each piece.
  Result<std::vector<std::vector<ByteSet>>> Parse() {
    while (at_ < glob_.size()) {
      const char c = glob_[at_++];
      if (c == '*') {
        pieces_.emplace_back();
      } else if (c == '?') {
        pieces_.back().push_back(ByteSet().set());
      } else if (c == '[') {
        if (Result<void> ok = TakeBrackets(); !ok) {
          return tl::unexpected(std::move(ok.error()));
        }
      } else if (c == '\\') {
        if (at_ == glob_.size()) return Wrong("ends in a backslash");
        AddByte(glob_[at_++]);
      } else {
        AddByte(c);
      }
    }
    return std::move(pieces_);
  }

 private:
  [[nodiscard]] tl::unexpected<Error> Wrong(const std::string& what) const {
    return tl::unexpected(
        InvalidArgument("the pattern '" + std::string(glob_) + "' " + what,
                        "put a backslash before what stands for itself"));
  }

  [[nodiscard]] bool Sees(std::string_view text) const {
    return glob_.substr(at_).starts_with(text);
  }

  void AddByte(char byte) { pieces_.back().push_back(Range(byte, byte)); }

  // After a "[". One that is never closed is a literal byte.
  Result<void> TakeBrackets() {
    const size_t start = at_;
    if (last_bracket_ == std::string_view::npos || last_bracket_ < start) {
      AddByte('[');
      return {};
    }
    ByteSet set;
    const bool opposite = Sees("!") || Sees("^");
    if (opposite) ++at_;
    const size_t first = at_;
    while (at_ < glob_.size()) {
      if (Sees("]") && at_ != first) {
        ++at_;
        pieces_.back().push_back(opposite ? ~set : set);
        return {};
      }
      if (Result<void> ok = TakeItem(&set); !ok) return ok;
    }
    at_ = start;
    AddByte('[');
    return {};
  }

  // A class, a range or a single byte.
  Result<void> TakeItem(ByteSet* set) {
    if (Sees("[.") || Sees("[=")) {
      return Wrong("names a collating element, which bytes do not have");
    }
    if (Sees("[:")) {
      const size_t end = glob_.find(":]", at_ + 2);
      if (end != std::string_view::npos) {
        const std::string_view name = glob_.substr(at_ + 2, end - at_ - 2);
        const auto* const found =
            std::ranges::find(kClasses, name, &Class::name);
        if (found == kClasses.end()) {
          return Wrong("names a class that there is not");
        }
        for (int byte = 0; byte < 0x80; ++byte) {
          if (found->holds(byte) != 0) set->set(static_cast<size_t>(byte));
        }
        at_ = end + 2;
        return {};
      }
    }
    const char first = TakeByte();
    char last = first;
    if (Sees("-") && at_ + 1 < glob_.size() && glob_[at_ + 1] != ']') {
      ++at_;
      last = TakeByte();
    }
    if (static_cast<uint8_t>(last) < static_cast<uint8_t>(first)) {
      return Wrong("has a range whose end lies before its start");
    }
    *set |= Range(first, last);
    return {};
  }

  char TakeByte() {
    if (Sees("\\") && at_ + 1 < glob_.size()) ++at_;
    return glob_[at_++];
  }

  std::string_view glob_;
  size_t last_bracket_;  // npos if there is none
  size_t at_ = 0;
  std::vector<std::vector<ByteSet>> pieces_{1};
};

}  // namespace

Result<Glob> Glob::Compile(std::string_view pattern) {
  Result<std::vector<std::vector<ByteSet>>> pieces =
      GlobParser(pattern).Parse();
  if (!pieces) return tl::unexpected(std::move(pieces.error()));
  Glob glob;
  for (size_t i = 0; i < pieces->size(); ++i) {
    // Several "*" in a row are one.
    const bool is_end = i == 0 || i + 1 == pieces->size();
    if ((*pieces)[i].empty() && !is_end) continue;
    glob.pieces_.emplace_back((*pieces)[i]);
    glob.least_ += (*pieces)[i].size();
  }
  return glob;
}

// The first and the last piece have fixed places. The others are searched from
// left to right; the first match of each is the best, as it leaves most for the
// rest.
bool Glob::Matches(std::string_view key) const {
  if (key.size() < least_) return false;
  const GlobPiece& first = pieces_.front();
  if (!first.MatchesAt(key, 0)) return false;
  if (pieces_.size() == 1) return key.size() == first.size();
  const GlobPiece& last = pieces_.back();
  const size_t end = key.size() - last.size();
  if (!last.MatchesAt(key, end)) return false;
  size_t at = first.size();
  for (size_t i = 1; i + 1 < pieces_.size(); ++i) {
    at = pieces_[i].FindEnd(key.substr(0, end), at);
    if (at == std::string_view::npos) return false;
  }
  return true;
}

}  // namespace thresh
