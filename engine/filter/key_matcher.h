// Matches partition keys by name and by pattern. Called once for each entry of
// a key table, not for each record.
#ifndef THRESH_FILTER_KEY_MATCHER_H_
#define THRESH_FILTER_KEY_MATCHER_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "filter/glob.h"
#include "thresh/filter.h"
#include "thresh/result.h"

namespace re2 {
class RE2;
}

namespace thresh {

class KeyMatcher {
 public:
  // Compiles the four lists of `filter`. Fails for an invalid pattern.
  static Result<KeyMatcher> Compile(const Filter& filter);

  KeyMatcher();
  KeyMatcher(KeyMatcher&&) noexcept;
  KeyMatcher& operator=(KeyMatcher&&) noexcept;
  ~KeyMatcher();

  // Whether the lists were empty.
  [[nodiscard]] bool empty() const;
  // Whether an entry of the lists matches `key`. Thread-safe.
  [[nodiscard]] bool Matches(std::string_view key) const;

 private:
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };

  std::unordered_set<std::string, Hash, std::equal_to<>> keys_;
  std::vector<std::shared_ptr<const KeyFile>> files_;
  std::vector<Glob> globs_;
  std::vector<std::unique_ptr<re2::RE2>> regexes_;
};

}  // namespace thresh

#endif  // THRESH_FILTER_KEY_MATCHER_H_
